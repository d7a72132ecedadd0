import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from docx import Document
from docx.shared import Twips
from starlette.testclient import TestClient

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.review_opinion import ProblemText
from appraisal.operations import problems
from appraisal.store.work import Store
from portal.app import create_app
from tests.operations.opinions_on_units import (
    APPROVED,
    ASKED,
    DELIVERED,
    DRAFTED,
    SIGNED,
    approve,
    delivered,
    draft,
    put_up,
    stands,
    version,
    version_id,
    with_opinions,
)
from tests.operations.world import STARTS, Campaign, instant, open_office, open_phase
from tests.portal.world import World

SLUG = "opinions-2023"
LIST = f"/campaigns/{SLUG}/review-opinions"
EDIT = f"{LIST}/jyj"
FIELDS = {
    "achievements": ["教学质量稳步提高。"],
    "text-0": ["教师编制不足，部分学科缺编"],
    "aim-0": ["年底前补齐"],
    "due_on-0": ["2023-12-31"],
}
Move = Callable[[str], datetime]


@pytest.fixture
def campaign(store: Store, home: Path, move_clock: Move) -> Campaign:
    office = open_office(store, home, move_clock(f"{STARTS}+08:00"))
    running = with_opinions(office, SLUG)
    move_clock(f"{DRAFTED}+08:00")
    return running


@pytest.fixture
def portal(campaign: Campaign) -> World:
    return World(campaign.office, TestClient(create_app(campaign.office)), [])


def page_of(campaign: Campaign, number: int = 1, unit: str = "jyj") -> str:
    return f"/review-opinions/{version_id(campaign, number, unit)}"


def test_first_draft_is_filled_from_the_problem_list_and_measured_when_saved(campaign: Campaign, portal: World) -> None:
    with campaign.desk("office-1", DRAFTED) as desk:
        found = Found(FindingKind.ENTERED, "编制不足", "office-1")
        problems.record(desk, SLUG, Draft("编制不足", "jyj", aim="年底前补齐"), found)
    office = portal.visitor("office-1")
    shown = office.get(EDIT).text
    assert ("问题清单第 1 号" in shown, ">编制不足<" in shown, "第1个问题没有写整改时限" in shown) == (True,) * 3
    answer = office.send(
        EDIT, EDIT, FIELDS | {"text-0": ["编制不足"], "number-0": ["1"], "base": ["0"], "act": ["keep"]}
    )
    assert "已保存为新的一稿" in answer.text
    assert "成绩9字，占50%（应不超过40%）" in answer.text
    assert version(campaign, 1).problems == [
        {"text": "编制不足", "aim": "年底前补齐", "due_on": "2023-12-31", "number": 1}
    ]


def test_draft_is_put_up_approved_delivered_and_signed_for(campaign: Campaign, portal: World, move_clock: Move) -> None:
    office, director = portal.visitor("office-1"), portal.visitor("director")
    asked = office.send(EDIT, EDIT, FIELDS | {"base": ["0"], "act": ["ask"]})
    assert "已保存并提请审定" in asked.text
    page = page_of(campaign)
    assert f'href="{page}"' in director.get("/").text
    assert "您已审定" in director.send(page, f"{page}/verdict", {"verdict": ["approve"]}).text
    assert f'href="{page}"' not in director.get("/").text
    move_clock(f"{DELIVERED}+08:00")
    office, handler = portal.visitor("office-1"), portal.visitor("jyj-handler")
    assert "已送达，单位会收到签收通知" in office.send(page, f"{page}/delivery").text
    duty = f"/duties/{campaign.duty('opinion')}"
    shown = handler.get(duty).text
    assert ("教师编制不足，部分学科缺编" in shown, "年底前补齐" in shown, ">签收</button>" in shown) == (True,) * 3
    assert "已签收，时间已记录在案" in handler.send(duty, f"{duty}/acknowledgement").text
    assert "尚未签收" not in handler.get(page).text
    assert stands(campaign) == (1, "delivered")


def test_draft_that_misses_its_shares_is_kept_and_the_shares_are_said(campaign: Campaign, portal: World) -> None:
    fields = FIELDS | {"achievements": ["成" * 13], "base": ["0"], "act": ["ask"]}
    answer = portal.visitor("office-1").send(EDIT, EDIT, fields)
    assert answer.status_code == 409
    assert "成绩13字，占41.9%（应不超过40%）" in answer.text
    assert stands(campaign) == (1, "drafted")
    put = portal.visitor("director").get(page_of(campaign)).text
    assert ('value="approve"' in put, 'value="return"' in put) == (False, True)


def test_approver_is_told_when_what_was_read_has_changed(campaign: Campaign, portal: World) -> None:
    put_up(campaign, draft(campaign))
    director, page = portal.visitor("director"), page_of(campaign)
    assert director.get(page).status_code == 200
    draft(campaign, good=["教学质量提高。"], at=APPROVED)
    answer = director.send(page, f"{page}/verdict", {"verdict": ["approve"]})
    assert (answer.status_code, "第1稿已经被第2稿取代" in answer.text) == (409, True)
    assert stands(campaign) == (2, "drafted")
    newer = page_of(campaign, 2)
    wrong = director.client.post(
        f"{newer}/verdict",
        data={"verdict": "approve", "seen": "0" * 64, "form_mark": _mark(director.get(newer).text)},
    )
    assert "在您阅读之后有了改动" in wrong.text


def test_returned_draft_shows_the_reason_to_whoever_wrote_it(campaign: Campaign, portal: World) -> None:
    put_up(campaign, draft(campaign, who="fgj-handler"), who="fgj-handler")
    director, page = portal.visitor("director"), page_of(campaign)
    assert "没有写理由" in director.send(page, f"{page}/verdict", {"verdict": ["return"]}).text
    done = director.send(page, f"{page}/verdict", {"verdict": ["return"], "remarks": ["请写明缺编学科"]})
    assert "已退回修改，理由已通知起草人" in done.text
    head = portal.visitor("fgj-handler")
    assert f'href="{page}"' in head.get("/").text
    assert "请写明缺编学科" in head.get(EDIT).text


def test_writing_meanwhile_is_told_and_what_was_typed_stays(campaign: Campaign, portal: World) -> None:
    draft(campaign)
    draft(campaign, good=["教学质量提高。"], who="fgj-handler")
    answer = portal.visitor("office-1").send(EDIT, EDIT, FIELDS | {"achievements": ["另写。"], "base": ["1"]})
    assert (answer.status_code, "有人保存了第2稿" in answer.text, ">另写。<" in answer.text) == (409, True, True)
    assert 'name="base" value="2"' in answer.text


def test_day_that_does_not_exist_is_refused_and_the_rest_stays(campaign: Campaign, portal: World) -> None:
    fields = FIELDS | {"due_on-0": ["2023-11-31"], "base": ["0"]}
    answer = portal.visitor("office-1").send(EDIT, EDIT, fields)
    assert (answer.status_code, "2023-11-31" in answer.text, ">年底前补齐<" in answer.text) == (409, True, True)
    assert 'name="base" value="0"' in answer.text


def test_list_puts_up_and_delivers_all_in_one_go(campaign: Campaign, portal: World) -> None:
    rows = [draft(campaign, unit) for unit in ("jyj", "kjj")]
    office = portal.visitor("office-1")
    assert "提请审定 2 份" in office.get(LIST).text
    assert "已提请审定" in office.send(LIST, f"{LIST}/asked").text
    assert "没有可以提请审定的评议意见" in office.send(LIST, f"{LIST}/asked").text
    for row in rows:
        approve(campaign, row)
    assert "送达已审定的 2 份" in office.get(LIST).text
    assert "全部送达" in office.send(LIST, f"{LIST}/delivery").text
    assert "没有已审定、待送达的评议意见" in office.send(LIST, f"{LIST}/delivery").text
    assert "尚未签收" in office.get(LIST).text


def test_paper_is_a_word_file_with_title_items_date_and_digest(campaign: Campaign, portal: World) -> None:
    row = delivered(campaign)
    answer = portal.visitor("jyj-head").get(f"{page_of(campaign)}.docx")
    assert quote("评议意见-市教育局-第1稿.docx") in answer.headers["content-disposition"]
    document = Document(io.BytesIO(answer.content))
    texts = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    assert texts == [
        "兰溪市人大常委会",
        "关于市教育局的评议意见",
        "市教育局：",
        "根据《评议意见检验办法》，经评议，现将评议意见通知如下。",
        "一、主要成绩",
        "1．教学质量稳步提高。",
        "二、存在问题和整改要求",
        "1．教师编制不足，部分学科缺编",
        "整改目标：年底前补齐",
        "整改时限：2023年12月31日（星期日）前完成。",
        "请对照以上意见逐条研究，按照评议办法规定的期限抓好整改，并报送整改情况。",
        "兰溪市人大常委会",
        "2023年9月7日（星期四）",
    ]
    footer = [paragraph.text for paragraph in document.sections[0].footer.paragraphs]
    assert f"内容编号（SHA-256）：{row.digest}" in footer
    page = document.sections[0]
    assert (page.page_width, page.page_height) == (Twips(11906), Twips(16838))


def test_paper_of_a_draft_says_so_and_keeps_signs_as_they_are(campaign: Campaign, portal: World) -> None:
    draft(campaign, good=["<成绩> & {{ 7 * 7 }}"], bad=[ProblemText("甲\n乙")])
    answer = portal.visitor("office-1").get(f"{page_of(campaign)}.docx")
    texts = [paragraph.text for paragraph in Document(io.BytesIO(answer.content)).paragraphs]
    assert {"（草稿，未经审定）", "1．<成绩> & {{ 7 * 7 }}", "1．甲\n乙"} <= set(texts)


def test_opinion_is_hidden_from_the_unit_until_it_is_delivered(campaign: Campaign, portal: World) -> None:
    draft(campaign)
    head, page = portal.visitor("jyj-head"), page_of(campaign)
    assert [head.get(where).status_code for where in (page, f"{page}.docx", EDIT, LIST)] == [403] * 4
    assert "review-opinions" not in head.get(f"/campaigns/{SLUG}").text
    assert "review-opinions" in portal.visitor("fgj-handler").get(f"/campaigns/{SLUG}").text
    assert head.send("/", f"{page}/delivery").status_code == 403


def test_duty_waits_for_the_delivery(campaign: Campaign, portal: World, move_clock: Move) -> None:
    open_phase(campaign.office, SLUG, "rectify", instant(ASKED))
    move_clock(f"{SIGNED}+08:00")
    handler, duty = portal.visitor("jyj-handler"), f"/duties/{campaign.duty('opinion')}"
    shown = handler.get(duty).text
    assert ("评议意见还没有送达" in shown, ">签收</button>" in shown) == (True, False)
    answer = handler.send("/", f"{duty}/acknowledgement")
    assert (answer.status_code, "还不能签收" in answer.text) == (409, True)


def _mark(page: str) -> str:
    return page.partition('name="form_mark" value="')[2].partition('"')[0]
