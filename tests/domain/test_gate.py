from appraisal.domain.gate import (
    DutyState,
    Obstacle,
    ProblemState,
    awaiting,
    sealed,
    still_open,
    unchosen,
    unclassified,
    unrecorded,
    unsettled,
)
from appraisal.domain.lifecycle import ProblemStatus
from tests.domain.calendars import d

DUTIES = [
    DutyState("plan", "整改计划", "市教育局", status, d("2023-10-07"))
    for status in ("issued", "acknowledged", "submitted", "returned", "settled", "withdrawn")
]


def test_every_open_duty_stands_in_the_way_with_its_date() -> None:
    assert unsettled(DUTIES, ()) == [
        Obstacle("gate.duty_open", "市教育局", "整改计划", status, d("2023-10-07"))
        for status in ("issued", "acknowledged", "submitted", "returned")
    ]


def test_only_the_duties_that_the_gate_names_stand_in_the_way() -> None:
    report = DutyState("report", "整改落实报告", "市教育局", "issued", None)
    assert unsettled([*DUTIES, report], ["report"]) == [
        Obstacle("gate.duty_open", "市教育局", "整改落实报告", "issued", None)
    ]


def test_every_unit_without_a_result_stands_in_the_way() -> None:
    units = ("市教育局", "市科学技术局", "市财政局")
    assert unrecorded(units, {"市科学技术局"}, "满意度测评") == [
        Obstacle("gate.result_missing", unit, "满意度测评", "missing") for unit in ("市教育局", "市财政局")
    ]


def test_every_open_problem_stands_in_the_way_under_its_number() -> None:
    problems = [ProblemState(1, "编制不足", "市教育局", "closed"), ProblemState(2, "校舍老旧", "市教育局", "found")]
    assert still_open(problems) == [Obstacle("gate.problem_open", "市教育局", "2. 校舍老旧", "found")]


def test_problem_of_any_status_but_those_that_are_done_with_stands_in_the_way() -> None:
    every = [ProblemState(number, "编制不足", "市教育局", status) for number, status in enumerate(ProblemStatus)]
    assert [each.status for each in still_open(every)] == ["found", "assigned", "verified"]


def test_duty_that_comes_back_every_period_stands_in_the_way_only_where_the_gate_names_it() -> None:
    weekly = DutyState("progress", "整改进展", "市教育局", "issued", None, recurs=True)
    assert unsettled([weekly], ()) == []
    assert [each.what for each in unsettled([weekly], ["progress"])] == ["整改进展"]


def test_every_open_problem_that_lacks_something_stands_in_the_way_with_what_it_lacks() -> None:
    lacks = ("时间", "责任领导")
    problems = [
        ProblemState(1, "编制不足", "市教育局", "closed", lacks),
        ProblemState(2, "校舍老旧", "市教育局", "found"),
        ProblemState(3, "办件超时", "", "assigned", lacks),
    ]
    assert unclassified(problems) == [Obstacle("gate.problem_unclassified", "", "3. 办件超时", "时间、责任领导")]


def test_nothing_in_the_way_is_nothing() -> None:
    assert (unsettled([], ()), unrecorded([], set(), ""), still_open([])) == ([], [], [])


def test_units_that_are_not_chosen_yet_stand_in_the_way_as_one_or_by_the_number_that_is_wanted() -> None:
    assert unchosen(0, None) == [Obstacle("gate.targets_unchosen", "", "1", "missing")]
    assert unchosen(4, 6) == [Obstacle("gate.targets_unchosen", "", "2", "missing")]
    assert (unchosen(1, None), unchosen(6, 6)) == ([], [])


def test_every_unit_that_awaits_a_round_stands_in_the_way_with_the_number_of_the_round() -> None:
    assert awaiting([("市教育局", 2), ("市财政局", 3)], "满意度测评") == [
        Obstacle("gate.round_due", "市教育局", "满意度测评", "2"),
        Obstacle("gate.round_due", "市财政局", "满意度测评", "3"),
    ]


def test_sealed_result_stands_in_the_way_and_says_nothing_else() -> None:
    assert sealed(["市教育局"], "满意度测评") == [Obstacle("gate.result_sealed", "市教育局", "满意度测评", "sealed")]
