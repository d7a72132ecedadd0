"""Questionnaires on paper, entered in the portal one by one or from a workbook."""

import re
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.operations.surveys import Asked, opened
from tests.operations.world import Campaign
from tests.portal.surveys import GOOD, filled, issue, staff
from tests.portal.world import SLUG, World


@pytest.fixture
def asked(world: World) -> Asked:
    return opened(Campaign(world.office, SLUG))


def test_paper_is_entered_by_hand_once(asked: Asked, world: World) -> None:
    page = f"/questionnaires/{asked.id}"
    visitor = staff(world)
    assert "还没有录入" not in visitor.send(page, f"{page}/paper-count", {"total": "３"}).text
    refused = visitor.send(page, f"{page}/paper-count", {"total": "许多"})
    assert (refused.status_code, 'value="许多"' in refused.text) == (409, True)
    for _ in range(2):
        answer = visitor.send(f"{page}/papers", f"{page}/papers", {**GOOD, "q.work": "", "paper": "p1"})
    assert "收回 1 份" in answer.text.replace("已收回", "收回")
    assert asked.counts().whole.invalid == 1


def test_paper_with_two_marks_is_entered_by_hand_and_kept_as_invalid(asked: Asked, world: World) -> None:
    page = f"/questionnaires/{asked.id}/papers"
    visitor = staff(world)
    shown = visitor.get(page).text
    assert re.search(r'type="checkbox" name="q\.work" value="good"', shown)
    assert re.search(r'type="checkbox" name="q\.parts\.law" value="good"', shown)
    two = {**GOOD, "q.work": ["good", "bad"], "q.parts.law": ["good", "bad"], "paper": "p1"}
    kept = visitor.send(page, page, two)
    assert kept.status_code == 409
    assert re.findall(r'name="q\.work" value="(\w+)" checked', kept.text) == ["good", "bad"]
    assert re.findall(r'name="q\.parts\.law" value="(\w+)" checked', kept.text) == ["good", "bad"]
    issue(asked, 2)
    for _ in range(2):
        assert "无效 1 份" in visitor.send(page, page, two).text
    [sheet] = asked.sheets()
    assert [(flaw["question"], flaw["line"], flaw["code"]) for flaw in sheet.faults] == [
        ("work", "", "several_marked"),
        ("parts", "law", "several_marked"),
    ]
    assert sheet.answers == {"parts": {"service": "good"}, "mark": "80"}
    visitor.send(page, page, {**GOOD, "paper": "p2"})
    assert (asked.counts().whole.returned, asked.counts().whole.valid) == (2, 1)


def test_paper_is_entered_after_the_last_day_until_the_office_closes_it(
    world: World, move_clock: Callable[[str], datetime]
) -> None:
    asked = opened(Campaign(world.office, SLUG), closes_on=date(2023, 8, 28), at="2023-08-28T09:00")
    issue(asked, 3)
    move_clock("2023-08-29T10:00+08:00")
    page, visitor = f"/questionnaires/{asked.id}", staff(world)
    shown = visitor.get(page).text
    assert "网上答题已截止，纸质问卷可录入至问卷结束为止" in shown
    assert ("印制编码纸条" in shown, "提醒尚未填写的人" in shown, "录入收回的问卷" in shown) == (False, False, True)
    assert "待录纸质问卷" in visitor.get(f"/campaigns/{SLUG}/questionnaires").text
    entered = visitor.send(f"{page}/papers", f"{page}/papers", {**GOOD, "paper": "p1"})
    assert "纸质问卷已录入" in entered.text
    assert "网上答题已截止" in entered.text
    visitor.send(page, f"{page}/closing")
    assert "问卷已结束，不再录入" in visitor.get(f"{page}/papers").text
    assert asked.counts().whole.returned == 1


def test_paper_comes_in_by_workbook_after_a_look(asked: Asked, world: World) -> None:
    page = f"/questionnaires/{asked.id}"
    visitor = staff(world)
    issue(asked, 3)
    blank = visitor.get(f"{page}/papers/template")
    assert "attachment" in blank.headers["content-disposition"]
    book = filled(blank.content, ["满意", None], ["不满意", None])
    preview = visitor.send(f"{page}/papers", f"{page}/papers/import", files=[("录入.xlsx", book)])
    assert re.search(r"共 <strong>2</strong> 份，有效 1 份，无效 1 份", preview.text)
    assert "第 3 行：第 2 题 这道题须填写" in preview.text
    assert asked.counts().whole.returned == 0
    [packed] = re.findall(r'name="packed" value="([^"]+)"', preview.text)
    for _ in range(2):
        visitor.send(f"{page}/papers", f"{page}/papers/confirmation", {"packed": packed})
    assert (asked.counts().whole.returned, asked.counts().whole.valid) == (2, 1)


def test_row_of_a_matrix_left_empty_is_named_by_number_and_title(asked: Asked, world: World) -> None:
    page, visitor = f"/questionnaires/{asked.id}/papers", staff(world)
    issue(asked, 1)
    book = load_workbook(BytesIO(visitor.get(f"{page}/template").content))
    book["纸质问卷"].append([None, "市教育局", "满意", None, None, None, None, None, None])
    content = BytesIO()
    book.save(content)
    preview = visitor.send(page, f"{page}/import", files=[("录入.xlsx", content.getvalue())])
    empty = "第 3.1 题 服务意识 这道题须填写；第 3.2 题 执法行为 这道题须填写；第 4 题 这道题须填写"
    assert f"第 2 行：{empty}</li>" in preview.text


def test_faulty_workbook_enters_nothing_and_names_every_row(asked: Asked, world: World) -> None:
    page = f"/questionnaires/{asked.id}"
    visitor = staff(world)
    issue(asked, 3)
    book = filled(visitor.get(f"{page}/papers/template").content, ["满意", None], ["还行", None])
    answer = visitor.send(f"{page}/papers", f"{page}/papers/import", files=[("录入.xlsx", book)])
    assert answer.status_code == 409
    assert "第 3 行" in answer.text
    assert "还行" in answer.text
    for content in (b"nonsense", b"PK\x03\x04" + b"0" * 100):
        answer = visitor.send(f"{page}/papers", f"{page}/papers/import", files=[("录入.xlsx", content)])
        assert (answer.status_code, "读不了这个文件" in answer.text) == (409, True)
    spoilt = visitor.send(f"{page}/papers", f"{page}/papers/confirmation", {"packed": "????"})
    assert (spoilt.status_code, asked.counts().whole.returned) == (409, 0)
