"""The whole check: every fault at once, each with its line, and never anything but faults or a method."""

import re

import pytest

from appraisal.method.check import check, check_ladders
from appraisal.method.source import read_source
from tests.method.written import DATA, LADDERS, codes, faults, spoilt

EVERY_FAULT = [
    (1, "body", "missing"),
    (1, "method", "bad-slug"),
    (3, "boddy", "unknown-field"),
    (4, "kind", "unknown-word"),
    (6, "sources", "too-few"),
    (7, "calendar.roll", "unknown-word"),
    (10, "roles[1].title", "missing"),
    (12, "roles[3].key", "duplicate-key"),
    (13, "roles[4].scope", "not-supported-word"),
    (17, "targets.selection.way", "not-supported-word"),
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
    (68, "phases[1].gate[0].duties", "gate-stray"),
    (69, "phases[1].closing.by", "role-not-body"),
    (73, "ballots[0].held_in", "ballot-phase"),
    (75, "ballots[0].recording", "not-supported-word"),
    (76, "ballots[0].repeats", "repeats-itself"),
    (78, "ballots[0].options", "too-few"),
    (79, "ballots[0].grading.base", "not-supported-field"),
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
        "method.yaml:151 phases[3].duties[2].due.within：“2q”不是一段时间。"
        "请写数字加单位：30d 日、10wd 工作日、2w 周、1m 月、1y 年。"
    )


def test_no_fault_has_a_sentence_of_pydantic() -> None:
    checked = check(read_source(DATA / "faulty.yaml"), check_ladders(read_source(LADDERS)))
    for fault in checked.faults:
        assert fault.what.endswith("。")
        assert fault.mend.endswith("。")
        assert not re.search(r"[A-Za-z]+ [A-Za-z]+ [A-Za-z]+", fault.what + fault.mend)


def test_role_without_a_title_does_not_make_its_references_faulty() -> None:
    text = spoilt("lanxi-2023", ("    title: 承办人\n", ""))
    assert codes(text) == [("roles[3]", "missing")] or codes(text) == [("roles[3].title", "missing")]


def test_faulty_duty_is_still_the_duty_that_others_refer_to() -> None:
    text = spoilt("lanxi-2023", ("does: acknowledge", "does: acknowlege"))
    assert codes(text) == [("phases[3].duties[0].does", "unknown-word")]


def test_list_item_after_a_faulty_one_keeps_its_place() -> None:
    text = spoilt(
        "lanxi-2023",
        ("scope: body", "scope: bdy"),
        ("does: acknowledge", "does: acknowlege"),
        (
            "accepted_by: office\n        ladder: standard\n        tell: [head]\n        basis: 两个月后",
            "accepted_by: handler\n        basis: 两个月后",
        ),
    )
    assert codes(text) == [
        ("roles[0].scope", "unknown-word"),
        ("phases[3].duties[0].does", "unknown-word"),
        ("phases[3].duties[2].accepted_by", "accepts-own"),
    ]


LANXI = [
    ("unknown role", ("role: panel_head", "role: panel_hed"), "phases[2].duties[0].role", "unknown-reference"),
    ("unknown event", ("after: opinion.received", "after: opinion.recieved"), "phases[3].duties[1].due.after", "unknown-reference"),
    ("unknown ballot", ("ballots: [revote]", "ballots: [revotes]"), "phases[3].gate[1].ballots[0]", "unknown-reference"),
    ("unknown phase", ("held_in: rectify", "held_in: rectifi"), "ballots[1].held_in", "unknown-reference"),
    ("unknown phase by hand", ("- phase: rectify", "- phase: rectifi"), "by_hand[6].phase", "unknown-reference"),
    ("unknown ladder", ("ladder: receipt", "ladder: reciept"), "phases[3].duties[0].ladder", "unknown-reference"),
    ("duty twice", ("key: rectification_plan", "key: opinion"), "phases[3].duties[1].key", "duplicate-key"),
    ("phase twice", ("key: self-review\n", "key: review\n"), "phases[2].key", "duplicate-key"),
    ("option twice", ("{key: basic,", "{key: satisfied,"), "ballots[0].options[1].key", "duplicate-key"),
    ("event raised twice", ("ladder: office\n", "ladder: office\n        raises: opinion.received\n"), "phases[3].duties[0].raises", "duplicate-key"),
    ("event of the system", ("raises: opinion.received", "raises: opinion.settled"), "phases[3].duties[0].raises", "reserved-key"),
    ("reserved duty", ("key: launch_notice", "key: phase"), "phases[0].duties[0].key", "reserved-key"),
    ("shared ladder tells a stranger", ("  - key: supervising_leader", "  - key: supervisor"), "phases[1].duties[0].ladder", "ladder-role"),
    ("opening after a later phase", ("kind: self_review\n", "kind: self_review\n    opens: {after: phase.review.opened, within: 0d}\n"), "phases[1].opens.after", "waits-for-itself"),
    ("closing after itself", ("after: phase.review.opened\n", "after: phase.review.closed\n"), "phases[2].closes.after", "waits-for-itself"),
    ("gate on a later duty", ("ballots: [satisfaction]", "ballots: [revote]"), "phases[2].gate[1].ballots[0]", "waits-for-itself"),
    ("due after its own phase", ("after: phase.review.opened, within: 3w", "after: phase.review.closed, within: 3w"), "phases[2].duties[0].due.after", "due-after-done"),
    ("due after its own paper", ("after: opinion.received", "after: rectification_plan.submitted"), "phases[3].duties[1].due.after", "due-after-done"),
    ("paper of an acknowledgement", ("after: opinion.received", "after: opinion.submitted"), "phases[3].duties[1].due.after", "never-happens"),
    ("back from an opening", ("{after: phase.review.opened, within: 3w}", "{before: phase.rectify.opened, within: 3w}"), "phases[2].duties[0].due.before", "not-dated-ahead"),
    ("body by a unit event", ("after: phase.rectify.opened\n", "after: opinion.received\n"), "phases[3].closes.after", "unit-event"),
    ("no sitting", ("{after: opinion.received, within: 1m}", "{after: opinion.received, at: next_sitting}"), "phases[3].duties[1].due.at", "no-sitting"),
    ("opening decided", ("kind: self_review\n", "kind: self_review\n    opens: {at: decided}\n"), "phases[1].opens.at", "opens-decided"),
    ("body role for units", ("role: handler", "role: office"), "phases[1].duties[0].role", "role-not-unit"),
    ("unit role for the body", ("role: panel_head", "role: head"), "phases[2].duties[0].role", "role-not-body"),
    ("unit role consents", ("closing: {by: director", "closing: {by: head"), "phases[0].closing.by", "role-not-body"),
    ("unit ladder for the body", ("ladder: office", "ladder: standard"), "phases[0].duties[0].ladder", "ladder-role-not-body"),
    ("accepting one's own", ("role: panel_head", "role: office"), "phases[2].duties[0].accepted_by", "accepts-own"),
    ("accepting a signature", ("evidence: none", "accepted_by: office"), "phases[3].duties[0].accepted_by", "accepts-no-paper"),
    ("evidence of a signature", ("evidence: none", "evidence: required"), "phases[3].duties[0].evidence", "evidence-no-paper"),
    ("repeating itself", ("repeats: satisfaction", "repeats: revote"), "ballots[1].repeats", "repeats-itself"),
    ("ballot while mobilising", ("held_in: rectify", "held_in: mobilise"), "ballots[1].held_in", "ballot-phase"),
    ("stray names at a gate", ("ballots: [revote]", "duties: [opinion]"), "phases[3].gate[1].duties", "gate-stray"),
    ("gate without ballots", ("rule: duties_settled", "rule: results_recorded"), "phases[0].gate[0]", "gate-no-ballot"),
    ("planned field", ("recording: entered", "recording: entered\n    secrecy: secret"), "ballots[0].secrecy", "not-supported-field"),
    ("planned word", ("rates: whole", "rates: items"), "ballots[0].rates", "not-supported-word"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "code"), [case[1:] for case in LANXI], ids=[case[0] for case in LANXI])
def test_sense_of_lanxi_is_lost_by_one_change(change: tuple[str, str], path: str, code: str) -> None:
    assert (path, code) in codes(spoilt("lanxi-2023", change))


OVERLAPPING = [
    ("later phase without a circle", ("opens: {on: 2023-09-28}", "opens: {after: phase.vote.opened, within: 1d}"), "phases[0].opens.after", "opens-after-later"),
    ("rungs out of order", ("at: +1w", "at: +1d"), "ladders.steps.rungs[3]", "rung-order"),
    ("rung before its turn", ("at: +10wd", "at: -10wd"), "ladders.steps.rungs[4]", "rung-order"),
    ("gate without duties", ("rule: results_recorded", "rule: duties_settled"), "phases[4].gate[0]", "gate-no-duty"),
    ("a day that is none", ("on: 2023-09-28", "on: 2023-09-31"), "phases[0].opens.on", "bad-date"),
    ("a number for a date", ("on: 2023-09-28", "on: 0"), "phases[0].opens.on", "bad-date"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "path", "code"), [case[1:] for case in OVERLAPPING], ids=[case[0] for case in OVERLAPPING]
)
def test_sense_of_overlapping_is_lost_by_one_change(change: tuple[str, str], path: str, code: str) -> None:
    assert (path, code) in codes(spoilt("overlapping", change))


def test_repeated_ballot_before_the_first_is_refused() -> None:
    text = spoilt(
        "lanxi-2023", ("repeats: satisfaction\n    ", ""), ("rates: whole", "rates: whole\n    repeats: revote")
    )
    assert ("ballots[0].repeats", "repeats-later") in codes(text)


def test_gate_may_name_a_duty_of_a_later_phase_that_overlaps() -> None:
    assert codes(spoilt("overlapping", ("duties: [fixed, report]", "duties: [fixed, visited]"))) == []


def test_due_date_may_run_from_the_plan_instead() -> None:
    assert codes(spoilt("lanxi-2023", ("after: opinion.received\n", "after: rectification_plan.settled\n"))) == []
