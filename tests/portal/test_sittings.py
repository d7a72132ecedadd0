"""The sitting in the portal: set, listed, held; the roll, the desk at the door, and the page behind a check-in code."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from appraisal.store.work import Store
from portal.app import create_app
from tests.operations.sitting_world import MORNING, Sat, sat
from tests.operations.world import open_office
from tests.portal.hearing import Seconds, rules
from tests.portal.visitor import Visitor
from tests.portal.world import World

SLUG = "work-2023"
VOTE_CODE = re.compile(r'class="code"><code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</code>')
KEY = re.compile(r'name="key" value="([^"]+)"')
ONCE = re.compile(r'name="once" value="([^"]+)"')


@dataclass(frozen=True)
class Hall(World):
    """A portal with one sitting, on its morning."""

    sat: Sat

    @property
    def page(self) -> str:
        return f"/sittings/{self.sat.id}"

    def stranger(self) -> TestClient:
        return TestClient(self.client.app, raise_server_exceptions=False)

    def clerk(self) -> Visitor:
        return self.visitor("office-1")


@pytest.fixture
def hall(store: Store, home: Path, move_clock: Callable[[str], datetime]) -> Hall:
    """Thursday, 28 September 2023, 8:30."""
    office = open_office(store, home, move_clock("2023-08-28T10:00+08:00"))
    campaign = sat(office, SLUG)
    move_clock(f"{MORNING}+08:00")
    return Hall(office, TestClient(create_app(office), raise_server_exceptions=False), [], campaign)


@pytest.mark.parametrize("tail", ["", "/edit", "/agenda", "/roll", "/roll/import", "/roll/codes", "/desk"])
def test_pages_of_a_sitting_are_for_the_office(hall: Hall, tail: str) -> None:
    assert hall.clerk().get(hall.page + tail).status_code == 200
    assert hall.visitor("jyj-handler").get(hall.page + tail).status_code == 403
    assert hall.stranger().get(hall.page + tail).status_code == 401


def test_sitting_is_set_from_the_page_of_the_campaign(hall: Hall) -> None:
    clerk, page = hall.clerk(), f"/campaigns/{SLUG}/sittings"
    assert f'href="{page}"' in clerk.get(f"/campaigns/{SLUG}").text
    shown = clerk.get(page).text
    assert 'name="members-member" value="1"' in shown
    found = KEY.search(shown)
    assert found
    fields = {"key": found[1], "title": "第十五次会议", "held_on": "2023-11-28", "place": "会议厅", "event": "second"}
    answer = clerk.send(page, page, {**fields, "members-member": "31"})
    assert "会议已保存" in answer.text
    assert "2023年11月28日（星期二） · 会议厅" in answer.text
    assert "第十五次会议" in clerk.get(page).text
    clerk.send(page, page, {**fields, "members-member": "31"})
    assert clerk.get(page).text.count("第十五次会议") == 1


def test_refused_sitting_keeps_what_was_typed(hall: Hall) -> None:
    clerk, page = hall.clerk(), f"/campaigns/{SLUG}/sittings"
    fields = {"key": "other", "title": "第十五次会议", "held_on": "2023-11-31", "event": ""}
    answer = clerk.send(page, page, {**fields, "members-member": "三十一"})
    assert answer.status_code == 409
    assert all(f'value="{typed}"' in answer.text for typed in ("第十五次会议", "2023-11-31", "三十一"))
    again = clerk.send(page, page, {**fields, "held_on": "2023-11-30", "members-member": "三十一"})
    assert "全体组成人员数“三十一”不是整数" in again.text


def test_moved_sitting_moves_what_is_due_before_it(hall: Hall) -> None:
    clerk = hall.clerk()
    page = f"{hall.page}/edit"
    assert 'value="2023-09-28"' in clerk.get(page).text
    fields = {"title": "第十四次会议", "held_on": "2023-10-26", "event": "sitting", "members-member": "3"}
    assert "2023年10月26日（星期四）" in clerk.send(page, page, fields).text
    assert str(hall.sat.row("written_report").due_on) == "2023-10-16"


def test_sitting_is_opened_held_and_closed(hall: Hall) -> None:
    clerk, page = hall.clerk(), f"{hall.page}/agenda"
    once = ONCE.search(clerk.get(page).text)
    assert once
    item = {"once": once[1], "kind": "vote", "title": "满意度测评", "ballot": "satisfaction", "minutes": "20"}
    for _ in range(2):
        assert "议程已保存" in clerk.send(page, page, item).text
    shown = clerk.get(hall.page).text
    assert shown.count("预计 20 分钟") == 1
    assert "到会不够：全体组成人员3人，要求到会2/3以上（含），至少2人，实到0人，还差2人" in shown
    assert "开始" not in re.findall(r"<button[^>]*>([^<]+)", shown)
    assert "已经开会" in clerk.send(hall.page, f"{hall.page}/opening").text
    row = hall.sat.sitting().agenda[0].id
    assert "08:30 至 现在" in clerk.send(hall.page, f"{page}/{row}/beginning").text
    assert "08:30 至 08:30" in clerk.send(hall.page, f"{page}/{row}/ending").text
    assert "记录已保存" in clerk.send(f"{page}/{row}", f"{page}/{row}/record", {"text": "<b>某委员发言"}).text
    assert "&lt;b&gt;某委员发言" in clerk.get(f"{page}/{row}").text
    assert "已经闭会" in clerk.send(hall.page, f"{hall.page}/closing").text
    refused = clerk.send(f"{page}/{row}", page, item | {"once": "new"})
    assert (refused.status_code, "已经闭会" in refused.text) == (409, True)


def test_items_are_put_in_order_worded_and_struck(hall: Hall) -> None:
    clerk, page = hall.clerk(), f"{hall.page}/agenda"
    for title in ("汇报", "发言"):
        clerk.send(page, page, {"once": title, "kind": "report", "title": title})
    first, second = (item.id for item in hall.sat.sitting().agenda)
    clerk.send(page, f"{page}/{second}/place", {"place": "1"})
    assert [item.title for item in hall.sat.sitting().agenda] == ["发言", "汇报"]
    clerk.send(f"{page}/{first}", f"{page}/{first}", {"kind": "statement", "title": "表态", "minutes": "5"})
    clerk.send(page, f"{page}/{second}/striking")
    assert [(item.title, item.kind, item.minutes) for item in hall.sat.sitting().agenda] == [("表态", "statement", 5)]
    wrong = clerk.send(page, page, {"once": "x", "kind": "", "title": "汇报", "minutes": "一刻钟"})
    assert (wrong.status_code, "请选择议程的种类" in wrong.text, 'value="一刻钟"' in wrong.text) == (409, True, True)


def test_roll_is_pasted_looked_at_and_taken(hall: Hall) -> None:
    clerk, page = hall.clerk(), f"{hall.page}/roll"
    faulty = clerk.send(f"{page}/import", f"{page}/import", {"text": "庚七,局长,嘉宾\n,局长,列席"})
    assert (faulty.status_code, "第1行，没有“嘉宾”这个类别" in faulty.text) == (409, True)
    assert "庚七,局长,嘉宾" in faulty.text
    seen = clerk.send(f"{page}/import", f"{page}/import", {"text": "庚七,局长,列席"})
    assert "新列入 1 人" in seen.text
    assert len(hall.sat.sitting().attendees) == 6
    for _ in range(2):
        assert "名单已保存" in clerk.send(f"{page}/import", f"{page}/taken", {"text": "庚七,局长,列席"}).text
    assert len(hall.sat.sitting().attendees) == 7
    row = hall.sat.attendee("庚七").id
    clerk.send(page, f"{page}/{row}/striking")
    clerk.send(page, f"{page}/{hall.sat.attendee('甲一').id}/due", {"due": "no"})
    assert (len(hall.sat.sitting().attendees), hall.sat.attendee("甲一").due) == (6, False)
    assert "名单已保存" in clerk.send(page, f"{page}/holders").text
    assert len(hall.sat.sitting().attendees) == 9


def test_sheet_of_check_in_codes_is_printed_by_class(hall: Hall) -> None:
    clerk = hall.clerk()
    sheet = clerk.get(f"{hall.page}/roll/codes?voters=member").text
    assert (sheet.count('class="qr"'), "丁四" in sheet) == (3, False)
    assert hall.sat.code("甲一") in sheet
    assert "己六" in clerk.get(f"{hall.page}/roll/codes?voters=sits-in").text


def test_clerk_notes_with_one_tap_and_sees_what_was_noted(hall: Hall) -> None:
    clerk, page = hall.clerk(), f"{hall.page}/desk"
    row = hall.sat.attendee("甲一").id
    answer = clerk.send(page, f"{page}/{row}", {"act": "come", "medium": "paper", "shown": "awaited"})
    assert "实到 <strong>1</strong>" in answer.text
    assert "08:30签到" in answer.text
    assert "已领纸质票" in answer.text
    assert "丁四" in clerk.get(f"{page}?text=丁").text
    assert "甲一" not in clerk.get(f"{page}?text=丁").text
    assert "已离会" in clerk.send(page, f"{page}/{row}", {"act": "leave", "shown": "there"}).text
    clerk.send(page, f"{page}/{row}", {"act": "come", "shown": "there"})
    clerk.send(page, f"{page}/{row}", {"act": "replace", "medium": "phone", "shown": "there"})
    assert hall.sat.attendee("甲一").medium == "phone"
    late = clerk.send(page, f"{page}/{row}", {"act": "take-back", "shown": "there"})
    assert (late.status_code, "发出的码收不回来" in late.text) == (409, True)


@pytest.mark.parametrize("fields", [{"act": "vote"}, {"act": "come", "medium": "fax"}, {}])
def test_senseless_tap_is_refused(hall: Hall, fields: dict[str, str]) -> None:
    page = f"{hall.page}/desk"
    answer = hall.clerk().send(page, f"{page}/{hall.sat.attendee('甲一').id}", fields)
    assert (answer.status_code, hall.sat.attendee("甲一").came_at) == (409, None)


def test_own_code_checks_in_and_shows_the_code_to_vote_by_once(hall: Hall) -> None:
    phone, code = hall.stranger(), hall.sat.code("甲一")
    assert "签到码" in phone.get("/c").text
    greeted = phone.post("/c", data={"code": code.lower()})
    assert "甲一" in greeted.text
    assert hall.sat.attendee("甲一").came_at is None
    done = phone.post(f"/c/{code}")
    found = VOTE_CODE.search(done.text)
    assert found
    assert ('class="qr"' in done.text, f'href="/v/{found[1].replace("-", "")}"' in done.text) == (True, True)
    again = phone.post(f"/c/{code}")
    assert (VOTE_CODE.search(again.text), "已经领过" in again.text) == (None, True)
    assert "您已于 08:30 签到" in phone.get(f"/c/{code}").text
    assert dict(phone.cookies) == {}
    assert done.headers["cache-control"] == "no-store"


def test_whoever_the_office_noted_without_a_paper_still_gets_a_code(hall: Hall) -> None:
    hall.sat.come("甲一")
    phone, code = hall.stranger(), hall.sat.code("甲一")
    assert "领取投票码" in phone.get(f"/c/{code}").text
    assert VOTE_CODE.search(phone.post(f"/c/{code}").text)
    assert "领取投票码" not in phone.get(f"/c/{code}").text


def test_who_sits_in_checks_in_without_a_code(hall: Hall) -> None:
    done = hall.stranger().post(f"/c/{hall.sat.code('己六')}")
    assert ("已签到" in done.text, "投票码" in done.text) == (True, False)


def test_wrong_code_is_told_and_the_next_try_stands_ready(hall: Hall) -> None:
    phone = hall.stranger()
    answer = phone.post("/c", data={"code": "AAAAA-<b>"})
    assert (answer.status_code, "签到码不对" in answer.text) == (404, True)
    assert 'value="AAAAA-&lt;b&gt;"' in answer.text
    assert phone.get("/c/AAAAAAAAAA").status_code == 404
    assert phone.post("/c/AAAAAAAAAA").status_code == 404


def test_wrong_codes_are_not_tried_out_for_long(hall: Hall) -> None:
    house = hall.client.app.state.house  # type: ignore[attr-defined] # An ASGI app to mypy.
    object.__setattr__(house, "guard", type(house.guard)(rules(lookups=(2, 1)), Seconds()))
    phone = hall.stranger()
    assert [phone.get("/c/AAAAAAAAAA").status_code for _ in range(3)] == [404, 404, 429]
    assert phone.get(f"/c/{hall.sat.code('甲一')}").status_code == 200


def test_check_in_waits_for_the_day(hall: Hall, move_clock: Callable[[str], datetime]) -> None:
    move_clock("2023-09-27T10:00+08:00")
    answer = hall.stranger().get(f"/c/{hall.sat.code('甲一')}")
    assert (answer.status_code, "当天才能签到" in answer.text) == (409, True)


def test_unknown_sitting_is_not_found(hall: Hall) -> None:
    clerk = hall.clerk()
    for tail in ("", "/edit", "/agenda", "/roll", "/desk", "/roll/codes"):
        assert clerk.get(f"/sittings/{uuid4()}{tail}").status_code == 404
    assert clerk.get(f"{hall.page}/agenda/{UUID(int=0)}").status_code == 404
