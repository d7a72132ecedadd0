"""Livelihood projects: put to their units when supervision opens, watched by their own team, judged as they are."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.operations import duties, panels, problems, reopening
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Office
from appraisal.operations.panels import PanelDraft
from appraisal.operations.problem_list import sees
from appraisal.operations.projects import before_voters, completion_of
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.problem_tables import ProblemRow
from tests.operations.conftest import SLUGS
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase, refused

METHOD = Path(__file__).parent / "data/projects.yaml"
ON = "2023-09-18T10:00"
LATER = "2023-09-28T10:00"
DUE = date(2023, 12, 20)
TEAM_A, TEAM_B, OVER_KJJ = "fgj-handler", "wjj-handler", "czj-handler"


@pytest.fixture
def projects(office: Office) -> Campaign:
    """A bridge and a road, each with a team; a lamp, with a panel over its unit, and a well that lacks its day."""
    return projects_at(office)


def projects_at(office: Office, method: Path = METHOD) -> Campaign:
    campaign = Campaign(office, f"d{next(SLUGS)}")
    begin(office, edition(method), campaign.slug, "民生实事项目", ["jyj", "kjj"], instant(STARTS))
    for key, head, units in (("a", TEAM_A, []), ("b", TEAM_B, []), ("over", OVER_KJJ, ["kjj"])):
        with campaign.desk("office-1", STARTS) as desk:
            draft = PanelDraft(key, f"{key}小组", members=[(head, "team_head", "组长")], units=units)
            panels.set_panel(desk, campaign.slug, draft)
    for title, unit, team in (("桥", "jyj", "a"), ("路", "jyj", "b"), ("灯", "kjj", ""), ("井", "kjj", "")):
        put_down(campaign, title, unit, team)
    open_phase(office, campaign.slug, "supervise", instant(STARTS))
    return campaign


def put_down(campaign: Campaign, title: str, unit: str, team: str, at: str = STARTS) -> None:
    panel = identity("panel", campaign.slug, team) if team else None
    with campaign.desk("office-1", at) as desk:
        draft = Draft(title, unit, due_on=None if title == "井" else DUE)
        problems.record(
            desk, campaign.slug, draft, Found(FindingKind.LOG, f"票决选定{team}", "office-1", panel_id=panel)
        )


def owed(campaign: Campaign, key: str) -> dict[int, ObligationRow]:
    """The obligations under a duty by the number of their project."""
    query = select(ProblemRow.number, ObligationRow).join(ProblemRow, ProblemRow.id == ObligationRow.problem_id)
    mine = (ObligationRow.campaign_id == identity("campaign", campaign.slug), ObligationRow.key == key)
    with campaign.office.store.reading() as session:
        return dict(session.execute(query.where(*mine)).all())


def watch(campaign: Campaign, number: int, who: str) -> None:
    with campaign.desk(who, ON) as desk:
        duties.submit(desk, owed(campaign, "watch")[number].id, campaign.by(who), "看过了")


def finish(campaign: Campaign, number: int, who: str, at: str = ON) -> None:
    handler = "jyj-handler" if number < 3 else "kjj-handler"
    with campaign.desk(handler, at) as desk:
        duties.submit(desk, owed(campaign, "done")[number].id, campaign.by(handler), "已完工")
    with campaign.desk(who, at) as desk:
        duties.accept(desk, owed(campaign, "done")[number].id, campaign.by(who))


def statuses(campaign: Campaign) -> list[str]:
    with campaign.office.store.reading() as session:
        query = select(ProblemRow.status).where(ProblemRow.campaign_id == identity("campaign", campaign.slug))
        return list(session.scalars(query.order_by(ProblemRow.number)))


def test_supervision_puts_every_complete_project_to_its_unit_and_leaves_the_others(projects: Campaign) -> None:
    open_phase(projects.office, projects.slug, "supervise", instant(ON))
    assert statuses(projects) == ["assigned", "assigned", "assigned", "found"]
    assert (list(owed(projects, "watch")), list(owed(projects, "done"))) == ([1, 2, 3], [1, 2, 3])
    assert projects.letters("problem-assigned").count("jyj-handler") == 1


def test_each_project_is_watched_by_its_own_team_and_without_one_by_the_panel_over_its_unit(projects: Campaign) -> None:
    title, unit = owed(projects, "watch")[1].title, owed(projects, "watch")[1].owner
    for stranger in (TEAM_B, OVER_KJJ):
        with refused("obligation.not_yours", duty=title, unit=unit):
            watch(projects, 1, stranger)
    for number, who in ((1, TEAM_A), (2, TEAM_B), (3, OVER_KJJ)):
        watch(projects, number, who)
    issued = [who for who, row in projects.posted("duty-issued") if row.context["duty"] == title]
    assert issued == [TEAM_A, "jyj-head"]


def test_team_reads_its_project_and_no_other(projects: Campaign) -> None:
    with projects.office.store.reading() as session:
        rows = [problems.problem_by(session, projects.slug, number) for number in (1, 2, 3)]
        seen = {who: [sees(session, row, projects.person(who), DUE) for row in rows] for who in (TEAM_A, OVER_KJJ)}
    assert seen == {TEAM_A: [True, False, False], OVER_KJJ: [False, False, True]}


def test_project_goes_to_another_team_when_that_is_put_down_with_it(projects: Campaign) -> None:
    put_down(projects, "桥", "jyj", "b", ON)
    with refused("obligation.not_yours", duty=owed(projects, "watch")[1].title, unit="市教育局"):
        watch(projects, 1, TEAM_A)
    watch(projects, 1, TEAM_B)


def test_project_of_a_team_that_is_dissolved_falls_to_the_panel_over_its_unit(projects: Campaign) -> None:
    with projects.desk("office-1", ON) as desk:
        panels.dissolve_panel(desk, projects.slug, "a")
        draft = PanelDraft("c", "c小组", members=[("rsj-handler", "team_head", "组长")], units=["jyj"])
        panels.set_panel(desk, projects.slug, draft)
    watch(projects, 1, "rsj-handler")


def test_team_accepts_what_is_done_and_may_open_it_again(projects: Campaign) -> None:
    with refused("obligation.not_yours", duty=owed(projects, "done")[1].title, unit="市教育局"):
        finish(projects, 1, TEAM_B)
    with projects.desk(TEAM_A, ON) as desk:
        duties.accept(desk, owed(projects, "done")[1].id, projects.by(TEAM_A))
    assert statuses(projects)[0] == "closed"
    with refused("problem.not_reopener", number=1, by=TEAM_B), projects.desk(TEAM_B, ON) as desk:
        reopening.reopen(desk, projects.slug, 1, TEAM_B, "又塌了")
    with projects.desk(TEAM_A, ON) as desk:
        reopening.reopen(desk, projects.slug, 1, TEAM_A, "又塌了")
    assert statuses(projects)[0] == "assigned"


def test_evaluation_asks_only_about_what_is_not_done_when_it_opens(projects: Campaign) -> None:
    assert owed(projects, "why") == {}
    finish(projects, 1, TEAM_A)
    for _ in range(2):
        open_phase(projects.office, projects.slug, "evaluate", instant(LATER))
    assert list(owed(projects, "why")) == [2, 3]
    (kept,) = [fact["projects"] for fact in projects.facts("phase:opened") if fact["phase"] == "evaluate"]
    assert kept == [
        {"unit": "jyj", "chosen": 2, "finished": 1, "unfinished": [2]},
        {"unit": "kjj", "chosen": 2, "finished": 0, "unfinished": [3, 4]},
    ]
    assert projects.letters("projects-counted") == ["jyj-head", "kjj-head"]


def test_paper_names_what_is_not_done_in_an_evaluation_alone(projects: Campaign) -> None:
    finish(projects, 1, TEAM_A)
    with projects.office.store.reading() as session:
        campaign = campaign_by(session, projects.slug)
        ballot = method_of(campaign).ballot("satisfaction")
        said = before_voters(session, campaign, ballot)
        elsewhere = before_voters(session, campaign, ballot.model_copy(update={"held_in": "supervise"}))
        assert [each.finished for each in completion_of(session, campaign)] == [1, 0]
    assert said["jyj"] == "民生实事项目2件，办结1件，未办结1件：第2号“路”"
    assert elsewhere == {}
