"""Grades by scores and by places: bands, trimmed means, rankings, approvals; with literal votes at the line."""

from fractions import Fraction

import pytest

from appraisal.domain.count import SITTING, VOTERS, Count, Line, Paper, Turnout, Verdict
from appraisal.domain.grading import graded
from appraisal.domain.marking import judged_together
from tests.domain.votes import grades, lines, one, said, several, terms


def four(good: int, fair: int, plain: int, poor: int) -> dict[str, int]:
    return {"good": good, "fair": fair, "plain": plain, "poor": poor}


@pytest.mark.parametrize(
    ("marks", "score", "grade"),
    [
        (four(5, 5, 0, 0), "90", "excellent"),
        (four(499, 501, 0, 0), "89.98", "passed"),
        (four(4999, 5001, 0, 0), "90", "excellent"),
        (four(0, 5, 5, 0), "70", "passed"),
        (four(0, 49, 51, 0), "69.8", "weak"),
        (four(0, 0, 10, 0), "60", "weak"),
        (four(0, 0, 9, 1), "57", "failed"),
    ],
)
def test_score_is_rounded_half_up_before_it_meets_its_band(marks: dict[str, int], score: str, grade: str) -> None:
    found = one("ballots-bands", marks)
    assert (found.score, found.grade) == (Fraction(score), grade)


def test_last_place_is_failed_only_below_sixty() -> None:
    first = {"甲局": four(9, 1, 0, 0), "乙局": four(0, 8, 2, 0)}
    assert grades(several("ballots-bands", {**first, "丙局": four(0, 0, 10, 0)})) == ["excellent", "passed", "weak"]
    assert grades(several("ballots-bands", {**first, "丙局": four(0, 0, 9, 1)})) == ["excellent", "passed", "failed"]


def test_two_units_level_at_the_end_are_both_spared_where_ties_are_out() -> None:
    found = several("ballots-bands", {"甲局": four(9, 1, 0, 0), "乙局": four(0, 0, 5, 5), "丙局": four(0, 0, 5, 5)})
    assert grades(found) == ["excellent", "weak", "weak"]
    assert [each.place for each in found.values()] == [1, 2, 2]


def test_working_of_a_veto_tells_place_score_and_what_it_is_lowered_to() -> None:
    found = several("ballots-bands", {"甲局": four(9, 1, 0, 0), "乙局": four(0, 0, 9, 1)})
    assert said(found["乙局"])[1:] == [
        "总分 570，10 票，平均 57 分。",
        "得 57 分，未达到 90 分。",
        "得 57 分，未达到 70 分。",
        "以上各条线都不满足，定为“较差”。",
        "在 2 个单位中排第 2 名，属于后 1 名。",
        "得 57 分，低于 60 分。",
        "以上 2 项须同时满足：都满足。",
        "降为“不合格”。",
    ]


@pytest.mark.parametrize(
    ("marks", "score", "grade"),
    [
        ({"10": 1, "8.5": 3, "0": 1}, "8.5", "good"),
        ({"9": 2, "8": 2, "1": 1}, "8.3", "fair"),
        ({"6": 4, "0": 1}, "6", "poor"),
        ({"6.5": 1, "6": 3, "7": 1}, "6.2", "fair"),
        ({"10": 1, "9": 1, "0": 1}, "9", "good"),
    ],
)
def test_one_highest_and_one_lowest_score_are_left_out(marks: dict[str, int], score: str, grade: str) -> None:
    found = one("ballots-trimmed", marks)
    assert (found.score, found.grade) == (Fraction(score), grade)


def test_nothing_left_after_dropping_decides_nothing() -> None:
    found = one("ballots-trimmed", {"10": 2})
    assert (found.score, found.grade) == (None, None)
    assert said(found)[1] == "算不出得分：没有可以计分的票，或者去掉最高、最低分之后没有剩下的。"


def ranked(*papers: str) -> Count:
    """Each paper is the order of the units: ``甲乙丙`` puts 甲局 first."""
    rules = terms("ballots-ranking")
    units = sorted({letter for paper in papers for letter in paper})
    marks = [
        {f"{unit}局": {"": (str(paper.index(unit) + 1),) if unit in paper else ()} for unit in units}
        for paper in papers
    ]
    return Count(judged_together(rules, [(Paper(SITTING, VOTERS, each), 1) for each in marks]), {})


def test_first_thirty_per_cent_of_four_units_are_two_and_the_last_is_weak() -> None:
    found = graded(
        terms("ballots-ranking"), ranked("甲乙丙丁", "甲乙丁丙", "乙甲丙丁"), ["甲局", "乙局", "丙局", "丁局"]
    )
    assert grades(found) == ["excellent", "excellent", "good", "weak"]
    assert [each.score for each in found.values()] == [Fraction(11, 3), Fraction(10, 3), Fraction(5, 3), Fraction(4, 3)]
    assert [each.place for each in found.values()] == [1, 2, 3, 4]


def test_units_level_over_the_cut_are_all_in() -> None:
    found = graded(terms("ballots-ranking"), ranked("甲乙丙", "乙甲丙"), ["甲局", "乙局", "丙局"])
    assert grades(found) == ["excellent", "excellent", "weak"]
    level = graded(terms("ballots-ranking"), ranked("甲乙丙", "甲丙乙"), ["甲局", "乙局", "丙局"])
    assert grades(level) == ["excellent", "weak", "weak"]


def test_unit_that_a_paper_gives_no_place_gets_no_point_of_it() -> None:
    found = graded(terms("ballots-ranking"), ranked("甲", "甲乙"), ["甲局", "乙局"])
    assert [each.score for each in found.values()] == [Fraction(2), Fraction(1, 2)]


def approvals(issued: int, **votes: int) -> dict[str, str | None]:
    count = tuple(line for unit, number in votes.items() for line in lines(unit, {"approve": number, "": 20 - number}))
    found = graded(terms("ballots-approve"), Count(count, {(SITTING, VOTERS): Turnout(issued=issued)}), list(votes))
    return {unit: each.grade for unit, each in found.items()}


def test_first_two_are_chosen_if_a_third_of_the_issued_papers_approve() -> None:
    assert approvals(24, 甲=9, 乙=8, 丙=7) == {"甲": "advanced", "乙": "advanced", "丙": "other"}
    assert approvals(25, 甲=9, 乙=8, 丙=7) == {"甲": "advanced", "乙": "other", "丙": "other"}


def test_units_level_over_the_last_place_are_all_out() -> None:
    assert approvals(20, 甲=12, 乙=9, 丙=9) == {"甲": "advanced", "乙": "other", "丙": "other"}


def test_approvals_are_told_in_the_working() -> None:
    count = Count(lines("甲", {"approve": 9, "": 11}), {(SITTING, VOTERS): Turnout(issued=24)})
    assert said(graded(terms("ballots-approve"), count, ["甲"])["甲"]) == [
        "赞成 9；有效 20，弃权 0，无效 0。",
        "在 1 个单位中排第 1 名，属于前 2 名。",
        "赞成 9，以发出票 24 为基数，占 9/24，即 37.5%，达到33.33%（1/3）。",
        "以上 2 项须同时满足：都满足。",
        "定为“先进”。",
    ]


def test_half_a_point_is_exact() -> None:
    line = Line(SITTING, VOTERS, "甲局", "", "0.5", Verdict.VALID, 3)
    assert graded(terms("ballots-trimmed"), Count((line,), {}), ["甲局"])["甲局"].score == Fraction(1, 2)
