"""The gate of a phase: what must hold before it may close, and everything that still stands in the way."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from appraisal.domain.goals import GoalState
from appraisal.domain.lifecycle import OPEN_OBLIGATION, OPEN_PROBLEM

GOAL_SHORT = "gate.goal_short"


@dataclass(frozen=True)
class DutyState:
    """An obligation as the gate sees it; ``recurs`` tells that it is owed anew every period, ``page`` where it is."""

    key: str
    title: str
    unit: str
    status: str
    due_on: date | None
    recurs: bool = False
    page: str = ""


@dataclass(frozen=True)
class ProblemState:
    """A problem as the gate sees it; ``missing`` is what it lacks to count as classified, ``page`` where it is."""

    number: int
    title: str
    unit: str
    status: str
    missing: tuple[str, ...] = ()
    page: str = ""


@dataclass(frozen=True)
class Obstacle:
    """One thing that stands in the way: a stable code and what it is about; ``page`` is where it can be seen to, and
    no part of what it is."""

    code: str
    unit: str
    what: str
    status: str
    due_on: date | None = None
    page: str = field(default="", compare=False)


def unsettled(duties: Iterable[DutyState], keys: Collection[str]) -> list[Obstacle]:
    """Every obligation of these keys that is still open; no keys means all but those that come back every period."""
    return [
        Obstacle("gate.duty_open", duty.unit, duty.title, duty.status, duty.due_on, duty.page)
        for duty in duties
        if duty.status in OPEN_OBLIGATION and (duty.key in keys if keys else not duty.recurs)
    ]


def unrecorded(units: Iterable[str], recorded: Collection[str], ballot: str) -> list[Obstacle]:
    """Every unit for which the ballot has no result yet."""
    return [Obstacle("gate.result_missing", unit, ballot, "missing") for unit in units if unit not in recorded]


def awaiting(rounds: Iterable[tuple[str, int]], ballot: str) -> list[Obstacle]:
    """Every unit whose result calls for another round of the ballot, with the number of that round."""
    return [Obstacle("gate.round_due", unit, ballot, str(number)) for unit, number in rounds]


def sealed(units: Iterable[str], ballot: str) -> list[Obstacle]:
    """Every unit of whose sealed result nobody is to know yet whether it calls for another round."""
    return [Obstacle("gate.result_sealed", unit, ballot, "sealed") for unit in units]


def unchosen(chosen: int, count: int | None) -> list[Obstacle]:
    """That the appraised units are not chosen yet, or not as many as the method wants."""
    if chosen >= (count or 1):
        return []
    return [Obstacle("gate.targets_unchosen", "", str((count or 1) - chosen), "missing")]


def still_open(problems: Iterable[ProblemState]) -> list[Obstacle]:
    """Every problem neither closed out nor handed on: 整改不到位、评议不收场."""
    return [
        Obstacle("gate.problem_open", problem.unit, _named(problem), problem.status, page=problem.page)
        for problem in problems
        if problem.status in OPEN_PROBLEM
    ]


def unclassified(problems: Iterable[ProblemState]) -> list[Obstacle]:
    """Every open problem that is not classified in full, with what it lacks."""
    return [
        Obstacle("gate.problem_unclassified", problem.unit, _named(problem), lacks, page=problem.page)
        for problem in problems
        if problem.status in OPEN_PROBLEM and (lacks := "、".join(problem.missing))
    ]


def short(goals: Iterable[GoalState]) -> list[Obstacle]:
    """Every quantified goal that is not reached, with how far it is; of each panel that is behind, its own."""
    return [
        Obstacle(GOAL_SHORT, goal.panel, goal.title, f"{goal.far}／{goal.wanted}{goal.unit}")
        for goal in goals
        if not goal.met
    ]


def lasting(obstacle: Obstacle) -> Obstacle:
    """What an approval is bound to: how far a goal is changes with every entry, that it is not reached does not."""
    return replace(obstacle, status="") if obstacle.code == GOAL_SHORT else obstacle


def _named(problem: ProblemState) -> str:
    return f"{problem.number}. {problem.title}"
