from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from appraisal.store.work import Store
from tests.operations.panel_world import issue_recurring, report, send_roundups
from tests.portal.panel_world import SLUG, PanelWorld, make_panel_world

Move = Callable[[str], datetime]
BRIEFS = f"/campaigns/{SLUG}/briefs"


@pytest.fixture
def world(store: Store, home: Path, move_clock: Move) -> PanelWorld:
    """Tuesday, 29 August 2023, 09:00: one of two panels has reported the day before."""
    world = make_panel_world(store, home, move_clock("2023-08-28T10:00+08:00"))
    issue_recurring(world.campaign, "2023-08-28T10:05")
    report(world.campaign, "2023-08-28", "2023-08-28T17:00", "走访三家企业\n<b>审批慢</b>")
    send_roundups(world.campaign, "2023-08-29T08:30")
    move_clock("2023-08-29T09:00+08:00")
    return world


def test_leader_reads_the_brief_behind_the_letter(world: PanelWorld) -> None:
    shown = world.visitor("director").get(f"{BRIEFS}/2023-08-28").text
    for text in ("每日简报", "2023年8月28日（星期一）", "走访三家企业\n&lt;b&gt;", "1 个未报送：", "第二评议组"):
        assert text in shown


def test_briefs_are_listed_by_day(world: PanelWorld) -> None:
    assert f"{BRIEFS}/2023-08-28" in world.visitor("office-1").get(BRIEFS).text


@pytest.mark.parametrize("who", ["jyj-head", "fgj-handler"])
def test_briefs_are_for_leaders_and_the_office(world: PanelWorld, who: str) -> None:
    visitor = world.visitor(who)
    assert [visitor.get(page).status_code for page in (BRIEFS, f"{BRIEFS}/2023-08-28")] == [403, 403]


@pytest.mark.parametrize("day", ["2023-08-27", "2023-08-30", "tomorrow"])
def test_day_without_a_brief_is_not_found(world: PanelWorld, day: str) -> None:
    assert world.visitor("director").get(f"{BRIEFS}/{day}").status_code == 404
