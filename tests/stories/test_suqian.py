"""宿迁: four phases of another body, from its method alone, while everything that can be killed is killed."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from appraisal.domain.agenda import AgendaKind
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.refusal import Refusal
from appraisal.operations import agenda, audit, closings, duties, problems, sittings
from appraisal.operations.agenda import ItemDraft
from appraisal.operations.assigning import assign
from appraisal.operations.duties import By
from appraisal.operations.loading import campaign_by
from appraisal.operations.papers import StoredFile
from appraisal.operations.sittings import SittingDraft
from appraisal.store.campaign_tables import ObligationRow
from flows.recover import recover
from flows.steering import repair, start_ready
from tests.stories.conftest import Open
from tests.stories.installation import Installation

pytestmark = pytest.mark.engine

SLUG = "suqian-2018"
ORAL = ("宿迁经济技术开发区", "湖滨新区", "苏州宿迁工业园区", "洋河新区", "市商务局", "市发改委")


def test_the_same_flows_run_another_method_and_survive_every_kill(told_on_its_own: Open) -> None:
    story = told_on_its_own("suqian", SLUG, "2018-03-01T09:00+08:00")
    units = story.units()
    assert len(units) == 12
    story.start_campaign("suqian-investment", "2018-03-01", units)

    kill_the_worker_in_the_middle(story, "prepare")
    story.confirm("work_plan", "office-1")
    close_by_the_date(story, "prepare", "2018-04-02")

    kill_the_worker_in_the_middle(story, "investigate")
    set_the_sitting(story)
    story.confirm("oral_reports", "office-1")
    story.submit("investigation_report", "", "group-1")
    story.accept("investigation_report", "", "office-1")
    for unit in units:
        story.submit("written_report", unit)
        story.accept("written_report", unit, "office-1")
    close_by_the_date(story, "investigate", "2018-06-04")

    kill_the_worker_in_the_middle(story, "review")
    kill_the_server(story)
    hold_the_sitting(story)
    close_by_the_director(story, "review", "2018-07-04")

    kill_the_worker_in_the_middle(story, "rectify")
    rectify_all_but_one_problem(story, units)
    kill_everything(story)
    nothing_closes_while_a_problem_is_open(story)
    close_by_the_director(story, "rectify", "2018-11-05")

    assert story.overview().status == "closed"
    no_message_is_lost_and_repeats_show_their_number(story)


def kill_the_worker_in_the_middle(story: Installation, phase: str) -> None:
    """kill -9 while the flow of the phase is at work; the patrol has the same run done again."""
    start_ready()
    assert story.moving(phase)
    story.processes.kill("worker")
    start_ready(patience=timedelta(0))
    repair(timedelta(0))
    story.processes.start("worker")
    story.waiting(phase)
    story.rounds()


def kill_the_server(story: Installation) -> None:
    story.processes.kill("server")
    story.processes.start("server")
    assert story.processes.wait()


def kill_everything(story: Installation) -> None:
    story.processes.kill("worker")
    kill_the_server(story)
    recover(nothing_runs=True)
    story.processes.start("worker")


def close_by_the_date(story: Installation, phase: str, day: str) -> None:
    """A phase that needs nobody's consent closes once its gate is met and its day has come."""
    story.at(day)
    story.rounds()
    assert story.closed(phase)


def close_by_the_director(story: Installation, phase: str, day: str) -> None:
    story.at(day)
    story.rounds()
    story.approve_in_engine(phase, story.code("director"))
    assert story.closed(phase)


def set_the_sitting(story: Installation) -> None:
    """会前10日: the written reports and the list of oral ones are due ten days before the sitting, and move with it."""
    for held_on, due_on in ((date(2018, 6, 28), "2018-06-15"), (date(2018, 6, 29), "2018-06-19")):
        draft = SittingDraft("review", "常委会第十二次会议", held_on, event="sitting.review")
        with story.desk("office-1") as desk:
            sittings.set_sitting(desk, SLUG, draft)
        reports = ("written_report", "oral_reports")
        assert {str(duty.due_on) for duty in story.overview().duties if duty.key in reports} == {due_on}


def hold_the_sitting(story: Installation) -> None:
    """One day: six units report by word of mouth, all twelve in writing; a vice mayor makes a statement."""
    story.at("2018-06-29")
    with story.desk("office-1") as desk:
        (row,) = sittings.sittings_in(desk.session, campaign_by(desk.session, SLUG))
        for unit in ORAL:
            item = ItemDraft(AgendaKind.REPORT, "招商引资工作汇报", unit=unit, minutes=10)
            agenda.add_item(desk, row.id, item, once=unit)
        agenda.add_item(desk, row.id, ItemDraft(AgendaKind.STATEMENT, "表态发言", "分管副市长"), once="statement")
        reports = agenda.written_reports(desk.session, row, desk.now)
        assert Counter(report.title for report in reports)["招商引资工作书面汇报"] == 12
        sittings.open_sitting(desk, row.id)
        for listed in list(row.agenda):
            agenda.begin_item(desk, listed.id)
            agenda.end_item(desk, listed.id)
        sittings.close_sitting(desk, row.id)
        assert [item.ended_at is not None for item in row.agenda] == [True] * 7


def rectify_all_but_one_problem(story: Installation, units: list[str]) -> None:
    with story.desk("office-1") as desk:
        for unit in units:
            found = Found(FindingKind.ENTERED, "项目落地慢", "office-1")
            problems.record(desk, SLUG, Draft("项目落地慢", unit, aim="年内开工"), found)
    story.at("2018-07-09")
    for unit in units:
        story.deliver_opinion(unit)
        story.acknowledge("opinion", unit)
    for key in ("rectification_plan", "rectification_report"):
        for unit in units:
            story.submit(key, unit, with_file=key == "rectification_report")
            story.accept(key, unit, "office-1")
    verify_every_problem(story)
    with story.desk("office-1") as desk:
        for number in range(2, len(units) + 1):
            problems.close_problem(desk, SLUG, number, "office-1")


def verify_every_problem(story: Installation) -> None:
    """Each is put to its unit, which hands in what it did; a group verifies it, and may not close it out."""
    with story.desk("office-1") as desk:
        assert len(assign(desk, SLUG, range(1, 13))) == 12
        query = select(ObligationRow).where(ObligationRow.key == "items")
        owed = [(row.id, row.unit.code if row.unit else "") for row in desk.session.scalars(query)]
    assert len(owed) == 12
    for identifier, unit in owed:
        paper = [StoredFile("佐证.pdf", "application/pdf", 4, "0" * 64, f"items-{unit}")]
        with story.desk(f"{unit}-handler") as desk:
            duties.submit(desk, identifier, By(story.person(f"{unit}-handler")), "已开工", paper)
        with story.desk("group-1") as desk:
            duties.accept(desk, identifier, By(story.person("group-1")))
    with pytest.raises(Refusal) as refused, story.desk("group-1") as desk:
        problems.close_problem(desk, SLUG, 1, "group-1")
    assert refused.value.code == "problem.not_closer"


def nothing_closes_while_a_problem_is_open(story: Installation) -> None:
    """整改不到位、评议不收场."""
    with story.desk("director") as desk:
        seen = closings.ask(desk, SLUG, "rectify").brief.digest()
    with pytest.raises(Refusal) as refused, story.desk("director") as desk:
        closings.decide(desk, SLUG, "rectify", story.person("director"), agreed=True, seen=seen, via="portal")
    assert refused.value.code == "phase.gate_unmet"
    assert len(refused.value.facts["obstacles"]) == 1  # type: ignore[arg-type]
    with story.desk("office-1") as desk:
        problems.close_problem(desk, SLUG, 1, "office-1")


def no_message_is_lost_and_repeats_show_their_number(story: Installation) -> None:
    story.at("2018-11-08")
    story.rounds()
    with story.office.store.reading() as session:
        assert audit.verify(session) == []
    outbox = story.messages()
    assert Counter(message.status for message in outbox) == {"sent": len(outbox)}
    numbers = story.numbers_received()
    assert story.numbers_of(outbox) - numbers.keys() == set()
