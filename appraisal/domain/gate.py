"""The gate of a phase: what must hold before it may close, and everything that still stands in the way."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from appraisal.domain.lifecycle import OPEN_OBLIGATION, ProblemStatus


@dataclass(frozen=True)
class DutyState:
    """An obligation as the gate sees it."""

    key: str
    title: str
    unit: str
    status: str
    due_on: date | None


@dataclass(frozen=True)
class ProblemState:
    """A problem as the gate sees it."""

    number: int
    title: str
    unit: str
    status: str


@dataclass(frozen=True)
class Obstacle:
    """One thing that stands in the way: a stable code and what it is about."""

    code: str
    unit: str
    what: str
    status: str
    due_on: date | None = None


def unsettled(duties: Iterable[DutyState], keys: Collection[str]) -> list[Obstacle]:
    """Every obligation of these keys that is still open; no keys means all."""
    return [
        Obstacle("gate.duty_open", duty.unit, duty.title, duty.status, duty.due_on)
        for duty in duties
        if duty.status in OPEN_OBLIGATION and (not keys or duty.key in keys)
    ]


def unrecorded(units: Iterable[str], recorded: Collection[str], ballot: str) -> list[Obstacle]:
    """Every unit for which the ballot has no result yet."""
    return [Obstacle("gate.result_missing", unit, ballot, "missing") for unit in units if unit not in recorded]


def still_open(problems: Iterable[ProblemState]) -> list[Obstacle]:
    """Every problem not closed out: 整改不到位、评议不收场."""
    return [
        Obstacle("gate.problem_open", problem.unit, f"{problem.number}. {problem.title}", problem.status)
        for problem in problems
        if problem.status == ProblemStatus.OPEN
    ]
