import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from httpx import Response
from PIL import Image
from sqlalchemy import select

from appraisal.store.panel_tables import LogEntryRow, PhotoRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.work import Store
from tests.portal.panel_world import SLUG, PanelWorld, hidden, make_panel_world
from tests.portal.visitor import Visitor

Move = Callable[[str], datetime]
LOG = f"/campaigns/{SLUG}/log"
ENTRY = {
    "kind": "visit",
    "on": "2023-08-28",
    "announced": "no",
    "unit": "jyj",
    "enterprises": "甲公司\n乙公司",
    "people": "4",
    "count": "1",
    "text": "<script>alert(1)</script> 审批慢",
}


@pytest.fixture
def world(store: Store, home: Path, move_clock: Move) -> PanelWorld:
    """Monday, 28 August 2023, 10:00."""
    return make_panel_world(store, home, move_clock("2023-08-28T10:00+08:00"))


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (80, 60), "red").save(content, "JPEG")
    return content.getvalue()


def enter(world: PanelWorld, visitor: Visitor, fields: dict[str, str] | None = None, *photos: bytes) -> Response:
    page = f"/panels/{world.panel()}"
    marks = {name: hidden(visitor, page, name) for name in ("form_mark", "once")}
    files = [("photos", ("a.jpg", content)) for content in photos]
    answer: Response = visitor.client.post(
        f"{page}/log/submission", data=marks | (fields or ENTRY), files=files or None
    )
    return answer


def rows(world: PanelWorld) -> list[LogEntryRow]:
    with world.office.store.reading() as session:
        return list(session.scalars(select(LogEntryRow).order_by(LogEntryRow.entered_at)))


def test_member_writes_down_a_visit_and_sees_the_goals_move(world: PanelWorld) -> None:
    member = world.visitor("czj-handler")
    shown = enter(world, member).text
    for text in ("已记下", "走访企业", "四不两直", "甲公司、乙公司", "&lt;script&gt;", "林示例记"):
        assert text in shown
    assert "<script>" not in shown
    assert "2 / 3 家" in world.visitor("office-1").get(LOG).text


def test_two_taps_suffice(world: PanelWorld) -> None:
    member = world.visitor("fgj-handler")
    page = member.get(f"/panels/{world.panel()}").text
    assert 'value="visit" checked' in page
    assert 'value="2023-08-28"' in page
    assert "已记下" in enter(world, member, {"kind": "visit", "on": "2023-08-28"}).text
    assert [(row.title, row.count, row.announced) for row in rows(world)] == [("走访企业", 1, True)]


def test_double_click_is_one_entry(world: PanelWorld) -> None:
    member = world.visitor("fgj-handler")
    page = f"/panels/{world.panel()}"
    marks = {name: hidden(member, page, name) for name in ("form_mark", "once")}
    for _ in range(2):
        member.client.post(f"{page}/log/submission", data=marks | ENTRY)
    assert len(rows(world)) == 1


def test_refused_entry_keeps_what_was_typed_and_its_mark(world: PanelWorld) -> None:
    member = world.visitor("fgj-handler")
    answer = enter(world, member, ENTRY | {"on": "2023-08-29", "people": "四"})
    assert (answer.status_code, "“四”不是可用的数" in answer.text) == (409, True)
    answer = enter(world, member, ENTRY | {"on": "2023-08-29", "place": "城关镇"})
    for text in ("不能填将来的日期", "甲公司\n乙公司", 'value="城关镇"', "请重新选择", "<details open>"):
        assert text in answer.text
    assert rows(world) == []


def test_photos_are_drawn_anew_and_shown_to_the_panel_alone(world: PanelWorld) -> None:
    enter(world, world.visitor("fgj-handler"), ENTRY, picture())
    with world.office.store.reading() as session:
        photo = session.scalars(select(PhotoRow)).one()
    page = f"/log/{photo.log_entry_id}/photos/{photo.id}"
    answer = world.visitor("czj-handler").get(page)
    assert (answer.status_code, answer.headers["content-type"], answer.content[:2]) == (200, "image/jpeg", b"\xff\xd8")
    assert world.visitor("wjj-handler").get(page).status_code == 403
    assert world.visitor("jyj-head").get(f"/log/{photo.log_entry_id}").status_code == 403


def test_problem_is_raised_with_the_entry(world: PanelWorld) -> None:
    member = world.visitor("fgj-handler")
    enter(world, member, ENTRY | {"problem": "窗口排队久", "problem_unit": "mzj"})
    (row,) = rows(world)
    shown = member.get(f"/log/{row.id}").text
    assert ("1. 窗口排队久" in shown, "市民政局" in shown) == (True, True)
    assert f'<a href="/campaigns/{SLUG}">' in shown
    with world.office.store.reading() as session:
        (problem,) = session.scalars(select(ProblemRow)).all()
        assert [(each.kind, each.log_entry_id, each.panel_id) for each in problem.findings] == [
            ("log", row.id, world.panel())
        ]


def test_problem_that_is_refused_takes_its_entry_with_it(world: PanelWorld) -> None:
    answer = enter(world, world.visitor("fgj-handler"), ENTRY | {"problem": "排队久", "problem_unit": "nowhere"})
    assert (answer.status_code, rows(world)) == (404, [])


def test_suggestion_gets_owner_leader_and_date_on_the_spot(world: PanelWorld) -> None:
    member = world.visitor("fgj-handler")
    enter(world, member, ENTRY | {"kind": "seminar"})
    page = f"/log/{rows(world)[0].id}"
    suggestion = {"raised": "suggestion", "title": "开设企业专窗", "unit": "jyj", "leader": "", "due_on": ""}
    refused = member.send(page, f"{page}/problems", suggestion)
    assert (refused.status_code, 'value="开设企业专窗"' in refused.text) == (409, True)
    for _ in range(2):
        shown = member.send(page, f"{page}/problems", suggestion | {"due_on": "2023-10-13"}).text
        for text in ("建议已登记", "1. 开设企业专窗", "市教育局", "李样例", "2023年10月13日（星期五）前"):
            assert text in shown
    assert "2. 开设企业专窗" not in shown


def test_withdrawn_entry_is_struck_through_with_its_reason(world: PanelWorld) -> None:
    member = world.visitor("fgj-handler")
    enter(world, member)
    page = f"/log/{rows(world)[0].id}"
    assert "撤回须写明原因" in member.send(page, f"{page}/withdrawal", {"reason": ""}).text
    for _ in range(2):
        shown = member.send(page, f"{page}/withdrawal", {"reason": "日期填错"}).text
        assert ("<s>走访企业</s>" in shown, "日期填错" in shown) == (True, True)
    assert "<s>" in member.get(f"/panels/{world.panel()}").text
    assert "0 / 3 家" in world.visitor("office-1").get(LOG).text


@pytest.mark.parametrize("who", ["wjj-handler", "jyj-head", "director"])
def test_page_of_a_panel_is_for_its_members_and_the_office(world: PanelWorld, who: str) -> None:
    assert world.visitor(who).get(f"/panels/{world.panel()}").status_code == 403
    assert world.visitor("office-1").get(f"/panels/{world.panel()}").status_code == 200


def test_log_of_the_body_is_for_the_office(world: PanelWorld) -> None:
    office = world.visitor("office-1")
    marks = {"once": hidden(office, LOG, "once")}
    assert "已记下" in office.send(LOG, f"{LOG}/submission", marks | ENTRY | {"kind": "seminar"}).text
    enter(world, world.visitor("fgj-handler"))
    own, everything = office.get(LOG).text, office.get(f"{LOG}?all=1").text
    assert ("第一评议组" in own, "第一评议组" in everything) == (False, True)
    assert world.visitor("fgj-handler").get(LOG).status_code == 403


def test_log_is_shown_page_by_page(world: PanelWorld) -> None:
    member = world.visitor("fgj-handler")
    for number in range(21):
        enter(world, member, ENTRY | {"title": f"走访第{number}次"})
    page = f"/panels/{world.panel()}"
    first, second = member.get(page).text, member.get(f"{page}?page=2").text
    assert (first.count("走访第"), second.count("走访第")) == (20, 1)
    assert f"{page}?page=2" in first


def test_daily_report_lies_on_the_page_of_the_panel(world: PanelWorld) -> None:
    shown = world.visitor("fgj-handler").get(f"/panels/{world.panel()}").text
    assert ("本组待办" in shown, "走访调研报告" in shown) == (True, True)
