"""What is shown of small groups: by example, and by trying to work out what is hidden."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.domain.suppression import is_hidden, suppressed

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), min_size=1)
SMALLEST = st.integers(2, 12)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([20, 30], [20, 30]),
        ([20, 0], [20, 0]),
        ([5, 30], [5, 30]),
        ([4, 30, 9], [None, 30, None]),
        ([4, 3, 30], [None, None, 30]),
        ([4, 30], [None, None]),
        ([1, 1, 6, 30], [None, None, None, 30]),
        ([4, 0, 0], [None, None, 0]),
        ([1, 1, 1, 1, 1], [None, None, None, None, None]),
        ([], []),
    ],
)
def test_count_of_few_is_hidden_with_what_would_tell_it(counts: list[int], shown: list[int | None]) -> None:
    assert list(suppressed(dict(enumerate(counts)), 5).values()) == shown


@given(COUNTS, SMALLEST)
def test_every_small_count_is_hidden_and_no_shown_one_is_changed(counts: dict[str, int], smallest: int) -> None:
    shown = suppressed(counts, smallest)
    assert list(shown) == list(counts)
    assert [key for key, count in counts.items() if 0 < count < smallest and shown[key] is not None] == []
    assert {key: counts[key] for key, count in shown.items() if count is not None}.items() <= counts.items()
    assert any(0 < count < smallest for count in counts.values()) or shown == counts


@given(COUNTS, SMALLEST)
def test_hidden_count_cannot_be_worked_out_from_the_total(counts: dict[str, int], smallest: int) -> None:
    """Whoever subtracts may take it that nothing hidden is nought, unless everything is hidden."""
    shown = suppressed(counts, smallest)
    hidden = [key for key, count in shown.items() if count is None]
    least = 0 if len(hidden) == len(counts) else 1
    spare = sum(counts[key] for key in hidden) - least * len(hidden)
    assert not hidden or (len(hidden) > 1 and spare > 0) or len(counts) == 1


@pytest.mark.parametrize("smallest", [2, 3, 4])
def test_no_two_hidden_counts_of_three_are_told_by_subtraction(smallest: int) -> None:
    told = [
        counts
        for counts in product(range(9), repeat=3)
        if _worked_out(list(suppressed(dict(enumerate(counts)), smallest).values()), sum(counts))
    ]
    assert [counts for counts in told if sum(counts) >= 2 * smallest] == []


@given(COUNTS, SMALLEST, st.sets(st.sampled_from("abcdefgh")))
def test_sum_that_may_be_told_leaves_hidden_counts_hidden(
    counts: dict[str, int], smallest: int, keys: set[str]
) -> None:
    shown = suppressed(counts, smallest)
    hidden = {key for key, count in shown.items() if count is None}
    assert is_hidden(shown, keys) == bool(hidden & keys and hidden - keys)


def test_sum_of_one_shown_and_one_hidden_count_is_hidden() -> None:
    shown: Mapping[str, int | None] = {"a": 10, "b": None, "c": None, "d": 20}
    assert is_hidden(shown, {"a", "b"})
    assert not is_hidden(shown, {"b", "c"})
    assert not is_hidden(shown, {"a", "d"})


def _worked_out(shown: Sequence[int | None], total: int) -> bool:
    """Whether some hidden count is the same in every way of sharing out the rest, none of them nought."""
    hidden = [place for place, count in enumerate(shown) if count is None]
    rest = total - sum(count for count in shown if count is not None)
    least = 0 if len(hidden) == len(shown) else 1
    possible: dict[int, set[int]] = defaultdict(set)
    for counts in product(range(least, rest + 1), repeat=len(hidden)):
        if sum(counts) == rest:
            for place, count in zip(hidden, counts, strict=True):
                possible[place].add(count)
    return any(len(values) == 1 for values in possible.values())
