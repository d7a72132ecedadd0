"""兰溪 2023: a whole appraisal of twelve departments, from its method to its closing.

Four phases; the closings approved once in the engine's form and else by the portal; the plan due one month and
the report two months after the opinion was received; one department late with its plan, which climbs every rung
of the ladder; the campaign refused its closing while that department is open, and closed after.
"""

from datetime import date
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from appraisal.domain.refusal import Refusal
from appraisal.operations import audit, closings, results
from appraisal.operations.loading import unit_by
from appraisal.operations.results import Tally
from flows.steering import wake
from portal.app import create_app
from tests.portal.visitor import Visitor
from tests.stories.conftest import Open
from tests.stories.installation import Installation

pytestmark = pytest.mark.engine

SLUG = "lanxi-2023"
UNITS = ("fgj", "jxj", "jyj", "kjj", "mzj", "czj", "rsj", "zrj", "jsj", "jtj", "nyj", "wjj")
LATE = "jyj"
PUNCTUAL = tuple(unit for unit in UNITS if unit != LATE)


def test_the_appraisal_of_twelve_departments_runs_from_method_to_closing(told: Open) -> None:
    story = told("lanxi", SLUG, "2023-04-03T09:00+08:00")

    start_by_the_form(story)
    mobilise(story)
    review_oneself(story)
    hold_the_sitting(story)
    receive_the_opinion(story)
    plan_in_time_but_for_one(story)
    report_and_vote_again(story)
    close_only_when_nobody_is_open(story)

    the_record_holds(story)


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


def hold_the_sitting(story: Installation) -> None:
    story.waiting("review")
    story.submit("investigation_report", "", "panel-head")
    story.accept("investigation_report", "", "office-1")
    enter_results(story, "satisfaction")
    story.at("2023-07-31")
    approve_in_portal(story, "review")
    assert len(story.overview().results) == 12


def receive_the_opinion(story: Installation) -> None:
    """Signing for the opinion on 31 August starts the clocks of plan and report."""
    story.waiting("rectify")
    waits = {duty.waits_for for duty in story.overview().duties if duty.key == "rectification_plan"}
    assert waits == {"opinion.received"}

    story.at("2023-08-31")
    for unit in UNITS:
        story.acknowledge("opinion", unit)

    dates = {(duty.key, duty.due_on) for duty in story.overview().duties if duty.key.startswith("rectification")}
    assert dates == {("rectification_plan", date(2023, 10, 7)), ("rectification_report", date(2023, 10, 31))}


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


def report_and_vote_again(story: Installation) -> None:
    for unit in PUNCTUAL:
        story.submit("rectification_report", unit)
        story.accept("rectification_report", unit, "office-1")
    enter_results(story, "revote")


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


def the_record_holds(story: Installation) -> None:
    story.at("2023-11-21")
    story.rounds()
    with story.office.store.reading() as session:
        assert audit.verify(session) == []
    assert [failed for failed in story.messages() if failed.status == "failed"] == []
    assert {message.status for message in story.messages()} <= {"sent", "queued", "replaced"}
    codes = {story.code(person) for person in ("director", "office-1")}
    assert not [code for code in codes if code in story.everything_written()]


def enter_results(story: Installation, ballot: str) -> None:
    """Entered one by one as the meeting announces them; the same entry again changes nothing."""
    tally = Tally(issued=31, returned=31, valid=30, counts={"satisfied": 27, "basic": 3})
    for unit in (*UNITS, UNITS[0]):
        with story.desk("office-1") as desk:
            results.record_result(desk, SLUG, ballot, unit, tally, "满意")


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
