"""Problems in a rehearsal: found, assigned by letter, supported, verified, agreed to, closed out, looked back at."""

from datetime import date
from functools import cache

import pytest

from appraisal.method.load import read_method
from appraisal.operations.rehearsal import rehearse
from appraisal.operations.rehearsal_cast import Plan
from appraisal.operations.rehearsal_findings import Rehearsal
from appraisal.places import root
from appraisal.settings import Settings
from tests.method.written import LADDERS, WRITTEN

START = date(2023, 4, 3)
WITH_PROBLEMS = sorted(name for name, path in WRITTEN.items() if read_method(path, LADDERS).method.problems)


@cache
def rehearsed(name: str, *late: str, units: int = 2) -> Rehearsal:
    return rehearse(Settings(), Plan(read_method(WRITTEN[name], LADDERS), START, units=units, late=late))


def days(found: Rehearsal, key: str) -> list[tuple[str, date | None, date | None]]:
    """Of a duty: whose it was, when it was due, when it was done."""
    return [(duty.unit, duty.due_on, duty.settled_on) for duty in found.obligations if duty.key == key]


def sent(found: Rehearsal, template: str) -> list[tuple[date, str]]:
    return sorted({(notice.on, notice.to) for notice in found.notices if notice.template == template})


@pytest.mark.parametrize("name", WITH_PROBLEMS)
def test_rehearsal_of_every_method_with_problems_comes_to_its_end(name: str) -> None:
    assert [(fault.kind, fault.what) for fault in rehearsed(name).faults if fault.serious] == []


@pytest.mark.parametrize("name", ["assignments", "closing"])
def test_rehearsal_of_problems_comes_to_its_end_with_one_unit_alone(name: str) -> None:
    assert [fault.what for fault in rehearsed(name, units=1).faults if fault.serious] == []


def test_rehearsal_closes_out_in_another_hand_than_the_one_that_accepted_of_the_supporting_unit() -> None:
    """The office accepts what supporting units hand in, the panel verifies, and the office closes out."""
    whole = read_method(root() / "tests/portal/data/rectifying.yaml", LADDERS)
    found = rehearse(Settings(), Plan(whole, START, units=2))
    assert [fault.what for fault in found.faults if fault.serious] == []


def test_rehearsal_signs_for_letters_and_lets_the_other_unit_support() -> None:
    found = rehearsed("assignments")
    signed = date(2023, 4, 11)
    assert days(found, "sign") == [("单位01", signed, signed), ("单位02", signed, signed)]
    assert {unit: due for unit, due, _ in days(found, "help")} == {
        "单位01": date(2023, 8, 30),
        "单位02": date(2023, 8, 30),
    }
    assert {unit: done for unit, _, done in days(found, "solve")} == {
        "单位01": date(2023, 9, 5),
        "单位02": date(2023, 9, 5),
    }


def test_rehearsal_lets_a_late_supporting_unit_hold_up_the_other() -> None:
    found = rehearsed("assignments", "单位01")
    held_up = {duty.unit: [(rung.on, rung.act) for rung in duty.rungs] for duty in found.obligations}
    assert held_up["单位02"] == [(date(2023, 8, 31), "urge")]


def test_rehearsal_verifies_agrees_closes_out_and_hands_on_what_takes_long() -> None:
    found = rehearsed("closing")
    assert days(found, "rectification") == [
        ("单位01", date(2023, 7, 20), date(2023, 7, 21)),
        ("单位02", date(2023, 7, 20), date(2023, 7, 21)),
        ("单位01", date(2024, 1, 30), None),
        ("单位02", date(2024, 1, 30), None),
    ]
    assert {on for on, _ in sent(found, "problem-handed-on")} == {date(2023, 8, 3)}
    assert [(due, done) for _, due, done in days(found, "spot_check")] == [(date(2023, 8, 25), date(2023, 8, 25))]


def test_rehearsal_reports_progress_on_the_tracks_that_ask_for_it() -> None:
    found = rehearsed("tracks")
    weekly = {duty.title.partition("：")[2] for duty in found.obligations if duty.key == "progress"}
    first = "整改进展（2023年4月3日起一期）：第2号问题 （推演）“长期大问题”类问题"
    assert first in {duty.title for duty in found.obligations}
    assert weekly == {
        f"第{number}号问题 （推演）“{track}”类问题"
        for number, track in ((2, "长期大问题"), (3, "限期整改"), (5, "长期大问题"), (6, "限期整改"))
    }
    assert [unit for unit, _, _ in days(found, "fixed")] == ["单位01", "单位02"]
    assert len(days(found, "halfway")) == 2


def test_rehearsal_answers_the_letter_that_a_ladder_gives() -> None:
    found = rehearsed("orders", "单位01")
    assert days(found, "on_supervision")[0] == ("单位01", date(2023, 4, 26), date(2023, 5, 4))
    assert (date(2023, 4, 20), "单位01承办人") in sent(found, "order-given")


def test_rehearsal_supposes_one_instruction_that_is_answered() -> None:
    """A week after the beginning; what answers it is owed and done like any other duty."""
    found = rehearsed("orders")
    assert (date(2023, 4, 10), "单位01承办人") in sent(found, "order-given")
    assert days(found, "on_instruction") == [("单位01", date(2023, 4, 24), date(2023, 4, 25))]


def test_rehearsal_supposes_one_objection_that_moves_a_problem_to_a_third_unit() -> None:
    alone, third = rehearsed("assignments"), rehearsed("assignments", units=3)
    for found in (alone, third):
        assert sent(found, "objection-raised") == [(date(2023, 4, 4), "主任")]
        assert {on for on, _ in sent(found, "objection-ruled")} == {date(2023, 4, 6)}
    moved = [(notice.on, notice.to) for notice in third.notices if notice.template == "problem-assigned"]
    assert sorted(on for on, _ in moved)[-1] == date(2023, 4, 6)
    assert {notice.on for notice in alone.notices if notice.template == "problem-assigned"} == {START}
    assert [fault.what for fault in third.faults if fault.serious] == []


def test_rehearsal_supposes_one_extension_a_week_long_that_is_granted_the_next_morning() -> None:
    found = rehearsed("tracks")
    assert sent(found, "extension-asked") == [(date(2023, 4, 27), "主任")]
    assert {on for on, _ in sent(found, "extension-decided")} == {date(2023, 4, 28)}


def test_late_unit_neither_objects_nor_asks_for_more_time() -> None:
    found = rehearsed("assignments", "单位01")
    assert {to for _, to in sent(found, "objection-ruled")} == {"单位02承办人"}


def test_rehearsal_says_what_it_supposes_of_problems() -> None:
    found = [fault.what for fault in rehearsed("closing").faults if fault.kind == "supposed"]
    assert [what.partition("，")[0] for what in found] == ["推演假定：“整改落实”开始时"]
