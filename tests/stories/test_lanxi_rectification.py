"""兰溪 2023, its rectification alone: the opinion is an itemised list, the plan is due in one month, the report in two.

Whatever the report says stands in the method; the twelve departments are put through it by hand, without an engine.
"""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.review_opinion import ProblemText
from appraisal.method.words import OrderKind
from appraisal.operations import audit, orders, problems, review_opinions
from appraisal.operations.assigning import assign
from appraisal.operations.orders import Order
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.work import Store
from tests.operations.hall import Hall, Seats
from tests.operations.world import instant, refused
from tests.stories.inquiry import Inquiry, Move, case, inquiry

REPORT = case("lanxi-2023")
EXPECTED = REPORT["expect"]
UNITS = ("fgj", "jxj", "jyj", "kjj", "mzj", "czj", "rsj", "zrj", "jsj", "jtj", "nyj", "wjj")
GOOD = {"satisfied": 10, "basic": 0, "dissatisfied": 0}
LAST_TWO = ("kjj", "mzj")
BARELY = {"satisfied": 7, "basic": 3, "dissatisfied": 0}
FIRST_VOTE = {unit: BARELY if unit in LAST_TWO else GOOD for unit in UNITS}
SEATS = (
    Seats("member", "常委会组成人员", 10, phones=4, papers=4),
    Seats("panel", "评议小组成员", 2, phones=1, papers=1),
)
ITEM_DUE = date(2023, 10, 20)


@pytest.fixture
def story(sqlite: Store, home: Path, move_clock: Move) -> Inquiry:
    """Monday, 3 April 2023; the phases before the rectification are over by 31 July."""
    begun = inquiry(sqlite, home, move_clock, "lanxi-2023", UNITS, "2023-04-03T09:00", "lanxi")
    before_the_rectification(begun)
    return begun


def test_each_department_plans_in_one_month_reports_in_two_and_is_voted_on_again(story: Inquiry) -> None:
    with story.record() as (_, campaign):
        assert [phase.title for phase in campaign.phases] == [phase["title"] for phase in REPORT["phases"]]
        assert len(campaign.phases) == EXPECTED["phases"]
    receive_the_opinions(story)
    meet_after_the_instruction(story)
    plan_and_report(story)
    vote_again_on_every_department(story)
    assert story.close_phase("rectify", "2023-11-20T10:00", "director") == "closed"
    assert story.overview("2023-11-20T11:00").status == "closed"
    with story.record() as (session, _):
        assert audit.verify(session) == []


def before_the_rectification(story: Inquiry) -> None:
    story.run_phase("mobilise", "2023-04-03T10:00")
    story.confirm("launch_notice", "2023-04-04T10:00")
    story.close_phase("mobilise", "2023-04-24T10:00", "director")
    story.run_phase("self-review", "2023-04-24T11:00")
    for unit in UNITS:
        story.submit("self_review_report", "2023-06-01T10:00", unit=unit)
        story.accept("self_review_report", "2023-06-02T10:00", unit)
    story.close_phase("self-review", "2023-06-25T10:00", "director")
    story.run_phase("review", "2023-06-25T11:00")
    (report,) = story.owed("investigation_report")
    story.hand_in(report.id, "panel-head", "2023-07-10T10:00", "调查报告", "office-1")
    vote(story, "2023-07-27T15:00", "satisfaction", "sitting.review")
    story.close_phase("review", "2023-07-31T10:00", "director")
    story.run_phase("rectify", "2023-07-31T11:00")


def vote(story: Inquiry, at: str, ballot: str, event: str) -> None:
    story.move(f"{at}+08:00")
    hall = Hall(story.office, story.slug, lambda: story.desk("office-1", at), lambda: instant(at), SEATS)
    sitting = hall.convene(ballot, "常委会会议", instant(at).date(), event)
    codes = hall.begin(sitting)
    hall.vote(sitting, ballot, FIRST_VOTE if ballot == "satisfaction" else dict.fromkeys(UNITS, GOOD), codes)
    hall.rise(sitting)


def receive_the_opinions(story: Inquiry) -> None:
    """Each item has its problem, its deadline and its aim, and is owed by that deadline."""
    for unit in UNITS:
        draft = Draft("办件超时", unit, aim="时限内办结", due_on=ITEM_DUE)
        with story.desk("office-1", "2023-08-30T10:00") as desk:
            number = problems.record(desk, story.slug, draft, Found(FindingKind.ENTERED, "评议意见", "office-1")).number
            text = ProblemText(draft.title, draft.aim, ITEM_DUE)
            drafted = review_opinions.draft(desk, story.slug, unit, ["服务有改进"], [text])
            review_opinions.put_up(desk, story.slug, [drafted.id])
        with story.desk("director", "2023-08-30T15:00") as desk:
            review_opinions.approve(desk, drafted.id, story.person("director"), drafted.digest)
        with story.desk("office-1", "2023-08-31T09:00") as desk:
            review_opinions.deliver(desk, drafted.id)
            assign(desk, story.slug, [number])
        story.acknowledge("opinion", "2023-08-31T10:00", unit)
    assert {owed.due_on for owed in story.owed("items")} == {ITEM_DUE}
    for unit in UNITS:
        owed = {key: story.row(key, unit) for key in ("rectification_plan", "rectification_report")}
        assert [row.title for row in owed.values()] == EXPECTED["obligations_per_department"]
        assert [row.due_on for row in owed.values()] == [date(2023, 10, 7), date(2023, 10, 31)]


def meet_after_the_instruction(story: Inquiry) -> None:
    """Of the two at the end: the secretary instructs, the committee of the department meets and says so."""
    found = {fact["unit"] for fact in story.facts("consequence:found")}
    assert found == set(LAST_TWO)
    for unit in LAST_TWO:
        with story.desk("city-committee", "2023-09-04T10:00") as desk:
            given = orders.give(desk, story.slug, Order(OrderKind.INSTRUCT, "请认真整改，党委专题研究。", unit))
            assert given.given_by == "city-committee"
            meeting = desk.session.scalars(select(ObligationRow).where(ObligationRow.order_id == given.id)).one()
        assert meeting.due_on == date(2023, 10, 7)
        story.hand_in(meeting.id, f"{unit}-handler", "2023-09-20T10:00", "党委已专题研究，分管副市长参加")
    stranger = refused("portal.staff_only.not_yours")
    with stranger, story.desk("jyj-head", "2023-09-04T10:00") as desk:
        orders.give(desk, story.slug, Order(OrderKind.INSTRUCT, "请别的部门整改。", "fgj"))


def plan_and_report(story: Inquiry) -> None:
    for unit in UNITS:
        story.submit("rectification_plan", "2023-09-28T10:00", unit=unit)
        story.submit("rectification_report", "2023-10-30T10:00", unit=unit)
        story.accept("rectification_report", "2023-10-31T10:00", unit)
    in_the_way = {"gate.duty_open", "gate.result_missing", "gate.problem_open"}
    assert story.obstacles("rectify", "2023-10-31T11:00") == in_the_way
    for owed in story.owed("items"):
        story.hand_in(
            owed.id, f"{owed.unit.code if owed.unit else ''}-handler", "2023-10-31T12:00", "已办结", "office-1"
        )


def vote_again_on_every_department(story: Inquiry) -> None:
    assert EXPECTED["revote_covers"] == "every appraised department"
    waiting = story.ask("rectify", "2023-11-01T10:00").brief.obstacles
    assert [(each.code, each.what) for each in waiting] == [("gate.result_missing", "整改情况再测评")] * len(UNITS)
    vote(story, "2023-11-08T15:00", "revote", "sitting.revote")
    assert story.obstacles("rectify", "2023-11-09T10:00") == set()
