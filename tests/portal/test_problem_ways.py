"""Where one gets to from the page of a problem: nobody is led to a page that is closed to them, or left waiting."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.method.words import Manner
from appraisal.operations import assigning, duties, problems, recurring
from appraisal.operations.verdicts import Verified
from appraisal.places import root
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.work import Store
from portal.app import create_app
from tests.operations.world import Campaign, begin, edition, instant, open_office, open_phase
from tests.portal.visitor import Visitor
from tests.portal.world import World

METHOD = root() / "config/methods/practice-rectify.yaml"
STARTS = "2023-09-04T09:00"
LINK = re.compile(r'href="(/[^"#]+)"')


@dataclass(frozen=True)
class Rooms(Campaign):
    """Monday, 4 September 2023: 市发展和改革局 leads on one problem, 市自然资源和规划局 supports."""

    def visitor(self, who: str) -> Visitor:
        app = create_app(self.office)
        return World(self.office, TestClient(app, raise_server_exceptions=False), []).visitor(who)

    @property
    def page(self) -> str:
        with self.office.store.reading() as session:
            return f"/problems/{problems.problem_by(session, self.slug, 1).id}"

    def owed(self, key: str) -> UUID:
        with self.office.store.reading() as session:
            rows = select(ObligationRow.id).where(ObligationRow.key == key, ObligationRow.problem_id.is_not(None))
            return session.scalars(rows).one()

    def hand_in(self, key: str, unit: str, verified: Verified | None = None) -> None:
        """Handed in by the unit and accepted by the office."""
        with self.desk(f"{unit}-handler", STARTS) as desk:
            duties.submit(desk, self.owed(key), self.by(f"{unit}-handler"), "已办")
        with self.desk("office-1", STARTS) as desk:
            duties.accept(desk, self.owed(key), self.by("office-1"), "", *([verified] if verified else []))


@pytest.fixture
def rooms(store: Store, home: Path, move_clock: Callable[[str], datetime]) -> Rooms:
    office = open_office(store, home, instant(STARTS))
    begin(office, edition(METHOD), "rectify", "整改督办演练", ("fgj",), instant(STARTS))
    open_phase(office, "rectify", "rectify", instant(STARTS))
    rooms = Rooms(office, "rectify")
    with rooms.desk("office-1", STARTS) as desk:
        draft = Draft(
            "审批超时", "fgj", classes={"整改类别": "限期整改"}, supporting=("zrj",), due_on=date(2023, 9, 25)
        )
        problems.record(desk, "rectify", draft, Found(FindingKind.ENTERED, draft.title, "office-1"))
        assigning.assign(desk, "rectify", [1])
        recurring.issue_recurring(desk)
    move_clock("2023-09-04T10:00+08:00")
    return rooms


@pytest.mark.parametrize("who", ["fgj-handler", "fgj-head", "zrj-handler", "office-1", "director"])
def test_every_link_on_the_page_of_a_problem_is_open_to_its_reader(rooms: Rooms, who: str) -> None:
    handler = rooms.visitor("fgj-handler")
    handler.send(rooms.page, f"{rooms.page}/progress", {"unit": "fgj", "percent": "20", "text": "已动工"})
    visitor = rooms.visitor(who)
    links = sorted(set(LINK.findall(visitor.get(rooms.page).text)))
    assert {link: visitor.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_supporting_unit_reads_what_the_lead_owes_without_being_led_to_it(rooms: Rooms) -> None:
    shown = rooms.visitor("zrj-handler").get(rooms.page).text
    assert "<li>整改报告：第1号问题 审批超时 " in shown
    assert f'<a href="/duties/{rooms.owed("support")}">配合情况：第1号问题 审批超时</a>' in shown


def test_page_of_a_problem_leads_each_unit_to_its_own_letter_and_the_office_to_all(rooms: Rooms) -> None:
    letters = {
        who: re.findall("交办函 演评交〔2023〕([12])号</a>", rooms.visitor(who).get(rooms.page).text)
        for who in (
            "fgj-handler",
            "zrj-handler",
            "office-1",
        )
    }
    assert letters == {"fgj-handler": ["1"], "zrj-handler": ["2"], "office-1": ["2", "1"]}
    assert "交办函 演评交〔2023〕1号</a>（市发展和改革局）" in rooms.visitor("office-1").get(rooms.page).text


def test_page_of_a_verified_problem_says_for_whom_it_waits(rooms: Rooms) -> None:
    rooms.hand_in("plan", "fgj")
    rooms.hand_in("support", "zrj")
    rooms.hand_in("rectification", "fgj", Verified(Manner.ON_PAPER, date(2023, 9, 4)))
    waits = "核查已通过，还不是销号。等待主要负责人（张样例）确认，然后由常委会主任（试用丙）销号。"
    for who in ("fgj-handler", "zrj-handler", "office-1"):
        assert waits in rooms.visitor(who).get(rooms.page).text
    head = rooms.visitor("fgj-head")
    assert waits not in head.get(rooms.page).text
    head.send(rooms.page, f"{rooms.page}/agreement", {"remarks": "属实"})
    for who in ("fgj-head", "office-1"):
        assert "还不是销号。等待常委会主任（试用丙）销号。" in rooms.visitor(who).get(rooms.page).text
    assert "还不是销号" not in rooms.visitor("director").get(rooms.page).text


def test_report_of_a_supporting_unit_says_nothing_of_periods_it_does_not_owe(rooms: Rooms) -> None:
    fields = {"unit": "zrj", "percent": "10", "text": "已派员"}
    answer = rooms.visitor("zrj-handler").send(rooms.page, f"{rooms.page}/progress", fields)
    assert "进展已提交，时间已记录在案" in answer.text
    assert "没有办结应按期报送的进展" not in answer.text
