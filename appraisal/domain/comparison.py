"""Self-review (自查) beside what others found: of each unit's problems, who had found them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class FoundBy(StrEnum):
    """Who found a problem."""

    UNIT_ONLY = "unit_only"
    OTHERS_ONLY = "others_only"
    BOTH = "both"


@dataclass(frozen=True)
class Seen:
    """A problem of a unit: whether the unit itself found it, and whether anybody else did."""

    unit: str
    by_unit: bool
    by_others: bool


@dataclass(frozen=True)
class Line:
    """How many problems of a unit were found by whom."""

    unit: str
    unit_only: int
    others_only: int
    both: int

    @property
    def total(self) -> int:
        """All that were found."""
        return self.unit_only + self.others_only + self.both

    @property
    def self_share(self) -> Fraction | None:
        """The share that the unit itself had found, with others or alone; None where nothing was found."""
        return Fraction(self.unit_only + self.both, self.total) if self.total else None

    @property
    def missed_share(self) -> Fraction | None:
        """The share of what others found that the unit had not found itself; None where others found nothing."""
        found = self.others_only + self.both
        return Fraction(self.others_only, found) if found else None


def compare(units: Iterable[str], problems: Iterable[Seen]) -> list[Line]:
    """A line for every unit in the order given, those without problems too, then those not named, as they come."""
    found: dict[str, Counter[FoundBy]] = {unit: Counter() for unit in units}
    for problem in problems:
        found.setdefault(problem.unit, Counter())[found_by(problem)] += 1
    return [
        Line(unit, counts[FoundBy.UNIT_ONLY], counts[FoundBy.OTHERS_ONLY], counts[FoundBy.BOTH])
        for unit, counts in found.items()
    ]


def total(lines: Iterable[Line], title: str) -> Line:
    """All units together."""
    listed = list(lines)
    sums = (sum(getattr(line, name) for line in listed) for name in ("unit_only", "others_only", "both"))
    return Line(title, *sums)


def found_by(problem: Seen) -> FoundBy:
    """Who found a problem; what nobody is recorded to have found was found by others than the unit."""
    if problem.by_unit:
        return FoundBy.BOTH if problem.by_others else FoundBy.UNIT_ONLY
    return FoundBy.OTHERS_ONLY


def percent(share: Fraction | None) -> str:
    """``66.7%``, rounded half up; a dash where there is nothing to share."""
    if share is None:
        return "—"
    tenths = (share * 1000 + Fraction(1, 2)) // 1
    return f"{tenths // 10}.{tenths % 10}%"
