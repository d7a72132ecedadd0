"""The letter of assignment on its page: read, signed for, objected to, ruled on, given away, taken home."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from starlette.testclient import TestClient

from appraisal.store.work import Store
from portal.app import create_app
from tests.operations.assigned_world import Assigned, assigned_at
from tests.operations.world import STARTS, instant, open_office
from tests.portal.world import World

SLUG = "assigned-2023"
LIST = f"/campaigns/{SLUG}/assignments"


@dataclass(frozen=True)
class Rooms:
    """The portal of an office whose problems 1 and 3 are put to 市教育局 by letter."""

    world: World
    campaign: Assigned
    page: str


@pytest.fixture
def rooms(store: Store, home: Path, move_clock: Callable[[str], datetime]) -> Rooms:
    """Friday, 1 September 2023, 10:00."""
    office = open_office(store, home, instant(STARTS))
    campaign = assigned_at(office, SLUG)
    move_clock("2023-09-01T10:00+08:00")
    campaign.assign(1, 3)
    client = TestClient(create_app(office), raise_server_exceptions=False)
    return Rooms(World(office, client, []), campaign, f"/assignments/{campaign.letters_sent()[0].id}")


def test_letter_is_read_by_its_unit_the_office_and_the_one_who_rules(rooms: Rooms) -> None:
    who = ("jyj-handler", "office-1", "director", "kjj-handler")
    assert [rooms.world.visitor(each).get(rooms.page).status_code for each in who] == [200, 200, 200, 403]
    assert [rooms.world.visitor(each).get(LIST).status_code for each in who] == [403, 200, 403, 403]
    shown = rooms.world.visitor("jyj-handler").get(rooms.page).text
    for text in (
        "兰人评交〔2023〕1号",
        "教师编制不足",
        "校车管理不规范",
        "2023年9月8日",
        "2023年9月6日",
        "市科学技术局",
    ):
        assert text in shown
    listed = rooms.world.visitor("office-1").get(LIST).text
    assert "兰人评交〔2023〕2号：市科学技术局" in listed
    assert rooms.world.visitor("office-1").get(f"/campaigns/{SLUG}").text.count(f'href="{LIST}"') == 1


def test_unit_signs_from_the_letter(rooms: Rooms) -> None:
    unit = rooms.world.visitor("jyj-handler")
    duty = rooms.campaign.owed("sign")[0].id
    assert f"/duties/{duty}/acknowledgement" in unit.get(rooms.page).text
    assert rooms.page in unit.get(f"/duties/{duty}").text
    unit.send(rooms.page, f"/duties/{duty}/acknowledgement")
    assert rooms.campaign.standing("sign")[0] == ("jyj", "sign", "settled")
    assert "acknowledgement" not in unit.get(rooms.page).text


def test_objection_is_raised_and_ruled_on(rooms: Rooms) -> None:
    unit, director = rooms.world.visitor("jyj-handler"), rooms.world.visitor("director")
    form = f"{rooms.page}/problems/3"
    refused = unit.send(rooms.page, f"{form}/objection", {"reason": ""})
    assert (refused.status_code, "没有写第3号问题为什么" in refused.text) == (409, True)
    assert "等待裁定" in unit.send(rooms.page, f"{form}/objection", {"reason": "由<b>科技局</b>主管"}).text
    assert "交办有误待裁定 1 件" in rooms.world.visitor("office-1").get(LIST).text
    assert "由&lt;b&gt;科技局&lt;/b&gt;主管" in director.get(rooms.page).text
    lacking = director.send(rooms.page, f"{form}/ruling", {"ruling": "uphold", "remarks": "", "to_unit": ""})
    assert "维持交办须写明理由" in lacking.text
    ruled = director.send(rooms.page, f"{form}/ruling", {"ruling": "grant", "remarks": "同意", "to_unit": "kjj"})
    assert "成立，改由市科学技术局牵头" in ruled.text
    assert rooms.campaign.leads(3) == "kjj"


def test_office_gives_a_problem_to_another_unit(rooms: Rooms) -> None:
    office = rooms.world.visitor("office-1")
    move = f"{rooms.page}/problems/1/reassignment"
    assert "没有写理由" in office.send(rooms.page, move, {"to_unit": "mzj", "why": ""}).text
    assert "已改交办" in office.send(rooms.page, move, {"to_unit": "mzj", "why": "职责划转"}).text
    assert "现已不由市教育局承担" in rooms.world.visitor("jyj-handler").get(rooms.page).text
    assert rooms.world.visitor("jyj-handler").send(rooms.page, move, {"to_unit": "jyj", "why": "x"}).status_code == 403


def test_letter_is_taken_home_as_a_paper(rooms: Rooms) -> None:
    answer = rooms.world.visitor("jyj-handler").get(f"{rooms.page}.docx")
    lines = [each.text for each in Document(io.BytesIO(answer.content)).paragraphs if each.text]
    assert lines == [
        "兰溪市人大常委会",
        "关于交办评议发现问题的函",
        "兰人评交〔2023〕1号",
        "市教育局：",
        "根据《交办检验办法》，现将2023年工作评议发现的下列问题交你单位办理。",
        "一、牵头整改的问题",
        "1．教师编制不足",
        "责任领导：李样例",
        "配合单位：市科学技术局",
        "3．校车管理不规范",
        "责任领导：李样例",
        "请于2023年9月8日（星期五）以前完成“签收交办函”。",
        "认为不应由本单位牵头的，请于2023年9月6日（星期三）以前提出并说明理由；裁定之前，各项期限照常计算。",
        "兰溪市人大常委会",
        "2023年9月1日（星期五）",
    ]


def test_office_enters_an_objection_that_came_on_paper_and_another_rules_on_it(rooms: Rooms) -> None:
    office, form = rooms.world.visitor("office-1"), f"{rooms.page}/problems/1/objection"
    assert "录入单位书面提出的交办有误" in office.get(rooms.page).text
    entered = office.send(rooms.page, form, {"reason": "来函：由市科技局主管", "offline": "yes"})
    assert (entered.status_code, "等待裁定" in entered.text) == (200, True)
    assert "来函：由市科技局主管" in rooms.world.visitor("jyj-handler").get(rooms.page).text
    ruled = {"ruling": "uphold", "remarks": "编制由教育局申报"}
    assert rooms.world.visitor("director").send(rooms.page, f"{rooms.page}/problems/1/ruling", ruled).status_code == 200


def test_nobody_else_objects_in_the_place_of_a_unit(rooms: Rooms) -> None:
    fields = {"reason": "不归我局", "offline": "yes"}
    answer = rooms.world.visitor("director").send(rooms.page, f"{rooms.page}/problems/1/objection", fields)
    assert (answer.status_code, "只有市教育局的人可以" in answer.text) == (403, True)
