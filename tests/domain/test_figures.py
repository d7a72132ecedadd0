"""Figures of a questionnaire: right where they are shown, and nothing of small groups in them."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.domain.breakdown import by_aspect, by_unit
from appraisal.domain.figures import ANSWERED, BLANK, Figures, band_of, bands, figures_of
from appraisal.domain.survey import Answers, Choice, Condition, Line, Question, QuestionKind, Scale, Survey

GRADES = (
    Choice("good", "满意", satisfied=True),
    Choice("fair", "基本满意", satisfied=True),
    Choice("bad", "不满意"),
    Choice("unknown", "不了解", excluded=True),
)
WORK = Question("work", QuestionKind.SINGLE, "总体", required=False, aspect="service", choices=GRADES)
WHY = Question(
    "why",
    QuestionKind.MULTIPLE,
    "原因",
    choices=(Choice("slow", "慢"), Choice("rude", "硬")),
    at_most=2,
    asked_if=Condition("work", frozenset({"bad"})),
)
MARK = Question("mark", QuestionKind.SCORE, "打分", required=False, aspect="service")
SURVEY = Survey("s", "问卷", "前言", (WORK, WHY, MARK), "部门")


def sheets(**counts: int) -> list[Answers]:
    return [{"work": grade} for grade, count in counts.items() for _ in range(count)]


def work_of(*answers: Answers, smallest: int = 5) -> Figures:
    return figures_of(SURVEY, answers, smallest)[0]


def test_share_is_taken_of_those_who_know() -> None:
    found = work_of(*sheets(good=20, fair=10, bad=10, unknown=8))
    assert found.satisfied is not None
    assert found.satisfied.average == Fraction(30, 40)
    assert found.counts == {"good": 20, "fair": 10, "bad": 10, "unknown": 8, BLANK: 0}
    assert found.answered == 48


def test_share_that_would_tell_a_hidden_count_is_hidden() -> None:
    found = work_of(*sheets(good=20, fair=3, bad=8))
    assert found.counts == {"good": 20, "fair": None, "bad": None, "unknown": 0, BLANK: 0}
    assert (found.satisfied, found.answered) == (None, None)


def test_share_that_tells_no_more_than_the_total_is_shown() -> None:
    found = work_of(*sheets(good=6, fair=3, bad=20))
    assert found.counts["good"] is found.counts["fair"] is None
    assert found.satisfied is not None
    assert found.satisfied.average == Fraction(9, 29)


def test_question_put_to_few_is_withheld() -> None:
    found = figures_of(SURVEY, sheets(good=20, bad=4), 5)
    assert (found[1].withheld, found[1].counts) == (True, {})


def test_question_put_to_whoever_chose_a_hidden_option_is_withheld() -> None:
    """The eight dissatisfied are hidden beside the three, so what was asked of them must not count them."""
    found = figures_of(SURVEY, sheets(good=20, fair=3, bad=8), 5)
    assert found[1].withheld
    assert not figures_of(SURVEY, sheets(good=20, bad=8), 5)[1].withheld


def test_option_that_almost_everyone_chose_is_hidden() -> None:
    dissatisfied: list[Answers] = [{"work": "bad", "why": ["slow"]} for _ in range(10)]
    both: list[Answers] = [{"work": "bad", "why": ["slow", "rude"]} for _ in range(8)]
    all_but_two = [*both, *dissatisfied[:2]]
    assert figures_of(SURVEY, [*dissatisfied, *sheets(good=9)], 5)[1].counts == {
        "slow": 10,
        "rude": 0,
        ANSWERED: 10,
        BLANK: 0,
    }
    assert figures_of(SURVEY, [*all_but_two, *sheets(good=9)], 5)[1].counts == {
        "slow": None,
        "rude": None,
        ANSWERED: 10,
        BLANK: 0,
    }


def test_spread_of_marks_is_hidden_whole_while_the_average_is_shown() -> None:
    marks = [{"mark": str(mark)} for mark in (100, 90, 90, 85, 85, 30)]
    found = figures_of(SURVEY, marks, 5)[2]
    assert found.mean == Fraction(80)
    assert {key: count for key, count in found.counts.items() if key not in (ANSWERED, BLANK)} == dict.fromkeys(
        bands(Scale())
    )
    many = figures_of(SURVEY, marks * 5, 5)[2]
    assert many.counts == {"0—19": 0, "20—39": 5, "40—59": 0, "60—79": 0, "80—100": 25, ANSWERED: 30, BLANK: 0}


def test_mark_on_an_edge_belongs_to_the_upper_band() -> None:
    assert [band_of(Scale(), Decimal(mark)) for mark in ("0", "19", "20", "79", "80", "100")] == [
        "0—19",
        "0—19",
        "20—39",
        "60—79",
        "80—100",
        "80—100",
    ]
    stars = Scale(Decimal(-1), Decimal(1), Decimal("0.5"))
    assert bands(stars) == ["-1", "-0.5", "0", "0.5", "1"]
    assert [band_of(stars, Decimal(mark)) for mark in ("-1", "0.5", "1")] == ["-1", "0.5", "1"]


@pytest.mark.parametrize(
    ("lowest", "highest", "step", "named"),
    [
        ("1", "100", "1", ["1—20", "21—40", "41—60", "61—80", "81—100"]),
        ("0", "10", "0.5", ["0—1.5", "2—3.5", "4—5.5", "6—7.5", "8—10"]),
        ("0", "100", "7", ["0—14", "21—35", "42—56", "63—77", "84—98"]),
    ],
)
def test_bands_hold_every_mark_once_between_the_least_and_the_greatest_they_name(
    lowest: str, highest: str, step: str, named: list[str]
) -> None:
    scale = Scale(Decimal(lowest), Decimal(highest), Decimal(step))
    assert bands(scale) == named
    for number in range(int((scale.highest - scale.lowest) / scale.step) + 1):
        mark = scale.lowest + scale.step * number
        low, high = band_of(scale, mark).split("—")
        assert Decimal(low) <= mark <= Decimal(high)


def test_texts_do_not_stand_in_the_order_of_the_sheets() -> None:
    words = Question("words", QuestionKind.TEXT, "建议", required=False)
    found = figures_of(Survey("s", "问卷", "前言", (words,)), [{"words": word} for word in "丙乙甲丁戊"], 5)
    assert found[0].texts == tuple(sorted("甲乙丙丁戊"))


def test_aspect_is_pooled_from_all_questions_about_it() -> None:
    matrix = Question(
        "m", QuestionKind.MATRIX, "各方面", choices=GRADES, lines=(Line("x", "一", "service"), Line("y", "二", "law"))
    )
    survey = Survey("s", "问卷", "前言", (WORK, matrix))
    answers: list[Answers] = [{"work": "good", "m": {"x": "bad", "y": "good"}} for _ in range(8)]
    found = by_aspect(figures_of(survey, answers, 5))
    assert found["service"].satisfied is not None
    assert found["service"].satisfied.average == Fraction(8, 16)
    assert (found["service"].has_mark, found["service"].mark) == (False, None)
    assert found["law"].satisfied is not None


def test_unit_with_few_sheets_is_hidden_with_another() -> None:
    groups = {"教育局": sheets(good=20, bad=10), "科技局": sheets(good=2, bad=1), "民政局": sheets(good=8, bad=8)}
    found = by_unit(SURVEY, groups, 5)
    assert [found[unit].sheets for unit in groups] == [30, None, None]
    assert [found[unit].satisfied["service"] for unit in groups] == [Fraction(2, 3), None, None]


def test_unit_about_which_few_are_satisfied_is_hidden_with_another() -> None:
    """All satisfied together are known, so one unit alone could be worked out from the others."""
    groups = {"甲": sheets(good=20, bad=10), "乙": sheets(good=2, bad=20), "丙": sheets(good=8, bad=8)}
    found = by_unit(SURVEY, groups, 5)
    assert [found[unit].sheets for unit in groups] == [30, 22, 16]
    assert [found[unit].satisfied["service"] for unit in groups].count(None) >= 2
    assert found["乙"].satisfied["service"] is None


@settings(max_examples=60)
@given(st.lists(st.fixed_dictionaries({"work": st.sampled_from(["good", "fair", "bad", "unknown"])}), max_size=40))
def test_shown_counts_and_shares_never_tell_a_small_count(answers: list[Answers]) -> None:
    """Whatever can be had by adding and subtracting what is shown is nought, or five at least, or two hidden."""
    found = figures_of(SURVEY, answers, 5)[0]
    if found.withheld:
        return
    hidden = [key for key, count in found.counts.items() if count is None]
    assert len(hidden) != 1
    if found.satisfied:
        inside = [key for key in hidden if key in WORK.satisfied]
        outside = [key for key in hidden if key in WORK.base - WORK.satisfied]
        assert len(inside) != 1 or len(hidden) == 1
        assert not (inside and outside) or len(inside) == len(hidden)
