"""The rooms of the office and of deputies around opinions: codes and their sheet, entry, import, one's own."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from httpx import Response

from appraisal.store.work import Store
from tests.operations.test_offline_opinions import LINE, changed, workbook
from tests.portal.hearing import CODE, SLUG, TICKET, Heard, make_heard
from tests.portal.visitor import MARK, Visitor

Move = Callable[[str], datetime]
HERE = f"/campaigns/{SLUG}"
STRANGERS = ("jyj-handler", "director", "deputy-1")


@pytest.fixture
def heard(sqlite: Store, home: Path, move_clock: Move) -> Heard:
    world = make_heard(sqlite, home, move_clock("2023-08-28T10:00+08:00"))
    move_clock("2023-09-05T15:04+08:00")
    return world


def send(visitor: Visitor, page: str, action: str = "", **fields: str) -> Response:
    """Read a page, then send its form with the ticket that is on it."""
    found = TICKET.search(visitor.get(page).text)
    return visitor.send(page, action or page, ({"ticket": found[1]} if found else {}) | fields)


def offer(visitor: Visitor, content: bytes) -> Response:
    page = f"{HERE}/opinions/import"
    mark = MARK.search(visitor.get(page).text)
    assert mark
    answer: Response = visitor.client.post(page, data={"form_mark": mark[1]}, files={"file": ("../意见.xlsx", content)})
    return answer


@pytest.mark.parametrize(
    "page", ["points", "points/sheet", "opinions/new", "opinions/import", "opinions/import/template"]
)
def test_rooms_of_the_office_are_closed_to_others(heard: Heard, page: str) -> None:
    answers = [heard.visitor(who).get(f"{HERE}/{page}").status_code for who in STRANGERS]
    assert (answers, heard.visitor("office-1").get(f"{HERE}/{page}").status_code) == ([403] * 3, 200)


def test_codes_are_listed_closed_and_renewed(heard: Heard) -> None:
    office, page, point = heard.visitor("office-1"), f"{HERE}/points", heard.hearing.point("unit", "jyj")
    assert "市教育局评议码" in office.get(page).text
    assert "已换新码" in send(office, page, f"{page}/{point.id}/renewal").text
    for _ in range(2):
        assert send(office, page, f"{page}/{heard.hearing.point('unit', 'kjj').id}/closing").status_code == 200
    shown = office.get(page).text
    assert (shown.count("使用中"), shown.count("已停用")) == (5, 2)
    assert "评议码已补齐" in send(office, page).text


def test_sheet_has_a_card_for_every_code_in_use(heard: Heard) -> None:
    shown = heard.visitor("office-1").get(f"{HERE}/points/sheet").text
    assert (shown.count("<svg"), shown.count('class="point"')) == (6, 6)
    assert f"/o/{heard.hearing.point('panel', 'one').token}" in shown
    assert "style=" not in shown


def test_method_without_intake_has_no_page_of_codes(heard: Heard) -> None:
    assert heard.visitor("office-1").get("/campaigns/nothing/points").status_code == 404


def test_opinion_from_a_call_is_entered_and_gives_a_code(heard: Heard) -> None:
    office = heard.visitor("office-1")
    fields = {"channel": "phone", "source": "enterprise", "received_on": "2023-09-04", "text": "补贴没有到账"}
    answer = send(office, f"{HERE}/opinions/new", **fields)
    code = CODE.search(answer.text)
    assert (answer.status_code, code is not None) == (200, True)
    assert "补贴没有到账" in heard.stranger().look(code[1] if code else "").text
    (row,) = heard.hearing.opinions()
    assert (row.channel, row.source, str(row.received_on), row.entered_by) == (
        "phone",
        "enterprise",
        "2023-09-04",
        "office-1",
    )


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("received_on", "2023-09-31", "“2023-09-31”"),
        ("received_on", "2023-09-06", "收到日期应在"),
        ("channel", "pigeon", "没有选择怎样收到的"),
        ("text", " ", "请写下意见内容"),
        ("unit", "czj", "不在评议范围内"),
    ],
)
def test_entry_that_is_wrong_keeps_what_was_typed(heard: Heard, field: str, value: str, words: str) -> None:
    fields = {"channel": "paper", "received_on": "2023-09-04", "text": "补贴<没有>到账", "named": "yes", "name": "王芳"}
    answer = send(heard.visitor("office-1"), f"{HERE}/opinions/new", **fields | {field: value})
    assert answer.status_code == 409
    assert 'value="王芳"' in answer.text
    assert words in answer.text
    assert heard.hearing.opinions() == []


def test_workbook_is_looked_at_first_and_taken_in_once(heard: Heard) -> None:
    office, content = heard.visitor("office-1"), workbook(LINE, changed(编号="2", 意见内容="<b>补贴</b>", 姓名=None))
    seen = offer(office, content)
    assert ("其中 <strong>2</strong> 条是新的" in seen.text, "&lt;b&gt;补贴" in seen.text) == (True, True)
    assert "群众 · 纸质 · 市教育局 · 服务态度" in seen.text
    assert ("13800000000" in seen.text, "王芳" in seen.text, heard.hearing.opinions()) == (False, False, [])
    draft = seen.text.split('name="draft" value="')[1].split('"')[0]
    page = f"{HERE}/opinions/import"
    assert "意见已导入" in send(office, page, f"{page}/taken", draft=draft).text
    assert "已不在" in send(office, page, f"{page}/taken", draft=draft).text
    assert "没有新的意见需要导入" in offer(office, content).text
    assert len(heard.hearing.opinions()) == 2
    assert list((heard.office.settings.home / "drafts").iterdir()) == []


def test_faults_of_a_workbook_are_listed_by_row_and_column(heard: Heard) -> None:
    answer = offer(heard.visitor("office-1"), workbook(changed(来源="邻居<b>"), changed(收到日期=None)))
    assert (answer.status_code, "有2处需要改正" in answer.text) == (409, True)
    assert "意见表第2行“来源”列" in answer.text
    assert "邻居&lt;b&gt;" in answer.text


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"<html>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_file_that_is_no_workbook_is_refused_in_words(heard: Heard, content: bytes) -> None:
    answer = offer(heard.visitor("office-1"), content)
    assert (answer.status_code, "意见.xlsx" in answer.text or "没有选择文件" in answer.text) == (409, True)


def test_deputy_gives_an_opinion_and_follows_it(heard: Heard) -> None:
    deputy, page = heard.visitor("deputy-1"), f"{HERE}/opinions/own"
    assert "您还没有提过意见" in deputy.get(page).text
    assert "意见已收到" in send(deputy, page, text="建议增设护栏", unit="jyj").text
    (row,) = heard.hearing.opinions()
    shown = send(deputy, page, f"{page}/{row.id}/message", text="在校门口东侧").text
    assert ("建议增设护栏" in shown, "在校门口东侧" in shown, "待办理" in shown) == (True, True, True)
    assert "建议增设护栏" not in heard.visitor("deputy-2").get(page).text
    assert send(heard.visitor("deputy-2"), page, f"{page}/{row.id}/message", text="插话").status_code == 404


def test_deputy_reads_on_after_the_phase_has_closed(heard: Heard) -> None:
    deputy, page = heard.visitor("deputy-1"), f"{HERE}/opinions/own"
    send(deputy, page, text="建议增设护栏")
    heard.hearing.decide("listen", "2023-09-05T15:05")
    heard.hearing.close("listen", "2023-09-05T15:06")
    shown = deputy.get(page).text
    assert ("建议增设护栏" in shown, "目前不在收集意见的阶段" in shown, "提交意见" in shown) == (True, True, False)


def test_page_of_deputies_is_for_deputies_alone(heard: Heard) -> None:
    assert heard.visitor("jyj-handler").get(f"{HERE}/opinions/own").status_code == 403
