"""Which days are worked, at the edges of the long holidays."""

from datetime import date

import pytest

from appraisal.domain.calendar import Calendar, CalendarYear
from tests.domain.calendars import d, shipped


@pytest.mark.parametrize(
    ("day", "working", "rest"),
    [
        ("2023-01-20", True, None),  # the Friday before
        ("2023-01-21", False, "春节"),
        ("2023-01-27", False, "春节"),
        ("2023-01-28", True, None),  # make-up Saturday
        ("2023-01-29", True, None),  # make-up Sunday
        ("2023-02-04", False, "周末"),
        ("2023-09-28", True, None),
        ("2023-09-29", False, "中秋节"),
        ("2023-10-06", False, "国庆节"),
        ("2023-10-07", True, None),
        ("2023-10-08", True, None),
        ("2023-12-29", True, None),
        ("2023-12-30", False, "元旦"),
        ("2024-01-01", False, "元旦"),
        ("2024-01-02", True, None),
    ],
)
def test_calendar_tells_working_days_from_days_of_rest(day: str, working: bool, rest: str | None) -> None:
    assert (shipped().is_working(d(day)), shipped().rest(d(day))) == (working, rest)


def test_calendar_next_working_day_is_the_day_itself_or_the_make_up_saturday() -> None:
    assert shipped().next_working(d("2023-09-28")) == d("2023-09-28")
    assert shipped().next_working(d("2023-09-29")) == d("2023-10-07")
    assert shipped().previous_working(d("2023-10-06")) == d("2023-09-28")
    assert shipped().previous_working(d("2023-09-28")) == d("2023-09-28")


def test_calendar_steps_over_the_spring_festival_both_ways() -> None:
    assert shipped().step_working(d("2023-01-20"), 1) == d("2023-01-28")
    assert shipped().step_working(d("2023-01-20"), 3) == d("2023-01-30")
    assert shipped().step_working(d("2023-01-30"), -3) == d("2023-01-20")
    assert shipped().step_working(d("2023-01-21"), 0) == d("2023-01-21")


def test_calendar_has_weekends_only_in_a_year_not_published() -> None:
    listed = CalendarYear(2031, published=False, holidays={d("2031-10-01"): "国庆节"}, workdays=frozenset(), source="")
    calendar = Calendar({2031: listed})
    assert calendar.is_working(d("2031-10-01"))
    assert calendar.holiday(d("2031-10-01")) is None
    assert not calendar.is_working(d("2031-10-04"))
    assert not calendar.knows(d("2031-10-01"))


def test_calendar_has_weekends_only_in_a_year_it_has_no_file_for() -> None:
    assert Calendar({}).next_working(d("2023-10-01")) == d("2023-10-02")
    assert not Calendar({}).knows(d("2023-10-01"))


@pytest.mark.parametrize(
    ("day", "unpublished"),
    [
        ("2026-12-28", ()),
        ("2026-12-29", (2027,)),
        ("2026-12-31", (2027,)),
        ("2027-01-01", (2027,)),
        ("2027-12-31", (2027, 2028)),
        ("2025-12-31", ()),
    ],
)
def test_calendar_waits_for_the_next_notice_in_the_last_three_days_of_a_year(
    day: str, unpublished: tuple[int, ...]
) -> None:
    assert shipped().unpublished(d(day)) == unpublished
    assert shipped().knows(d(day)) == (not unpublished)


def test_calendar_puts_local_days_before_the_national_ones() -> None:
    calendar = Calendar(
        shipped().years,
        local_holidays={d("2023-10-20"): "州庆", d("2023-10-07"): "州庆"},
        local_workdays=frozenset({date(2023, 10, 21), date(2023, 10, 6)}),
    )
    assert calendar.holiday(d("2023-10-20")) == "州庆"
    assert not calendar.is_working(d("2023-10-07"))  # nationally a make-up Saturday
    assert calendar.is_working(d("2023-10-21"))
    assert calendar.is_working(d("2023-10-06"))  # nationally a holiday
    assert calendar.holiday(d("2023-10-06")) is None
