from datetime import date
from functools import cache
from pathlib import Path

import pytest

from appraisal.domain.refusal import Refusal
from appraisal.method.load import Edition, read_method
from appraisal.operations.rehearsal import rehearse
from appraisal.operations.rehearsal_cast import Plan
from appraisal.operations.rehearsal_findings import Rehearsal
from appraisal.settings import Settings
from tests.architecture.sources import ROOT
from tests.operations.stall_world import weekly_edition

LADDERS = ROOT / "config" / "ladders.yaml"
START = date(2023, 4, 3)


@cache
def lanxi(*late: str) -> Rehearsal:
    return rehearse(Settings(), Plan(_edition("lanxi-2023"), START, units=3, late=late))


def _edition(name: str) -> Edition:
    return read_method(ROOT / "config" / "methods" / f"{name}.yaml", LADDERS)


def test_rehearsal_runs_every_phase_to_its_last_day() -> None:
    windows = {phase.key: (phase.opens_on, phase.closes_on) for phase in lanxi().phases}
    assert windows == {
        "mobilise": (date(2023, 4, 3), date(2023, 4, 24)),
        "self-review": (date(2023, 4, 24), date(2023, 6, 25)),
        "review": (date(2023, 6, 25), date(2023, 7, 31)),
        "rectify": (date(2023, 7, 31), date(2023, 10, 31)),
    }


def test_rehearsal_gives_every_unit_its_duties_with_dates_and_reasons() -> None:
    due = {(duty.key, duty.unit): duty.due_on for duty in lanxi().obligations if duty.unit}
    units = ("单位01", "单位02", "单位03")
    assert due == {
        **{("self_review_report", unit): date(2023, 6, 12) for unit in units},
        **{("opinion", unit): date(2023, 8, 7) for unit in units},
        **{("rectification_plan", unit): date(2023, 9, 7) for unit in units},
        **{("rectification_report", unit): date(2023, 10, 7) for unit in units},
        **{("items", unit): date(2023, 10, 17) for unit in units},
        ("special_meeting", "单位01"): date(2023, 9, 7),  # A month after the one instruction that is supposed.
    }
    assert all(duty.reason and duty.settled_on for duty in lanxi().obligations)


def test_rehearsal_in_perfect_attendance_reminds_and_never_urges() -> None:
    acts = {rung.act for duty in lanxi().obligations for rung in duty.rungs}
    assert acts == {"remind"}
    assert [fault for fault in lanxi().faults if fault.kind in ("stuck", "refused")] == []


def test_rehearsal_lets_the_ladder_of_a_late_unit_run_out() -> None:
    report = next(
        duty for duty in lanxi("单位02").obligations if (duty.key, duty.unit) == ("self_review_report", "单位02")
    )
    assert [(rung.on, rung.act) for rung in report.rungs] == [
        (date(2023, 6, 5), "remind"),
        (date(2023, 6, 11), "remind"),
        (date(2023, 6, 13), "urge"),
        (date(2023, 6, 15), "yellow"),
        (date(2023, 6, 19), "red"),
        (date(2023, 6, 27), "supervise"),
        (date(2023, 7, 12), "summon"),
    ]
    assert report.settled_on == date(2023, 7, 14)


def test_rehearsal_tells_of_dates_that_a_holiday_moved() -> None:
    moved = [(fault.on, fault.what) for fault in lanxi().faults if fault.kind == "holiday"]
    assert moved[0] == (
        date(2023, 6, 25),
        "“自查自纠”的期限：2023年6月24日（星期六）是休息日（端午节），顺延至2023年6月25日（星期日）",
    )


def test_rehearsal_counts_the_load_of_a_week() -> None:
    week = {line.person: line.duties for line in lanxi().load if line.week == date(2023, 6, 12)}
    assert {week[f"单位0{number}承办人"] for number in (1, 2, 3)} == {1}


def test_rehearsal_twice_is_the_same_rehearsal() -> None:
    again = rehearse(Settings(), Plan(_edition("lanxi-2023"), START, units=3))
    assert again == lanxi()


def test_rehearsal_leaves_the_data_folder_alone(home: Path) -> None:
    rehearse(Settings(), Plan(_edition("lanxi-2023"), START, units=1))
    assert not home.exists()


def test_rehearsal_assumes_the_sitting_that_a_method_leaves_to_the_office() -> None:
    found = rehearse(Settings(), Plan(_edition("suqian-investment"), date(2018, 6, 4), units=1))
    assert [(each.event, each.on, each.given) for each in found.assumed] == [
        ("sitting.review", date(2018, 9, 4), False)
    ]
    assert [phase.closes_on for phase in found.phases][-1] == date(2019, 2, 11)


def test_rehearsal_takes_the_sitting_that_is_given() -> None:
    plan = Plan(_edition("suqian-investment"), date(2018, 6, 4), units=1, events={"sitting.review": date(2018, 8, 28)})
    found = rehearse(Settings(), plan)
    assert [(each.on, each.given) for each in found.assumed] == [(date(2018, 8, 28), True)]
    due = {duty.key: duty.due_on for duty in found.obligations if duty.unit}
    assert due["written_report"] == date(2018, 8, 17)


def test_rehearsal_with_the_sample_register_names_its_people() -> None:
    plan = Plan(_edition("lanxi-2023"), START, register=ROOT / "config" / "sample" / "lanxi", chosen=("fgj",))
    found = rehearse(Settings(), plan)
    assert found.units == ("市发展和改革局",)
    assert [duty.who for duty in found.obligations if duty.key == "opinion"] == ["朱示例"]
    assert [fault for fault in found.faults if fault.kind == "unheld"] == []


def test_rehearsal_names_the_duties_that_nobody_holds(tmp_path: Path) -> None:
    for source in (ROOT / "config" / "sample" / "lanxi").iterdir():
        text = source.read_text(encoding="utf-8-sig")
        lines = [line for line in text.splitlines() if ",handler,fgj," not in line and ",city_committee," not in line]
        (tmp_path / source.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = rehearse(Settings(), Plan(_edition("lanxi-2023"), START, register=tmp_path, chosen=("fgj",)))
    unheld = {(fault.unit, fault.serious) for fault in found.faults if fault.kind == "unheld"}
    assert unheld == {("市发展和改革局", True), ("", True)}
    assert found.phases[-1].closes_on is not None


def test_rehearsal_warns_of_a_person_with_too_much_on_one_day() -> None:
    found = rehearse(Settings(), Plan(_edition("lanxi-2023"), START, units=1, crowded_from=0))
    assert "单位01承办人在2023年6月12日（星期一）同日到期1项；可以考虑错开期限或增加承办人" in [
        fault.what for fault in found.faults if fault.kind == "crowded"
    ]


@pytest.mark.parametrize("units", [0, 501])
def test_rehearsal_refuses_no_units_and_too_many(units: int) -> None:
    with pytest.raises(Refusal, match=r"rehearsal\.units"):
        rehearse(Settings(), Plan(_edition("lanxi-2023"), START, units=units))


def test_rehearsal_sends_the_weekly_brief_over_the_holiday_and_still_comes_to_an_end() -> None:
    """The small method from 28 August to 28 December 2023; Monday, 2 October, falls into the holiday."""
    found = rehearse(Settings(), Plan(weekly_edition("monday", "director"), date(2023, 8, 28), units=1))
    days = [notice.on for notice in found.notices if notice.template == "weekly-brief"]
    assert days[:7] == [
        date(2023, 9, 4),
        date(2023, 9, 11),
        date(2023, 9, 18),
        date(2023, 9, 25),
        date(2023, 10, 7),
        date(2023, 10, 9),
        date(2023, 10, 16),
    ]
    assert len(set(days)) == len(days)
    assert [fault.kind for fault in found.faults if fault.kind in ("stuck", "refused")] == []
