"""A duty that comes back: the day on which each of its periods begins."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import takewhile

import pendulum

from appraisal.domain.calendar import Calendar
from appraisal.domain.span import Span, SpanUnit


def beginnings(every: Span, first: date, until: date, calendar: Calendar) -> list[date]:
    """The periods from ``first`` on that have begun by ``until``; those of working days begin on working days alone."""
    return list(takewhile(lambda day: day <= until, _beginnings(every, first, calendar)))


def next_beginning(every: Span, first: date, after: date, calendar: Calendar) -> date:
    """When the first period after that day begins."""
    return next(day for day in _beginnings(every, first, calendar) if day > after)


def _beginnings(every: Span, first: date, calendar: Calendar) -> Iterator[date]:
    """Without end; a span of nothing is taken for the shortest there is."""
    length = max(every.count, 1)
    if every.unit is SpanUnit.WORKING_DAY:
        day = calendar.next_working(first)
        while True:
            yield day
            day = calendar.step_working(day, length)
    count = 0
    while True:
        yield _later(first, every.unit, count)
        count += length


def _later(first: date, unit: SpanUnit, count: int) -> date:
    match unit:
        case SpanUnit.MONTH:
            later = pendulum.date(first.year, first.month, first.day).add(months=count)
        case SpanUnit.YEAR:
            later = pendulum.date(first.year, first.month, first.day).add(years=count)
        case SpanUnit.WEEK:
            return first + timedelta(weeks=count)
        case _:
            return first + timedelta(days=count)
    return date(later.year, later.month, later.day)
