from datetime import date
from fractions import Fraction

import pytest

from appraisal.domain.review_opinion import (
    PartRule,
    ProblemText,
    characters,
    measure,
    percent,
    tidied_achievements,
    tidied_problems,
)

FORTY, SIXTY = Fraction(2, 5), Fraction(3, 5)


@pytest.mark.parametrize(
    ("bound", "below", "on", "above"),
    [
        ("reach", False, True, True),
        ("exceed", False, False, True),
        ("within", True, True, False),
        ("below", True, False, False),
    ],
)
def test_part_is_met_by_its_bound_just_below_on_and_just_above_the_line(
    bound: str, below: bool, on: bool, above: bool
) -> None:
    met = [
        measure(
            ["成" * good], [ProblemText("问" * (1000 - good))], by_items=False, rules=(PartRule(FORTY, bound), None)
        )
        for good in (399, 400, 401)
    ]
    assert [found.achievements.share for found in met] == [Fraction(399, 1000), FORTY, Fraction(401, 1000)]
    assert [found.met for found in met] == [below, on, above]


def test_both_parts_must_be_met() -> None:
    rules = (PartRule(FORTY, "within"), PartRule(SIXTY, "reach"))
    fits = measure(["成" * 4], [ProblemText("问" * 6)], by_items=False, rules=rules)
    praise = measure(["成" * 5], [ProblemText("问" * 6)], by_items=False, rules=rules)
    assert (fits.achievements.met, fits.problems.met, fits.met) == (True, True, True)
    assert (praise.achievements.met, praise.problems.met, praise.met) == (False, False, False)


def test_characters_are_counted_without_white_space_and_what_has_no_width() -> None:
    assert characters("整改　不\n到位 \t、") == 6
    assert characters("成\u200b绩\ufeff") == 2
    assert characters("") == 0


def test_aim_counts_among_the_words_on_problems_and_deadline_and_number_do_not() -> None:
    problem = ProblemText("编制不足", "年底前补齐", date(2023, 12, 31), 7)
    assert measure(["成绩"], [problem], by_items=False).problems.amount == 9


def test_items_are_counted_one_by_one_however_long_they_are() -> None:
    found = measure(["成" * 500, "绩"], [ProblemText("甲"), ProblemText("乙", "丙"), ProblemText("丁")], by_items=True)
    assert (found.achievements.share, found.problems.share) == (FORTY, SIXTY)


def test_opinion_without_a_word_has_no_shares_and_meets_no_rule() -> None:
    nothing = measure([" "], [], by_items=False, rules=(PartRule(FORTY, "within"), None))
    assert (nothing.achievements.share, nothing.met) == (None, False)
    assert measure([], [], by_items=False).met


@pytest.mark.parametrize(
    ("share", "line", "shown"),
    [
        (FORTY, FORTY, "40%"),
        (Fraction(4001, 10000), FORTY, "40.01%"),
        (Fraction(39996, 100000), FORTY, "39.996%"),
        (Fraction(1, 3), FORTY, "33.3%"),
        (Fraction(1, 3), None, "33.3%"),
        (Fraction(2, 3), Fraction(2, 3), "66.666667%"),
        (Fraction(1), FORTY, "100%"),
        (Fraction(0), FORTY, "0%"),
    ],
)
def test_percent_never_shows_a_share_on_the_wrong_side_of_its_line(
    share: Fraction, line: Fraction | None, shown: str
) -> None:
    assert percent(share, line) == shown


def test_tidying_drops_what_is_empty_and_keeps_the_order() -> None:
    assert tidied_achievements([" 一 ", "", "  ", "二"]) == ["一", "二"]
    assert tidied_problems([ProblemText("  "), ProblemText(" 甲 ", " 乙 ", None, 3)]) == [
        ProblemText("甲", "乙", None, 3)
    ]
