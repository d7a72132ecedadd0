"""Due dates and their reasons, at the dates where counting goes wrong."""

from datetime import date, datetime, time, timedelta, timezone

import pytest

from appraisal.domain.calendar import Calendar, CalendarYear
from appraisal.domain.deadlines import (
    Counted,
    Decided,
    Direction,
    Due,
    DueRule,
    Ends,
    Fixed,
    Hours,
    MonthDay,
    NextSitting,
    Roll,
    Waiting,
    When,
    YearEnd,
    compute,
    moved,
)
from appraisal.domain.reasoning import Step, steps_from_json, steps_to_json
from appraisal.domain.span import Span, SpanUnit
from tests.domain.calendars import at, d, shipped

RECEIVED = "opinion.received"
BEFORE = Direction.BEFORE


def within(span: str, direction: Direction = Direction.AFTER, counts_start_day: bool = False) -> Counted:
    return Counted(RECEIVED, Span.parse(span), direction, counts_start_day)


def due(
    when: When,
    started: datetime,
    *,
    roll: Roll | None = None,
    ends: Ends = Ends.MIDNIGHT,
    calendar: Calendar | None = None,
    sittings: tuple[date, ...] = (),
) -> Due:
    rule = DueRule(when, "第九条", roll, ends)
    found = compute(rule, {RECEIVED: started}, calendar or shipped(), Hours(), sittings=sittings)
    assert isinstance(found, Due)
    return found


@pytest.mark.parametrize(
    ("started", "span", "due_on"),
    [
        ("2023-08-31", "1m", "2023-10-07"),  # no 31 September; 30 September is in the holiday; a make-up Saturday
        ("2023-08-31", "2m", "2023-10-31"),
        ("2023-08-28", "1m", "2023-09-28"),  # the day before the holiday
        ("2023-08-29", "1m", "2023-10-07"),  # its first day
        ("2023-09-06", "1m", "2023-10-07"),  # its last day
        ("2023-09-07", "1m", "2023-10-07"),  # the day after
        ("2023-09-09", "1m", "2023-10-09"),
        ("2023-01-31", "1m", "2023-02-28"),
        ("2024-01-31", "1m", "2024-02-29"),
        ("2024-02-29", "1y", "2025-02-28"),
        ("2024-02-29", "1m", "2024-03-29"),
        ("2023-02-28", "1m", "2023-03-28"),
        ("2023-01-13", "1w", "2023-01-20"),
        ("2023-01-14", "1w", "2023-01-28"),  # into the Spring Festival: the make-up Saturday after it
        ("2023-01-19", "1d", "2023-01-20"),
        ("2023-01-20", "1d", "2023-01-28"),
        ("2023-01-20", "9d", "2023-01-29"),  # a make-up Sunday is no day of rest
        ("2023-01-21", "0d", "2023-01-28"),
        ("2023-01-20", "1wd", "2023-01-28"),
        ("2023-01-20", "2wd", "2023-01-29"),
        ("2023-01-20", "3wd", "2023-01-30"),
        ("2023-09-28", "3wd", "2023-10-09"),
    ],
)
def test_due_date_counted_forward(started: str, span: str, due_on: str) -> None:
    assert due(within(span), datetime.fromisoformat(f"{started}T10:00:00+08:00")).due_on == d(due_on)


@pytest.mark.parametrize(
    ("sitting", "span", "due_on"),
    [
        ("2023-10-27", "10d", "2023-10-17"),
        ("2023-10-16", "10d", "2023-09-28"),  # 6 October is in the holiday: the day before it
        ("2023-10-17", "10d", "2023-10-07"),  # a make-up Saturday
        ("2023-10-09", "3wd", "2023-09-28"),
        ("2023-03-31", "1m", "2023-02-28"),
        ("2023-01-30", "3wd", "2023-01-20"),
    ],
)
def test_due_date_counted_back_from_a_sitting(sitting: str, span: str, due_on: str) -> None:
    assert due(within(span, BEFORE), datetime.fromisoformat(f"{sitting}T09:00:00+08:00")).due_on == d(due_on)


@pytest.mark.parametrize(
    ("started", "when", "due_on"),
    [
        ("2023-03-01", within("10d", counts_start_day=True), "2023-03-10"),
        ("2023-03-01", within("1m", counts_start_day=True), "2023-03-31"),
        ("2023-01-31", within("1m", counts_start_day=True), "2023-02-28"),
        ("2023-03-01", within("3wd", counts_start_day=True), "2023-03-03"),
        ("2023-03-04", within("1wd", counts_start_day=True), "2023-03-06"),  # a Saturday counts for nothing
        ("2023-03-31", within("10d", BEFORE, counts_start_day=True), "2023-03-22"),
    ],
)
def test_due_date_with_the_start_day_counted(started: str, when: Counted, due_on: str) -> None:
    assert due(when, datetime.fromisoformat(f"{started}T10:00:00+08:00")).due_on == d(due_on)


@pytest.mark.parametrize(
    ("roll", "due_on"), [(Roll.NEXT, "2023-10-07"), (Roll.PREVIOUS, "2023-09-28"), (Roll.NONE, "2023-09-30")]
)
def test_due_date_rolls_as_the_rule_says(roll: Roll, due_on: str) -> None:
    assert due(within("1m"), at(2023, 8, 31), roll=roll).due_on == d(due_on)


def test_due_date_ends_at_midnight_or_at_close_of_business() -> None:
    assert due(within("2m"), at(2023, 8, 31)).due_at == at(2023, 11, 1, 0)
    assert due(within("2m"), at(2023, 8, 31), ends=Ends.CLOSE_OF_BUSINESS).due_at == at(2023, 10, 31, 17, 30)


def test_due_date_starts_on_the_local_day_of_an_instant_given_in_another_zone() -> None:
    evening = datetime(2023, 10, 9, 16, 30, tzinfo=timezone.utc)  # noqa: UP017 - 00:30 on 10 October in Shanghai
    found = due(within("1d"), evening)
    assert (found.due_on, found.starts_at) == (d("2023-10-11"), at(2023, 10, 10, 0, 30))


def test_due_date_refuses_an_instant_without_an_offset() -> None:
    with pytest.raises(ValueError, match="has no offset"):
        due(within("1d"), datetime(2023, 10, 9, 16, 30))  # noqa: DTZ001 - the fault under test


def test_due_date_at_year_end_rolls_into_the_new_year() -> None:
    assert due(YearEnd(RECEIVED), at(2024, 5, 1)).due_on == d("2024-12-31")
    assert due(YearEnd(RECEIVED), at(2023, 5, 1)).due_on == d("2024-01-02")


@pytest.mark.parametrize(
    ("when", "started", "due_on", "provisional"),
    [
        (within("10d"), at(2026, 12, 18), "2026-12-28", False),
        (within("10d"), at(2026, 12, 20), "2026-12-30", True),
        (YearEnd(RECEIVED), at(2026, 5, 1), "2026-12-31", True),
        (within("1m"), at(2026, 12, 2), "2027-01-04", True),  # 2 January is a Saturday
        (within("10wd"), at(2026, 12, 25), "2027-01-08", True),
        (YearEnd(RECEIVED), at(2025, 5, 1), "2025-12-31", False),
    ],
)
def test_due_date_is_provisional_where_a_calendar_is_not_published(
    when: When, started: datetime, due_on: str, provisional: bool
) -> None:
    found = due(when, started)
    assert (found.due_on, found.provisional) == (d(due_on), provisional)


def test_due_date_is_firm_in_a_year_not_published_where_no_working_day_is_asked_for() -> None:
    assert not due(within("1m"), at(2026, 12, 5), roll=Roll.NONE).provisional


def test_due_date_of_the_next_sitting_is_the_first_after_the_day_of_the_event() -> None:
    sittings = (d("2023-12-28"), d("2023-10-28"), d("2023-08-31"))
    found = due(NextSitting(RECEIVED), at(2023, 8, 31), sittings=sittings)
    assert found.due_on == d("2023-10-28")  # a Saturday: the sitting is held when it is held


@pytest.mark.parametrize(
    ("started", "due_on"),
    [
        (at(2025, 4, 24), "2025-04-25"),
        (at(2025, 4, 25), "2025-05-26"),  # not the day itself; 25 May 2025 is a Sunday
        (at(2024, 12, 26), "2025-01-26"),  # a Saturday, rolled on to the make-up Sunday before the Spring Festival
    ],
)
def test_due_date_on_a_day_of_the_month_is_the_first_after_the_event(started: datetime, due_on: str) -> None:
    assert due(MonthDay(RECEIVED, 25), started).due_on == d(due_on)


def test_due_date_on_a_day_that_a_month_lacks_is_its_last() -> None:
    assert due(MonthDay(RECEIVED, 31), at(2025, 6, 29)).due_on == d("2025-06-30")
    assert due(MonthDay(RECEIVED, 31), at(2025, 6, 30)).due_on == d("2025-07-31")
    assert due(MonthDay(RECEIVED, 31), at(2023, 12, 31), roll=Roll.NONE).due_on == d("2024-01-31")


def test_due_date_ahead_of_the_next_sitting_is_counted_back_from_the_first_that_leaves_time() -> None:
    sittings = (d("2025-05-08"), d("2025-06-27"))
    ahead = NextSitting(RECEIVED, Span(10, SpanUnit.DAY))
    # Ten days before 8 May is 28 April; ten days before 27 June is the 17th.
    assert due(ahead, at(2025, 4, 27), sittings=sittings).due_on == d("2025-04-28")
    found = due(ahead, at(2025, 4, 28), sittings=sittings)
    assert (found.due_on, found.starts_at) == (d("2025-06-17"), at(2025, 4, 28))
    assert [step.code for step in found.steps[1:4]] == [
        "deadline.next_sitting",
        "deadline.start_excluded",
        "deadline.counted_back",
    ]
    rolled = due(NextSitting(RECEIVED, Span(12, SpanUnit.DAY)), at(2025, 5, 9), sittings=sittings)
    assert rolled.due_on == d("2025-06-13")  # 15 June is a Sunday: back to the Friday


def test_due_date_fixed_or_decided_rolls_and_needs_no_event() -> None:
    fixed = compute(DueRule(Fixed(d("2023-10-01")), "第九条"), {}, shipped(), Hours())
    decided = compute(DueRule(Decided(), "第九条"), {}, shipped(), Hours(), decided=d("2023-10-01"))
    assert isinstance(fixed, Due)
    assert isinstance(decided, Due)
    assert (fixed.due_on, fixed.starts_at) == (d("2023-10-07"), None)
    assert (decided.due_on, decided.starts_at) == (d("2023-10-07"), None)


@pytest.mark.parametrize(
    ("when", "events", "waiting"),
    [
        (within("1m"), {}, RECEIVED),
        (YearEnd(RECEIVED), {"other": at(2023, 8, 31)}, RECEIVED),
        (NextSitting(RECEIVED), {}, RECEIVED),
        (NextSitting(RECEIVED), {RECEIVED: at(2023, 8, 31)}, "sitting"),
        (Decided(), {}, "decided"),
    ],
)
def test_due_date_waits_for_what_has_not_happened(when: When, events: dict[str, datetime], waiting: str) -> None:
    assert compute(DueRule(when, "第九条"), events, shipped(), Hours()) == Waiting(waiting)


def test_due_date_gives_its_reason_step_by_step_over_a_month() -> None:
    assert due(within("1m"), at(2023, 8, 31)).steps == (
        Step("deadline.started", {"event": RECEIVED, "at": "2023-08-31T10:00:00+08:00", "on": "2023-08-31"}),
        Step("deadline.start_excluded", {"day": "2023-08-31"}),
        Step("deadline.counted_forward", {"count": 1, "unit": "m", "to": "2023-09-30"}),
        Step("deadline.month_end", {"wanted": 31, "month": 9, "to": "2023-09-30"}),
        Step("deadline.rolled_next", {"day": "2023-09-30", "to": "2023-10-07", "why": "国庆节"}),
        Step("deadline.ends_midnight", {"day": "2023-10-07", "at": "2023-10-08T00:00:00+08:00"}),
        Step("deadline.basis", {"clause": "第九条"}),
    )


def test_due_date_names_the_holidays_and_make_up_days_among_working_days() -> None:
    steps = due(within("10wd"), at(2023, 9, 26)).steps
    assert steps[3:5] == (
        Step(
            "deadline.holidays_passed",
            {"name": "中秋节、国庆节", "first": "2023-09-29", "last": "2023-10-06", "days": 8},
        ),
        Step("deadline.makeup_counted", {"days": "2023-10-07,2023-10-08"}),
    )


def test_steps_come_back_from_json_as_they_went() -> None:
    steps = due(within("10wd"), at(2026, 12, 25)).steps
    assert steps_from_json(steps_to_json(steps)) == steps
    assert steps_to_json(steps_from_json(steps_to_json(steps))) == steps_to_json(steps)


def test_moved_tells_both_dates_and_why_once_the_calendar_is_published() -> None:
    notice = CalendarYear(2027, True, {d("2027-01-04"): "元旦"}, frozenset(), "通知")
    published = Calendar({**shipped().years, 2027: notice})
    old = due(within("1m"), at(2026, 12, 2))
    new = due(within("1m"), at(2026, 12, 2), calendar=published)
    change = moved(old, new)
    assert change is not None
    assert (change.old_on, change.new_on) == (d("2027-01-04"), d("2027-01-05"))
    assert (change.old_at, change.new_at) == (at(2027, 1, 5, 0), at(2027, 1, 6, 0))
    assert [step.code for step in change.dropped] == [
        "deadline.rolled_next",
        "deadline.provisional",
        "deadline.ends_midnight",
    ]
    assert change.added == (
        Step("deadline.rolled_next", {"day": "2027-01-02", "to": "2027-01-05", "why": "周末、元旦"}),
        Step("deadline.ends_midnight", {"day": "2027-01-05", "at": "2027-01-06T00:00:00+08:00"}),
    )


def test_moved_is_none_when_the_date_stands() -> None:
    published = Calendar({**shipped().years, 2027: CalendarYear(2027, True, {}, frozenset(), "通知")})
    old = due(within("1m"), at(2026, 12, 2))
    new = due(within("1m"), at(2026, 12, 2), calendar=published)
    assert (old.provisional, new.provisional) == (True, False)
    assert moved(old, new) is None
    assert moved(old, old) is None


def test_moved_sees_a_change_of_the_hour_alone() -> None:
    hours = Hours(close_of_business=time(18))
    rule = DueRule(within("2m"), "第九条", ends=Ends.CLOSE_OF_BUSINESS)
    old = due(within("2m"), at(2023, 8, 31), ends=Ends.CLOSE_OF_BUSINESS)
    new = compute(rule, {RECEIVED: at(2023, 8, 31)}, shipped(), hours)
    assert isinstance(new, Due)
    change = moved(old, new)
    assert change is not None
    assert change.new_at - change.old_at == timedelta(minutes=30)
