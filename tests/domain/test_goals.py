from decimal import Decimal
from fractions import Fraction

import pytest

from appraisal.domain.goals import (
    Deed,
    GoalState,
    chosen,
    enterprises,
    entries,
    figure,
    people,
    places,
    share,
)

DEEDS = (
    Deed("p1", "visit", 1, 4, "城关镇", ("甲公司", "乙公司")),
    Deed("p1", "seminar", 2, 30, " 城关镇 ", ("甲公司 ", "ＡＢＣ厂")),
    Deed("p2", "visit", 1, 5, "经开区", ("abc厂",)),
    Deed("", "meeting", 1, 120, "", ()),
)


def test_entries_count_for_as_many_as_they_stand_for() -> None:
    assert [entries(chosen(DEEDS, kinds, None)) for kinds in ((), ("seminar",), ("visit",))] == [5, 2, 2]


def test_goal_of_one_panel_leaves_out_the_others_and_the_body() -> None:
    assert [entries(chosen(DEEDS, (), panel)) for panel in ("p1", "p2", "")] == [3, 1, 1]


def test_names_are_counted_once_however_they_are_spaced_and_written() -> None:
    assert (enterprises(DEEDS), places(DEEDS), people(DEEDS)) == (3, 2, 159)


@pytest.mark.parametrize(
    ("reached", "met", "percent"),
    [(116, False, 99), (117, True, 100), (118, True, 100), (0, False, 0)],
)
def test_goal_is_met_at_exactly_so_much(reached: int, met: bool, percent: int) -> None:
    goal = GoalState("走访企业", "家", Decimal(117), Fraction(reached))
    assert (goal.met, goal.percent) == (met, percent)


@pytest.mark.parametrize(
    ("returned", "issued", "met", "shown"),
    [
        (473, 500, True, "94.6"),
        (472, 500, False, "94.4"),
        (2837, 2999, False, "94.5"),
        (5, 5, True, "100"),
        (0, 0, False, "0"),
    ],
)
def test_return_rate_is_exact_and_never_looks_better_than_it_is(
    returned: int, issued: int, met: bool, shown: str
) -> None:
    goal = GoalState("回收率", "%", Decimal("94.6"), share(returned, issued))
    assert (goal.met, goal.far) == (met, shown)


def test_figure_is_cut_and_not_rounded() -> None:
    assert [figure(Fraction(*parts)) for parts in ((117, 1), (1899, 20), (1, 3))] == ["117", "94.9", "0.3"]
