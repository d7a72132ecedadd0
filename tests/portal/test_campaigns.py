from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.operations.problems import record
from appraisal.operations.results import Tally, record_result
from appraisal.store.record_tables import OutboxRow
from tests.portal.test_duties import handed_in
from tests.portal.world import SLUG, World

Move = Callable[[str], datetime]
PAGE = f"/campaigns/{SLUG}"


def fail_one(world: World) -> str:
    with world.office.store.work("engine") as work:
        row = work.session.scalars(select(OutboxRow).order_by(OutboxRow.key)).first()
        assert row is not None
        row.status, row.failure, row.attempts = "failed", "timeout", 7
        return row.key


def test_anyone_signed_in_sees_how_the_campaign_stands(world: World) -> None:
    shown = world.visitor("four-teams").get(PAGE).text
    for text in ("宣传发动", "整改落实", "2023年8月28日（星期一）", "市教育局", "已完成 0 / 6 项"):
        assert text in shown
    assert f"/duties/{world.duty('opinion')}" not in shown


def test_paper_that_is_being_looked_at_counts_neither_as_owed_nor_as_done(world: World) -> None:
    handed_in(world)
    shown = world.visitor("four-teams").get(PAGE).text
    assert "已提交、待验收 1" in shown
    assert "已完成 1" not in shown


def test_results_are_shown_with_their_counts(world: World, move_clock: Move) -> None:
    with world.office.desk("cli", move_clock("2023-08-28T16:00+08:00")) as desk:
        tally = Tally(issued=33, returned=33, valid=32, counts={"satisfied": 28, "basic": 3, "dissatisfied": 1})
        record_result(desk, SLUG, "revote", "市教育局", tally, "满意")
        found = Found(FindingKind.ENTERED, "校车管理", "office-1")
        record(desk, SLUG, Draft("校车管理", "市教育局", aim="一月内建章立制"), found)
    assert "满意 28、基本满意 3、不满意 1" in world.visitor("jyj-head").get(PAGE).text
    brief = world.visitor("director").get(f"/approvals/{SLUG}/rectify").text
    for text in ("整改情况再测评", "1. 校车管理", "未销号", "在电视、报纸、网站公开整改落实情况"):
        assert text in brief


def test_office_sees_what_was_not_delivered_and_sends_it_again(world: World) -> None:
    key = fail_one(world)
    office = world.visitor("office-1")
    assert "1 条消息未送达" in office.get(PAGE).text
    assert "对方系统没有在规定时间内应答" in office.get("/undelivered").text
    for _ in range(2):
        assert "已放回待发队列" in office.send("/undelivered", "/undelivered", {"key": key}).text
    assert "没有停止发送的消息" in office.get("/undelivered").text
    with world.office.store.reading() as session:
        assert session.scalars(select(OutboxRow).where(OutboxRow.key == key)).one().status == "queued"


def test_undelivered_board_is_for_the_office_alone(world: World) -> None:
    fail_one(world)
    director = world.visitor("director")
    assert director.get("/undelivered").status_code == 403
    assert "条消息未送达" not in director.get(PAGE).text


def test_message_that_does_not_exist_is_not_sent_again(world: World) -> None:
    answer = world.visitor("office-1").send("/undelivered", "/undelivered", {"key": "x"})
    assert (answer.status_code, "没有编号为“x”的消息" in answer.text) == (404, True)
