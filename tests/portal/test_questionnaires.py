"""Questionnaires in the portal: what the office does with them, and whoever fills one in."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from openpyxl import load_workbook

from appraisal.domain.survey import Access
from appraisal.operations.questionnaires import close_questionnaire
from appraisal.store.base import identity
from tests.operations.surveys import SURVEY, Asked, opened
from tests.operations.world import Campaign, instant
from tests.portal.surveys import ASKED, GOOD, anybody, enter, filled, issue, sent, staff
from tests.portal.world import SLUG, World

CODE = re.compile(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>")
FIRST_STEP = "work,parts,mark,words"


@pytest.fixture
def shelved(world: World, tmp_path: Path) -> World:
    """The office keeps one questionnaire that fits its method, and one that is spoilt."""
    folder = tmp_path / "questionnaires"
    folder.mkdir()
    (folder / "enterprise.yaml").write_text(SURVEY.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "spoilt.yaml").write_text("key: spoilt\n", encoding="utf-8")
    world.office.settings = world.office.settings.model_copy(update={"questionnaires": folder})
    return world


@pytest.fixture
def asked(world: World) -> Asked:
    return opened(Campaign(world.office, SLUG))


@pytest.fixture
def everyone(world: World) -> Asked:
    return opened(Campaign(world.office, SLUG), Access.OPEN)


def test_office_opens_a_questionnaire_from_a_file(shelved: World) -> None:
    page = f"/campaigns/{SLUG}/questionnaires"
    visitor = staff(shelved)
    listed = visitor.get(page).text
    assert "还没有打开问卷" in listed
    assert "spoilt.yaml" in listed
    fields = {"key": "enterprise", "access": "codes", "closes_on": "2023-09-30"}
    answer = visitor.send(page, page, fields)
    assert "问卷已打开" in answer.text
    assert "2023年9月30日（星期六）截止" in answer.text
    assert "2023年9月30日（星期六）截止" in visitor.get(page).text


def test_form_that_is_refused_keeps_what_was_typed(shelved: World) -> None:
    page = f"/campaigns/{SLUG}/questionnaires"
    answer = staff(shelved).send(page, page, {"key": "enterprise", "access": "open", "closes_on": "2023-09-31"})
    assert answer.status_code == 409
    assert 'value="2023-09-31"' in answer.text
    assert re.search(r'value="open" checked', answer.text)


@pytest.mark.parametrize("tail", ["", "/sheet", "/papers", "/papers/template", "/results", "/export"])
def test_pages_of_the_office_are_for_the_office(asked: Asked, world: World, tail: str) -> None:
    assert world.visitor("jyj-handler").get(f"/questionnaires/{asked.id}{tail}").status_code == 403
    assert anybody(world).get(f"/questionnaires/{asked.id}{tail}").status_code == 401


def test_slips_are_shown_once_with_a_code_to_scan(asked: Asked, world: World) -> None:
    page = f"/questionnaires/{asked.id}/sheet"
    visitor = staff(world)
    answer = visitor.send(page, page, {"labels": "东方纺织\n兰江机械", "after": "0"})
    codes = CODE.findall(answer.text)
    assert (len(codes), answer.text.count('class="qr"')) == (2, 2)
    assert "东方纺织" in answer.text
    assert CODE.findall(visitor.get(page).text) == []
    shown = visitor.get(f"/questionnaires/{asked.id}").text
    assert "尚未填写" in shown
    assert "东方纺织" in shown
    assert anybody(world).get(f"/q/{codes[0]}").status_code == 200


def test_code_is_answered_once_and_no_cookie_is_set(asked: Asked, world: World) -> None:
    [code] = asked.codes(1)
    visitor = anybody(world)
    page = visitor.get(f"/q/{code}")
    assert page.headers.get("set-cookie") is None
    assert "form_mark" not in page.text
    status, text = sent(visitor, f"/q/{code}", {**GOOD})
    assert (status, "问卷已提交" in text) == (200, True)
    assert dict(visitor.client.cookies) == {}
    again = visitor.client.post(f"/q/{code}", data={**GOOD, "asked": FIRST_STEP, "q.words": "写了很多"})
    assert again.status_code == 409
    assert "只能填写一次" in again.text
    assert "写了很多" in again.text
    assert asked.counts().whole.returned == 1


def test_question_that_hangs_on_another_comes_in_a_second_step(asked: Asked, world: World) -> None:
    [code] = asked.codes(1)
    visitor = anybody(world)
    assert "不满意的原因" not in visitor.get(f"/q/{code}").text
    first = {**GOOD, "q.work": "bad", "q.words": "请改进"}
    status, text = sent(visitor, f"/q/{code}", {**first})
    assert (status, "还有 1 道题" in text, "不满意的原因" in text) == (200, True, True)
    assert "请改进" in text
    assert ASKED.findall(text) == ["work,why,parts,mark,words"]
    done = visitor.client.post(f"/q/{code}", data={**first, "q.why": ["slow", "rude"], "asked": ASKED.findall(text)[0]})
    assert "问卷已提交" in done.text
    assert asked.sheets()[0].answers["why"] == ["slow", "rude"]


def test_refused_form_keeps_every_answer_and_says_what_is_wrong(asked: Asked, world: World) -> None:
    [code] = asked.codes(1)
    fields = {"unit": "jyj", "q.work": "good", "q.parts.service": "bad", "q.mark": "<b>101", "q.words": "<script>"}
    status, text = sent(anybody(world), f"/q/{code}", {**fields})
    assert status == 409
    assert "还有 2 处" in text
    raw = text.replace("\n", "")
    assert re.search(r'name="q\.work" value="good" checked', raw)
    assert re.search(r'name="q\.parts\.service" value="bad" checked', raw)
    assert 'value="<b>101"' in raw
    assert "请填写数字" in raw
    assert asked.sheets() == []


def test_what_was_written_is_escaped(asked: Asked, world: World) -> None:
    [code] = asked.codes(1)
    answer = anybody(world).client.post(
        f"/q/{code}", data={"asked": FIRST_STEP, "q.words": "<script>alert(1)</script>"}
    )
    assert "<script>" not in answer.text


def test_typed_code_leads_to_the_questionnaire(asked: Asked, world: World) -> None:
    [code] = asked.codes(1)
    visitor = anybody(world)
    assert "问卷编码" in visitor.get("/q").text
    assert "企业问卷" in visitor.get(f"/q?code={code.lower().replace('-', ' ')}").text
    assert visitor.get("/q/AAAAA-AAAAA").status_code == 404


def test_open_questionnaire_is_answered_under_a_ticket_once(everyone: Asked, world: World) -> None:
    page = f"/q/{everyone.row().token}"
    assert page in staff(world).get(f"/questionnaires/{everyone.id}/sheet").text
    visitor = anybody(world)
    assert sent(visitor, page, {**GOOD})[0] == 200
    assert sent(visitor, page, {**GOOD, "ticket": "forged", "q.words": "写了很多"})[0] == 409
    assert "写了很多" in sent(visitor, page, {**GOOD, "ticket": "forged", "q.words": "写了很多"})[1]
    assert everyone.counts().whole.returned == 1


def test_form_with_too_many_fields_is_refused(asked: Asked, world: World) -> None:
    [code] = asked.codes(1)
    many = {f"q.{number}": "x" for number in range(600)}
    assert anybody(world).client.post(f"/q/{code}", data=many).status_code == 400
    assert asked.sheets() == []


def test_people_are_invited_and_reminded(asked: Asked, world: World) -> None:
    page = f"/questionnaires/{asked.id}"
    visitor = staff(world)
    assert "已向名单中" in visitor.send(page, f"{page}/invitations", {"role": "director"}).text
    assert '尚未填写 <span class="count">1 个</span>' in visitor.get(page).text
    assert "已提醒" in visitor.send(page, f"{page}/reminders").text
    assert asked.campaign.letters("questionnaire-invited") == ["director"]


def test_public_form_takes_one_mark(asked: Asked, world: World) -> None:
    [code] = asked.codes(1)
    visitor = anybody(world)
    assert 'type="radio" name="q.work"' in visitor.get(f"/q/{code}").text
    assert sent(visitor, f"/q/{code}", {**GOOD, "q.work": ["bad", "good"]})[0] == 200
    assert asked.sheets()[0].answers["work"] == "good"


def test_page_says_when_reminders_go_out_by_themselves(world: World) -> None:
    asked = opened(Campaign(world.office, SLUG), closes_on=date(2023, 10, 9))
    shown = staff(world).get(f"/questionnaires/{asked.id}").text
    assert "2023年10月7日（星期六）和2023年10月9日（星期一），系统自动提醒" in shown
    assert "网上答题已截止" not in shown


def test_page_says_that_nothing_is_reminded_of_without_a_last_day(asked: Asked, world: World) -> None:
    assert "没有定截止日期，系统不自动提醒" in staff(world).get(f"/questionnaires/{asked.id}").text


def test_results_are_shown_and_taken_away_once_closed(asked: Asked, world: World) -> None:
    page = f"/questionnaires/{asked.id}"
    visitor = staff(world)
    issue(asked, 30)
    visitor.send(
        f"{page}/papers",
        f"{page}/papers/import",
        files=[("录入.xlsx", book := filled(visitor.get(f"{page}/papers/template").content, *[["满意", None]] * 8))],
    )
    assert visitor.get(f"{page}/results").status_code == 409
    enter(visitor, page, book)
    assert "问卷已结束" in visitor.send(page, f"{page}/closing").text
    shown = visitor.get(f"{page}/results").text
    assert "100.0%" in shown
    assert "＊ 表示不显示" in shown
    assert 'class="bars"' in shown
    assert "style=" not in shown
    exported = visitor.get(f"{page}/export")
    assert "各题结果" in load_workbook(BytesIO(exported.content)).sheetnames
    assert visitor.get(f"{page}/export?form=csv").content.decode("utf-8-sig").startswith("题号,")


def test_closed_questionnaire_turns_everybody_away(asked: Asked, world: World) -> None:
    [code] = asked.codes(1)
    with world.office.desk("person:office-1", instant("2023-08-28T12:00")) as desk:
        close_questionnaire(desk, asked.id)
    answer = anybody(world).get(f"/q/{code}")
    assert (answer.status_code, "已经截止" in answer.text) == (409, True)


def test_unknown_questionnaire_is_not_found(world: World) -> None:
    assert staff(world).get(f"/questionnaires/{UUID(int=0)}").status_code == 404
    assert identity("questionnaire", SLUG, "enterprise")
