import pytest

from appraisal.domain.rhythm import beginnings, next_beginning
from appraisal.domain.span import Span
from tests.domain.calendars import d, shipped


def days(every: str, first: str, until: str) -> list[str]:
    span = Span.parse(every)
    return [str(day)[5:] for day in beginnings(span, d(first), d(until), shipped())]


def test_working_days_pass_over_the_national_day_and_take_the_make_up_days() -> None:
    # 2023: 中秋国庆 29 September to 6 October; Saturday 7 and Sunday 8 October are worked.
    assert days("1wd", "2023-09-27", "2023-10-10") == ["09-27", "09-28", "10-07", "10-08", "10-09", "10-10"]


def test_working_days_begin_on_the_first_that_is_worked() -> None:
    assert days("1wd", "2023-09-30", "2023-10-06") == []
    assert days("1wd", "2023-09-30", "2023-10-07") == ["10-07"]


def test_every_other_working_day_counts_working_days_alone() -> None:
    assert days("2wd", "2023-09-27", "2023-10-10") == ["09-27", "10-07", "10-09"]


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("1d", ["08-28", "08-29", "08-30"]),
        ("0d", ["08-28", "08-29", "08-30"]),
        ("1w", ["08-28"]),
    ],
)
def test_calendar_spans_count_from_the_first_day(every: str, expected: list[str]) -> None:
    assert days(every, "2023-08-28", "2023-08-30") == expected


def test_months_are_counted_from_the_first_day_and_not_from_each_other() -> None:
    assert days("1m", "2023-08-31", "2023-10-31") == ["08-31", "09-30", "10-31"]


def test_years_keep_their_day() -> None:
    assert days("1y", "2023-10-31", "2024-10-31") == ["10-31", "10-31"]


def test_next_period_begins_after_the_holiday() -> None:
    span = Span.parse("1wd")
    assert next_beginning(span, d("2023-09-27"), d("2023-09-28"), shipped()) == d("2023-10-07")
    assert next_beginning(span, d("2023-09-27"), d("2023-10-06"), shipped()) == d("2023-10-07")
    assert next_beginning(span, d("2023-09-27"), d("2023-10-07"), shipped()) == d("2023-10-08")
