"""What the screen in the hall (大屏) shows: slide after slide, and how long each stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from appraisal.documents.result_sheet import Part, ResultSheet, UnitSheet
from appraisal.domain.refusal import Refusal
from appraisal.keys import Keyring
from appraisal.notices.wording import phrase

MOST_TILES = 12
COUNTING_SECONDS, SLIDE_SECONDS, STILL_SECONDS = 3, 12, 10
_PURPOSE = "screen"
_ID_LENGTH = 32


@dataclass(frozen=True)
class Piece:
    """A piece of a bar, in per cent of its length: which option it stands for, where it begins, how long it is."""

    option: int
    start: float
    length: float


@dataclass(frozen=True)
class Tile:
    """One unit on a slide."""

    name: str
    outcome: str
    said: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Slide:
    """So many units as fit, in one respect."""

    title: str
    tiles: tuple[Tile, ...]


def screen_token(keyring: Keyring, about: UUID) -> str:
    """The end of the address of a screen about a round or a sitting; only this installation can make it."""
    return about.hex + keyring.stamp(_PURPOSE, about)


def read_token(keyring: Keyring, token: str) -> UUID:
    """What the screen is about; Refusal ``screen.unknown``."""
    try:
        about = UUID(hex=token[:_ID_LENGTH])
    except ValueError:
        raise Refusal("screen.unknown") from None
    if not keyring.is_stamp(token[_ID_LENGTH:], _PURPOSE, about):
        raise Refusal("screen.unknown")
    return about


def slides_of(sheet: ResultSheet) -> list[Slide]:
    """First what came out as a whole, then every single respect; each as often as its units need."""
    title = phrase("screen.whole") if sheet.has_parts else ""
    found = [Slide(title, tuple(_tile(unit, unit.whole, unit.outcome) for unit in sheet.units))]
    if sheet.has_parts:
        places = range(max(len(unit.parts) for unit in sheet.units))
        found += [_respect(sheet, place) for place in places if sheet.units[0].parts[place] != sheet.units[0].whole]
    return [piece for slide in found for piece in _cut(slide)]


def pieces_of(bar: tuple[Fraction, ...]) -> tuple[Piece, ...]:
    """The pieces of a bar one after the other; those of no length are left out."""
    found, start = [], Fraction(0)
    for option, length in enumerate(bar):
        if length:
            found.append(Piece(option, _percent(start), _percent(length)))
        start += length
    return tuple(found)


def _respect(sheet: ResultSheet, place: int) -> Slide:
    tiles = tuple(_tile(unit, unit.parts[place], "") for unit in sheet.units)
    return Slide(sheet.units[0].parts[place].title, tiles)


def _tile(unit: UnitSheet, part: Part, outcome: str) -> Tile:
    return Tile(unit.name, outcome, part.said, pieces_of(part.bar))


def _cut(slide: Slide) -> Iterator[Slide]:
    for first in range(0, len(slide.tiles), MOST_TILES):
        yield Slide(slide.title, slide.tiles[first : first + MOST_TILES])


def _percent(share: Fraction) -> float:
    """For a drawing, so that rounding does no harm."""
    return round(float(share * 100), 3)
