from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from appraisal.domain.intake_days import Batch, batches

MONDAY = date(2023, 9, 4)
DAYS = st.dictionaries(st.integers(0, 40).map(lambda day: MONDAY + timedelta(days=day)), st.integers(0, 9), max_size=20)


def on(day: int) -> date:
    return date(2023, 9, day)


def test_days_stand_together_until_enough_people_spoke() -> None:
    counts = {on(4): 5, on(5): 2, on(8): 1, on(11): 4, on(12): 4}
    assert batches(counts, 5, on(30)) == [Batch(on(4), on(4), 5), Batch(on(5), on(11), 7)]


def test_day_that_is_not_over_is_told_the_day_after() -> None:
    counts = {on(4): 6}
    assert batches(counts, 5, on(4)) == []
    assert batches(counts, 5, on(5)) == [Batch(on(4), on(4), 6)]


def test_nothing_is_told_while_too_few_have_spoken() -> None:
    assert batches({on(4): 2, on(6): 2}, 5, on(30)) == []
    assert batches({}, 5, on(30)) == []


@given(counts=DAYS, smallest=st.integers(2, 9), more=DAYS)
def test_every_reading_grows_by_whole_groups_and_never_changes_what_was_told(
    counts: dict[date, int], smallest: int, more: dict[date, int]
) -> None:
    """Opinions of later days never change the batches of earlier ones."""
    today = MONDAY + timedelta(days=50)
    later = {day + timedelta(days=60): count for day, count in more.items()}
    before = batches(counts, smallest, today)
    after = batches(Counter(counts) + Counter(later), smallest, today + timedelta(days=100))
    assert after[: len(before)] == before
    assert all(batch.count >= smallest for batch in after)
    assert sum(batch.count for batch in before) <= sum(counts.values())
