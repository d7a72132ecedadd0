"""The arithmetic of periods: counting days, working days, weeks, months and years, and rolling off a day of rest.

`sign` is 1 for counting forward and -1 for counting back.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import pendulum

from appraisal.domain.calendar import DAY, Calendar
from appraisal.domain.reasoning import Step
from appraisal.domain.span import Span, SpanUnit


@dataclass(frozen=True)
class Reached:
    """`unpublished` are the years that had a say in the day but whose notice is not out yet."""

    day: date
    steps: tuple[Step, ...]
    unpublished: frozenset[int] = frozenset()


def count(start: date, span: Span, sign: int, starts_counted: bool, calendar: Calendar) -> Reached:
    """Without the roll-over; a span of nothing ends on the day it starts."""
    # 第二百零一条：按照年、月、日计算期间的，开始的当日不计入，自下一日开始计算。
    if span.count == 0:
        return Reached(start, (_counted(span, sign, start),))
    opening = Step(
        "deadline.start_counted" if starts_counted else "deadline.start_excluded", {"day": start.isoformat()}
    )
    match span.unit:
        case SpanUnit.WORKING_DAY:
            reached = _working_days(start, span, sign, starts_counted, calendar)
        case SpanUnit.MONTH | SpanUnit.YEAR:
            reached = _months(start, span, sign, starts_counted)
        case _:
            reached = _days(start, span, sign, starts_counted)
    return Reached(reached.day, (opening, *reached.steps), reached.unpublished)


def roll_over(day: date, sign: int, calendar: Calendar) -> Reached:
    # 第二百零三条：期间的最后一日是法定休假日的，以法定休假日结束的次日为期间的最后一日。
    # Counted back, the last day is the earliest one, so the mirror of the rule moves it to the day before.
    landed = calendar.next_working(day) if sign > 0 else calendar.previous_working(day)
    asked = _between(day, landed)
    reasons = dict.fromkeys(why for passed in asked if (why := calendar.rest(passed)))
    facts: dict[str, str | int] = {"day": day.isoformat(), "to": landed.isoformat(), "why": "、".join(reasons)}
    steps = (Step("deadline.rolled_next" if sign > 0 else "deadline.rolled_previous", facts),)
    return Reached(landed, steps if landed != day else (), _unpublished(asked, calendar))


def month_day(start: date, day: int) -> date:
    """The first such day of a month after the start, or the last day of that month where it is shorter."""
    first = start.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    found = (month.replace(day=min(day, monthrange(month.year, month.month)[1])) for month in (first, following))
    return next(reached for reached in found if reached > start)


def _days(start: date, span: Span, sign: int, starts_counted: bool) -> Reached:
    length = span.count * 7 if span.unit is SpanUnit.WEEK else span.count
    day = start + timedelta(days=sign * (length - starts_counted))
    return Reached(day, (_counted(span, sign, day),))


def _working_days(start: date, span: Span, sign: int, starts_counted: bool, calendar: Calendar) -> Reached:
    before = start - sign * DAY if starts_counted else start
    day = calendar.step_working(before, sign * span.count)
    asked = _between(before + sign * DAY, day)
    steps = (_counted(span, sign, day), *_holidays(asked, calendar), *_makeups(asked, calendar))
    return Reached(day, steps, _unpublished(asked, calendar))


def _months(start: date, span: Span, sign: int, starts_counted: bool) -> Reached:
    # 第二百零二条：按照年、月计算期间的，到期月的对应日为期间的最后一日；没有对应日的，月末日为期间的最后一日。
    origin = pendulum.date(start.year, start.month, start.day)
    length = sign * span.count
    there = origin.add(years=length) if span.unit is SpanUnit.YEAR else origin.add(months=length)
    day = date(there.year, there.month, there.day)
    if day.day != start.day:
        facts: dict[str, str | int] = {"wanted": start.day, "month": day.month, "to": day.isoformat()}
        return Reached(day, (_counted(span, sign, day), Step("deadline.month_end", facts)))
    # A start day that counts is the first of the period, so the last is the one before the corresponding day.
    day -= sign * DAY * starts_counted
    return Reached(day, (_counted(span, sign, day),))


def _counted(span: Span, sign: int, day: date) -> Step:
    code = "deadline.counted_forward" if sign > 0 else "deadline.counted_back"
    return Step(code, {"count": span.count, "unit": span.unit.value, "to": day.isoformat()})


def _holidays(days: Iterable[date], calendar: Calendar) -> Iterator[Step]:
    for named, run in groupby(days, key=lambda day: calendar.holiday(day) is not None):
        if named:
            passed = list(run)
            names = "、".join(dict.fromkeys(calendar.holiday(day) or "" for day in passed))
            first, last = passed[0].isoformat(), passed[-1].isoformat()
            yield Step("deadline.holidays_passed", {"name": names, "first": first, "last": last, "days": len(passed)})


def _makeups(days: Iterable[date], calendar: Calendar) -> Iterator[Step]:
    worked = [day.isoformat() for day in days if calendar.is_makeup(day)]
    if worked:
        yield Step("deadline.makeup_counted", {"days": ",".join(worked)})


def _between(one: date, other: date) -> list[date]:
    """Both ends included, earliest first."""
    first, last = min(one, other), max(one, other)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _unpublished(days: Iterable[date], calendar: Calendar) -> frozenset[int]:
    return frozenset(year for day in days for year in calendar.unpublished(day))
