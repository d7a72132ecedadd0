"""Places of units among each other (名次): by shares or scores, equals sharing a place (1, 2, 2, 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from appraisal.domain.figuring import Among, Look
from appraisal.domain.grading_terms import Portion, RankedBy
from appraisal.domain.shares import gives_scores, rounded, score, share


@dataclass(frozen=True)
class Place:
    """How many units stand before one, how many are level with it (itself among them), and how many behind it."""

    before: int
    level: int
    behind: int

    @property
    def number(self) -> int:
        """The place as it is told."""
        return self.before + 1


def place_of(seen: Look, unit: str, subject: str) -> Place | None:
    """The place of a unit among all; None where it has no figure to be ranked by, or the ballot has nothing to rank by.

    Scores are compared as they are published, to the decimals of the terms.
    """
    keys = seen.ranked.get(subject)
    if keys is None:
        keys = seen.ranked[subject] = {other: _key(seen, other, subject) for other in seen.units}
    own = keys.get(unit)
    if own is None:
        return None
    others = [key for key in keys.values() if key is not None]
    before = sum(key > own for key in others)
    level = sum(key == own for key in others)
    return Place(before, level, len(others) - before - level)


def is_among_first(place: Place, places: int, ties: str) -> bool:
    """Whether a unit is among so many of the first; equals over whom the cut falls are all in or all out."""
    return place.before + place.level <= places or (ties == "in" and place.before < places)


def is_among_last(place: Place, places: int, ties: str) -> bool:
    """The same from the other end."""
    return place.behind + place.level <= places or (ties == "in" and place.behind < places)


def places(portion: Portion, units: int, rounding: str) -> int:
    """How many places a portion of the units is."""
    if not portion.percent:
        return int(portion.amount)
    exact = portion.amount * units / 100
    match rounding:
        case "up":
            return ceil(exact)
        case "nearest":
            return floor(exact + Fraction(1, 2))
    return floor(exact)


def _key(seen: Look, unit: str, subject: str) -> tuple[Fraction, ...] | None:
    ranked_by: Sequence[RankedBy] = seen.terms.ranked_by
    if not ranked_by and not gives_scores(seen.terms):
        return None
    found = [_figure(seen, unit, subject, by) for by in ranked_by or [RankedBy()]]
    known = tuple(value for value in found if value is not None)
    return known if len(known) == len(found) else None


def _figure(seen: Look, unit: str, subject: str, by: RankedBy) -> Fraction | None:
    about = by.of if by.of is not None else subject
    if by.counts:
        value = share(seen, unit, about, Among(), by.counts, by.base or seen.terms.base).value
    else:
        value = score(seen, unit, about, Among()).value
        value = rounded(value, seen.terms.decimals) if value is not None else None
    return -value if value is not None and by.fewest else value
