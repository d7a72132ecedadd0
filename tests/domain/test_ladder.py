from datetime import UTC, datetime, time

import pytest

from appraisal.clock import ZONE
from appraisal.domain.ladder import (
    Climb,
    Condition,
    Offset,
    Rung,
    Standing,
    awaited,
    climb,
    colour,
    foot,
    instants,
    next_instant,
)
from appraisal.domain.span import Span
from tests.domain.calendars import at, d, shipped

NINE = time(9)
STANDARD = ("-7d", "-1d", "+1d", "+3wd", "+7d", "+15d", "+30d")


def reached(due_on: str, *offsets: str, starts_on: str = "2023-08-31") -> tuple[datetime | None, ...]:
    ladder = tuple(Rung(Offset.parse(offset), "remind", ("handler",)) for offset in offsets)
    return instants(ladder, d(starts_on), d(due_on), shipped(), NINE, "Asia/Shanghai")


def days(*moments: datetime | None) -> list[str]:
    return [moment.date().isoformat() if moment else "" for moment in moments]


@pytest.mark.parametrize(
    ("due_on", "offset", "day"),
    [
        ("2023-10-07", "-7d", "2023-09-30"),
        ("2023-10-07", "0d", "2023-10-07"),
        ("2023-10-07", "+1d", "2023-10-08"),
        # 28 September is the last working day before the long holiday; 7 and 8 October are make-up workdays.
        ("2023-10-07", "-1wd", "2023-09-28"),
        ("2023-09-28", "+1wd", "2023-10-07"),
        ("2023-09-28", "+3wd", "2023-10-09"),
        ("2023-10-07", "0wd", "2023-10-07"),
        ("2023-10-31", "-2w", "2023-10-17"),
        ("2023-10-31", "+1w", "2023-11-07"),
        ("2023-10-31", "+1m", "2023-11-30"),
        ("2024-01-31", "+1m", "2024-02-29"),
        ("2023-12-31", "-1m", "2023-11-30"),
        # Sixty-one days were given from 31 August to 31 October.
        ("2023-10-31", "-20%", "2023-10-19"),
        ("2023-10-31", "-50%", "2023-10-01"),
        ("2023-10-31", "+10%", "2023-11-06"),
        ("2023-08-31", "-20%", "2023-08-31"),
    ],
)
def test_offset_reaches_its_day(due_on: str, offset: str, day: str) -> None:
    assert reached(due_on, offset) == (datetime.combine(d(day), NINE, ZONE),)


@pytest.mark.parametrize("text", ["-7d", "+3wd", "-20%", "+2w", "+1m", "0d"])
def test_offset_is_written_as_it_was_read(text: str) -> None:
    assert str(Offset.parse(text)) == text


@pytest.mark.parametrize("text", ["", "d", "7", "7y", "--7d", "+7.5d", "7 d", "+12345d", "七d"])
def test_offset_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an offset"):
        Offset.parse(text)


def test_ladder_climbs_through_the_months() -> None:
    assert days(*reached("2023-10-31", *STANDARD)) == [
        "2023-10-24",
        "2023-10-30",
        "2023-11-01",
        "2023-11-03",
        "2023-11-07",
        "2023-11-15",
        "2023-11-30",
    ]


def test_rung_never_comes_before_the_one_below_it() -> None:
    # Three working days after 28 September come later than seven days after it.
    assert days(*reached("2023-09-28", "+1d", "+4wd", "+7d", "+15d")) == [
        "2023-09-29",
        "2023-10-10",
        "2023-10-10",
        "2023-10-13",
    ]


def test_rung_fires_at_its_instant_and_not_before() -> None:
    ladder = reached("2023-10-31", *STANDARD)
    assert climb(ladder, -1, at(2023, 10, 24, 8, 59)) is None
    assert climb(ladder, -1, at(2023, 10, 24, 9)) == Climb(0, ())


def test_rung_that_fired_does_not_fire_again() -> None:
    ladder = reached("2023-10-31", *STANDARD)
    assert climb(ladder, 0, at(2023, 10, 29, 23, 59)) is None
    assert climb(ladder, 0, at(2023, 10, 30, 9)) == Climb(1, ())


def test_missed_rungs_are_passed_over_for_the_highest_due() -> None:
    assert climb(reached("2023-10-31", *STANDARD), 0, at(2023, 11, 7, 9)) == Climb(4, (1, 2, 3))


def test_nothing_fires_above_the_top() -> None:
    ladder = reached("2023-10-31", *STANDARD)
    assert climb(ladder, 6, at(2024, 10, 31)) is None
    assert next_instant(ladder, 6) is None


def test_next_instant_is_that_of_the_rung_above() -> None:
    ladder = reached("2023-10-31", *STANDARD)
    assert [next_instant(ladder, last) for last in (-1, 0, 5)] == [
        at(2023, 10, 24, 9),
        at(2023, 10, 30, 9),
        at(2023, 11, 30, 9),
    ]


def test_duty_without_a_ladder_has_nothing_to_fire() -> None:
    assert (reached("2023-10-31"), climb((), -1, at(2023, 11, 1)), next_instant((), -1)) == ((), None, None)


def waiting(standing: Standing, *conditions: Condition) -> tuple[datetime | None, ...]:
    ladder = [Rung(None, "urge", ("handler",), condition) for condition in conditions]
    return awaited(ladder, standing, shipped(), NINE, "Asia/Shanghai")


@pytest.mark.parametrize(
    ("since", "span", "day"),
    [
        (at(2023, 9, 1, 10), "15d", "2023-09-16"),
        (at(2023, 9, 1, 0), "0d", "2023-09-01"),
        # 28 September is the last working day before the long holiday; 7 and 8 October are make-up workdays.
        (at(2023, 9, 27, 23, 59), "3wd", "2023-10-08"),
        (at(2023, 9, 1, 10), "2w", "2023-09-15"),
        (at(2023, 8, 31, 10), "1m", "2023-09-30"),
        (at(2024, 2, 29, 10), "1y", "2025-02-28"),
    ],
)
def test_silence_is_reached_so_long_after_the_last_movement(since: datetime, span: str, day: str) -> None:
    assert waiting(Standing(since), Condition(silent=Span.parse(span))) == (datetime.combine(d(day), NINE, ZONE),)


def test_silence_is_counted_from_the_day_as_the_office_sees_it() -> None:
    since = at(2023, 9, 2, 7).astimezone(UTC)
    assert waiting(Standing(since), Condition(silent=Span.parse("1d"))) == (at(2023, 9, 3, 9),)


@pytest.mark.parametrize(
    ("condition", "short", "full"),
    [
        (Condition(unmoved=2), Standing(at(2023, 9, 1), unmoved=1), Standing(at(2023, 9, 1), unmoved=2)),
        (Condition(returned=2), Standing(at(2023, 9, 1), returns=1), Standing(at(2023, 9, 1), returns=3)),
        (
            Condition(fired="red", times=3),
            Standing(at(2023, 9, 1), fired={"red": 2, "yellow": 3}),
            Standing(at(2023, 9, 1), fired={"red": 3}),
        ),
        (Condition(held_up=True), Standing(at(2023, 9, 1)), Standing(at(2023, 9, 1), held_up=True)),
    ],
)
def test_condition_holds_from_its_count_on(condition: Condition, short: Standing, full: Standing) -> None:
    assert (waiting(short, condition), waiting(full, condition)) == ((None,), (at(2023, 9, 1),))


def test_rung_that_has_a_place_waits_for_nothing_and_the_other_way_round() -> None:
    ladder = (Rung(Offset.parse("-1d"), "remind", ()), Rung(None, "urge", (), Condition(returned=1)))
    placed = instants(ladder, d("2023-08-31"), d("2023-10-31"), shipped(), NINE, "Asia/Shanghai")
    waited = awaited(ladder, Standing(at(2023, 9, 1), returns=1), shipped(), NINE, "Asia/Shanghai")
    assert (placed, waited) == ((at(2023, 10, 30, 9), None), (None, at(2023, 9, 1)))


def test_rung_whose_condition_holds_passes_over_the_days_below_it() -> None:
    ladder = (at(2023, 10, 24, 9), at(2023, 10, 30, 9), at(2023, 9, 1), at(2023, 11, 7, 9))
    assert climb(ladder, -1, at(2023, 9, 5)) == Climb(2, (0, 1))
    assert next_instant(ladder, 2) == at(2023, 11, 7, 9)


def test_condition_that_never_held_is_passed_over_by_the_day_above_it() -> None:
    ladder = (at(2023, 10, 24, 9), None, at(2023, 11, 1, 9))
    assert (next_instant(ladder, 0), climb(ladder, 0, at(2023, 10, 31))) == (at(2023, 11, 1, 9), None)
    assert climb(ladder, 0, at(2023, 11, 1, 9)) == Climb(2, (1,))


def test_nothing_is_in_sight_where_only_conditions_are_left() -> None:
    assert (next_instant((at(2023, 10, 24, 9), None), 0), climb((None, None), -1, at(2024, 1, 1))) == (None, None)


@pytest.mark.parametrize(("act", "below"), [("yellow", 0), ("remind", -1), (None, -1), ("circular", -1)])
def test_ladder_starts_at_its_colour(act: str | None, below: int) -> None:
    ladder = [Rung(Offset.parse("0d"), each, ()) for each in ("remind", "yellow", "red", "yellow")]
    assert foot(ladder, act) == below


@pytest.mark.parametrize(
    ("fired", "light"),
    [
        ([], "none"),
        ([0], "none"),
        ([0, 1], "yellow"),
        ([3], "red"),
        # The yellow card had its day, the red one waited for a return that never came.
        ([4], "yellow"),
        ([2, 4], "red"),
    ],
)
def test_colour_is_that_of_the_highest_card(fired: list[int], light: str) -> None:
    waits = Condition(returned=2)
    ladder = [
        Rung(Offset.parse("-1d"), "remind", ()),
        Rung(Offset.parse("+1d"), "yellow", ()),
        Rung(None, "red", (), waits),
        Rung(None, "red", (), Condition(held_up=True)),
        Rung(Offset.parse("+9d"), "supervise", ()),
    ]
    assert colour(ladder, fired) == light
