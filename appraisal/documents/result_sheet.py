"""The result of a round on paper: 测评结果报告单 and the draft of a bulletin, from templates an office may change."""

from dataclasses import dataclass
from fractions import Fraction

from appraisal.documents.word import word_file

EMPTY = "—"
NAMES = Fraction(3, 10)
"""The share of a table that its names keep: all other columns have numbers or a word."""


@dataclass(frozen=True)
class TurnoutLine:
    """Of one class of voters and channel, or of all together; a number nobody knows is a dash."""

    title: str
    members: int | str = EMPTY
    due: int | str = EMPTY
    present: int | str = EMPTY
    issued: int | str = EMPTY
    returned: int | str = EMPTY


@dataclass(frozen=True)
class Part:
    """What came out for one unit in one respect: a cell for each column, and as a bar, the pieces of a whole."""

    title: str
    cells: tuple[int | str, ...]
    said: str = ""
    bar: tuple[Fraction, ...] = ()


@dataclass(frozen=True)
class UnitSheet:
    """What came out for one unit: its grade, score or place in words, and how it was worked out.

    ``whole`` is the line of the whole, which is among the ``parts`` too; of no numbers where no line rates the whole.
    """

    name: str
    outcome: str
    whole: Part
    parts: tuple[Part, ...] = ()
    working: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResultSheet:
    """Everything on the sheet; ``options`` are what the pieces of a bar stand for, ``void`` why the round is void."""

    body: str
    campaign: str
    ballot: str
    number: int
    sitting: str
    place: str
    held_on: str
    turnout: tuple[TurnoutLine, ...]
    columns: tuple[str, ...]
    options: tuple[str, ...]
    units: tuple[UnitSheet, ...]
    scrutineers: str = ""
    tellers: str = ""
    digest: str = ""
    void: str = ""

    @property
    def total(self) -> TurnoutLine:
        """The turnout of all together, which stands last."""
        return self.turnout[-1]

    @property
    def has_parts(self) -> bool:
        """Whether more than the whole was rated."""
        return any(unit.parts not in ((), (unit.whole,)) for unit in self.units)


def result_sheet_docx(sheet: ResultSheet) -> bytes:
    """The sheet that tellers and scrutineers sign."""
    return word_file("result-sheet", {"s": sheet}, first=NAMES)


def bulletin_docx(sheet: ResultSheet) -> bytes:
    """A draft of what is announced; somebody reads it before it goes out."""
    return word_file("bulletin", {"s": sheet}, first=NAMES)
