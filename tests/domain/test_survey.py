"""Questions, answers and the rate of return."""

from decimal import Decimal
from fractions import Fraction

import pytest

from appraisal.domain.answers import Flaw, read_answers
from appraisal.domain.survey import (
    Choice,
    Condition,
    Line,
    Question,
    QuestionKind,
    Returned,
    Scale,
    Survey,
    asked,
    percent,
    rounded,
    together,
)

CHOICES = (Choice("a", "甲"), Choice("b", "乙"), Choice("c", "丙"))
SURVEY = Survey(
    "all",
    "问卷",
    "前言",
    (
        Question("single", QuestionKind.SINGLE, "单选", choices=CHOICES),
        Question(
            "multiple",
            QuestionKind.MULTIPLE,
            "多选",
            choices=CHOICES,
            at_least=1,
            at_most=2,
            asked_if=Condition("single", frozenset({"a", "b"})),
        ),
        Question("matrix", QuestionKind.MATRIX, "矩阵", choices=CHOICES, lines=(Line("x", "一"), Line("y", "二"))),
        Question("score", QuestionKind.SCORE, "打分", scale=Scale(Decimal(0), Decimal(10), Decimal("0.5"))),
        Question("text", QuestionKind.TEXT, "问答", required=False, longest=5),
    ),
)
GIVEN: dict[str, object] = {
    "single": "a",
    "multiple": ["b", "a"],
    "matrix": {"x": "a", "y": "c"},
    "score": "8.50",
    "text": " 很好 ",
}


@pytest.mark.parametrize(
    ("issued", "returned", "rate"),
    [(500, 473, "94.6%"), (3, 2, "66.7%"), (2000, 1, "0.1%"), (8, 1, "12.5%"), (7, 7, "100.0%"), (10, 0, "0.0%")],
)
def test_rate_of_return_is_exact(issued: int, returned: int, rate: str) -> None:
    found = Returned(issued, returned, returned).rate
    assert found == Fraction(returned, issued)
    assert percent(found) == rate


def test_rate_of_return_of_nothing_issued_is_none() -> None:
    assert Returned(0, 12, 10).rate is None


def test_media_are_taken_together() -> None:
    assert together([Returned(300, 290, 290), Returned(200, 183, 170)]) == Returned(500, 473, 460)
    assert Returned(200, 183, 170).invalid == 13


@pytest.mark.parametrize(("number", "shown"), [("0.05", "0.1"), ("-0.05", "-0.1"), ("2.449", "2.4"), ("-3", "-3.0")])
def test_number_is_rounded_half_away_from_nought(number: str, shown: str) -> None:
    assert str(rounded(Fraction(number))) == shown


def test_answers_are_kept_in_one_way_of_writing() -> None:
    read = read_answers(SURVEY, GIVEN)
    kept = {
        "single": "a",
        "multiple": ["a", "b"],
        "matrix": {"x": "a", "y": "c"},
        "score": "8.5",
        "text": "很好",
    }
    assert (read.answers, read.flaws) == (kept, ())


def test_answer_to_what_was_not_asked_is_left_out() -> None:
    read = read_answers(SURVEY, GIVEN | {"single": "c", "multiple": ["nonsense"]})
    assert ("multiple" in read.answers, read.flaws) == (False, ())
    assert [question.key for question in asked(SURVEY, {"single": "c"})] == ["single", "matrix", "score", "text"]


@pytest.mark.parametrize(
    ("given", "flaws"),
    [
        ({"single": ""}, [Flaw("single", "unanswered")]),
        ({"single": "z"}, [Flaw("single", "no_such_option")]),
        ({"single": ["a", "b"]}, [Flaw("single", "several_marked")]),
        ({"multiple": []}, [Flaw("multiple", "unanswered")]),
        ({"multiple": ["a", "z"]}, [Flaw("multiple", "no_such_option")]),
        ({"multiple": ["a", "b", "c"]}, [Flaw("multiple", "too_many", facts={"most": 2, "chosen": 3})]),
        ({"matrix": {"x": "a"}}, [Flaw("matrix", "unanswered", "y")]),
        ({"matrix": {"x": "a", "y": "z"}}, [Flaw("matrix", "no_such_option", "y")]),
        ({"matrix": {"x": ["a", "b"], "y": "a"}}, [Flaw("matrix", "several_marked", "x")]),
        ({"matrix": "a"}, [Flaw("matrix", "unanswered", "x"), Flaw("matrix", "unanswered", "y")]),
        ({"score": "八"}, [Flaw("score", "not_a_number")]),
        ({"score": "nan"}, [Flaw("score", "not_a_number")]),
        ({"score": "1" * 30}, [Flaw("score", "not_a_number")]),
        ({"score": "1e999"}, [Flaw("score", "out_of_range", facts={"lowest": "0", "highest": "10"})]),
        ({"score": "10.5"}, [Flaw("score", "out_of_range", facts={"lowest": "0", "highest": "10"})]),
        ({"score": "8.3"}, [Flaw("score", "off_step", facts={"step": "0.5"})]),
        ({"score": "1e-9999"}, [Flaw("score", "off_step", facts={"step": "0.5"})]),
        ({"text": "一二三四五六"}, [Flaw("text", "too_long", facts={"most": 5, "length": 6})]),
        ({"text": ""}, []),
        ({"score": "８"}, []),
    ],
)
def test_flaw_of_an_answer_is_named(given: dict[str, object], flaws: list[Flaw]) -> None:
    assert list(read_answers(SURVEY, GIVEN | given).flaws) == flaws


def test_every_flaw_is_named_at_once() -> None:
    read = read_answers(SURVEY, {})
    assert [(flaw.question, flaw.line) for flaw in read.flaws] == [
        ("single", ""),
        ("matrix", "x"),
        ("matrix", "y"),
        ("score", ""),
    ]
