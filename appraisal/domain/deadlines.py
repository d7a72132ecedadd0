"""When a duty is due, and why.

The arithmetic is that of 民法典 200–204, applied because the method says so; each clause is quoted where it counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from appraisal.domain.calendar import DAY, Calendar
from appraisal.domain.counting import Reached, count, month_day, roll_over
from appraisal.domain.reasoning import Step
from appraisal.domain.span import Span


class Direction(StrEnum):
    AFTER = "after"
    BEFORE = "before"

    @property
    def sign(self) -> int:
        return 1 if self is Direction.AFTER else -1


class Roll(StrEnum):
    NEXT = "next"
    PREVIOUS = "previous"
    NONE = "none"


class Ends(StrEnum):
    MIDNIGHT = "midnight"
    CLOSE_OF_BUSINESS = "close_of_business"


@dataclass(frozen=True)
class Counted:
    """A span counted from an event, or back from it (会前10日)."""

    event: str
    span: Span
    direction: Direction = Direction.AFTER
    counts_start_day: bool = False


@dataclass(frozen=True)
class Fixed:
    day: date


@dataclass(frozen=True)
class YearEnd:
    """31 December of the year in which the event happened."""

    event: str


@dataclass(frozen=True)
class MonthDay:
    """The first such day of a month strictly after the event (每月25日前); of a shorter month its last day."""

    event: str
    day: int


@dataclass(frozen=True)
class NextSitting:
    """The first known sitting strictly after the day of the event.

    With ``ahead``, so long before the first sitting that leaves a day for it after the event (下次会议前10日).
    """

    event: str
    ahead: Span | None = None
    counts_start_day: bool = False


@dataclass(frozen=True)
class Decided:
    """A date given when the duty is issued."""


When = Counted | Fixed | YearEnd | MonthDay | NextSitting | Decided


@dataclass(frozen=True)
class DueRule:
    """Without a `roll` of its own a rule rolls forward; counted backward it rolls back; a sitting is not moved."""

    when: When
    basis: str
    roll: Roll | None = None
    ends: Ends = Ends.MIDNIGHT

    @property
    def rolls(self) -> Roll:
        if self.roll is not None:
            return self.roll
        match self.when:
            case NextSitting(ahead=None):
                return Roll.NONE
            case Counted(direction=Direction.BEFORE) | NextSitting():
                return Roll.PREVIOUS
            case _:
                return Roll.NEXT


@dataclass(frozen=True)
class Hours:
    close_of_business: time = time(17, 30)
    zone: str = "Asia/Shanghai"

    def day_of(self, instant: datetime) -> date:
        return self.local(instant).date()

    def local(self, instant: datetime) -> datetime:
        if instant.tzinfo is None:
            raise ValueError(f"the instant {instant.isoformat()} has no offset")
        return instant.astimezone(ZoneInfo(self.zone))

    def end_of(self, day: date, ends: Ends) -> datetime:
        # 第二百零三条：期间的最后一日的截止时间为二十四时；有业务时间的，停止业务活动的时间为截止时间。
        if ends is Ends.MIDNIGHT:
            return datetime.combine(day + DAY, time(), ZoneInfo(self.zone))
        return datetime.combine(day, self.close_of_business, ZoneInfo(self.zone))


@dataclass(frozen=True)
class Due:
    """`due_at` at midnight is 00:00 of the day after `due_on`, and the duty is in time before it."""

    due_on: date
    due_at: datetime
    provisional: bool
    starts_at: datetime | None
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Waiting:
    """What has not happened yet: the rule's event, or `sitting` or `decided`."""

    event: str


SITTING = Waiting("sitting")
DECISION = Waiting("decided")


@dataclass(frozen=True)
class Extended:
    """More time that was granted: until which day, by whom, for which time."""

    until: date
    by: str
    number: int


@dataclass(frozen=True)
class Moved:
    """Both dates of a recomputation, with the steps that held only before and those that hold only now."""

    old_on: date
    new_on: date
    old_at: datetime
    new_at: datetime
    dropped: tuple[Step, ...]
    added: tuple[Step, ...]


def compute(
    rule: DueRule,
    events: Mapping[str, datetime],
    calendar: Calendar,
    hours: Hours,
    *,
    sittings: Sequence[date] = (),
    decided: date | None = None,
) -> Due | Waiting:
    match rule.when:
        case Fixed(day):
            return _due(rule, None, _given("deadline.fixed", day), calendar, hours)
        case Decided():
            return _due(rule, None, _given("deadline.decided", decided), calendar, hours) if decided else DECISION
        case anchored if anchored.event not in events:
            return Waiting(anchored.event)
        case anchored:
            started = hours.local(events[anchored.event])
            reached = _reach(anchored, started.date(), calendar, sittings)
            return _due(rule, started, reached, calendar, hours) if reached else SITTING


def extend(rule: DueRule, due: Due, more: Extended, calendar: Calendar, hours: Hours) -> Due:
    """The date with more time granted, explained from the first; where the rule by now gives a later day, that one."""
    if more.until <= due.due_on:
        return due
    rolled = _rolled(more.until, Roll.NONE if rule.rolls is Roll.NONE else Roll.NEXT, calendar)
    unpublished = sorted(rolled.unpublished)
    due_at = hours.end_of(rolled.day, rule.ends)
    dates = {"from": due.due_on.isoformat(), "to": more.until.isoformat()}
    steps = (
        *due.steps,
        Step("deadline.extended", {**dates, "by": more.by, "number": more.number}),
        *rolled.steps,
        *(Step("deadline.provisional", {"year": year}) for year in unpublished),
        Step(f"deadline.ends_{rule.ends}", {"day": rolled.day.isoformat(), "at": due_at.isoformat()}),
    )
    return Due(rolled.day, due_at, bool(unpublished), due.starts_at, steps)


def counted_anew(rule: DueRule, event: str) -> DueRule | None:
    """The same span, sitting or year end counted from another event; None for a fixed day and what is counted back."""
    match rule.when:
        case Counted(direction=Direction.AFTER) | YearEnd() | NextSitting():
            return replace(rule, when=replace(rule.when, event=event))
        case _:
            return None


def moved(old: Due, new: Due) -> Moved | None:
    """None when the date stands, even where its reason or its being provisional has changed."""
    if (old.due_on, old.due_at) == (new.due_on, new.due_at):
        return None
    dropped = tuple(step for step in old.steps if step not in new.steps)
    added = tuple(step for step in new.steps if step not in old.steps)
    return Moved(old.due_on, new.due_on, old.due_at, new.due_at, dropped, added)


def _reach(
    when: Counted | YearEnd | MonthDay | NextSitting, start: date, calendar: Calendar, sittings: Sequence[date]
) -> Reached | None:
    match when:
        case Counted():
            return count(start, when.span, when.direction.sign, when.counts_start_day, calendar)
        case YearEnd():
            return _given("deadline.year_end", date(start.year, 12, 31))
        case MonthDay(day=day):
            return _given("deadline.month_day", month_day(start, day))
        case NextSitting():
            found = (_ahead_of(when, sitting, calendar) for sitting in sorted(sittings) if sitting > start)
            return next((reached for reached in found if reached.day > start), None)


def _ahead_of(when: NextSitting, sitting: date, calendar: Calendar) -> Reached:
    given = _given("deadline.next_sitting", sitting)
    if when.ahead is None:
        return given
    reached = count(sitting, when.ahead, -1, when.counts_start_day, calendar)
    return Reached(reached.day, (*given.steps, *reached.steps), reached.unpublished)


def _given(code: str, day: date) -> Reached:
    return Reached(day, (Step(code, {"day": day.isoformat()}),))


def _due(rule: DueRule, started: datetime | None, reached: Reached, calendar: Calendar, hours: Hours) -> Due:
    rolled = _rolled(reached.day, rule.rolls, calendar)
    unpublished = sorted(reached.unpublished | rolled.unpublished)
    due_at = hours.end_of(rolled.day, rule.ends)
    steps = (
        *_start(rule.when, started),
        *reached.steps,
        *rolled.steps,
        *(Step("deadline.provisional", {"year": year}) for year in unpublished),
        Step(f"deadline.ends_{rule.ends}", {"day": rolled.day.isoformat(), "at": due_at.isoformat()}),
        Step("deadline.basis", {"clause": rule.basis}),
    )
    return Due(rolled.day, due_at, bool(unpublished), started, steps)


def _rolled(day: date, roll: Roll, calendar: Calendar) -> Reached:
    match roll:
        case Roll.NEXT:
            return roll_over(day, 1, calendar)
        case Roll.PREVIOUS:
            return roll_over(day, -1, calendar)
        case Roll.NONE:
            return Reached(day, ())


def _start(when: When, started: datetime | None) -> tuple[Step, ...]:
    if started is None or isinstance(when, Fixed | Decided):
        return ()
    facts = {"event": when.event, "at": started.isoformat(), "on": started.date().isoformat()}
    return (Step("deadline.started", facts),)
