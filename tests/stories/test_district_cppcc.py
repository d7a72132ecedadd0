"""区政协：民主评议经济发展软环境。

Five stages, each with quantified goals and a time limit, from 28 September to 15 November 2023, and a look-back the
next year.  37 targets review themselves; six panels report every working day and the leaders get a brief of it; 500
questionnaires go out and 473 come back; a seminar brings 38 suggestions, each with department, leader and deadline on
the spot.  One panel forgets its report of 18 October, which climbs its ladder like any other duty.
"""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from appraisal.domain.opinions import Channel
from appraisal.domain.problems import Draft, FindingKind, Found, LookBack, ProblemKind
from appraisal.domain.survey import Access
from appraisal.method.words import OrderKind
from appraisal.operations import answers, audit, duties, offline_opinions, orders, problems, questionnaires, summonses
from appraisal.operations.assigning import assign
from appraisal.operations.intake import Said
from appraisal.operations.orders import Order
from appraisal.operations.revising import draft_of, revise
from appraisal.operations.roundups import briefs_of, days_with_briefs
from appraisal.operations.self_review import SelfFound, comparison, list_self_found
from appraisal.operations.summonses import Talk
from appraisal.store.work import Store
from tests.operations.world import refused
from tests.stories.district_cppcc import (
    PANELS,
    UNITS,
    climbed,
    due_with_suggestions,
    listed,
    panel_of,
    refuse_suggestion,
    set_up_the_panels,
    solve,
    today,
    told,
    working_days,
)
from tests.stories.inquiry import Inquiry, Move, case, inquiry

REPORT = case("district-cppcc")
EXPECTED = REPORT["expect"]
FORGETFUL, FORGOTTEN = "g3", date(2023, 10, 18)
SHEET = {
    "size": "small",
    "satisfaction": dict.fromkeys(["approval", "complaints", "policy", "service"], "satisfied")
    | dict.fromkeys(["enforcement", "market", "costs"], "basic"),
    "met": "no",
    "efficiency": "90",
}
TIERS = ("solve", "solve_medium", "solve_large")


@pytest.fixture
def story(sqlite: Store, home: Path, move_clock: Move) -> Inquiry:
    """Thursday, 28 September 2023: the campaign starts."""
    return inquiry(sqlite, home, move_clock, "district-cppcc", UNITS, "2023-09-28T09:00")


def test_five_stages_reach_their_goals_in_time(story: Inquiry) -> None:
    launch(story)
    review_oneself(story)
    report_every_day(story)
    hold_the_seminars(story)
    send_out_questionnaires(story)
    hear_suggestions(story)
    classify_everything(story)
    supervise(story)
    press_the_late_one(story)
    look_back(story)
    the_record_holds(story)


def launch(story: Inquiry) -> None:
    """31 departments, 5 streets and towns, one development zone; the district committee consents to the plan."""
    with story.record() as (_, campaign):
        assert len(campaign.targets) == EXPECTED["targets"]
        assert [phase.title for phase in campaign.phases] == REPORT["stages"]
    set_up_the_panels(story)
    assert len(PANELS) == REPORT["groups"]
    story.run_phase("launch", "2023-09-28T10:00")
    assert story.obstacles("launch", "2023-09-28T10:00") == {"gate.duty_open", "gate.goal_short"}
    story.confirm("plan_approved", "2023-09-28T15:00")
    guests = [f"企业{number}" for number in range(REPORT["mobilisation_meeting"]["enterprise_guests"])]
    story.log("mobilisation", "2023-09-28T16:00", "office-1", title="动员会", enterprises=guests, people=150)
    assert story.close_phase("launch", "2023-10-09T09:00", "chair") == "closed"


def review_oneself(story: Inquiry) -> None:
    story.run_phase("self-check", "2023-10-09T09:10")
    for unit in UNITS:
        found = [SelfFound("材料重复提交", measure="已精简")] + [SelfFound("办件超时")] * (unit == "d01")
        for _ in range(2):
            with story.desk(f"{unit}-handler", "2023-10-11T10:00") as desk:
                list_self_found(desk, story.slug, unit, story.person(f"{unit}-handler"), found)
        story.submit("self_report", "2023-10-12T10:00", unit=unit)
        story.accept("self_report", "2023-10-13T10:00", unit)
    with story.record() as (session, campaign):
        assert comparison(session, campaign).total.unit_only == 38
    assert story.close_phase("self-check", "2023-10-16T09:00", "chair") == "closed"


def report_every_day(story: Inquiry) -> None:
    """Fifteen working days of reports; the brief of each day goes to the chairman the next working morning."""
    story.run_phase("seminars", "2023-10-16T09:10")
    for day in working_days(story, date(2023, 10, 16), date(2023, 11, 3)):
        story.rounds(f"{day}T10:00")
        for key, title in PANELS.items():
            if (key, day) != (FORGETFUL, FORGOTTEN):
                story.hand_in(today(story, key, day), f"{key}-head", f"{day}T17:00", f"{title}走访记录")
        if day == date(2023, 10, 23):
            late = today(story, FORGETFUL, FORGOTTEN)
            assert climbed(story, late) == ["urge", "yellow", "report_up"]
            story.hand_in(late, f"{FORGETFUL}-head", "2023-10-23T18:00", "补报10月18日情况")
    story.rounds("2023-11-06T08:40")

    with story.record() as (session, _):
        days = days_with_briefs(session, story.slug, story.office.calendar)
        (brief,) = briefs_of(session, story.slug, FORGOTTEN, story.office.calendar)
    assert len(days) == 16
    assert [report.owner for report in brief.reports if report.late] == [PANELS[FORGETFUL]]
    assert story.letters("roundup") == ["chair"] * 15
    assert [facts["missing"] for facts in told(story)[2:3]] == [[PANELS[FORGETFUL]]]
    page = story.visitor("chair").get(f"/campaigns/{story.slug}/briefs/{FORGOTTEN}")
    assert (page.status_code, PANELS[FORGETFUL] in page.text) == (200, True)


def hold_the_seminars(story: Inquiry) -> None:
    """23 meetings with members, one of them with twenty enterprises; more than sixty written opinions."""
    for number in range(REPORT["participants"]["meetings"]):
        key = f"g{number % 6 + 1}"
        met = [f"座谈企业{each}" for each in range(REPORT["seminar"]["enterprises"])] if number == 0 else []
        story.log("seminar", "2023-10-20T17:00", f"{key}-m1", key, people=6, enterprises=met)
    for number in range(62):
        said = Said(f"书面反馈第{number + 1}份", unit=UNITS[number % 37], aspect="service")
        with story.desk("office-1", "2023-10-27T10:00") as desk:
            offline_opinions.enter_opinion(desk, story.slug, said, Channel.PAPER, date(2023, 10, 26), str(number))


def send_out_questionnaires(story: Inquiry) -> None:
    issued, returned = REPORT["questionnaires"]["issued"], REPORT["questionnaires"]["returned"]
    with story.desk("office-1", "2023-10-17T10:00") as desk:
        edition = questionnaires.edition_of(story.office, "business-environment")
        key = questionnaires.open_questionnaire(desk, story.slug, edition, Access.CODES, date(2023, 11, 3)).id
        questionnaires.issue_papers(desk, key, issued)
    sheets = [answers.Filled(SHEET, unit=UNITS[number % 37]) for number in range(returned)]
    for _ in range(2):
        with story.desk("office-1", "2023-11-02T10:00") as desk:
            answers.enter_papers(desk, key, sheets, "第一批")
    with story.desk("office-1", "2023-11-03T17:00") as desk:
        questionnaires.close_questionnaire(desk, key)
    board = story.visitor("chair").get(f"/campaigns/{story.slug}/intake").text
    assert all(figure in board for figure in (str(issued), str(returned), EXPECTED["return_rate"]))


def hear_suggestions(story: Inquiry) -> None:
    """Each with department, leader and deadline on the spot; without, it is refused."""
    incomplete = Draft("开通企业直通车", "d01", kind=ProblemKind.SUGGESTION)
    refuse_suggestion(story, incomplete)
    for number in range(REPORT["seminar"]["suggestions"]):
        suggestion = replace(
            incomplete, title=f"建议{number + 1}", unit=UNITS[number % 37], leader="分管副职", due_on=date(2023, 11, 14)
        )
        with story.desk("office-1", "2023-10-20T18:00") as desk:
            found = Found(FindingKind.SEMINAR, suggestion.title, "office-1")
            problems.record(desk, story.slug, suggestion, found)
    complete = [row for row in listed(story) if row.kind == "suggestion" and row.unit and row.leader and row.due_on]
    assert len(complete) == EXPECTED["suggestions_with_owner_leader_deadline"]


def classify_everything(story: Inquiry) -> None:
    """What the panels found has its size at once, what the units found themselves is given one before the gate."""
    for number, title in enumerate(("审批环节多", "投诉回复慢", "政策知晓率低"), start=1):
        with story.desk("office-1", "2023-10-30T10:00") as desk:
            found = Found(FindingKind.LOG, title, "office-1", panel_id=story.panel_id("g1"))
            tier = ("small", "medium", "large")[number - 1]
            draft = Draft(title, f"d{number:02}", classes={"tier": tier}, due_on=date(2023, 11, 14))
            problems.record(desk, story.slug, draft, found)
    for owed in story.owed("panel_report"):
        key = owed.panel.key if owed.panel else ""
        story.hand_in(owed.id, f"{key}-head", "2023-11-01T10:00", "调研报告", "office-1")
    assert story.obstacles("seminars", "2023-11-06T09:00") == {"gate.problem_unclassified"}
    for row in listed(story):
        if row.kind == "problem" and not row.classes:
            with story.desk("office-1", "2023-11-06T09:30") as desk:
                draft = replace(draft_of(row), classes={"tier": "small"}, due_on=date(2023, 11, 14))
                revise(desk, story.slug, row.number, draft)
    assert story.close_phase("seminars", "2023-11-06T10:00", "chair") == "closed"


def summon(story: Inquiry) -> None:
    """Two talks, to which thirteen departments are called; each then owes half a month of visits to enterprises."""
    called = REPORT["summons"]["then"]["departments"]
    talks = (("2023-11-06", UNITS[:7]), ("2023-11-07", UNITS[7:called]))
    assert len(talks) == REPORT["summons"]["talks"]
    for day, units in talks:
        for unit in units:
            with story.desk("office-1", f"{day}T15:00") as desk:
                order = orders.give(desk, story.slug, Order(OrderKind.SUMMON, "问题集中，请主要负责人到会。", unit))
                talk = Talk(
                    unit, "主要负责人", date.fromisoformat(day), "区政协副主席", "问题集中", "已约谈", "限期整改"
                )
                summonses.record_summons(desk, story.slug, replace(talk, order=order.number))
        story.log("summons", f"{day}T17:00", "office-1", title="集中约谈")
    owed = story.owed("enterprise_visits")
    assert Counter(each.due_on for each in owed) == {date(2023, 11, 21): 7, date(2023, 11, 22): 6}
    for each in owed:
        story.hand_in(each.id, f"{each.unit.code if each.unit else ''}-handler", "2023-11-13T10:00", "走访企业情况")


def supervise(story: Inquiry) -> None:
    """What is large is reported up; 93 measures; everything but one thing is handed in by 15 November."""
    story.run_phase("supervise", "2023-11-06T10:10")
    summon(story)
    with story.desk("office-1", "2023-11-06T11:00") as desk:
        assert len(assign(desk, story.slug, [row.number for row in listed(story)])) == len(listed(story))
    (large,) = [row.number for row in listed(story) if row.classes.get("tier") == "large"]
    with story.desk("office-1", "2023-11-06T11:30") as desk:
        up = orders.give(desk, story.slug, Order(OrderKind.REPORT_UP, "请协调省级平台接口。", problem=large))
    assert (up.mark, story.letters("order-given").count("district-committee")) == ("区协评报〔2023〕1号", 1)
    for number in range(REPORT["summons"]["then"]["departments"]):
        story.log("visit", "2023-11-10T17:00", "office-1", unit=UNITS[number], enterprises=[f"走访企业{number}"])
    story.log("measure", "2023-11-13T17:00", "office-1", title="八类措施", count=REPORT["measures"]["total"])
    for unit in UNITS:
        story.submit("rectification_plan", "2023-11-08T10:00", unit=unit)
    assert {key: len(story.owed(key)) for key in TIERS} == {"solve": 77, "solve_medium": 1, "solve_large": 1}
    assert due_with_suggestions(story) == EXPECTED["suggestions_with_owner_leader_deadline"]
    for owed in (*story.owed("solve"), *story.owed("solve_large")):
        solve(story, owed, "2023-11-13T10:00")
    assert story.close_phase("supervise", "2023-11-15T10:00", "chair") == "closed"


def press_the_late_one(story: Inquiry) -> None:
    """中问题督促解决: what is not solved in time is pressed by a numbered letter, a copy to the district's leader."""
    (late,) = story.owed("solve_medium")
    for day in ("2023-11-13", "2023-11-15", "2023-11-17", "2023-11-21"):
        story.rounds(f"{day}T10:00")
    assert climbed(story, late.id) == ["remind", "urge", "yellow", "supervise"]
    assert [fact["mark"] for fact in story.facts("order:given") if fact["kind"] == "supervise"] == [
        "区协评督〔2023〕1号"
    ]
    solve(story, late, "2023-11-22T10:00")


def look_back(story: Inquiry) -> None:
    """The next spring: every unit is visited again and all that was solved looked at; the campaign closes."""
    assert [phase.opens_on for phase in story.overview("2023-11-15T11:00").phases][-1] == date(2024, 3, 15)
    with refused("phase.not_yet", phase="回头看", opens_on=date(2024, 3, 15)):
        story.run_phase("look-back", "2024-03-14T10:00")
    story.run_phase("look-back", "2024-03-15T10:00")
    for number, unit in enumerate(UNITS):
        key = f"g{number % 6 + 1}"
        story.log("revisit", "2024-03-20T17:00", f"{key}-head", key, unit=unit)
    revisited = story.owed("revisit")
    assert len(revisited) == len(listed(story))
    for owed in revisited:
        head = f"{panel_of(owed)}-head"
        with story.desk(head, "2024-03-28T10:00") as desk:
            duties.submit(desk, owed.id, story.by(head), "没有反弹", finding=LookBack.HOLDS)
    for owed in story.owed("look_back_report"):
        key = owed.panel.key if owed.panel else ""
        story.hand_in(owed.id, f"{key}-head", "2024-03-29T10:00", "回头看报告", "office-1")
    assert story.close_phase("look-back", "2024-04-15T10:00", "chair") == "closed"
    assert story.overview("2024-04-15T11:00").status == "closed"


def the_record_holds(story: Inquiry) -> None:
    with story.record() as (session, _):
        assert audit.verify(session) == []
