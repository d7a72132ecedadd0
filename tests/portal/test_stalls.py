"""Thursday, 12 October 2023: two panels have not reported since 27 September, and what units owe them is overdue."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from appraisal.store.work import Store
from tests.operations.panel_world import issue_recurring
from tests.portal.panel_world import SLUG, PanelWorld, make_panel_world

Move = Callable[[str], datetime]
STALLED, FORECAST = f"/campaigns/{SLUG}/stalled", f"/campaigns/{SLUG}/forecast"


@pytest.fixture
def world(store: Store, home: Path, move_clock: Move) -> PanelWorld:
    world = make_panel_world(store, home, move_clock("2023-09-27T09:00+08:00"))
    issue_recurring(world.campaign, "2023-09-27T09:05")
    world.campaign.patrol("2023-10-12T08:00")
    move_clock("2023-10-12T10:00+08:00")
    return world


def test_office_sees_everything_that_is_stalled(world: PanelWorld) -> None:
    shown = world.visitor("office-1").get(STALLED).text
    for text in ("停滞事项", "市教育局", "市科学技术局", "未按期报送 2", "未签收 2", "第一评议组"):
        assert text in shown
    assert "2023年10月11日（星期三）到期，至今没有签收。" in shown
    assert "已于2023年10月12日（星期四）08:00催办。" in shown


@pytest.mark.parametrize(
    ("query", "cards"), [("", 4), ("?unit=kjj", 1), ("?panel=g1", 2), ("?unit=kjj&panel=g1", 0), ("?leader=nobody", 0)]
)
def test_list_is_narrowed_by_unit_panel_and_leader(world: PanelWorld, query: str, cards: int) -> None:
    shown = world.visitor("office-1").get(f"{STALLED}{query}").text
    assert (shown.count('class="card overdue"'), f">{cards} 件</h2>" in shown) == (cards, True)


def test_unit_sees_its_own_alone(world: PanelWorld) -> None:
    shown = world.visitor("jyj-handler").get(STALLED).text
    assert "市教育局" in shown
    assert "市科学技术局" not in shown
    assert "每日情况" not in shown


def test_panel_sees_the_units_that_it_covers(world: PanelWorld) -> None:
    shown = world.visitor("wjj-handler").get(STALLED).text
    assert "市科学技术局" in shown
    assert "市教育局" not in shown


def test_whoever_has_no_part_in_it_is_refused_in_words(world: PanelWorld) -> None:
    answer = world.visitor("deputy-1").get(STALLED)
    assert (answer.status_code, "您在这次活动中没有任职" in answer.text) == (403, True)


def test_office_sees_what_comes_day_by_day(world: PanelWorld) -> None:
    shown = world.visitor("office-1").get(FORECAST).text
    for text in ("后续预告", "2023年10月13日（星期五）", "“每日情况”新的一期开始", "第一评议组"):
        assert text in shown


def test_what_comes_is_not_for_units(world: PanelWorld) -> None:
    assert world.visitor("jyj-handler").get(FORECAST).status_code == 403


def test_campaign_leads_to_both(world: PanelWorld) -> None:
    page = f"/campaigns/{SLUG}"
    office, unit = world.visitor("office-1").get(page).text, world.visitor("jyj-handler").get(page).text
    assert [STALLED in office, FORECAST in office, STALLED in unit, FORECAST in unit] == [True, True, True, False]
