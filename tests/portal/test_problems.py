"""The opinion desk and the problem list, as the office and the units see them."""

import re
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image
from starlette.testclient import TestClient

from appraisal.domain.problems import Draft
from appraisal.operations import handling
from appraisal.operations.assigning import assign
from appraisal.operations.loading import opinion_by
from appraisal.operations.photos import keeping_photos
from appraisal.operations.uploads import Offered
from appraisal.store.base import identity
from appraisal.store.work import Store
from portal.app import create_app
from tests.operations.listing import AT, FULL, Listing, listing_at
from tests.operations.test_problem_import import ROWS, book
from tests.operations.world import STARTS, instant, open_office
from tests.portal.visitor import Visitor
from tests.portal.world import World

SLUG = "list-2023"
DESK = f"/campaigns/{SLUG}/opinions"
LIST = f"/campaigns/{SLUG}/problems"


class Rooms(Listing):
    """The campaign of ``tests.operations.listing`` behind its portal."""

    def visitor(self, who: str) -> Visitor:
        app = create_app(self.office)
        return World(self.office, TestClient(app, raise_server_exceptions=False), []).visitor(who)

    def page(self, number: int) -> str:
        return f"/problems/{self.problem(number).id}"


@pytest.fixture
def rooms(store: Store, home: Path, move_clock: Callable[[str], datetime]) -> Rooms:
    """Friday, 1 September 2023, 10:00."""
    office = open_office(store, home, instant(STARTS))
    listing_at(office, SLUG)
    move_clock("2023-09-01T10:00+08:00")
    return Rooms(office, SLUG)


def test_only_the_office_reads_opinions(rooms: Rooms) -> None:
    opinion = rooms.opinion("老师不够")
    for page in (DESK, f"/opinions/{opinion}", f"{LIST}/new", f"{LIST}/import", f"/campaigns/{SLUG}/ranking"):
        assert rooms.visitor("jyj-handler").get(page).status_code == 403
        assert rooms.visitor("office-1").get(page).status_code == 200


def test_desk_is_searched_and_says_when_nothing_is_found(rooms: Rooms) -> None:
    for text in ("窗口 <b>材料</b> 不统一", "道路积水"):
        rooms.opinion(text)
    office = rooms.visitor("office-1")
    found = office.get(f"{DESK}?text=窗口 材料").text
    assert "窗口 &lt;b&gt;材料&lt;/b&gt; 不统一" in found
    assert "道路积水" not in found
    assert "没有符合条件的意见" in office.get(f"{DESK}?text=没有的&day=2023-13-40&point=x&after=y").text


def test_many_opinions_are_listed_as_one_problem(rooms: Rooms) -> None:
    opinions = [str(rooms.opinion(text)) for text in ("老师不够", "一个班六十人")]
    office = rooms.visitor("office-1")
    fields = {"act": "new", "opinion": opinions, "title": "教师编制不足", "unit": "jyj", "query": "status=received"}
    for _ in range(2):
        answer = office.send(DESK, f"{DESK}/chosen", fields)
        assert "已列入问题清单" in answer.text
        assert answer.url.query == b"status=received&done=opinions-listed"
    assert [text for _, text in rooms.findings(1)] == ["老师不够", "一个班六十人"]


def test_refused_decision_keeps_what_was_ticked_and_typed(rooms: Rooms) -> None:
    opinion = str(rooms.opinion("老师不够"))
    office = rooms.visitor("office-1")
    answer = office.send(DESK, f"{DESK}/chosen", {"act": "into", "opinion": opinion, "number": "9", "reason": "不属实"})
    assert answer.status_code == 404
    assert "问题清单里没有第9号问题" in answer.text
    assert re.search(f'value="{opinion}" checked', answer.text)
    assert 'value="9"' in answer.text
    assert ">不属实</textarea>" in answer.text
    for fields, code in (
        ({"act": "reject", "reason": "x"}, "没有选择任何意见"),
        ({"opinion": opinion}, "没有说明要做什么"),
    ):
        assert code in office.send(DESK, f"{DESK}/chosen", fields).text


def test_opinion_is_worked_off_on_its_page(rooms: Rooms) -> None:
    opinion = rooms.opinion("办教师资格证跑了三趟")
    rooms.opinion("教师资格证办理跑三趟")
    page, office = f"/opinions/{opinion}", rooms.visitor("office-1")
    assert "教师资格证办理跑三趟" in office.get(page).text
    assert "请写明要问" in office.send(page, f"{page}/question", {"said": ""}).text
    assert "已发出" in office.send(page, f"{page}/question", {"said": "哪个窗口？"}).text
    assert "已更正" in office.send(page, f"{page}/correction", {"unit": "jyj", "aspect": "service"}).text
    assert "已标为不采纳" in office.send(page, f"{page}/rejection", {"reason": "已经解决"}).text
    assert "重新待办理" in office.send(page, f"{page}/reopening", {}).text
    assert "已列入问题清单" in office.send(page, f"{page}/problem", {"title": "窗口材料不统一", "unit": "jyj"}).text
    assert "第 1 号 窗口材料不统一" in office.get(page).text
    assert "请先在该问题里把它退回" in office.send(page, f"{page}/reopening", {}).text
    assert rooms.status(opinion) == "taken_up"


def test_photos_are_shown_to_the_office_alone(rooms: Rooms) -> None:
    opinion = rooms.opinion("井盖破损")
    picture = BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "PNG")
    with keeping_photos(rooms.office, [Offered("井盖.png", picture)]) as photos, rooms.desk("office-1", AT) as desk:
        row = opinion_by(desk.session, opinion)
        row.photos.append(photos[0].row(id=identity("photo", "1"), position=0))
    office = rooms.visitor("office-1")
    answer = office.get(f"/opinions/{opinion}/photos/0")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert f"/opinions/{opinion}/photos/0" in office.get(f"/opinions/{opinion}").text
    assert office.get(f"/opinions/{opinion}/photos/1").status_code == 404
    assert rooms.visitor("jyj-handler").get(f"/opinions/{opinion}/photos/0").status_code == 403


def test_problem_is_recorded_revised_and_assigned(rooms: Rooms) -> None:
    office = rooms.visitor("office-1")
    answer = office.send(f"{LIST}/new", f"{LIST}/new", {"kind": "problem", "title": "教师编制不足", "unit": "jyj"})
    assert "已登记" in answer.text
    assert "还缺：时间、要素、整改时限" in answer.text
    page = rooms.page(1)
    typed = {"title": "教师编制不足", "unit": "jyj", "supporting": ["czj", "kjj"], "due_on": "2023-10-31"}
    classes = {"axis-time": "long", "axis-element": "service"}
    wrong = office.send(page, f"{page}/revision", {**typed, **classes, "due_on": "2023-09-31", "detail": "城区小学"})
    assert wrong.status_code == 409
    assert ">城区小学</textarea>" in wrong.text
    assert "已保存" in office.send(page, f"{page}/revision", {**typed, **classes}).text
    for _ in range(2):
        assert "已交办" in office.send(page, f"{page}/assignment", {}).text
    assert (rooms.problem(1).status, rooms.problem(1).due_on) == ("assigned", date(2023, 10, 31))


def test_revision_of_a_page_that_is_out_of_date_is_refused_and_kept(rooms: Rooms) -> None:
    rooms.record()
    office, page = rooms.visitor("office-1"), rooms.page(1)
    fields = {"title": "教师编制不足", "unit": "jyj", "detail": "农村小学", "seen": "0000000000000000"}
    answer = office.send(page, f"{page}/revision", fields)
    assert "您打开页面以后别人改过它" in answer.text
    assert ">农村小学</textarea>" in answer.text


def test_suggestion_without_a_deadline_is_refused_and_keeps_what_was_typed(rooms: Rooms) -> None:
    office, page = rooms.visitor("office-1"), f"{LIST}/new?kind=suggestion"
    typed = {"kind": "suggestion", "title": "统一材料清单", "unit": "jyj", "leader": "王局长"}
    answer = office.send(page, f"{LIST}/new", typed)
    assert "还缺解决时限" in answer.text
    assert 'value="统一材料清单"' in answer.text
    assert "已登记" in office.send(page, f"{LIST}/new", typed | {"due_on": "2023-09-30"}).text
    assert rooms.problem(1).kind == "suggestion"


def test_many_problems_are_classified_and_assigned_from_the_list(rooms: Rooms) -> None:
    for title in ("甲", "乙"):
        rooms.record(Draft(title, "jyj", due_on=FULL.due_on))
    office = rooms.visitor("office-1")
    numbers = ["1", "2"]
    refused = office.send(LIST, f"{LIST}/chosen", {"act": "assign", "number": numbers})
    assert "第1号问题“甲”还缺时间、要素；第2号问题“乙”还缺时间、要素" in refused.text
    fields = {"act": "classify", "number": numbers, "axis-time": "now", "axis-element": "law"}
    assert "已分类" in office.send(LIST, f"{LIST}/chosen", fields).text
    assert "已交办" in office.send(LIST, f"{LIST}/chosen", {"act": "assign", "number": numbers}).text
    assert [rooms.problem(number).status for number in (1, 2)] == ["assigned", "assigned"]
    assert "没有选择任何问题" in office.send(LIST, f"{LIST}/chosen", {"act": "assign"}).text


def test_problems_are_merged_parted_put_back_dropped_and_closed(rooms: Rooms) -> None:
    opinions = [rooms.opinion(text) for text in ("老师不够", "电脑开不了机")]
    rooms.record()
    rooms.record(Draft("老师少", "jyj"))
    office = rooms.visitor("office-1")
    for opinion in opinions:
        office.send(f"/opinions/{opinion}", f"/opinions/{opinion}/gathering", {"number": "1"})
    assert "已并入" in office.send(rooms.page(2), f"{rooms.page(2)}/merging", {"number": "1"}).text
    page = rooms.page(1)
    chosen = [str(each) for each in rooms.finding_ids(1, ["电脑开不了机"])]
    assert "不能并入它自己" in office.send(page, f"{page}/merging", {"number": "1"}).text
    assert "没有选择要拆出的来源" in office.send(page, f"{page}/splitting", {"title": "设备旧"}).text
    assert "已拆分" in office.send(page, f"{page}/splitting", {"title": "设备旧", "finding": chosen}).text
    assert "重新待办理" in office.send(page, f"{page}/putting-back", {"opinion": str(opinions[0])}).text
    third = rooms.page(3)
    assert "须写明理由" in office.send(third, f"{third}/dropping", {"reason": " "}).text
    assert "理由已记录" in office.send(third, f"{third}/dropping", {"reason": "不属实"}).text
    handler = rooms.person("jyj-handler").name
    assert "责任单位的人" in office.send(page, f"{page}/closing", {"by": handler}).text
    assert "已销号" in office.send(page, f"{page}/closing", {"by": ""}).text
    assert [rooms.problem(number).status for number in (1, 2, 3)] == ["closed", "merged", "dropped"]
    assert {rooms.status(opinion) for opinion in opinions} == {"received"}


def test_unit_reads_what_was_assigned_to_it_and_no_opinion(rooms: Rooms) -> None:
    opinion = rooms.opinion("实验小学张老师说老师不够")
    rooms.taken_up(opinion)
    unit = rooms.visitor("jyj-handler")
    assert unit.get(rooms.page(1)).status_code == 403
    assert "还没有交办给您所在单位的问题" in unit.get(LIST).text
    with rooms.desk("office-1", AT) as desk:
        assign(desk, SLUG, [1])
    assert "教师编制不足" in unit.get(LIST).text
    shown = unit.get(rooms.page(1)).text
    assert "年底前补齐" in shown
    assert "长期整改" in shown
    assert "张老师" not in shown
    assert "来源" not in shown
    assert rooms.visitor("czj-handler").get(rooms.page(1)).status_code == 403


def test_file_is_looked_at_and_then_taken_in(rooms: Rooms) -> None:
    office, page = rooms.visitor("office-1"), f"{LIST}/import"
    bad = office.client.post(page, data=marked(office, page), files={"file": ("坏.xlsx", book([[1, *[""] * 9]]))})
    assert "表格有1处需要改正" in bad.text
    assert "第2行“问题”列" in bad.text
    seen = office.client.post(page, data=marked(office, page), files={"file": ("清单.xlsx", book(ROWS))})
    assert "导入 3 个问题" in seen.text
    draft = re.search(r'name="draft" value="([0-9a-f]+)"', seen.text)
    assert draft is not None
    fields = {**marked(office, page), "draft": draft[1], "kind": "xlsx"}
    assert "问题清单已导入" in office.client.post(f"{page}/taken", data=fields).text
    assert rooms.problem(3).title == "道路积水"
    assert office.client.post(f"{page}/taken", data=fields).status_code == 404


@pytest.mark.parametrize("path", [f"{LIST}/register", f"{LIST}/import/template", f"/campaigns/{SLUG}/ranking/register"])
def test_workbooks_are_given_out_to_the_office(rooms: Rooms, path: str) -> None:
    rooms.record()
    answer = rooms.visitor("office-1").get(path)
    assert answer.content.startswith(b"PK")
    assert "attachment" in answer.headers["content-disposition"]
    assert rooms.visitor("jyj-handler").get(path).status_code == 403


def test_ranking_shows_equal_ranks(rooms: Rooms) -> None:
    for unit in ("jyj", "kjj"):
        rooms.record(Draft("甲", unit))
    shown = rooms.visitor("office-1").get(f"/campaigns/{SLUG}/ranking").text
    assert shown.count("并列</span>") == 2


def test_writer_is_shown_on_request_alone(rooms: Rooms) -> None:
    opinion = rooms.opinion("老师不够")
    with rooms.desk("office-1", AT) as desk:
        row = opinion_by(desk.session, opinion)
        row.writer = rooms.office.keyring.seal('["王小明", "13800000000"]')
        handling.ask(desk, opinion, "哪所学校？")
    page, office = f"/opinions/{opinion}", rooms.visitor("office-1")
    assert "王小明" not in office.get(page).text
    assert "王小明，13800000000" in office.send(page, f"{page}/contact", {}).text
    assert len(rooms.facts("opinion:contact_seen")) == 1


def marked(office: Visitor, page: str) -> dict[str, str]:
    found = re.search(r'name="form_mark" value="([0-9a-f]+)"', office.get(page).text)
    assert found is not None
    return {"form_mark": found[1]}


def test_addresses_that_are_none_are_not_found(rooms: Rooms) -> None:
    office = rooms.visitor("office-1")
    for page in (f"/opinions/{UUID(int=0)}", f"/problems/{UUID(int=0)}", "/campaigns/nothing/problems"):
        assert office.get(page).status_code == 404
