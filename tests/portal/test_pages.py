"""What people do on a phone, in a real browser."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.operations.duties import By, acknowledge, give_back
from appraisal.operations.patrol import fire_due
from appraisal.operations.problems import record
from appraisal.operations.results import Tally, record_result
from appraisal.store.register_tables import PersonRow
from appraisal.store.work import Store
from tests.portal.chromium import PHONE, running_browser, served
from tests.portal.papers import PDF
from tests.portal.test_campaigns import fail_one
from tests.portal.test_duties import handed_in
from tests.portal.world import SLUG, World, make_world

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as started:
        yield started


@pytest.fixture
def lively(sqlite: Store, home: Path, move_clock: Callable[[str], datetime]) -> World:
    """Something of everything: signed for, handed in, returned, late, failed, counted."""
    world = make_world(sqlite, home, move_clock("2023-08-28T10:00+08:00"))
    late = move_clock("2023-09-08T10:00+08:00")
    with world.office.desk("engine", late) as desk:
        acknowledge(desk, world.duty("opinion"), By(person(world, "jyj-handler")))
        fire_due(desk)
        tally = Tally(issued=33, returned=33, valid=32, counts={"satisfied": 28, "basic": 3, "dissatisfied": 1})
        record_result(desk, SLUG, "revote", "市教育局", tally, "满意")
        found = Found(FindingKind.ENTERED, "校车管理不规范", "office-1")
        record(desk, SLUG, Draft("校车管理不规范", "市教育局", aim="一月内建章立制"), found)
    handed_in(world, "已逐条整改，附佐证材料。")
    with world.office.desk("person:office-1", late) as desk:
        give_back(desk, world.duty("rectification_report"), By(person(world, "office-1")), "缺少校车线路图")
    handed_in(world, "已补充校车线路图。")
    fail_one(world)
    return world


def person(world: World, code: str) -> PersonRow:
    with world.office.store.reading() as session:
        return session.scalars(select(PersonRow).where(PersonRow.code == code)).one()


def test_unit_hands_in_from_a_phone_without_scripts(lively: World, browser: Browser, tmp_path: Path) -> None:
    plan = lively.duty("rectification_plan")
    paper = tmp_path / "整改计划.pdf"
    paper.write_bytes(PDF)
    with served(lively) as base:
        phone = browser.new_context(viewport=PHONE, java_script_enabled=False)
        page = phone.new_page()
        page.goto(f"{base}/go/{lively.token('jyj-handler')}?to=/duties/{plan}")
        assert page.url == f"{base}/duties/{plan}"
        page.get_by_label("说明").fill("逐条整改")
        page.get_by_label("附件").set_input_files(paper)
        page.get_by_role("button", name="提交").click()
        assert page.get_by_role("status").inner_text().endswith("已提交，时间已记录在案")
        with page.expect_download() as download:
            page.get_by_role("link", name="整改计划.pdf").click()
        assert download.value.suggested_filename == "整改计划.pdf"
        assert Path(download.value.path()).read_bytes() == PDF
        phone.close()


def test_director_decides_from_a_phone(lively: World, browser: Browser) -> None:
    with served(lively) as base:
        page = browser.new_page(viewport=PHONE)
        page.goto(f"{base}/go/{lively.token('director')}?to=/approvals/{SLUG}/mobilise")
        page.get_by_role("button", name="同意关闭").click()
        assert "没有办成" in page.get_by_role("alert").inner_text()
        page.get_by_label("意见").fill("先印发通知")
        page.get_by_role("button", name="不同意").click()
        assert "您已不同意关闭本阶段" in page.get_by_role("status").inner_text()
        page.close()
    assert lively.woken == [(SLUG, "mobilise")]
