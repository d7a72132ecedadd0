"""The end of a campaign on its pages: what is lacking, the report, its annual use, points, and what is taken over."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from starlette.testclient import TestClient

from appraisal.operations import handing_over
from appraisal.store.work import Store
from portal.app import create_app
from tests.operations.closing_world import TwoHands, two_hands
from tests.operations.world import STARTS, instant, open_office
from tests.portal.rich_carried import COSTLY, cost
from tests.portal.visitor import Visitor
from tests.portal.world import World

SLUG = "hands-2023"
C = f"/campaigns/{SLUG}"
REPORT = f"{C}/report"


class Rooms(TwoHands):
    """The campaign of ``tests.operations.closing_world`` behind its portal."""

    def visitor(self, who: str) -> Visitor:
        app = create_app(self.office)
        return World(self.office, TestClient(app, raise_server_exceptions=False), []).visitor(who)


@pytest.fixture
def rooms(store: Store, home: Path, move_clock: Callable[[str], datetime]) -> Rooms:
    """Wednesday, 20 December 2023: of three problems one is closed out, one verified, one handed on."""
    office = open_office(store, home, instant(STARTS))
    two_hands(office, SLUG)
    rooms = Rooms(office, SLUG)
    rooms.assigned("校车超员", "食堂<b>不洁</b>")
    rooms.assigned("学位不足", time="long")
    rooms.closed(1)
    rooms.verified(2)
    with rooms.desk("office-1", "2023-12-19T10:00") as desk:
        handing_over.hand_on(desk, SLUG, [3], "office-1", "新校舍2025年建成")
    move_clock("2023-12-20T10:00+08:00")
    return rooms


def test_what_stands_in_the_way_is_named_with_its_unit_and_leads_to_it(rooms: Rooms) -> None:
    said = "市教育局：问题2. 食堂&lt;b&gt;不洁&lt;/b&gt;已核查、尚未销号"
    link = f'<a href="/problems/{rooms.problem(2).id}">{said}</a>'
    office, approver = rooms.visitor("office-1"), rooms.visitor("director")
    assert [link in office.get(page).text for page in (C, REPORT, f"/approvals/{SLUG}/rectify")] == [True] * 3
    shown = approver.get(f"/approvals/{SLUG}/rectify").text
    assert (said in shown, link in shown, "校车超员未销号" in shown, "学位不足未销号" in shown) == (
        True,
        False,
        False,
        False,
    )


def test_closing_is_refused_with_the_problems_and_units_by_name(rooms: Rooms) -> None:
    rooms.ask("rectify", "2023-12-20T10:00")
    page = f"/approvals/{SLUG}/rectify"
    refused = rooms.visitor("director").send(page, page, {"decision": "agree"})
    assert "市教育局：问题2. 食堂&lt;b&gt;不洁&lt;/b&gt;已核查、尚未销号" in refused.text


def test_report_is_read_by_the_office_and_the_approver_and_by_no_unit(rooms: Rooms) -> None:
    for page in (REPORT, f"{REPORT}/sheet", f"{REPORT}.docx", f"{C}/annual", f"{C}/annual.xlsx"):
        found = [rooms.visitor(who).get(page).status_code for who in ("office-1", "director", "jyj-handler")]
        assert found == [200, 200, 403], page
    assert rooms.visitor("office-1").get(C).text.count(f'href="{REPORT}"') == 1
    assert REPORT not in rooms.visitor("jyj-handler").get(C).text


def test_report_is_marked_as_a_draft_on_page_and_paper(rooms: Rooms) -> None:
    office = rooms.visitor("office-1")
    assert "草稿" in office.get(REPORT).text
    assert "（草稿，数字截至2023年12月20日（星期三）10:00）" in office.get(f"{REPORT}/sheet").text
    answer = office.get(f"{REPORT}.docx")
    paper = Document(io.BytesIO(answer.content))
    lines = [each.text for each in paper.paragraphs if each.text]
    assert lines[:4] == [
        "兰溪市人大常委会",
        "2023年整改评议整改工作总结报告",
        "（草稿，数字截至2023年12月20日（星期三）10:00）",
        "一、基本情况",
    ]
    assert "第2号，市教育局：食堂<b>不洁</b>（已核查、待销号）" in lines
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert rows == [
        ["单位", "列入", "交办", "验收", "销号", "逾期销号", "结转", "未销号", "已逾期", "部分销号", "反弹", "销号率"],
        ["市教育局", "3", "3", "2", "1", "0", "1", "1", "0", "0", "0", "33.33%"],
        ["市科学技术局", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "—"],
        ["合计", "3", "3", "2", "1", "0", "1", "1", "0", "0", "0", "33.33%"],
    ]


def test_annual_use_is_the_same_on_the_page_and_in_the_workbook(rooms: Rooms) -> None:
    office = rooms.visitor("office-1")
    assert "列入清单 3 个，已销号 1 个，销号率 33.33%" in office.get(f"{C}/annual").text
    sheet = load_workbook(io.BytesIO(office.get(f"{C}/annual.xlsx").content)).worksheets[0]
    assert [list(row) for row in sheet.iter_rows(values_only=True)] == [
        ["单位", "测评等次", "扣分", "列入清单问题", "已销号", "销号率", "逾期", "结转", "通报", "结果运用"],
        ["市教育局", None, None, 3, 1, "33.33%", 0, 1, 0, None],
        ["市科学技术局", None, None, 0, 0, "—", 0, 0, 0, None],
    ]


def test_points_are_read_by_the_office_and_each_unit_reads_its_own(rooms: Rooms) -> None:
    cost(rooms.office)
    page = f"/campaigns/{COSTLY}/points-kept"
    shown = {who: rooms.visitor(who).get(page) for who in ("office-1", "jyj-handler", "mzj-handler")}
    assert [answer.status_code for answer in shown.values()] == [200, 200, 403]
    assert "“第一件”红牌警示" in shown["jyj-handler"].text
    names = ["市教育局", "市科学技术局"]
    assert [[name in shown[who].text for name in names] for who in ("office-1", "jyj-handler")] == [
        [True, True],
        [True, False],
    ]
    assert "没有规定扣分" in rooms.visitor("office-1").get(f"{C}/points-kept").text


def test_next_campaign_takes_over_what_was_handed_on_and_the_second_time_nothing(rooms: Rooms) -> None:
    later = two_hands(rooms.office, "hands-2024")
    office, page = rooms.visitor("office-1"), "/campaigns/hands-2024/carried"
    preview = office.get(page).text
    assert ("第 3 号 学位不足" in preview, "新校舍2025年建成" in preview, "还没有承接问题" in preview) == (
        True,
        True,
        True,
    )
    for _ in range(2):
        shown = office.send(page, page, {"from": SLUG}).text
        assert ("目前没有可以承接的问题" in shown, "2023年整改评议第 3 号" in shown) == (True, True)
    new, old = later.problem(1), rooms.problem(3)
    assert "承接上年结转" in office.get("/campaigns/hands-2024/problems").text
    assert f'<a href="/problems/{old.id}">2023年整改评议第 3 号</a>' in office.get(f"/problems/{new.id}").text
    assert f'<a href="/problems/{new.id}">2023年整改评议第 1 号</a>' in office.get(f"/problems/{old.id}").text
    assert rooms.visitor("jyj-handler").get(page).status_code == 403
    other = two_hands(rooms.office, "hands-other")
    assert "目前没有可以承接的问题" in office.get(f"/campaigns/{other.slug}/carried").text
