"""Every page in a real browser, on a phone and on a desk, as far as a machine can judge it."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from appraisal.operations.duties import By, acknowledge, give_back
from appraisal.operations.patrol import fire_due
from appraisal.operations.problems import record_problem
from appraisal.operations.results import Tally, record_result
from appraisal.store.register_tables import PersonRow
from appraisal.store.work import Store
from tests.eventually import eventually
from tests.portal.papers import PDF
from tests.portal.test_campaigns import fail_one
from tests.portal.test_duties import handed_in
from tests.portal.world import SLUG, World, make_world

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
]
SIZES = {"phone": (390, 844), "desk": (1280, 900)}
SCRIPT = (Path(__file__).parent / "data" / "looks.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        if os.environ.get("PINGYI_REQUIRE_CHROMIUM"):
            pytest.fail("Chromium is required here and is not installed")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


@contextmanager
def served(world: World) -> Iterator[str]:
    config = uvicorn.Config(world.client.app, host="127.0.0.1", port=0, access_log=False, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    assert eventually(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


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
        record_problem(desk, SLUG, "市教育局", "校车管理不规范", "一月内建章立制")
    handed_in(world, "已逐条整改，附佐证材料。")
    with world.office.desk("person:office-1", late) as desk:
        give_back(desk, world.duty("rectification_report"), By(person(world, "office-1")), "缺少校车线路图")
    handed_in(world, "已补充校车线路图。")
    fail_one(world)
    return world


def person(world: World, code: str) -> PersonRow:
    with world.office.store.reading() as session:
        return session.scalars(select(PersonRow).where(PersonRow.code == code)).one()


def rooms(world: World) -> dict[str, tuple[str, str]]:
    report, opinion = world.duty("rectification_report"), world.duty("opinion", "kjj")
    return {
        "desk-unit": ("jyj-handler", "/"),
        "desk-office": ("office-2", "/"),
        "desk-director": ("director", "/"),
        "duty-sign": ("kjj-handler", f"/duties/{opinion}"),
        "duty-hand-in": ("jyj-handler", f"/duties/{world.duty('rectification_plan')}"),
        "duty-judge": ("office-2", f"/duties/{report}"),
        "duty-waits": ("kjj-handler", f"/duties/{world.duty('rectification_plan', 'kjj')}"),
        "approval": ("director", f"/approvals/{SLUG}/rectify"),
        "campaign": ("office-1", f"/campaigns/{SLUG}"),
        "undelivered": ("office-1", "/undelivered"),
        "offline": ("office-1", f"/offline/{world.duty('rectification_plan')}"),
        "not-found": ("jyj-handler", "/nowhere"),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_fit_can_be_read_and_reached(
    lively: World, browser: Browser, tmp_path: Path, size: str, scheme: str
) -> None:
    faults: dict[str, list[str]] = {}
    with served(lively) as base:
        for name, (who, path) in rooms(lively).items():
            width, height = SIZES[size]
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type] # a str to mypy
            page.goto(f"{base}/go/{lively.token(who)}?to={path}")
            page.screenshot(path=tmp_path / f"{name}-{size}-{scheme}.png", full_page=True)
            found = [*page.evaluate(SCRIPT), *unreachable(page)]
            if found:
                faults[name] = found
            page.close()
    assert faults == {}


def unreachable(page: Page) -> list[str]:
    """What the tab key does not come to, or comes to without showing it."""
    wanted = page.locator("main a, main button, main textarea, main input:not([type=hidden]), summary").count()
    seen: set[str] = set()
    faults: list[str] = []
    for _ in range(wanted + 20):
        page.keyboard.press("Tab")
        here = page.evaluate("focused()")
        if here is None:
            break
        seen.add(here["path"])
        if not here["visible"]:
            faults.append(f"focus is not seen on {here['path']}")
    inside = page.evaluate("reachable()")
    return faults + [f"the tab key does not come to {path}" for path in inside if path not in seen]


def test_unit_hands_in_from_a_phone_without_scripts(lively: World, browser: Browser, tmp_path: Path) -> None:
    plan = lively.duty("rectification_plan")
    paper = tmp_path / "整改计划.pdf"
    paper.write_bytes(PDF)
    with served(lively) as base:
        phone = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
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
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(f"{base}/go/{lively.token('director')}?to=/approvals/{SLUG}/mobilise")
        page.get_by_role("button", name="同意关闭").click()
        assert "没有办成" in page.get_by_role("alert").inner_text()
        page.get_by_label("意见").fill("先印发通知")
        page.get_by_role("button", name="不同意").click()
        assert "您已不同意关闭本阶段" in page.get_by_role("status").inner_text()
        page.close()
    assert lively.woken == [(SLUG, "mobilise")]
