"""What is said about a livelihood project is said to the team that watches it, and that team is its second hand."""

from datetime import date
from typing import Any

import pytest

from appraisal.method.words import OrderKind
from appraisal.operations import (
    assigning,
    closing_out,
    duties,
    extensions,
    handing_over,
    orders,
    panels,
    problems,
    reopening,
)
from appraisal.operations.office import Office
from appraisal.operations.order_views import order_view
from appraisal.operations.orders import Order
from appraisal.operations.panels import PanelDraft
from tests.operations.test_projects import DUE, LATER, METHOD, ON, TEAM_A, TEAM_B, owed, projects_at, put_down, statuses
from tests.operations.varying import duty_in, varied
from tests.operations.world import Campaign, refused

OVER_JYJ = "rsj-handler"
PEOPLE_OF_PANELS = {TEAM_A, TEAM_B, OVER_JYJ}


def _closed_by_teams(tree: Any) -> None:  # noqa: ANN401
    tree["problems"] |= {
        "closing": {"by": "team_head", "agreed_by": ["head"], "basis": "第五条"},
        "tracks": [{"key": "all", "title": "全部项目", "handed_on": True, "basis": "第五条"}],
    }
    duty_in(tree, "done").update(accepted_by="director", tell=["team_head"])
    more = {"ceiling": "1m", "counted_from": "due", "asked_before": "1d", "duties": ["done"]}
    tree["extension"] = {"consent": "director", **more, "basis": "第十一条"}
    tree["orders"] = [{"kind": "supervise", "mark": "兰人督", "tell": ["team_head"], "basis": "第十二条"}]


@pytest.fixture
def projects(office: Office) -> Campaign:
    """The bridge of 市教育局 is watched by team a, the road by team b; a third panel is over the bureau as a whole.

    What is finished is accepted by 主任, and closed out by the head of the team once the head of the bureau agrees.
    """
    campaign = projects_at(office, varied(METHOD, office.settings.home, _closed_by_teams))
    with campaign.desk("office-1", ON) as desk:
        draft = PanelDraft("jyj", "教育组", members=[(OVER_JYJ, "team_head", "组长")], units=["jyj"])
        panels.set_panel(desk, campaign.slug, draft)
    return campaign


def told(campaign: Campaign, template: str) -> set[str]:
    """Who of the panels had a letter of this kind."""
    return PEOPLE_OF_PANELS & set(campaign.letters(template))


def verified(campaign: Campaign, number: int = 1) -> None:
    done = owed(campaign, "done")[number].id
    with campaign.desk("jyj-handler", ON) as desk:
        duties.submit(desk, done, campaign.by("jyj-handler"), "已完工")
    with campaign.desk("director", ON) as desk:
        duties.accept(desk, done, campaign.by("director"))


def agreed(campaign: Campaign, number: int = 1) -> None:
    verified(campaign, number)
    with campaign.desk("jyj-head", ON) as desk:
        row = problems.problem_by(desk.session, campaign.slug, number)
        closing_out.agree(desk, campaign.slug, row, "jyj-head")


def close_out(campaign: Campaign, who: str, number: int = 1) -> None:
    with campaign.desk(who, ON) as desk:
        problems.close_problem(desk, campaign.slug, number, who, "属实")


def test_team_is_told_that_its_project_is_verified_and_closes_it_out(projects: Campaign) -> None:
    agreed(projects)
    assert told(projects, "problem-verified") == {TEAM_A}
    for stranger in (TEAM_B, OVER_JYJ):
        with refused("problem.not_closer", number=1, role="监督小组组长", by=stranger):
            close_out(projects, stranger)
    close_out(projects, TEAM_A)
    assert (statuses(projects)[0], told(projects, "problem-closed")) == ("closed", {TEAM_A})


def test_project_without_a_team_is_told_to_the_panel_over_its_unit(projects: Campaign) -> None:
    put_down(projects, "栏杆", "jyj", "", ON)
    with projects.desk("office-1", ON) as desk:
        assigning.assign(desk, projects.slug, [5])
    agreed(projects, 5)
    assert told(projects, "problem-verified") == {OVER_JYJ}
    close_out(projects, OVER_JYJ, 5)
    assert told(projects, "problem-closed") == {OVER_JYJ}


def test_return_and_relapse_of_a_project_are_told_to_its_team(projects: Campaign) -> None:
    verified(projects)
    with projects.desk(TEAM_A, ON) as desk:
        reopening.return_problem(desk, projects.slug, 1, TEAM_A, "桥面未干")
    assert told(projects, "problem-returned") == {TEAM_A}
    agreed(projects, 2)
    close_out(projects, TEAM_B, 2)
    with projects.desk(TEAM_B, LATER) as desk:
        reopening.reopen(desk, projects.slug, 2, TEAM_B, "又塌了")
    assert told(projects, "problem-reopened") == {TEAM_B}


def test_project_that_is_handed_on_is_told_to_its_team(projects: Campaign) -> None:
    with projects.desk("office-1", ON) as desk:
        handing_over.hand_on(desk, projects.slug, [2], "office-1", "明年续建")
    assert told(projects, "problem-handed-on") == {TEAM_B}


def test_more_time_for_a_project_is_told_to_its_team(projects: Campaign) -> None:
    done = owed(projects, "done")[1].id
    with projects.desk("jyj-handler", ON) as desk:
        petition = extensions.ask(desk, done, projects.by("jyj-handler"), date(2024, 1, 10), "连日大雨")
    with projects.desk("director", ON) as desk:
        extensions.decide(desk, petition.id, projects.by("director"), granted=True)
    assert told(projects, "extension-decided") == {TEAM_A}


def test_order_about_a_project_goes_to_its_team_which_alone_may_read_it(projects: Campaign) -> None:
    with projects.desk("office-1", ON) as desk:
        row = orders.give(desk, projects.slug, Order(OrderKind.SUPERVISE, "请抓紧。", "jyj", problem=1))
    assert told(projects, "order-given") == {TEAM_A}
    with projects.office.store.reading() as session:
        assert order_view(session, row.id, projects.person(TEAM_A), DUE)
        with refused("order.not_yours"):
            order_view(session, row.id, projects.person(OVER_JYJ), DUE)
