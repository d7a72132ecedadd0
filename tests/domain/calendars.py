"""The calendar as shipped, which the tests of due dates count by."""

from datetime import date, datetime
from functools import cache

from appraisal.clock import ZONE
from appraisal.domain.calendar import Calendar
from appraisal.method.calendars import load_calendar
from appraisal.places import root


@cache
def shipped() -> Calendar:
    return load_calendar(root() / "config" / "calendars")


def at(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def d(text: str) -> date:
    return date.fromisoformat(text)
