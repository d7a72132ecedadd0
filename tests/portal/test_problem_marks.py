"""向上反映、督办和部分销号 on the pages of problems."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.operations import assigning, problems
from appraisal.store.work import Store
from portal.app import create_app
from tests.operations.world import STARTS, begin, edition, instant, open_office, open_phase
from tests.portal.world import World

METHOD = Path(__file__).parents[1] / "method/data/orders.yaml"
SLUG = "above-2023"
LIST = f"/campaigns/{SLUG}/problems"


@pytest.fixture
def world(store: Store, home: Path, move_clock: Callable[[str], datetime]) -> World:
    """Monday, 4 September 2023: 市教育局 leads on two problems."""
    office = open_office(store, home, instant(STARTS))
    begin(office, edition(METHOD), SLUG, "2023年专项评议", ["jyj", "kjj"], instant(STARTS))
    open_phase(office, SLUG, "rectify", instant(STARTS))
    with office.desk("person:office-1", instant("2023-08-29T10:00")) as desk:
        for title in ("教师编制不足", "校舍老旧"):
            problems.record(desk, SLUG, Draft(title, "jyj"), Found(FindingKind.ENTERED, title, "office-1"))
        assigning.assign(desk, SLUG, [1, 2])
    move_clock("2023-09-04T10:00+08:00")
    return World(office, TestClient(create_app(office), raise_server_exceptions=False), [])


def page(world: World, number: int = 1) -> str:
    with world.office.store.reading() as session:
        return f"/problems/{problems.problem_by(session, SLUG, number).id}"


def test_office_reports_a_problem_up_and_records_what_comes_back(
    world: World, move_clock: Callable[[str], datetime]
) -> None:
    office, here = world.visitor("office-1"), page(world)
    assert "这个问题需要上级协调" in office.get(here).text
    refused = office.send(here, f"{here}/reporting-up", {"report": " "})
    assert (refused.status_code, "没有写正文" in refused.text) == (409, True)
    for _ in range(2):
        sent = office.send(here, f"{here}/reporting-up", {"report": "编制由省里核定"})
        assert ("已向上反映" in sent.text, "兰人评报〔2023〕1号" in sent.text, "2号" in sent.text) == (
            True,
            True,
            False,
        )
    narrowed = office.get(f"{LIST}?status=reported_up").text
    assert ("教师编制不足" in narrowed, "校舍老旧" in narrowed, "需上级协调" in narrowed) == (True, False, True)
    move_clock("2023-09-04T15:00+08:00")
    undated = office.send(here, f"{here}/instruction", {"by_leader": "市委书记", "reply": "请编办解决"})
    assert (undated.status_code, "请填写办结期限" in undated.text, ">请编办解决<" in undated.text) == (409, True, True)
    fields = {"by_leader": "市委书记", "reply": "请编办解决", "reply_due": "2023-09-28"}
    assert "兰人评批〔2023〕1号" in office.send(here, f"{here}/instruction", fields).text
    assert "教师编制不足" not in office.get(f"{LIST}?status=reported_up").text


def test_unit_reads_the_instruction_and_not_what_went_up(world: World) -> None:
    office, here = world.visitor("office-1"), page(world)
    office.send(here, f"{here}/reporting-up", {"report": "编制由省里核定"})
    fields = {"by_leader": "市委书记", "reply": "请编办解决", "reply_due": "2023-09-28"}
    office.send(here, f"{here}/instruction", fields)
    shown = world.visitor("jyj-handler").get(here).text
    assert ("兰人评批〔2023〕1号" in shown, "兰人评报" in shown, "需上级协调" in shown) == (True, False, False)
    assert world.visitor("jyj-handler").send(here, f"{here}/reporting-up", {"report": "请协调"}).status_code == 403


def test_supervision_is_shown_to_the_office_and_to_the_unit(world: World) -> None:
    office, orders = world.visitor("office-1"), f"/campaigns/{SLUG}/orders"
    fields = {"kind": "list", "problem": "2", "text": "挂牌督办。", "unit": "", "by": "", "due_on": "", "about": ""}
    assert office.send(orders, orders, fields).status_code == 200
    for who, where in (("office-1", LIST), ("office-1", page(world, 2)), ("jyj-handler", LIST)):
        assert "挂牌督办中" in world.visitor(who).get(where).text
    assert "校舍老旧" in office.get(f"{LIST}?status=supervised").text
