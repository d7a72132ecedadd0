"""日照市东港区：镇级民生实事项目代表票决，从票决选定之后说起。

Six towns, 57 projects, a team of deputies for each.  The teams say in spring what they look at, in summer how far
it is, and see for themselves before a project counts as done.  55 are done by the end of the year; the other two are
explained to the next congress, at which all deputies of each town vote, and followed until they are done as well.
"""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from appraisal.domain.problems import Draft, FindingKind, Found, LookBack
from appraisal.keys import plain_code
from appraisal.operations import audit, duties, events, problems
from appraisal.operations.panels import PanelDraft
from appraisal.operations.projects import completion_of
from appraisal.operations.rounds import Given, open_round
from appraisal.store.campaign_tables import FiringRow, ObligationRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.work import Store
from tests.operations.hall import Hall, Seats
from tests.operations.world import instant, refused
from tests.stories.inquiry import Inquiry, Move, case, inquiry

REPORT = case("donggang-livelihood-2023")
EXPECTED = REPORT["expect"]
TOWNS = [f"t{number}" for number in range(1, REPORT["towns"] + 1)]
UNFINISHED = (7, 33)
DUE = date(2023, 12, 20)
DEPUTIES = Seats("deputy", "镇人大代表", 60, phones=26, papers=26)


@pytest.fixture
def story(sqlite: Store, home: Path, move_clock: Move) -> Inquiry:
    """Monday, 20 February 2023: the congresses have voted."""
    return inquiry(sqlite, home, move_clock, "donggang-livelihood", TOWNS, "2023-02-20T09:00")


def test_chosen_projects_are_supervised_evaluated_and_followed_until_done(story: Inquiry) -> None:
    put_down_the_projects(story)
    supervise(story)
    finish_all_but_two(story)
    explain_what_is_not_done(story)
    vote_in_every_town(story)
    report_to_the_party_committees(story)
    follow_until_done(story)
    with story.record() as (session, _):
        assert audit.verify(session) == []


def put_down_the_projects(story: Inquiry) -> None:
    """57 projects with unit, leader, aim and day, each with its team; filed, and explained to whoever was not heard."""
    for number in range(1, REPORT["figures"]["chosen"] + 1):
        key = f"d{number:02}"
        members = [(f"{key}-head", "team_head", "组长"), (f"{key}-member", "team_member", "组员")]
        team = story.set_panel(PanelDraft(key, f"第{number}号项目监督小组", members=members), "2023-02-21T09:00")
        draft = Draft(f"民生实事项目{number}", town_of(number), aim="当年完工", due_on=DUE)
        with story.desk("office-1", "2023-02-21T10:00") as desk:
            found = Found(FindingKind.LOG, "镇人代会票决选定", "office-1", panel_id=team)
            assert problems.record(desk, story.slug, draft, found).number == number
    story.run_phase("found", "2023-02-21T11:00")
    for key in ("filing", "answers"):
        for owed in story.owed(key):
            story.report_done(owed.id, f"{code(owed)}-presidium", "2023-02-24T10:00")
    assert story.close_phase("found", "2023-03-13T09:00", "director") == "closed"
    with story.record() as (session, campaign):
        assert sum(each.chosen for each in completion_of(session, campaign)) == EXPECTED["chosen"]


def supervise(story: Inquiry) -> None:
    """Opening the phase puts all projects to their towns; whose team looks at which is nobody else's matter."""
    story.run_phase("supervise", "2023-03-13T10:00")
    story.run_phase("supervise", "2023-03-13T10:05")
    assert [row.status for row in listed(story)] == ["assigned"] * EXPECTED["chosen"]
    assert story.letters("problem-assigned").count("t1-handler") == 1
    assert story.owed("explanation") == []
    for owed in story.owed("topic"):
        story.report_done(owed.id, f"{owed.panel.key}-head" if owed.panel else "", "2023-04-03T10:00")
    for owed in story.owed("progress"):
        with story.desk(f"{code(owed)}-handler", "2023-06-01T10:00") as desk:
            duties.submit(desk, owed.id, story.by(f"{code(owed)}-handler"), "按计划施工", percent=40)

    watched = story.owed("mid_year")
    first = next(owed for owed in watched if number_of(story, owed) == 1)
    stranger = refused("obligation.not_yours", duty=first.title, unit=first.owner)
    with stranger, story.desk("d02-head", "2023-08-01T10:00") as desk:
        duties.submit(desk, first.id, story.by("d02-head"), "看过了")
    for owed in watched:
        story.hand_in(owed.id, f"{team(story, owed)}-head", "2023-08-01T10:00", "进度正常，已反馈镇人民政府")
    assert {row.status for row in story.owed("mid_year")} == {"settled"}
    assert set(story.letters("copy")) == {f"{town}-{role}" for town in TOWNS for role in ("head", "handler")}


def finish_all_but_two(story: Inquiry) -> None:
    """The town hands in, the team of that project accepts and asks for the effect; two are late, and climb."""
    for owed in story.owed("done"):
        if number_of(story, owed) not in UNFINISHED:
            story.hand_in(owed.id, f"{code(owed)}-handler", "2023-12-01T10:00", "已完工", f"{team(story, owed)}-head")
    for owed in story.owed("effect"):
        who = f"{team(story, owed)}-head"
        with story.desk(who, "2023-12-11T10:00") as desk:
            duties.submit(desk, owed.id, story.by(who), "群众说好", finding=LookBack.HOLDS)
    assert len(story.owed("effect")) == EXPECTED["finished"]
    for day in ("2023-12-13", "2023-12-21", "2024-01-04"):
        story.rounds(f"{day}T10:00")
    late = [owed for owed in story.owed("done") if number_of(story, owed) in UNFINISHED]
    assert [climbed(story, owed.id) for owed in late] == [["remind", "urge", "report_up"]] * 2
    assert story.close_phase("supervise", "2024-01-04T11:00", "director") == "closed"
    with story.record() as (session, campaign):
        done = completion_of(session, campaign)
    assert sum(each.finished for each in done) == EXPECTED["finished"]
    assert sum(len(each.unfinished) for each in done) == EXPECTED["still_followed"]


def explain_what_is_not_done(story: Inquiry) -> None:
    """What the deputies judge is kept as it was; only what is not done has to be explained."""
    story.run_phase("evaluate", "2024-01-04T11:30")
    (kept,) = [fact["projects"] for fact in story.facts("phase:opened") if fact["phase"] == "evaluate"]
    assert [each["unfinished"] for each in kept if each["unfinished"]] == [[7], [33]]
    assert sum(each["finished"] for each in kept) == EXPECTED["finished"]
    assert sorted(story.letters("projects-counted", "甲镇人民政府")) == ["t1-handler", "t1-head", "t1-presidium"]
    for day, town in enumerate(TOWNS, start=15):
        with story.desk("office-1", "2024-01-05T10:00") as desk:
            events.set_event(desk, story.slug, "congress.held", instant(f"2024-01-{day}T09:00"), town)
    explained = story.owed("explanation")
    assert {number_of(story, owed): owed.due_on for owed in explained} == dict.fromkeys(UNFINISHED, date(2024, 1, 12))
    for owed in explained:
        story.hand_in(owed.id, f"{code(owed)}-handler", "2024-01-11T10:00", "管线迁改，三月底前完工")
    for owed in story.owed("government_report"):
        who = f"{code(owed)}-presidium"
        story.hand_in(owed.id, f"{code(owed)}-handler", "2024-01-11T10:00", "民生实事项目完成情况", who)


def vote_in_every_town(story: Inquiry) -> None:
    """Six congresses, six sittings: all deputies of a town vote on that town."""
    for day, town in enumerate(TOWNS, start=15):
        at = f"2024-01-{day}T15:00"
        story.move(f"{at}+08:00")
        hall = congress(story, at)
        sitting = hall.convene(f"congress-{town}", "镇人民代表大会会议", instant(at).date(), None)
        codes = hall.begin(sitting)
        if town == "t1":
            see_what_is_not_done(story, sitting, codes["deputy"][0], at)
        hall.vote(sitting, "satisfaction", {town: {"satisfied": 48, "basic": 4}}, codes)
        hall.rise(sitting)
    assert [(line.unit, line.grade) for line in story.overview("2024-01-22T09:00").results] == [
        (town, "满意") for town in names(story)
    ]


def see_what_is_not_done(story: Inquiry, sitting: UUID, code: str, at: str) -> None:
    """The paper says of the town how many projects are done, and names the one that is not."""
    with story.desk("office-1", at) as desk:
        given = Given(units=("t1",), scrutineers="监票人甲、监票人乙", aware=True)
        row = open_round(desk, sitting, "satisfaction", given)
    page = story.client.get(f"/v/{plain_code(code)}/{row.id}").text
    assert "民生实事项目10件，办结9件，未办结1件：第7号“民生实事项目7”" in page


def report_to_the_party_committees(story: Inquiry) -> None:
    assert story.obstacles("evaluate", "2024-01-22T09:00") == {"gate.duty_open"}
    for owed in story.owed("evaluation_report"):
        story.hand_in(owed.id, f"{code(owed)}-presidium", "2024-01-24T10:00", "评议报告")
    committees = [who for who in story.letters("copy") if who.endswith("-committee")]
    assert sorted(committees) == sorted(f"{town}-committee" for town in TOWNS for _ in range(2))
    assert story.close_phase("evaluate", "2024-03-04T10:00", "director") == "closed"


def follow_until_done(story: Inquiry) -> None:
    """Month by month, of the two and of no other; the campaign is not over before both are done."""
    story.run_phase("follow-up", "2024-03-04T10:30")
    for day in ("2024-03-14", "2024-04-15"):
        story.rounds(f"{day}T09:00")
        for owed in story.owed("followed"):
            if owed.status == "issued":
                with story.desk(f"{code(owed)}-handler", f"{day}T10:00") as desk:
                    duties.submit(desk, owed.id, story.by(f"{code(owed)}-handler"), "收尾", percent=90)
    assert len(story.owed("followed")) == 2 * EXPECTED["still_followed"]
    assert story.obstacles("follow-up", "2024-06-03T09:00") == {"gate.problem_open"}
    for owed in story.owed("done"):
        if owed.status == "issued":
            story.hand_in(owed.id, f"{code(owed)}-handler", "2024-05-20T10:00", "已完工", f"{team(story, owed)}-head")
    assert story.close_phase("follow-up", "2024-06-04T10:00", "director") == "closed"
    assert story.overview("2024-06-04T11:00").status == "closed"


def congress(story: Inquiry, at: str) -> Hall:
    """The congress of a town, with 52 of its 60 deputies present; how many there were is not published."""
    return Hall(story.office, story.slug, lambda: story.desk("office-1", at), lambda: instant(at), [DEPUTIES])


def town_of(number: int) -> str:
    """Ten projects in each of three towns, nine in each of the others."""
    return TOWNS[(number - 1) % len(TOWNS)]


def names(story: Inquiry) -> list[str]:
    with story.record() as (_, campaign):
        return [target.unit.name for target in campaign.targets]


def listed(story: Inquiry) -> list[ProblemRow]:
    with story.record() as (session, _):
        return list(session.scalars(select(ProblemRow).order_by(ProblemRow.number)))


def code(owed: ObligationRow) -> str:
    return owed.unit.code if owed.unit else ""


def number_of(story: Inquiry, owed: ObligationRow) -> int:
    with story.record() as (session, _):
        return session.get_one(ProblemRow, owed.problem_id).number


def team(story: Inquiry, owed: ObligationRow) -> str:
    return f"d{number_of(story, owed):02}"


def climbed(story: Inquiry, owed: UUID) -> list[str]:
    query = select(FiringRow.act).where(FiringRow.obligation_id == owed).order_by(FiringRow.rung)
    with story.record() as (session, _):
        return list(session.scalars(query))
