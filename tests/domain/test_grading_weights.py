"""Grades from channels, classes, dimensions and items with their weights, and by several criteria at once."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from appraisal.domain.count import SITTING, VOTERS, Count, Line, Turnout
from appraisal.domain.grading import Graded, graded
from appraisal.domain.refusal import Refusal
from tests.domain.votes import BLANK, Marks, lines, said, terms, three

MEETING: dict[str, Marks] = {
    "members": {"satisfied": 10, "basic": 2, "unknown": 1},
    "deputies": {"satisfied": 15, "dissatisfied": 5},
    "public": {"satisfied": 8, "basic": 2},
}


def met(meeting: Mapping[str, Marks], survey: Marks) -> tuple[Line, ...]:
    """The classes at the meeting, and a questionnaire that knows no classes."""
    heard = tuple(
        line for voters, marks in meeting.items() for line in lines("甲局", marks, channel="meeting", voters=voters)
    )
    return (*heard, *lines("甲局", survey, channel="survey"))


def of_channels(found: tuple[Line, ...], **changed: str) -> Graded:
    rules = replace(terms("ballots-channels"), **changed)  # type: ignore[arg-type]  # words of the method
    return graded(rules, Count(found, {}), ["甲局"])["甲局"]


def test_meeting_of_three_classes_weighs_seventy_and_questionnaire_thirty() -> None:
    found = of_channels(met(MEETING, {"satisfied": 240, "dissatisfied": 60}))
    # 0.7 × (0.5 × 10/12 + 0.25 × 15/20 + 0.25 × 8/10) + 0.3 × 240/300
    assert (found.share, found.grade, found.base) == (Fraction(1927, 2400), "satisfied", None)
    assert found.satisfaction == Fraction(717, 800)


@pytest.mark.parametrize(
    ("survey", "share", "grade"),
    [
        ({"satisfied": 7600, "dissatisfied": 2150}, None, "basic"),
        ({"satisfied": 4750, "dissatisfied": 1250}, Fraction(1921, 2400), "satisfied"),
        ({"satisfied": 95, "dissatisfied": 25}, Fraction(1921, 2400), "satisfied"),
        ({"satisfied": 19, "dissatisfied": 5}, Fraction(1921, 2400), "satisfied"),
        ({"satisfied": 18, "dissatisfied": 6}, Fraction(1891, 2400), "basic"),
    ],
)
def test_four_fifths_of_the_weighed_share_are_enough(survey: Marks, share: Fraction | None, grade: str) -> None:
    found = of_channels(met(MEETING, survey))
    assert found.grade == grade
    if share is not None:
        assert found.shares[""]["satisfied"] == share


def test_members_below_half_at_the_meeting_lower_the_grade() -> None:
    meeting = MEETING | {"members": {"satisfied": 5, "basic": 6}}
    found = of_channels(met(meeting | {"deputies": {"satisfied": 20}, "public": {"satisfied": 10}}, {"satisfied": 300}))
    assert found.grade == "basic"
    assert said(found)[-2:] == [
        "会议测评渠道常委会组成人员：满意 5，以有效票（不含不了解） 11 为基数，占 5/11，即 45.45%，低于50%（1/2）。",
        "降为“基本满意”。",
    ]


@pytest.mark.parametrize(
    ("rule", "share"),
    [
        # 0.7 × (2/3 × 10/12 + 1/3 × 15/20) + 0.3 × 4/5
        ("spread", Fraction(1447, 1800)),
        # 0.7 × (0.5 × 10/12 + 0.25 × 15/20) + 0.3 × 4/5
        ("zero", Fraction(1591, 2400)),
        ("undecided", None),
    ],
)
def test_class_without_a_valid_paper_is_spread_or_nothing_or_leaves_it_open(rule: str, share: Fraction | None) -> None:
    meeting = {voters: marks for voters, marks in MEETING.items() if voters != "public"}
    found = of_channels(met(meeting, {"satisfied": 240, "dissatisfied": 60}), if_empty=rule)
    assert found.shares[""]["satisfied"] == share
    assert (found.grade is None) == (rule == "undecided")


def test_channel_without_a_paper_is_spread() -> None:
    assert of_channels(met(MEETING, {})).shares[""]["satisfied"] == Fraction(193, 240)
    assert of_channels(met(MEETING, {}), if_empty="zero").shares[""]["satisfied"] == Fraction(1351, 2400)


def test_questionnaire_that_knows_its_classes_weighs_those_it_heard() -> None:
    survey = (
        *lines("甲局", {"satisfied": 1, "dissatisfied": 1}, channel="survey", voters="deputies"),
        *lines("甲局", {"satisfied": 10}, channel="survey", voters="public"),
    )
    found = of_channels((*met(MEETING, {}), *survey))
    assert found.shares[""]["satisfied"] == Fraction(7, 10) * Fraction(193, 240) + Fraction(3, 10) * Fraction(3, 4)


def test_paper_without_a_class_at_a_meeting_of_classes_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        of_channels(lines("甲局", {"satisfied": 3}, channel="meeting"))
    assert (refused.value.code, refused.value.facts) == ("grading.class_missing", {"channel": "会议测评"})


def of_dimensions(law: Marks, work: Marks, style: Marks, **changed: str) -> Graded:
    rules = replace(terms("ballots-dimensions"), **changed)  # type: ignore[arg-type]  # words of the method
    found = (
        *lines("甲局", law, subject="law"),
        *lines("甲局", work, subject="work"),
        *lines("甲局", style, subject="style"),
    )
    return graded(rules, Count(found, {}), ["甲局"])["甲局"]


def test_whole_is_made_of_dimensions_by_their_weights() -> None:
    found = of_dimensions(three(8, 2, 0), three(8, 1, 1), three(11, 5, 4))
    # 0.4 × 8/10 + 0.4 × 8/10 + 0.2 × 11/20 is three quarters to the paper
    assert (found.share, found.grade, found.satisfaction) == (Fraction(3, 4), "satisfied", Fraction(3, 4))
    assert found.parts == {"law": "satisfied", "work": "satisfied", "style": "basic"}
    assert of_dimensions(three(8, 2, 0), three(8, 1, 1), three(10, 6, 4)).grade == "basic"


def test_dimension_without_a_valid_line_counts_as_nothing() -> None:
    found = of_dimensions(three(10, 0, 0), three(10, 0, 0), {BLANK: 10})
    assert (found.share, found.grade) == (Fraction(4, 5), "satisfied")
    spread = of_dimensions(three(8, 2, 0), three(7, 3, 0), {BLANK: 10}, if_empty="spread")
    assert (spread.share, spread.grade) == (Fraction(3, 4), "satisfied")
    assert of_dimensions(three(10, 0, 0), three(10, 0, 0), {BLANK: 10}, if_empty="undecided").grade is None


def test_working_of_dimensions_names_each_with_its_weight() -> None:
    told = said(of_dimensions(three(8, 2, 0), three(8, 1, 1), {BLANK: 10}))
    assert told[:6] == [
        "“依法行政”满意 8、基本满意 2、不满意 0；有效 10，弃权 0，无效 0。",
        "“履职成效”满意 8、基本满意 1、不满意 1；有效 10，弃权 0，无效 0。",
        "“作风建设”满意 0、基本满意 0、不满意 0；有效 0，弃权 10，无效 0。",
        "其中“依法行政”：满意 8，以有效票 10 为基数，占 80%，权重 40%。",
        "其中“履职成效”：满意 8，以有效票 10 为基数，占 80%，权重 40%。",
        "其中“作风建设”没有有效票，按零计。",
    ]


def test_items_are_graded_each_and_the_unit_by_their_mean() -> None:
    found = (*lines("甲局", three(16, 4, 0), subject="first"), *lines("甲局", three(13, 3, 4), subject="second"))
    turnouts = {(SITTING, VOTERS): Turnout(due=28)}
    result = graded(terms("ballots-items"), Count(found, turnouts), ["甲局"])["甲局"]
    assert (result.share, result.grade) == (Fraction(29, 56), "satisfied")
    assert result.parts == {"first": "satisfied", "second": "basic"}
    fewer = (*lines("甲局", three(15, 4, 1), subject="first"), *lines("甲局", three(13, 3, 4), subject="second"))
    result = graded(terms("ballots-items"), Count(fewer, turnouts), ["甲局"])["甲局"]
    assert (result.share, result.grade) == (Fraction(1, 2), "dissatisfied")


def of_criteria(members: Marks, deputies: Marks, survey: Marks, service: Marks) -> dict[str, Graded]:
    """Two units: 甲局 as given, 乙局 worse in everything."""
    found: list[Line] = []
    for unit, one, two, three_, four in (
        ("甲局", members, deputies, survey, service),
        ("乙局", three(1, 4, 9), three(1, 4, 9), three(1, 4, 9), three(0, 0, 9)),
    ):
        for voters, marks in (("members", one), ("deputies", two)):
            found += lines(unit, marks, channel="meeting", voters=voters)
            found += lines(unit, four, channel="meeting", voters=voters, subject="service")
            found += lines(unit, marks, channel="meeting", voters=voters, subject="law")
        found += lines(unit, three_, channel="survey")
        found += lines(unit, four, channel="survey", subject="service")
        found += lines(unit, three_, channel="survey", subject="law")
    turnouts = {("meeting", "members"): Turnout(present=14), ("meeting", "deputies"): Turnout(present=20)}
    return graded(terms("ballots-criteria"), Count(tuple(found), turnouts), ["甲局", "乙局"])


GOOD = three(9, 1, 0)


@pytest.mark.parametrize(
    ("members", "deputies", "survey", "service", "grade"),
    [
        (three(10, 2, 1), three(8, 4, 1), three(20, 10, 0), GOOD, "satisfied"),
        (three(10, 2, 1), three(8, 4, 1), three(19, 11, 0), GOOD, "satisfied"),
        (three(10, 2, 1), three(7, 5, 1), three(20, 10, 0), GOOD, "basic"),
        (three(10, 1, 2), three(9, 3, 1), three(20, 10, 0), GOOD, "basic"),
        (three(8, 1, 0), three(15, 3, 0), three(20, 5, 0), GOOD, "satisfied"),
        (three(7, 1, 0), three(15, 3, 0), three(20, 5, 0), GOOD, "basic"),
        (three(10, 2, 1), three(8, 4, 1), three(20, 10, 0), three(8, 1, 1), "satisfied"),
    ],
)
def test_all_criteria_must_be_met_and_any_of_the_last(
    members: Marks, deputies: Marks, survey: Marks, service: Marks, grade: str
) -> None:
    found = of_criteria(members, deputies, survey, service)
    assert found["甲局"].grade == grade
    assert found["乙局"].grade == "basic"
    assert found["甲局"].parts == {}


def test_working_of_criteria_says_which_of_them_are_met() -> None:
    told = said(of_criteria(three(10, 2, 1), three(8, 4, 1), three(20, 10, 0), GOOD)["甲局"])
    assert "会议测评渠道：“总体”不满意 2 票，不超过 2 票。" in told
    assert "会议测评渠道常委会组成人员：“总体”满意 10，以实到 14 为基数，占 10/14，即 71.43%，超过50%（1/2）。" in told
    assert told[-3:] == [
        "以上 2 项满足其一即可：满足。",
        "以上 4 项须同时满足：都满足。",
        "定为“满意”。",
    ]
