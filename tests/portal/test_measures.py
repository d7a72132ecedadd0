"""Measures, progress and dated evidence, as a unit enters them on its page and the office reads them."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from appraisal.store.work import Store
from portal.app import create_app
from tests.operations.tracking import LARGE, TIMED, Tracking, tracking_at
from tests.operations.world import STARTS, instant, open_office
from tests.portal.papers import PDF
from tests.portal.visitor import Visitor
from tests.portal.world import World


class Rooms(Tracking):
    """The campaign of ``tests.operations.tracking`` behind its portal."""

    def visitor(self, who: str) -> Visitor:
        app = create_app(self.office)
        return World(self.office, TestClient(app, raise_server_exceptions=False), []).visitor(who)

    def page(self, number: int) -> str:
        return f"/problems/{self.problem(number).id}"


MEASURE = {
    "unit": "jyj",
    "number": "",
    "seen": "",
    "text": "招聘 <b>教师</b> 四十名",
    "problem": ["1", "2"],
    "leader": "王副局长",
    "due_on": "2023-11-30",
    "percent": "30",
    "done_on": "",
    "step-title-01": "制定方案",
    "step-due-01": "2023年9月30日",
    "step-reached-01": "",
}


@pytest.fixture
def rooms(store: Store, home: Path, move_clock: Callable[[str], datetime]) -> Rooms:
    """Monday, 11 September 2023, 10:00: two problems were assigned, the first is large and long."""
    office = open_office(store, home, instant(STARTS))
    tracking_at(office, "tracks-2023")
    rooms = Rooms(office, "tracks-2023")
    rooms.assigned(LARGE)
    rooms.assigned(TIMED, "校舍老旧")
    move_clock("2023-09-11T10:00+08:00")
    return rooms


def test_unit_writes_a_measure_for_two_problems_and_the_office_reads_it(rooms: Rooms) -> None:
    handler, page = rooms.visitor("jyj-handler"), rooms.page(1)
    assert "还没有整改措施" in handler.get(page).text
    answer = handler.send(page, f"{page}/measures", MEASURE)
    assert "整改措施已保存" in answer.text
    for who in ("jyj-handler", "office-1"):
        shown = rooms.visitor(who).get(rooms.page(2)).text
        assert "招聘 &lt;b&gt;教师&lt;/b&gt; 四十名" in shown
        assert "同时针对第 1 号问题" in shown
        assert "计划2023年9月30日" in shown
    office = rooms.visitor("office-1").get(page).text
    assert f"{page}/measures" not in office
    assert f"{page}/progress" not in office


def test_refused_measure_keeps_what_was_typed(rooms: Rooms) -> None:
    handler, page = rooms.visitor("jyj-handler"), rooms.page(1)
    answer = handler.send(page, f"{page}/measures", {**MEASURE, "due_on": "2023-09-31"})
    assert answer.status_code == 409
    assert "措施时限" in answer.text
    assert 'value="王副局长"' in answer.text
    assert 'value="制定方案"' in answer.text
    answer = handler.send(page, f"{page}/measures", {**MEASURE, "percent": "三成"})
    assert "完成百分比不能是三成" in answer.text


def test_measure_that_somebody_changed_since_is_refused_and_one_is_given_up(rooms: Rooms) -> None:
    handler, page = rooms.visitor("jyj-handler"), rooms.page(1)
    handler.send(page, f"{page}/measures", MEASURE)
    change = {**MEASURE, "number": "1", "seen": "1", "percent": "50"}
    assert "整改措施已保存" in handler.send(page, f"{page}/measures", change).text
    stale = handler.send(page, f"{page}/measures", {**change, "percent": "60"}).text
    assert f"{rooms.person('jyj-handler').name}改过它" in stale
    assert 'value="60"' in stale
    assert "没有办理" in handler.send(page, f"{page}/measures", {**change, "seen": "一"}).text
    dropped = {"unit": "jyj", "number": "1", "seen": "2", "reason": "改为调剂"}
    answer = handler.send(page, f"{page}/measures/dropping", dropped)
    assert "已取消" in answer.text


def test_progress_is_reported_with_its_course_and_a_step_back_is_told(rooms: Rooms) -> None:
    handler, page = rooms.visitor("jyj-handler"), rooms.page(1)
    answer = handler.send(page, f"{page}/progress", {"unit": "jyj", "percent": "40%", "text": "到岗十六名"})
    assert "进展已提交，时间已记录在案" in answer.text
    answer = handler.send(page, f"{page}/progress", {"unit": "jyj", "percent": "30", "text": "四名离职"})
    assert "完成百分比比上一次低" in answer.text
    assert "比上次低 10 个百分点" in rooms.visitor("office-1").get(page).text
    answer = handler.send(page, f"{page}/progress", {"unit": "jyj", "percent": "130", "text": "都到岗了"})
    assert answer.status_code == 409
    assert ">都到岗了</textarea>" in answer.text


def test_report_on_the_page_of_a_problem_is_the_report_of_its_period(rooms: Rooms) -> None:
    """Of problem 2 one report is owed, for the week from Tuesday, 5 September; of problem 1 one halfway besides."""
    handler, page = rooms.visitor("jyj-handler"), rooms.page(2)
    assert "现在没有应按期报送的进展" in handler.get(page).text
    rooms.issue_recurring("2023-09-11T09:00")
    shown, duty = handler.get(page).text, f"/duties/{rooms.only(2, 'progress')}"
    assert f'提交进展，同时报送：<a href="{duty}">整改进展（2023年9月5日起一期）' in shown
    assert 'name="files"' in shown
    fields = {"unit": "jyj", "percent": "40", "text": "到岗十六名", "speaks_of": "2023-09-08"}
    answer = handler.send(page, f"{page}/progress", fields, [("照片.pdf", PDF)])
    assert "进展已提交，应按期报送的进展同时办理" in answer.text
    assert f'<a href="{duty}">报送：整改进展（2023年9月5日起一期）' in answer.text
    assert "材料日期：2023年9月8日" in handler.get(duty).text
    assert rooms.owed(2) == [("progress", "settled"), ("report", "issued")]
    fields = {"unit": "jyj", "percent": "50", "text": "到岗二十名"}
    answer = handler.send(page, f"{page}/progress", fields)
    assert "没有办结应按期报送的进展" in answer.text
    assert f'另有事项须在各自的页面办理，提交进展不能代替：<a href="/duties/{rooms.only(1, "halfway")}">中期进展' in (
        handler.get(rooms.page(1)).text
    )


def test_refused_evidence_of_a_report_keeps_what_was_typed(rooms: Rooms) -> None:
    rooms.issue_recurring("2023-09-11T09:00")
    handler, page = rooms.visitor("jyj-handler"), rooms.page(2)
    fields = {"unit": "jyj", "percent": "40", "text": "到岗十六名", "speaks_of": "2023-09-31"}
    answer = handler.send(page, f"{page}/progress", fields, [("照片.pdf", PDF)])
    assert answer.status_code == 409
    assert ">到岗十六名</textarea>" in answer.text
    assert rooms.owed(2) == [("progress", "issued"), ("report", "issued")]


def test_other_units_neither_see_nor_report(rooms: Rooms) -> None:
    stranger, page = rooms.visitor("kjj-handler"), rooms.page(1)
    assert stranger.get(page).status_code == 403
    own = rooms.visitor("jyj-handler").get(page).text
    mark = re.search(r'name="form_mark" value="([0-9a-f]+)"', stranger.get("/").text)
    assert own
    fields = {"unit": "jyj", "percent": "90", "text": "冒充", "form_mark": mark[1] if mark else ""}
    assert stranger.client.post(f"{page}/progress", data=fields).status_code == 403
    assert rooms.problem(1).percent == 0


def test_paper_asks_how_far_and_evidence_says_of_which_day_it_speaks(rooms: Rooms) -> None:
    handler = rooms.visitor("jyj-handler")
    page = f"/duties/{rooms.only(1, 'halfway')}"
    assert "完成百分比" in handler.get(page).text
    fields = {"text": "到岗十六名", "percent": "40", "speaks_of": "2023-09-12"}
    refused = handler.send(page, f"{page}/submission", fields, [("照片.pdf", PDF)])
    assert "材料日期2023-09-12还没有到" in refused.text
    assert 'value="2023-09-12"' in refused.text
    answer = handler.send(page, f"{page}/submission", {**fields, "speaks_of": "2023-09-08"}, [("照片.pdf", PDF)])
    assert "材料日期：2023年9月8日" in answer.text
    assert "完成 40%" in answer.text
    assert rooms.problem(1).percent == 40


def test_list_and_page_of_a_problem_show_its_track(rooms: Rooms) -> None:
    office = rooms.visitor("office-1")
    assert "长期大问题" in office.get("/campaigns/tracks-2023/problems").text
    for who in ("office-1", "jyj-handler"):
        assert "<dt>整改类型</dt><dd>长期大问题</dd>" in rooms.visitor(who).get(rooms.page(1)).text


def test_office_enters_progress_that_came_on_paper(rooms: Rooms) -> None:
    office, duty = rooms.visitor("office-1"), rooms.only(1, "halfway")
    fields = {"act": "submit", "text": "书面报送", "percent": "20", "speaks_of": ""}
    assert office.send(f"/offline/{duty}", f"/offline/{duty}/submission", fields).status_code == 200
    assert rooms.problem(1).percent == 20
