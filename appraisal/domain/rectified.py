"""What became of the problems of a campaign, counted: of all of them, and by whatever parts them."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import TypeVar

from appraisal.domain.lifecycle import OPEN_PROBLEM, ProblemStatus

K = TypeVar("K", bound=Hashable)
Classes = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cell:
    """So many problems that have all of this in common; ``unit`` is the code of the lead unit, empty for none.

    ``passed`` is what somebody verified, or accepted where the method has no second hand; ``late`` what was not done in
    time; ``in_part`` what is closed out in part and still open.  ``relapses`` is how often they came back together.
    """

    unit: str
    kind: str
    classes: Classes
    status: str
    assigned: bool
    passed: bool
    late: bool
    in_part: bool
    relapsed: bool
    count: int
    relapses: int


@dataclass(frozen=True)
class Tally:
    """Problems on the list: where they stand (five numbers that make up the whole), and what else is true of them.

    Of those that are closed out some are ``closed_late``, of those that are open some are ``open_late``.
    """

    waiting: int = 0
    under_way: int = 0
    verified: int = 0
    closed: int = 0
    handed_on: int = 0
    assigned: int = 0
    passed: int = 0
    in_part: int = 0
    closed_late: int = 0
    open_late: int = 0
    relapsed: int = 0
    relapses: int = 0

    @property
    def listed(self) -> int:
        """All of them."""
        return self.waiting + self.under_way + self.verified + self.closed + self.handed_on

    @property
    def open(self) -> int:
        """Neither closed out nor handed on."""
        return self.waiting + self.under_way + self.verified

    @property
    def closed_on_time(self) -> int:
        """Closed out and never late."""
        return self.closed - self.closed_late

    @property
    def late(self) -> int:
        """Late, whether closed out since or not."""
        return self.closed_late + self.open_late

    @property
    def rate(self) -> Fraction | None:
        """The share of what is on the list that is closed out (销号率); None where nothing is."""
        return Fraction(self.closed, self.listed) if self.listed else None

    def __add__(self, other: "Tally") -> "Tally":
        names = [field.name for field in fields(self)]
        return Tally(*(getattr(self, name) + getattr(other, name) for name in names))


_PLACE = {
    ProblemStatus.FOUND: "waiting",
    ProblemStatus.ASSIGNED: "under_way",
    ProblemStatus.VERIFIED: "verified",
    ProblemStatus.CLOSED: "closed",
    ProblemStatus.HANDED_ON: "handed_on",
}


def tally(cells: Iterable[Cell]) -> Tally:
    """All of them together; what was merged or dropped is not on the list."""
    return sum((_one(cell) for cell in cells if cell.status in _PLACE), Tally())


def parted(cells: Iterable[Cell], part: Callable[[Cell], K]) -> dict[K, Tally]:
    """By what ``part`` says; every cell is in exactly one part, so that the parts make up the whole."""
    found: dict[K, Tally] = {}
    for cell in cells:
        if cell.status in _PLACE:
            key = part(cell)
            found[key] = found.get(key, Tally()) + _one(cell)
    return found


def _one(cell: Cell) -> Tally:
    number, status = cell.count, ProblemStatus(cell.status)
    closed, is_open = status is ProblemStatus.CLOSED, status in OPEN_PROBLEM
    return Tally(
        **{_PLACE[status]: number},
        assigned=number * cell.assigned,
        passed=number * cell.passed,
        in_part=number * cell.in_part,
        closed_late=number * (closed and cell.late),
        open_late=number * (is_open and cell.late),
        relapsed=number * cell.relapsed,
        relapses=cell.relapses,
    )
