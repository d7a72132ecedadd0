"""宿迁 2018, its rectification alone: 整改不到位、评议不收场.

Twelve units, a problem each.  Everything is done and verified but one thing that nobody has closed out: the campaign
stays open.  A report that is late is pressed by a letter of the leading group, which bears its number.
"""

from datetime import date
from pathlib import Path

import pytest

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.review_opinion import ProblemText
from appraisal.operations import audit, problems, review_opinions
from appraisal.operations.assigning import assign
from appraisal.operations.units import active_units
from appraisal.store.work import Store
from tests.operations.world import paper, refused
from tests.stories.inquiry import Inquiry, Move, case, inquiry

REPORT = case("suqian-investment")
EXPECTED = REPORT["expect"]
TARGETS = [*REPORT["targets"]["zones"], *REPORT["targets"]["departments"]]


@pytest.fixture
def story(sqlite: Store, home: Path, move_clock: Move) -> Inquiry:
    """Thursday, 1 March 2018; the sitting of 29 June is over when the rectification begins."""
    begun = inquiry(sqlite, home, move_clock, "suqian-investment", TARGETS, "2018-03-01T09:00", "suqian")
    before_the_rectification(begun)
    return begun


def test_campaign_does_not_close_while_any_problem_is_open(story: Inquiry) -> None:
    with story.record() as (_, campaign):
        assert [phase.title for phase in campaign.phases] == [phase["title"] for phase in REPORT["phases"]]
        assert len(campaign.phases) == EXPECTED["phases"]
        assert [target.unit.name for target in campaign.targets] == TARGETS
        assert len(TARGETS) == EXPECTED["targets"]
    deliver_the_opinions(story)
    rectify_and_press_the_late_one(story)
    close_out_all_but_one(story)
    assert story.obstacles("rectify", "2018-11-05T10:00") == {"gate.problem_open"}
    assert story.close("rectify", "2018-11-05T10:05") == "open"
    assert EXPECTED["campaign_closes_while_any_problem_open"] is False
    close_out(story, 1, "2018-11-05T11:00")
    assert story.close_phase("rectify", "2018-11-05T12:00", "director") == "closed"
    assert story.overview("2018-11-05T13:00").status == "closed"
    with story.record() as (session, _):
        assert audit.verify(session) == []


def before_the_rectification(story: Inquiry) -> None:
    story.run_phase("prepare", "2018-03-01T10:00")
    story.confirm("work_plan", "2018-03-02T10:00")
    assert story.close("prepare", "2018-04-02T10:00") == "closed"
    story.run_phase("investigate", "2018-04-02T11:00")
    story.set_event("sitting.review", "2018-06-29", "2018-04-03T10:00")
    story.confirm("oral_reports", "2018-06-01T10:00")
    (report,) = story.owed("investigation_report")
    story.hand_in(report.id, "group-1", "2018-05-18T10:00", "调研报告", "office-1")
    for unit in codes(story):
        story.submit("written_report", "2018-06-01T10:00", unit=unit)
        story.accept("written_report", "2018-06-01T11:00", unit)
    assert story.close("investigate", "2018-06-04T10:00") == "closed"
    story.run_phase("review", "2018-06-04T11:00")
    assert story.close_phase("review", "2018-07-04T10:00", "director") == "closed"
    story.run_phase("rectify", "2018-07-04T11:00")


def deliver_the_opinions(story: Inquiry) -> None:
    for unit in codes(story):
        draft = Draft("项目落地慢", unit, aim="年内开工")
        with story.desk("office-1", "2018-07-09T09:00") as desk:
            found = Found(FindingKind.ENTERED, "现场评议", "office-1")
            number = problems.record(desk, story.slug, draft, found).number
            text = ProblemText(draft.title, draft.aim, date(2018, 10, 9))
            drafted = review_opinions.draft(desk, story.slug, unit, ["招商成效明显"], [text])
            review_opinions.put_up(desk, story.slug, [drafted.id])
        with story.desk("director", "2018-07-09T10:00") as desk:
            review_opinions.approve(desk, drafted.id, story.person("director"), drafted.digest)
        with story.desk("office-1", "2018-07-09T11:00") as desk:
            review_opinions.deliver(desk, drafted.id)
            assign(desk, story.slug, [number])
        story.acknowledge("opinion", "2018-07-09T14:00", unit)
    assert {owed.due_on for owed in story.owed("items")} == {date(2018, 10, 9)}


def rectify_and_press_the_late_one(story: Inquiry) -> None:
    """Eleven report in time; of the twelfth the leading group, by its office, asks in a letter with a number."""
    late, *punctual = codes(story)
    for unit in codes(story):
        story.submit("rectification_plan", "2018-08-01T10:00", unit=unit)
        story.accept("rectification_plan", "2018-08-02T10:00", unit)
    for unit in punctual:
        story.submit("rectification_report", "2018-10-08T10:00", paper(), unit=unit)
        story.accept("rectification_report", "2018-10-08T11:00", unit)
    for day in ("2018-10-10", "2018-10-12", "2018-10-16", "2018-10-24"):
        story.rounds(f"{day}T10:00")
    (letter,) = [
        fact for fact in story.facts("order:given") if fact["about"] == str(story.duty("rectification_report", late))
    ]
    assert (letter["mark"], letter["unit"], letter["kind"]) == ("宿招督〔2018〕1号", late, "supervise")
    story.submit("rectification_report", "2018-10-25T10:00", paper(), unit=late)
    story.accept("rectification_report", "2018-10-25T11:00", late)


def close_out_all_but_one(story: Inquiry) -> None:
    """The group verifies each and closes none: that takes another hand."""
    for owed in story.owed("items"):
        handler = f"{owed.unit.code if owed.unit else ''}-handler"
        story.hand_in(owed.id, handler, "2018-10-26T10:00", "已开工", "group-1")
    role = "领导小组办公室"
    with (
        refused("problem.not_closer", number=1, role=role, by="group-1"),
        story.desk("group-1", "2018-10-26T11:00") as desk,
    ):
        problems.close_problem(desk, story.slug, 1, "group-1")
    for number in range(2, len(TARGETS) + 1):
        close_out(story, number, "2018-10-29T10:00")


def close_out(story: Inquiry, number: int, at: str) -> None:
    with story.desk("office-1", at) as desk:
        problems.close_problem(desk, story.slug, number, "office-1")


def codes(story: Inquiry) -> list[str]:
    with story.office.store.reading() as session:
        return [unit.code for unit in active_units(session)]
