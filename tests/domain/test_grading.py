"""Grades by shares of the papers: which base, which side of the line, which marks; with literal votes at the line."""

from fractions import Fraction

import pytest

from appraisal.domain.count import SITTING, VOTERS, Count, Turnout
from appraisal.domain.grading import graded, holds, is_void
from appraisal.domain.refusal import Refusal
from appraisal.method.grading_rules import condition_of
from tests.domain.votes import grades, lines, one, said, several, terms, three
from tests.method.written import method

MEMBERS = Turnout(members=30, due=28, present=24, issued=24, returned=24)


@pytest.mark.parametrize(
    ("marks", "grade"),
    [
        (three(16, 6, 2), "satisfied"),
        (three(15, 7, 2), "basic"),
        (three(14, 8, 2), "basic"),
        (three(4, 4, 15), "basic"),
        (three(4, 4, 16), "dissatisfied"),
        (three(0, 0, 0, blank=24), "basic"),
    ],
)
def test_majority_of_all_members_takes_one_more_than_half_of_them(marks: dict[str, int], grade: str) -> None:
    assert one("ballots-all-members", marks, MEMBERS).grade == grade


@pytest.mark.parametrize(
    ("marks", "grade"),
    [
        (three(13, 6, 5), "satisfied"),
        (three(12, 7, 5), "satisfied"),
        (three(11, 1, 12), "basic"),
        (three(11, 0, 13), "dissatisfied"),
    ],
)
def test_majority_of_those_present_may_be_exactly_half(marks: dict[str, int], grade: str) -> None:
    assert one("ballots-present", marks, MEMBERS).grade == grade


@pytest.mark.parametrize(
    ("marks", "grade"),
    [
        (three(20, 5, 5), "satisfied"),
        (three(19, 6, 5), "basic"),
        (three(10, 8, 12), "basic"),
        (three(10, 7, 13), "dissatisfied"),
        (three(14, 0, 7, invalid=9), "satisfied"),
        (three(13, 0, 8, invalid=9), "basic"),
    ],
)
def test_two_thirds_of_the_valid_papers_leave_invalid_ones_out(marks: dict[str, int], grade: str) -> None:
    assert one("ballots-valid", marks).grade == grade


@pytest.mark.parametrize(
    ("marks", "grade"),
    [
        (three(13, 11, 0), "satisfied"),
        (three(12, 12, 0), "basic"),
        (three(10, 3, 7, blank=4), "basic"),
        (three(10, 2, 7, blank=5), "dissatisfied"),
        (three(11, 2, 7, blank=4), "basic"),
        (three(13, 3, 8), "dissatisfied"),
        (three(13, 4, 7), "satisfied"),
    ],
)
def test_basic_counts_satisfied_too_and_a_third_dissatisfied_lowers(marks: dict[str, int], grade: str) -> None:
    assert one("ballots-cumulative", marks, MEMBERS).grade == grade


def test_returned_papers_are_counted_from_the_lines_where_nobody_told_them() -> None:
    assert one("ballots-cumulative", three(13, 5, 2, blank=5)).grade == "satisfied"
    assert one("ballots-cumulative", three(13, 5, 2, blank=6)).grade == "basic"


@pytest.mark.parametrize(
    ("name", "marks", "grade"),
    [
        ("ballots-blank-abstained", {"agree": 11, "against": 5, "~abstained": 6}, "failed"),
        ("ballots-blank-abstained", {"agree": 12, "against": 5, "~abstained": 6}, "passed"),
        ("ballots-blank-invalid", {"agree": 11, "against": 5, "~invalid": 6}, "passed"),
        ("ballots-blank-invalid", {"agree": 5, "against": 5, "~invalid": 6}, "failed"),
    ],
)
def test_blank_papers_are_in_the_base_only_where_they_are_valid_abstentions(
    name: str, marks: dict[str, int], grade: str
) -> None:
    assert one(name, marks).grade == grade


def test_result_has_its_figures_exactly() -> None:
    found = one("ballots-all-members", three(15, 7, 1, blank=1), MEMBERS)
    assert (found.valid, found.invalid, found.abstained) == (23, 0, 1)
    assert (found.base, found.base_word, found.share) == (30, "all_members", Fraction(1, 2))
    assert (found.satisfaction, found.score, found.place) == (Fraction(1, 2), None, None)
    assert found.counts == {"": {"satisfied": 15, "basic": 7, "dissatisfied": 1}}
    assert found.shares[""] == {
        "satisfied": Fraction(1, 2),
        "basic": Fraction(7, 30),
        "dissatisfied": Fraction(1, 30),
    }


def test_satisfaction_with_basic_counts_both() -> None:
    assert one("ballots-cumulative", three(10, 3, 7, blank=4), MEMBERS).satisfaction == Fraction(13, 24)


def test_working_tells_votes_base_share_line_and_grade() -> None:
    assert said(one("ballots-all-members", three(15, 7, 1, blank=1), MEMBERS)) == [
        "满意 15、基本满意 7、不满意 1；有效 23，弃权 1，无效 0。",
        "满意 15，以全体组成人员 30 为基数，占 15/30，即 50%，未超过50%（1/2）。",
        "不满意 1，以全体组成人员 30 为基数，占 1/30，即 3.33%，未超过50%（1/2）。",
        "以上各条线都不满足，定为“基本满意”。",
    ]


def test_share_just_below_the_line_is_not_shown_as_the_line() -> None:
    found = one("ballots-valid", {"satisfied": 199999, "dissatisfied": 100001})
    assert said(found)[1] == (
        "满意 199999，以有效票 300000 为基数，占 199999/300000，即 66.666%，未达到66.67%（2/3）。"
    )


def test_missing_number_of_members_is_named() -> None:
    with pytest.raises(Refusal) as refused:
        one("ballots-all-members", three(1, 0, 0), Turnout(present=24))
    assert (refused.value.code, refused.value.facts["base"]) == ("grading.base_missing", "all_members")


def test_unit_without_a_valid_paper_is_undecided_and_says_so() -> None:
    found = one("ballots-valid", three(0, 0, 0, invalid=5))
    assert (found.grade, found.share) == (None, None)
    assert said(found)[1:] == [
        "满意共 0 票，以有效票为基数算不出份额：没有可作基数的票。",
        "是否“满意”定不下来，不定等。",
    ]


@pytest.mark.parametrize(("issued", "returned", "void"), [(24, 24, False), (24, 25, True), (None, 25, False)])
def test_vote_is_void_where_more_came_back_than_went_out(issued: int | None, returned: int, void: bool) -> None:
    count = Count(lines("甲局", three(24, 0, 0)), {(SITTING, VOTERS): Turnout(issued=issued, returned=returned)})
    assert bool(is_void(terms("ballots-all-members"), count)) == void
    assert is_void(terms("ballots-blank-invalid"), count) == []


def test_papers_are_counted_from_the_lines_where_returned_is_not_told() -> None:
    count = Count(lines("甲局", three(24, 0, 0, blank=1)), {(SITTING, VOTERS): Turnout(issued=24)})
    (step,) = is_void(terms("ballots-all-members"), count)
    assert step.facts == {"place": "", "issued": 24, "returned": 25}


@pytest.mark.parametrize(
    ("marks", "worse", "better"),
    [
        (three(5, 5, 2), "basic", "satisfied"),
        (three(5, 5, 5), "dissatisfied", "satisfied"),
        (three(6, 5, 5), "satisfied", "satisfied"),
        (three(0, 0, 1, blank=9), "dissatisfied", "dissatisfied"),
    ],
)
def test_most_votes_of_equals_are_the_better_or_the_worse(marks: dict[str, int], worse: str, better: str) -> None:
    rules = {ballot: terms("ballots-plurality", ballot) for ballot in ("satisfaction", "better")}
    count = Count(lines("甲局", marks, voters="members"), {})
    found = {ballot: graded(rule, count, ["甲局"])["甲局"].grade for ballot, rule in rules.items()}
    assert found == {"satisfaction": worse, "better": better}


def test_paper_of_a_heavier_class_counts_twice() -> None:
    count = Count(
        (
            *lines("甲局", three(4, 0, 0), voters="members"),
            *lines("甲局", three(0, 0, 7), voters="deputies"),
            *lines("乙局", three(4, 0, 0), voters="members"),
            *lines("乙局", three(0, 0, 9), voters="deputies"),
        ),
        {},
    )
    found = graded(terms("ballots-plurality"), count, ["甲局", "乙局"])
    assert grades(found) == ["satisfied", "dissatisfied"]
    assert found["甲局"].share == Fraction(8, 15)


@pytest.mark.parametrize(("marks", "applies"), [(three(8, 0, 2), False), (three(79, 0, 21), True)])
def test_consequence_applies_to_a_share_although_the_unit_passed(marks: dict[str, int], applies: bool) -> None:
    rule, written = terms("ballots-second-tier"), method("ballots-second-tier")
    second_tier, look_back, worst = (each.when for each in written.consequences)
    assert second_tier is not None
    assert look_back is not None
    assert worst is not None
    count = Count((*lines("甲局", marks), *lines("乙局", three(6, 4, 0)), *lines("丙局", three(1, 9, 0))), {})
    units = ["甲局", "乙局", "丙局"]
    assert holds(rule, count, units, "甲局", condition_of(second_tier)) == applies
    assert [holds(rule, count, units, unit, condition_of(look_back)) for unit in units] == [True, False, False]
    assert [holds(rule, count, units, unit, condition_of(worst)) for unit in units] == [False, False, True]


def test_two_rounds_are_graded_alike() -> None:
    turnout = {(SITTING, "members"): Turnout(present=20), (SITTING, "deputies"): Turnout(present=10)}
    marks = (*lines("甲局", three(10, 5, 4), voters="members"), *lines("甲局", three(5, 0, 5), voters="deputies"))
    for ballot in ("satisfaction", "until"):
        assert graded(terms("ballots-rounds", ballot), Count(marks, turnout), ["甲局"])["甲局"].grade == "basic"


def test_number_of_all_classes_together_stands_for_the_classes() -> None:
    turnout = {(SITTING, VOTERS): Turnout(present=30)}
    marks = (*lines("甲局", three(10, 0, 0), voters="members"), *lines("甲局", three(6, 0, 0), voters="deputies"))
    assert graded(terms("ballots-rounds"), Count(marks, turnout), ["甲局"])["甲局"].share == Fraction(8, 15)


def test_named_vote_is_graded_as_any_other() -> None:
    turnout = {(SITTING, "members"): Turnout(members=21)}
    for satisfied, grade in ((10, "dissatisfied"), (11, "satisfied")):
        count = Count(lines("甲局", three(satisfied, 5, 0), voters="members"), turnout)
        assert graded(terms("ballots-named"), count, ["甲局"])["甲局"].grade == grade


def test_units_are_graded_in_their_order() -> None:
    found = several("ballots-valid", {"乙局": three(9, 0, 0), "甲局": three(0, 9, 0)})
    assert list(found) == ["乙局", "甲局"]
    assert grades(found) == ["satisfied", "basic"]
