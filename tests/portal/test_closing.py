"""Verified by the panel, agreed to by the unit, closed out by the office, looked back at: on the pages."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from appraisal.store.work import Store
from portal.app import create_app
from tests.operations.closing_world import LEADER, TwoHands, two_hands
from tests.operations.world import STARTS, instant, open_office, open_phase
from tests.portal.visitor import Visitor
from tests.portal.world import World


class Rooms(TwoHands):
    """The campaign of ``tests.operations.closing_world`` behind its portal."""

    def visitor(self, who: str) -> Visitor:
        app = create_app(self.office)
        return World(self.office, TestClient(app, raise_server_exceptions=False), []).visitor(who)

    @property
    def page(self) -> str:
        return f"/problems/{self.problem().id}"


@pytest.fixture
def rooms(store: Store, home: Path, move_clock: Callable[[str], datetime]) -> Rooms:
    """Friday, 27 October 2023, 10:00: one problem whose report is handed in."""
    office = open_office(store, home, instant(STARTS))
    two_hands(office, "hands-2023")
    rooms = Rooms(office, "hands-2023")
    rooms.assigned("校车超员", time="long")
    rooms.hand_in("2023-10-23T10:00")
    move_clock("2023-10-27T10:00+08:00")
    return rooms


def test_office_enters_a_look_back_that_came_on_paper(rooms: Rooms) -> None:
    rooms.assigned("证照不齐")
    rooms.closed(2)
    open_phase(rooms.office, rooms.slug, "look_back", instant("2023-10-27T10:00"))
    duty, office = rooms.owed("spot_check", 2)[-1].id, rooms.visitor("office-1")
    here = f"/offline/{duty}"
    assert "回头看结论" in office.get(here).text
    refused = office.send(here, f"{here}/submission", {"act": "submit", "text": "书面报来"})
    assert (refused.status_code, ">书面报来<" in refused.text) == (409, True)
    fields = {"act": "submit", "text": "书面报来", "finding": "holds"}
    assert office.send(here, f"{here}/submission", fields).status_code == 200
    assert rooms.owed("spot_check", 2)[-1].status == "settled"


def verify(rooms: Rooms) -> None:
    page = f"/duties/{rooms.owed('rectification')[-1].id}"
    visitor, said = rooms.visitor(LEADER), {"verdict": "accept", "seen": "1", "manner": "on_site"}
    assert "还没有到" in visitor.send(page, f"{page}/verdict", {**said, "verified_on": "2023-10-28"}).text
    assert "现场核查" in visitor.send(page, f"{page}/verdict", {**said, "verified_on": "2023-10-26"}).text


def test_problem_is_verified_agreed_to_and_closed_out_by_three_people(rooms: Rooms) -> None:
    verify(rooms)
    office = rooms.visitor("office-1")
    shown = office.send(rooms.page, f"{rooms.page}/second-hand", {"decision": "close", "words": "到位"})
    assert "没有销号：组长、主要负责人还没有确认" in shown.text
    assert "到位</textarea>" in shown.text
    for who in (LEADER, "jyj-head"):
        assert "已确认" in rooms.visitor(who).send(rooms.page, f"{rooms.page}/agreement", {"remarks": "同意"}).text
    assert "已销号" in office.send(rooms.page, f"{rooms.page}/second-hand", {"decision": "close", "words": "到位"}).text
    assert "核查与销号经过" in rooms.visitor("jyj-handler").get(rooms.page).text
    assert rooms.visitor("kjj-handler").get(rooms.page).status_code == 403


def test_part_is_closed_out_and_shown_as_such(rooms: Rooms) -> None:
    verify(rooms)
    rooms.agree("2023-10-27T10:00", LEADER, "jyj-head")
    said = {"decision": "part", "words": "三所学校", "remaining": "其余两所", "new_date": "2023-11-30"}
    shown = rooms.visitor("office-1").send(rooms.page, f"{rooms.page}/second-hand", said).text
    assert "剩余：其余两所" in shown
    assert "已有一部分销号" in shown
    assert rooms.problem().due_on == date(2023, 11, 30)


def test_problem_is_returned_and_handed_on(rooms: Rooms) -> None:
    verify(rooms)
    office = rooms.visitor("office-1")
    send = f"{rooms.page}/second-hand"
    assert "没有写理由" in office.send(rooms.page, send, {"decision": "return"}).text
    assert "已退回继续整改" in office.send(rooms.page, send, {"decision": "return", "words": "不到位"}).text
    assert "已结转" in office.send(rooms.page, f"{rooms.page}/handing-on", {"words": "明年建成"}).text
    assert rooms.problem().status == "handed_on"


def test_look_back_says_what_it_found_and_relapse_opens_the_problem(rooms: Rooms) -> None:
    verify(rooms)
    rooms.agree("2023-10-27T10:00", LEADER, "jyj-head")
    rooms.close_out("2023-10-27T10:00")
    open_phase(rooms.office, rooms.slug, "look_back", instant("2023-10-27T10:00"))
    page = f"/duties/{rooms.owed('spot_check')[0].id}"
    visitor = rooms.visitor(LEADER)
    assert "没有写明回头看的结论" in visitor.send(page, f"{page}/submission", {"text": "又超员"}).text
    assert "问题反弹" in visitor.send(page, f"{page}/submission", {"text": "又超员", "finding": "relapsed"}).text
    assert rooms.problem().status == "assigned"
    assert "反弹，重新整改" in visitor.get(rooms.page).text


def test_panel_opens_a_closed_problem_again_and_its_unit_does_not(rooms: Rooms) -> None:
    verify(rooms)
    rooms.agree("2023-10-27T10:00", LEADER, "jyj-head")
    rooms.close_out("2023-10-27T10:00")
    assert "问题反弹" not in rooms.visitor("jyj-head").get(rooms.page).text
    assert "已重新整改" in rooms.visitor(LEADER).send(rooms.page, f"{rooms.page}/reopening", {"words": "又超员"}).text
