"""Which days are worked: the State Council's yearly notice, its make-up workdays (调休), and local holidays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

WEEKEND = "周末"
SATURDAY = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class CalendarYear:
    """One year as published; before that, `published` is False and whatever days it lists are not heeded."""

    year: int
    published: bool
    holidays: Mapping[date, str]
    workdays: frozenset[date]
    source: str


@dataclass(frozen=True, eq=False)
class Calendar:
    """Local days go before the State Council's; a year that is not published has weekends only.

    A calendar is equal to itself alone, so that what was reckoned by it can be kept.
    """

    years: Mapping[int, CalendarYear]
    local_holidays: Mapping[date, str] = field(default_factory=dict)
    local_workdays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        return day in self._makeups or (day.weekday() < SATURDAY and day not in self._holidays)

    def is_makeup(self, day: date) -> bool:
        return day in self._makeups

    def holiday(self, day: date) -> str | None:
        return self._holidays.get(day)

    def rest(self, day: date) -> str | None:
        """Why the day is not worked: the holiday's name or 周末; None for a working day."""
        return None if self.is_working(day) else self._holidays.get(day, WEEKEND)

    def knows(self, day: date) -> bool:
        return not self.unpublished(day)

    def unpublished(self, day: date) -> tuple[int, ...]:
        """The years still to be published that may decide whether this day is worked."""
        return tuple(year for year in _decided_by(day) if year not in self._published)

    def next_working(self, day: date) -> date:
        while not self.is_working(day):
            day += DAY
        return day

    def previous_working(self, day: date) -> date:
        while not self.is_working(day):
            day -= DAY
        return day

    def step_working(self, day: date, n: int) -> date:
        """The n-th working day after the day, or before it if n is negative; the day itself is not counted."""
        step = DAY if n > 0 else -DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    @cached_property
    def _published(self) -> frozenset[int]:
        return frozenset(year for year, calendar in self.years.items() if calendar.published)

    @cached_property
    def _holidays(self) -> Mapping[date, str]:
        national = {day: name for year in self._published for day, name in self.years[year].holidays.items()}
        merged = {**national, **self.local_holidays}
        return {day: name for day, name in merged.items() if day not in self.local_workdays}

    @cached_property
    def _makeups(self) -> frozenset[date]:
        national = frozenset(day for year in self._published for day in self.years[year].workdays)
        return (national - frozenset(self.local_holidays)) | self.local_workdays


def _decided_by(day: date) -> tuple[int, ...]:
    # The New Year's holiday begins in the old year when the new one's notice says so: 2018年12月29日 was made a
    # workday and 12月31日 a holiday by the notice for 2019. So the last three days of a year wait for the next.
    return (day.year, day.year + 1) if (day.month, day.day) >= (12, 29) else (day.year,)
