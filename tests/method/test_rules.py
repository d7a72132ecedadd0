"""The parts of the real methods as rules of the domain, on literal dates."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from appraisal.domain.deadlines import Due, DueRule, Ends, Hours, Roll, Waiting, compute
from appraisal.domain.refusal import Refusal
from appraisal.domain.timetable import timetable
from appraisal.method.calendars import load_calendar
from appraisal.method.registry import announced
from appraisal.method.rules import due_rule, opening_rule, phase_rules, rungs
from appraisal.method.schema import Method
from appraisal.places import root
from tests.method.written import method

CALENDAR = load_calendar(root() / "config" / "calendars")
HOURS = Hours()


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def rule_of(written: Method, key: str) -> DueRule:
    duty = written.duty(key)
    return due_rule(duty.due, written.calendar, duty.basis)


def due_on(written: Method, key: str, events: dict[str, datetime], **known: object) -> date | str:
    found = compute(rule_of(written, key), events, CALENDAR, HOURS, **known)  # type: ignore[arg-type]  # named below
    return found.due_on if isinstance(found, Due) else found.event


def windows(written: Method, events: dict[str, datetime]) -> dict[str, tuple[date | None, date | None]]:
    found = timetable(phase_rules(written), events, CALENDAR, HOURS)
    return {key: (window.opens_on, window.closes_on) for key, window in found.items()}


def test_lanxi_spans_april_to_october_when_it_starts_on_3_april() -> None:
    assert windows(method("lanxi-2023"), {"campaign.started": at("2023-04-03")}) == {
        "mobilise": (date(2023, 4, 3), date(2023, 4, 24)),
        "self-review": (date(2023, 4, 24), date(2023, 6, 25)),
        "review": (date(2023, 6, 25), date(2023, 7, 31)),
        "rectify": (date(2023, 7, 31), date(2023, 10, 31)),
    }


@pytest.mark.parametrize(
    ("key", "received", "expected"),
    [
        ("rectification_plan", "2023-08-31", date(2023, 10, 7)),
        ("rectification_report", "2023-08-31", date(2023, 10, 31)),
        ("rectification_plan", "2023-08-07", date(2023, 9, 7)),
        ("rectification_report", "2023-08-07", date(2023, 10, 7)),
    ],
)
def test_lanxi_rectification_runs_from_the_opinion(key: str, received: str, expected: date) -> None:
    assert due_on(method("lanxi-2023"), key, {"opinion.received": at(received)}) == expected


def test_lanxi_rectification_waits_for_the_opinion() -> None:
    found = compute(rule_of(method("lanxi-2023"), "rectification_plan"), {}, CALENDAR, HOURS)
    assert found == Waiting("opinion.received")


def test_cppcc_runs_five_stages_from_28_september_to_15_november_and_looks_back_the_next_year() -> None:
    started = at("2023-09-28")
    opened = {"launch": "2023-10-09", "self-check": "2023-10-16", "seminars": "2023-11-06", "supervise": "2023-11-15"}
    closed = {f"phase.{key}.closed": at(day) for key, day in opened.items()}
    assert windows(method("district-cppcc"), {"campaign.started": started} | closed) == {
        "launch": (date(2023, 9, 28), date(2023, 10, 9)),
        "self-check": (date(2023, 10, 9), date(2023, 10, 16)),
        "seminars": (date(2023, 10, 16), date(2023, 11, 6)),
        "supervise": (date(2023, 11, 6), date(2023, 11, 15)),
        "look-back": (date(2024, 3, 15), date(2024, 4, 15)),
    }


def test_danjiangkou_may_rectify_as_soon_as_the_units_are_chosen() -> None:
    events = {"campaign.started": at("2023-05-08"), "targets.chosen": at("2023-07-28")}
    found = windows(method("danjiangkou"), events | {"sitting.vote": at("2023-09-28")})
    assert found["investigate"] == (date(2023, 5, 22), date(2023, 7, 31))
    assert found["rectify"] == (date(2023, 7, 28), date(2023, 9, 27))
    assert found["review"] == (date(2023, 9, 28), date(2023, 10, 7))


def test_daily_report_is_due_on_its_day() -> None:
    written = method("district-cppcc")
    assert due_on(written, "daily_report", {"daily_report.issued": at("2023-10-17")}) == date(2023, 10, 17)


def test_suqian_written_report_is_due_ten_days_before_the_sitting() -> None:
    written = method("suqian-investment")
    assert due_on(written, "written_report", {"sitting.review": at("2018-10-25")}) == date(2018, 10, 15)
    assert due_on(written, "written_report", {"sitting.review": at("2018-10-17")}) == date(2018, 9, 30)


def test_suqian_last_gate_holds_until_every_problem_is_closed() -> None:
    gate = method("suqian-investment").phase("rectify").gate
    assert [condition.rule.value for condition in gate] == ["duties_settled", "problems_closed"]


def test_phase_without_an_opening_of_its_own_follows_the_one_before() -> None:
    written = method("overlapping")
    assert [opening_rule(written, phase) is None for phase in written.phases] == [False, True, False, False, False]


def test_overlapping_phases_open_while_others_are_open() -> None:
    events = {"campaign.started": at("2023-09-20"), "phase.self-check.decided": at("2023-10-20")}
    assert windows(method("overlapping"), events | {"sitting.standing": at("2023-10-27")}) == {
        "launch": (date(2023, 9, 28), date(2023, 10, 17)),
        "self-check": (date(2023, 10, 17), date(2023, 10, 20)),
        "seminars": (date(2023, 10, 20), date(2023, 10, 21)),
        "fix": (date(2023, 10, 20), date(2023, 12, 29)),
        "vote": (date(2023, 10, 27), date(2023, 10, 27)),
    }


def test_own_words_of_a_due_date_go_before_those_of_the_calendar() -> None:
    visited = rule_of(method("overlapping"), "visited")
    assert (visited.roll, visited.ends) == (Roll.NONE, Ends.MIDNIGHT)
    fixed = rule_of(method("overlapping"), "fixed")
    assert (fixed.roll, fixed.ends, fixed.basis) == (None, Ends.CLOSE_OF_BUSINESS, "报下一次常委会会议")


def test_due_date_may_be_the_next_sitting_or_be_decided() -> None:
    written = method("overlapping")
    opened = {"phase.fix.opened": at("2023-10-21")}
    assert due_on(written, "fixed", opened, sittings=[date(2023, 10, 20), date(2023, 10, 27)]) == date(2023, 10, 27)
    assert due_on(written, "report", {}) == "decided"
    assert due_on(written, "report", {}, decided=date(2023, 10, 25)) == date(2023, 10, 25)


def test_basis_of_a_due_date_goes_before_that_of_its_clause() -> None:
    assert rule_of(method("lanxi-2023"), "rectification_report").basis.startswith(
        "两个月后将整改落实情况报市人大常委会；报告没有写明"
    )


def test_rungs_of_the_shared_ladder_stand_in_their_order() -> None:
    standard = rungs(method("lanxi-2023").ladders["standard"])
    assert [(str(rung.offset), rung.act) for rung in standard] == [
        ("-7d", "remind"),
        ("-1d", "remind"),
        ("+1d", "urge"),
        ("+3wd", "yellow"),
        ("+7d", "red"),
        ("+15d", "supervise"),
        ("+30d", "summon"),
    ]


def test_announced_grade_is_taken_by_key_or_title_and_no_other() -> None:
    ballot = method("lanxi-2023").ballots[0]
    assert [announced(ballot, grade) for grade in ("basic", "基本满意")] == ["基本满意", "基本满意"]
    with pytest.raises(Refusal, match=r"result\.unknown_grade"):
        announced(ballot, "优秀")
