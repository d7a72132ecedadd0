"""The parts of a method turned into the rules of the domain."""

from functools import lru_cache

from appraisal.domain.deadlines import (
    Counted,
    Decided,
    Direction,
    DueRule,
    Fixed,
    MonthDay,
    NextSitting,
    Roll,
    When,
    YearEnd,
)
from appraisal.domain.ladder import Condition, Rung
from appraisal.domain.timetable import PhaseRule
from appraisal.method.duties import Due
from appraisal.method.ladders import Ladder, RungCondition
from appraisal.method.schema import CalendarRules, Method, Phase
from appraisal.method.words import Moment


def due_rule(due: Due, calendar: CalendarRules, basis: str) -> DueRule:
    """The rule of a due date: its own word goes before the calendar's, its own basis before its clause's."""
    return DueRule(
        when=_when(due, calendar),
        basis=due.basis or basis,
        roll=due.roll or _roll(due, calendar),
        ends=due.ends or calendar.ends,
    )


def opening_rule(method: Method, phase: Phase) -> DueRule | None:
    """When a phase opens; None where it follows the one before."""
    return due_rule(phase.opens, method.calendar, phase.basis) if phase.opens else None


def phase_rules(method: Method) -> list[PhaseRule]:
    """What a timetable is made from: the opening and closing rules of all phases, in their order."""
    return [
        PhaseRule(phase.key, opening_rule(method, phase), due_rule(phase.closes, method.calendar, phase.basis))
        for phase in method.phases
    ]


def date_anchors(method: Method) -> frozenset[str]:
    """The events that some date hangs on: whatever else happens moves no date."""
    dues = [phase.closes for phase in method.phases] + [phase.opens for phase in method.phases if phase.opens]
    dues += [duty.due for phase in method.phases for duty in phase.duties]
    named = {due.after or due.before or "" for due in dues}
    decided = {f"{duty.key}.decided" for phase in method.phases for duty in phase.duties}
    phases = {f"phase.{phase.key}.{step}" for phase in method.phases for step in ("opened", "closed", "decided")}
    sittings = {event.key for event in method.events if event.sitting}
    return frozenset(named | decided | phases | sittings | {"campaign.started"})


@lru_cache(maxsize=256)
def rungs(ladder: Ladder) -> tuple[Rung, ...]:
    """The rungs of a ladder, in the order in which they are climbed."""
    return tuple(
        Rung(rung.at, rung.do.value, tuple(rung.tell), _condition(rung.when) if rung.when else None, rung.points)
        for rung in ladder.rungs
    )


def _condition(when: RungCondition) -> Condition:
    fired = when.fired.value if when.fired else None
    return Condition(when.silent, when.unmoved, when.returned, fired, when.times or 0, when.held_up)


def _when(due: Due, calendar: CalendarRules) -> When:
    if due.on:
        return Fixed(due.on)
    event = due.after or due.before
    starts = due.counts_start_day if due.counts_start_day is not None else calendar.counts_start_day
    match due.at:
        case Moment.DECIDED:
            return Decided()
        case Moment.YEAR_END if event:
            return YearEnd(event)
        case Moment.NEXT_SITTING if event:
            return NextSitting(event, due.ahead, starts)
    if event and due.day:
        return MonthDay(event, due.day)
    if event is None or due.within is None:
        raise ValueError(f"the schema admits no due date like {due!r}")
    direction = Direction.AFTER if due.after else Direction.BEFORE
    return Counted(event, due.within, direction, starts)


def _roll(due: Due, calendar: CalendarRules) -> Roll | None:
    """A sitting is not moved for the sake of a due date; the domain knows."""
    if due.at is Moment.NEXT_SITTING and due.ahead is None:
        return None
    return calendar.roll_backward if due.before or due.ahead else calendar.roll
