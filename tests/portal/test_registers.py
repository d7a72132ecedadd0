"""整改台账 on its page: fetched, edited in a spreadsheet, looked at, taken in."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

import pytest
from httpx import Response

from appraisal.documents.rectification_sheet import Field
from appraisal.store.work import Store
from tests.operations.registering import Sheet, register_at
from tests.operations.tracking import Tracking
from tests.operations.world import STARTS, instant, open_office
from tests.portal.test_measures import Rooms
from tests.portal.visitor import MARK, Visitor

SLUG = "register-2023"
HERE = f"/campaigns/{SLUG}/rectification"
DRAFT = re.compile(r'name="draft" value="([0-9a-f]+)"')


@pytest.fixture
def rooms(store: Store, home: Path, move_clock: Callable[[str], datetime]) -> Rooms:
    """Tuesday, 12 September 2023, 10:00: three problems of two units are being rectified."""
    office = open_office(store, home, instant(STARTS))
    register_at(office, SLUG)
    move_clock("2023-09-12T10:00+08:00")
    return Rooms(office, SLUG)


def fetch(visitor: Visitor, query: str = "") -> Sheet:
    return Sheet(visitor.get(f"{HERE}/register{query}").content)


def send(visitor: Visitor, content: bytes, name: str = "整改台账.xlsx") -> Response:
    mark = MARK.search(visitor.get(HERE).text)
    assert mark
    answer: Response = visitor.client.post(HERE, data={"form_mark": mark[1]}, files={"file": (name, content)})
    return answer


def confirm(visitor: Visitor, seen: Response) -> Response:
    draft = DRAFT.search(seen.text)
    return visitor.send(HERE, f"{HERE}/taken", {"draft": draft[1] if draft else ""})


def note(tracking: Tracking, number: int) -> str:
    return tracking.problem(number).note


def test_office_sends_the_register_back_and_confirms_what_it_changes(rooms: Rooms) -> None:
    office = rooms.visitor("office-1")
    sheet = fetch(office).put(0, Field.NOTE, "请<b>核对</b>").put(1, Field.LEADER, "王副市长").put(2, Field.DUE, "明年")
    seen = send(office, sheet.content)
    for text in (
        "导入预览",
        "将导入 <strong>2</strong> 行改动",
        "请&lt;b&gt;核对&lt;/b&gt;",
        "王副市长",
        "“明年”不是可读的日期",
    ):
        assert text in seen.text
    assert note(rooms, 1) == ""
    assert "导入了 <strong>2</strong> 行改动" in confirm(office, seen).text
    assert (note(rooms, 1), rooms.problem(2).leader) == ("请<b>核对</b>", "王副市长")
    again = send(office, sheet.content)
    assert "没有可以导入的改动" in again.text
    assert "已经生效的改动" in again.text


def test_what_changed_between_preview_and_confirming_is_told_in_the_result(rooms: Rooms) -> None:
    office, handler = rooms.visitor("office-1"), rooms.visitor("jyj-handler")
    seen = send(office, fetch(office).put(0, Field.NOTE, "请核对").content)
    handler.send(rooms.page(1), f"{rooms.page(1)}/note", {"note": "编制由市委编办核定"})
    result = confirm(office, seen).text
    assert "导入了 <strong>0</strong> 行改动" in result
    assert "变动的有：备注" in result
    assert note(rooms, 1) == "编制由市委编办核定"


def test_register_is_narrowed_by_the_page(rooms: Rooms) -> None:
    office = rooms.visitor("office-1")
    page = office.get(f"{HERE}?unit=kjj").text
    assert "按下面的条件，1 个问题" in page
    assert f"{HERE}/register?unit=kjj" in page
    assert fetch(office, "?unit=kjj").numbers() == [3]
    disposition = office.get(f"{HERE}/register").headers["content-disposition"]
    assert unquote(disposition).endswith("2023年部门工作评议整改台账.xlsx")


def test_unit_fills_in_its_own_rows(rooms: Rooms) -> None:
    handler = rooms.visitor("jyj-handler")
    assert "整改台账" in handler.get(f"/campaigns/{SLUG}").text
    assert "整改台账" in handler.get(f"/campaigns/{SLUG}/problems").text
    assert "按单位、评议组" not in handler.get(HERE).text
    sheet = fetch(handler)
    assert sheet.numbers() == [1, 2]
    assert (
        "导入了 <strong>1</strong> 行改动"
        in confirm(handler, send(handler, sheet.put(0, Field.PROGRESS, "75% 已招聘三十名").content)).text
    )
    assert rooms.problem(1).percent == 75


def test_whoever_has_no_part_in_it_is_turned_away(rooms: Rooms) -> None:
    stranger = rooms.visitor("wjj-handler")
    assert [stranger.get(page).status_code for page in (HERE, f"{HERE}/register")] == [403, 403]
    assert "整改台账" not in stranger.get(f"/campaigns/{SLUG}").text


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"%PDF-1.4", "序号,问题".encode()])
def test_file_that_is_no_workbook_is_refused_in_words(rooms: Rooms, content: bytes) -> None:
    answer = send(rooms.visitor("office-1"), content)
    assert answer.status_code == 409
    assert "怎样修改" in answer.text


def test_draft_that_is_gone_is_refused(rooms: Rooms) -> None:
    office = rooms.visitor("office-1")
    seen = send(office, fetch(office).put(0, Field.NOTE, "请核对").content)
    assert [confirm(office, seen).status_code for _ in range(2)] == [200, 404]


def test_note_is_written_on_the_page_of_the_problem(rooms: Rooms) -> None:
    page = rooms.page(1)
    handler = rooms.visitor("jyj-handler")
    for _ in range(2):
        assert "备注已保存" in handler.send(page, f"{page}/note", {"note": "编制由市委编办核定"}).text
    assert len(rooms.facts("problem:noted")) == 1
    assert "编制由市委编办核定" in rooms.visitor("office-1").get(page).text
    assert rooms.visitor("kjj-handler").send("/", f"{page}/note", {"note": "请核对"}).status_code == 403
