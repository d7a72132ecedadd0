from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from httpx import Response

from appraisal.store.work import Store
from tests.operations.panel_world import panel
from tests.portal.panel_world import SLUG, PanelWorld, hidden, make_panel_world
from tests.portal.visitor import Visitor

PANELS = f"/campaigns/{SLUG}/panels"
THIRD = {
    "title": "第三评议组",
    "kind": "panel",
    "members": "罗示例，组长，主任\n林示例 组员 专家",
    "units": "市民政局",
}


@pytest.fixture
def world(store: Store, home: Path, move_clock: Callable[[str], datetime]) -> PanelWorld:
    """Monday, 28 August 2023, 10:00."""
    return make_panel_world(store, home, move_clock("2023-08-28T10:00+08:00"))


def send_file(visitor: Visitor, content: str, name: str = "评议组.csv") -> Response:
    mark = hidden(visitor, f"{PANELS}/import", "form_mark")
    files = {"file": (name, content.encode())}
    answer: Response = visitor.client.post(f"{PANELS}/import", data={"form_mark": mark}, files=files)
    return answer


def test_office_sets_a_panel_and_changes_it(world: PanelWorld) -> None:
    office = world.visitor("office-1")
    for _ in range(2):
        shown = office.send(f"{PANELS}/new", f"{PANELS}/new", THIRD).text
        for text in ("评议组已设立", "第三评议组", "罗示例（主任）", "林示例（专家）", "负责：市民政局"):
            assert text in shown
    assert len(world.campaign.facts("panel:set")) == 3


def test_refused_panel_keeps_what_was_typed(world: PanelWorld) -> None:
    partial = THIRD | {"members": "李样例，组长，组长", "units": "市教育局"}
    answer = world.visitor("office-1").send(f"{PANELS}/new", f"{PANELS}/new", partial)
    assert answer.status_code == 409
    for text in ("已由第一评议组负责", "李样例，组长，组长", "第三评议组"):
        assert text in answer.text


def test_new_panel_does_not_take_the_place_of_another_of_its_title(world: PanelWorld) -> None:
    same = THIRD | {"title": "第二评议组"}
    answer = world.visitor("office-1").send(f"{PANELS}/new", f"{PANELS}/new", same)
    assert "已有名为“第二评议组”的评议组" in answer.text
    assert panel(world.campaign, "g2").members[0].person.code == "wjj-handler"


def test_conflict_of_interest_is_told_by_name_and_post(world: PanelWorld) -> None:
    page = f"/panels/{world.panel()}/edit"
    office = world.visitor("office-1")
    assert "朱示例，组长，组长" in office.get(page).text
    changed = {
        "title": "第一评议组",
        "kind": "panel",
        "members": "fgj-handler，组长\njyj-head，组员，专家",
        "units": "jyj",
    }
    answer = office.send(page, page, changed)
    assert "李样例在市教育局任局长" in answer.text
    answer = office.send(page, page, changed | {"units": "市民政局"})
    assert "评议组已设立" in answer.text
    assert [each.unit.code for each in panel(world.campaign).coverage] == ["mzj"]


def test_dissolved_panel_is_no_longer_listed(world: PanelWorld) -> None:
    office = world.visitor("office-1")
    for _ in range(2):
        shown = office.send(f"/panels/{world.panel()}/edit", f"/panels/{world.panel()}/dissolution").text
        assert ("评议组已撤销" in shown, "第一评议组" in shown) == (True, False)


def test_others_read_the_announced_panels_alone(world: PanelWorld) -> None:
    undercover = THIRD | {"title": "暗访一组", "kind": "undercover"}
    world.visitor("office-1").send(f"{PANELS}/new", f"{PANELS}/new", undercover)
    unit = world.visitor("jyj-head").get(PANELS).text
    assert ("第一评议组" in unit, "暗访一组" in unit, f"/panels/{world.panel()}" in unit) == (True, False, False)
    assert "暗访一组" in world.visitor("rsj-handler").get(PANELS).text
    assert "暗访一组" in world.visitor("director").get(PANELS).text


@pytest.mark.parametrize("page", ["/new", "/import", "/import/book"])
def test_only_the_office_sets_panels(world: PanelWorld, page: str) -> None:
    assert world.visitor("fgj-handler").get(f"{PANELS}{page}").status_code == 403


def test_file_is_looked_at_before_it_is_taken(world: PanelWorld) -> None:
    office = world.visitor("office-1")
    rows = "组,种类,姓名或编号,角色,职务,负责单位\n第三评议组,评议组,rsj-handler,组长,组长,市民政局、市财政局\n"
    preview = send_file(office, rows)
    assert ("成员 1 人 · 负责单位 2 个" in preview.text, len(world.campaign.facts("panel:set"))) == (True, 2)
    fields = {
        name: preview.text.partition(f'name="{name}" value="')[2].partition('"')[0]
        for name in ("form_mark", "draft", "file")
    }
    taken = office.client.post(f"{PANELS}/import/taken", data=fields)
    assert ("名单已导入" in taken.text, "第三评议组" in taken.text) == (True, True)
    assert office.client.post(f"{PANELS}/import/taken", data=fields).status_code == 404
    assert len(world.campaign.facts("panel:set")) == 3


def test_faults_of_a_file_are_listed_by_row(world: PanelWorld) -> None:
    shown = send_file(world.visitor("office-1"), "组,种类,姓名或编号,角色,职务,负责单位\n三组,,某人,组长,组长,教育\n")
    assert shown.status_code == 409
    assert "评议组表第2行“姓名或编号”列：登记册里没有“某人”" in shown.text
    assert "评议组表第2行“负责单位”列：登记册里没有单位“教育”" in shown.text


def test_book_of_the_panels_is_given_out(world: PanelWorld) -> None:
    answer = world.visitor("office-1").get(f"{PANELS}/import/book")
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
