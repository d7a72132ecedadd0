"""The whole check: every fault at once, each with its line, and never anything but faults or a method."""

import re

import pytest
from ruamel.yaml import YAML

from appraisal.method.check import check, check_ladders
from appraisal.method.source import read_source
from tests.method.written import DATA, LADDERS, codes, faults, spoilt

SPOILT: list[dict[str, str]] = YAML(typ="safe").load(DATA / "spoilt.yaml")
EVERY_FAULT = [
    (1, "body", "missing"),
    (1, "method", "bad-slug"),
    (3, "boddy", "unknown-field"),
    (4, "kind", "unknown-word"),
    (6, "sources", "too-few"),
    (7, "calendar.roll", "unknown-word"),
    (10, "roles[1].title", "missing"),
    (12, "roles[3].key", "duplicate-key"),
    (17, "targets.selection", "selection-lacks"),
    (17, "targets.selection", "selection-lacks"),
    (17, "targets.selection.way", "selection-no-gate"),
    (22, "phases[0].opens.after", "waits-for-itself"),
    (23, "phases[0].closes.after", "unit-event"),
    (23, "phases[0].closes.after", "waits-for-itself"),
    (28, "phases[0].duties[0].role", "unknown-reference"),
    (30, "phases[0].duties[0].due.within", "bad-span"),
    (32, "phases[0].duties[0].ladder", "unknown-reference"),
    (38, "phases[0].duties[1].accepted_by", "accepts-no-paper"),
    (39, "phases[0].duties[1].due.on", "bad-date"),
    (40, "phases[0].duties[1].tell", "not-list"),
    (43, "phases[0].gate[0].duties[0]", "waits-for-itself"),
    (47, "phases[1].closes", "due-shape"),
    (49, "phases[1]", "yaml-duplicate"),
    (55, "phases[1].duties[0].due.before", "due-after-done"),
    (55, "phases[1].duties[0].due.before", "not-dated-ahead"),
    (61, "phases[1].duties[1].role", "role-not-body"),
    (63, "phases[1].duties[1].accepted_by", "accepts-own"),
    (63, "phases[1].duties[1].accepted_by", "role-not-body"),
    (64, "phases[1].duties[1].due.after", "due-after-done"),
    (64, "phases[1].duties[1].due.at", "no-sitting"),
    (68, "phases[1].gate[0]", "gate-no-ballot"),
    (68, "phases[1].gate[0].duties", "gate-stray"),
    (69, "phases[1].closing.by", "role-not-body"),
    (71, "ballots[0]", "ballot-lacks"),
    (73, "ballots[0].held_in", "ballot-phase"),
    (76, "ballots[0].repeats", "repeats-itself"),
    (78, "ballots[0].options", "too-few"),
    (79, "ballots[0].grading.rule", "counted-rule"),
    (86, "ladders.own.rungs[1].do", "unknown-word"),
    (87, "ladders.own.rungs[2]", "rung-trigger"),
    (88, "ladders.own.rungs[3]", "rung-order"),
    (89, "livelihood", "not-supported-field"),
    (89, "livelihood.basis", "missing"),
]


def test_faulty_method_has_every_fault_named_at_once() -> None:
    checked = check(read_source(DATA / "faulty.yaml"), check_ladders(read_source(LADDERS)))
    assert [(fault.line, fault.path, fault.code) for fault in checked.faults] == EVERY_FAULT
    assert checked.method is None


def test_fault_says_in_chinese_what_is_wrong_and_how_to_mend_it() -> None:
    (fault,) = faults(spoilt("lanxi-2023", ("within: 2m\n          basis", "within: 2q\n          basis")))
    assert str(fault) == (
        "method.yaml:199 phases[3].duties[2].due.within：“2q”不是一段时间。"
        "请写数字加单位：30d 日、10wd 工作日、2w 周、1m 月、1y 年。"
    )


def test_no_fault_has_a_sentence_of_pydantic() -> None:
    checked = check(read_source(DATA / "faulty.yaml"), check_ladders(read_source(LADDERS)))
    for fault in checked.faults:
        assert fault.what.endswith("。")
        assert fault.mend.endswith(("。", "？"))
        assert not re.search(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+", fault.what + fault.mend)


def test_role_without_a_title_does_not_make_its_references_faulty() -> None:
    text = spoilt("lanxi-2023", ("    title: 承办人\n", ""))
    assert codes(text) == [("roles[4].title", "missing")]


def test_faulty_duty_is_still_the_duty_that_others_refer_to() -> None:
    text = spoilt("lanxi-2023", ("does: acknowledge", "does: acknowlege"))
    assert codes(text) == [("phases[3].duties[0].does", "unknown-word")]


def test_list_item_after_a_faulty_one_keeps_its_place() -> None:
    text = spoilt(
        "lanxi-2023",
        ("scope: body", "scope: bdy"),
        ("does: acknowledge", "does: acknowlege"),
        (
            "accepted_by: office\n        ladder: standard\n        tell: [head]\n        basis: 两",
            "accepted_by: handler\n        basis: 两",
        ),
    )
    assert codes(text) == [
        ("roles[0].scope", "unknown-word"),
        ("phases[3].duties[0].does", "unknown-word"),
        ("phases[3].duties[2].accepted_by", "accepts-own"),
    ]


@pytest.mark.parametrize("case", SPOILT, ids=[case["case"] for case in SPOILT])
def test_sense_is_lost_by_one_change(case: dict[str, str]) -> None:
    assert (case["path"], case["code"]) in codes(spoilt(case["method"], (case["old"], case["new"])))


def test_repeated_ballot_before_the_first_is_refused() -> None:
    text = spoilt(
        "lanxi-2023", ("repeats: satisfaction\n    ", ""), ("rates: whole", "rates: whole\n    repeats: revote")
    )
    assert ("ballots[0].repeats", "repeats-later") in codes(text)


def test_gate_may_name_a_duty_of_a_later_phase_that_overlaps() -> None:
    assert codes(spoilt("overlapping", ("duties: [fixed, report]", "duties: [fixed, visited]"))) == []


def test_due_date_may_run_from_the_plan_instead() -> None:
    assert codes(spoilt("lanxi-2023", ("after: opinion.received\n", "after: rectification_plan.settled\n"))) == []
