"""兰溪 2023: a whole appraisal of twelve departments, from its method to its closing.

Four phases; the closings approved once in the engine's form and else by the portal; the vote at the sitting, counted
and announced on the spot, with copies to the city's leaders, and two departments at its end; the opinion on each
department delivered and signed for, the plan due one month and the report two months after; one department late with
its plan, which climbs every rung of the ladder; the vote held again on all twelve; the campaign refused its closing
while that department is open, and closed after.
"""

from collections import Counter
from datetime import date
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from appraisal import clock
from appraisal.domain.refusal import Refusal
from appraisal.method.words import OrderKind
from appraisal.operations import audit, closings, duties, orders
from appraisal.operations.duties import By
from appraisal.operations.loading import unit_by
from appraisal.operations.orders import Order
from appraisal.operations.voting import receipts_of
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.campaign_tables import ObligationRow
from flows.steering import wake
from portal.app import create_app
from tests.operations.hall import Hall, Seats
from tests.portal.visitor import Visitor
from tests.stories.conftest import Open
from tests.stories.installation import Installation

pytestmark = pytest.mark.engine

SLUG = "lanxi-2023"
UNITS = ("fgj", "jxj", "jyj", "kjj", "mzj", "czj", "rsj", "zrj", "jsj", "jtj", "nyj", "wjj")
LATE = "jyj"
PUNCTUAL = tuple(unit for unit in UNITS if unit != LATE)
SEATS = (
    Seats("member", "常委会组成人员", 31, phones=17, papers=12),
    Seats("panel", "评议小组成员", 12, phones=6, papers=6),
)
"""41 ballots: 29 of 31 members came, and the panels."""
GOOD = {"satisfied": 38, "basic": 3, "dissatisfied": 0}
LOW_RANKED = ("kjj", "mzj")
FIRST_VOTE = dict.fromkeys(UNITS, GOOD) | {
    "kjj": {"satisfied": 30, "basic": 9, "dissatisfied": 2},
    "mzj": {"satisfied": 31, "basic": 10, "dissatisfied": 0},
}


def test_the_appraisal_of_twelve_departments_runs_from_method_to_closing(told: Open) -> None:
    story = told("lanxi", SLUG, "2023-04-03T09:00+08:00")

    start_by_the_form(story)
    mobilise(story)
    review_oneself(story)
    codes = hold_the_sitting(story)
    receive_the_opinion(story)
    plan_in_time_but_for_one(story)
    codes += report_and_vote_again(story)
    close_only_when_nobody_is_open(story)

    the_record_holds(story, codes)


def start_by_the_form(story: Installation) -> None:
    units = [target_name(story, unit) for unit in UNITS]
    form = {"method": "lanxi-2023 2023年部门工作评议", "name": SLUG, "starts_on": "2023-04-03", "units": units}
    run = story.start("启动评议活动/办公室：启动评议活动", form)
    assert run.state_name == "Completed", run.state
    assert [(phase.key, phase.opens_on, phase.closes_on) for phase in story.overview().phases] == [
        ("mobilise", date(2023, 4, 3), date(2023, 4, 24)),
        ("self-review", date(2023, 4, 24), date(2023, 6, 25)),
        ("review", date(2023, 6, 25), date(2023, 7, 31)),
        ("rectify", date(2023, 7, 31), date(2023, 10, 31)),
    ]


def mobilise(story: Installation) -> None:
    """The gate is not met on the first try: the answer in the engine's form is refused and a new round asks."""
    story.waiting("mobilise", "closing-1")
    assert story.approve_in_engine("mobilise", story.code("director")).accepted
    story.waiting("mobilise", "closing-2")
    assert story.phase_status("mobilise") == "open"

    story.confirm("launch_notice", "office-1")
    story.at("2023-04-24")
    story.rounds()
    story.approve_in_engine("mobilise", story.code("director"))

    assert story.closed("mobilise")
    with pytest.raises(Refusal) as refused, story.desk("director") as desk:
        closings.decide(desk, SLUG, "mobilise", story.person("director"), agreed=True, seen="", via="portal")
    assert refused.value.code == "approval.not_asked"


def review_oneself(story: Installation) -> None:
    story.waiting("self-review")
    for unit in UNITS:
        story.submit("self_review_report", unit)
        story.accept("self_review_report", unit, "office-1")
    story.at("2023-06-25")
    approve_in_portal(story, "self-review")


def hold_the_sitting(story: Installation) -> list[str]:
    """Twelve departments are voted on, counted by the system; the codes that were handed out."""
    story.waiting("review")
    story.submit("investigation_report", "", "panel-head")
    story.accept("investigation_report", "", "office-1")
    story.at("2023-07-27")
    hall = Hall(story.office, SLUG, lambda: story.desk("office-1"), clock.now, SEATS)
    sitting = hall.convene("review", "常委会评议会议", date(2023, 7, 27), "sitting.review")
    codes = hall.begin(sitting)
    row = hall.vote(sitting, "satisfaction", FIRST_VOTE, codes)
    hall.rise(sitting)
    announced_on_the_spot(story, row)
    assert {fact["unit"] for fact in story.facts("consequence:found")} == set(LOW_RANKED)
    story.at("2023-07-31")
    approve_in_portal(story, "review")
    return [code for given in codes.values() for code in given]


def announced_on_the_spot(story: Installation, row: RoundRow) -> None:
    """The result stands as soon as the round is closed; each copy says of which department."""
    assert (row.status, row.released_at, len(receipts_of(row))) == ("closed", row.closed_at, 23)
    shown = {line.unit: (line.grade, line.counts) for line in story.overview().results}
    assert shown == {target_name(story, unit): ("满意", counts) for unit, counts in FIRST_VOTE.items()}
    story.rounds()
    assert story.told("copy") == {"city-committee": 12, "organisation": 12, "four-teams": 12}
    low = {message.unit for message in story.messages() if message.template == "consequence-found"}
    assert low == {target_name(story, unit) for unit in LOW_RANKED}


def receive_the_opinion(story: Installation) -> None:
    """Delivered and signed for on 31 August, the opinion starts the clocks of plan and report."""
    story.waiting("rectify")
    waits = {duty.waits_for for duty in story.overview().duties if duty.key == "rectification_plan"}
    assert waits == {"opinion.received"}
    instruct_the_last_two(story)
    story.at("2023-08-31")
    with pytest.raises(Refusal) as refused:
        story.acknowledge("opinion", LATE)
    assert refused.value.code == "review_opinion.not_delivered"
    for unit in UNITS:
        story.deliver_opinion(unit)
        story.acknowledge("opinion", unit)

    dates = {(duty.key, duty.due_on) for duty in story.overview().duties if duty.key.startswith("rectification")}
    assert dates == {("rectification_plan", date(2023, 10, 7)), ("rectification_report", date(2023, 10, 31))}


def instruct_the_last_two(story: Installation) -> None:
    """The secretary instructs the two at the end; each instruction is owed a meeting of the department's committee."""
    for unit in LOW_RANKED:
        with story.desk("city-committee") as desk:
            given = orders.give(desk, SLUG, Order(OrderKind.INSTRUCT, "请认真整改，党委专题研究。", unit))
            owed = desk.session.scalars(select(ObligationRow).where(ObligationRow.order_id == given.id)).one()
            held = (owed.key, owed.owner, owed.due_on, given.given_by)
            assert held == ("special_meeting", target_name(story, unit), date(2023, 8, 31), "city-committee")
        with story.desk(f"{unit}-handler") as desk:
            duties.submit(desk, owed.id, By(story.person(f"{unit}-handler")), "党委已专题研究", [])


def plan_in_time_but_for_one(story: Installation) -> None:
    """Eleven hand in on the first day after the holiday; the twelfth climbs the whole ladder."""
    climbed = []
    for day in ("2023-09-30", "2023-10-06"):
        story.at(day)
        story.rounds()
        climbed.append(story.last_rung("rectification_plan", LATE))
    story.at("2023-10-07")
    for unit in PUNCTUAL:
        story.submit("rectification_plan", unit)
    for day in ("2023-10-08", "2023-10-11", "2023-10-16", "2023-10-23", "2023-11-06"):
        story.at(day)
        story.rounds()
        climbed.append(story.last_rung("rectification_plan", LATE))
    acts = ["remind", "remind", "urge", "yellow", "red", "supervise", "summon"]
    assert climbed == list(enumerate(acts))
    assert [story.last_rung("rectification_plan", unit) for unit in PUNCTUAL] == [(1, "remind")] * 11


def report_and_vote_again(story: Installation) -> list[str]:
    for unit in PUNCTUAL:
        story.submit("rectification_report", unit)
        story.accept("rectification_report", unit, "office-1")
    story.at("2023-11-08")
    hall = Hall(story.office, SLUG, lambda: story.desk("office-1"), clock.now, SEATS)
    sitting = hall.convene("revote", "常委会会议（再测评）", date(2023, 11, 8), "sitting.revote")
    codes = hall.begin(sitting)
    hall.vote(sitting, "revote", dict.fromkeys(UNITS, GOOD), codes)
    hall.rise(sitting)
    assert Counter(line.ballot for line in story.overview().results) == {"satisfaction": 12, "revote": 12}
    assert [fact["unit"] for fact in story.facts("result:recorded") if fact["ballot"] == "revote"] == list(UNITS)
    return [code for given in codes.values() for code in given]


def close_only_when_nobody_is_open(story: Installation) -> None:
    """整改不到位、评议不收场: the refusal names what stands in the way, and only that."""
    with story.desk("director") as desk:
        seen = closings.ask(desk, SLUG, "rectify").brief.digest()
    with pytest.raises(Refusal) as refused, story.desk("director") as desk:
        closings.decide(desk, SLUG, "rectify", story.person("director"), agreed=True, seen=seen, via="portal")
    assert refused.value.code == "phase.gate_unmet"
    late = target_name(story, LATE)
    in_the_way = [(item["unit"], item["what"]) for item in refused.value.facts["obstacles"]]  # type: ignore[attr-defined]
    assert in_the_way == [(late, "整改计划"), (late, "整改落实报告")]

    story.at("2023-11-20")
    story.submit("rectification_plan", LATE)
    story.submit("rectification_report", LATE)
    story.accept("rectification_report", LATE, "office-1")
    approve_in_portal(story, "rectify")
    assert story.overview().status == "closed"


def the_record_holds(story: Installation, drawn: list[str]) -> None:
    story.at("2023-11-21")
    story.rounds()
    with story.office.store.reading() as session:
        assert audit.verify(session) == []
    assert [failed for failed in story.messages() if failed.status == "failed"] == []
    assert {message.status for message in story.messages()} <= {"sent", "queued", "replaced"}
    assert len(drawn) == 2 * 23
    codes = {*drawn, *(story.code(person) for person in ("director", "office-1"))}
    assert not [code for code in codes if code in story.everything_written()]


def approve_in_portal(story: Installation, phase: str) -> None:
    """The patrol asks, the message carries the link, the director opens it on a phone and agrees."""
    story.rounds()
    page = f"/approvals/{SLUG}/{phase}"
    visitor = Visitor(TestClient(create_app(story.office, wake), raise_server_exceptions=False))
    link = urlsplit(story.link_to("director", page))
    visitor.get(f"{link.path}?{link.query}")
    answer = visitor.send(page, page, {"decision": "agree"})
    assert "已同意" in answer.text
    assert story.closed(phase)


def target_name(story: Installation, unit: str) -> str:
    with story.office.store.reading() as session:
        return unit_by(session, unit).name
