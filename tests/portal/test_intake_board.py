from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from appraisal.store.work import Store
from tests.operations.hearing import also
from tests.operations.surveys import opened, sheet
from tests.portal.hearing import SLUG, Heard, make_heard
from tests.portal.world import World

Move = Callable[[str], datetime]
PAGE = f"/campaigns/{SLUG}/intake"


@pytest.fixture
def heard(store: Store, home: Path, move_clock: Move) -> Heard:
    """Tuesday, 5 September 2023, 15:04: opinions are taken."""
    world = make_heard(store, home, move_clock("2023-08-28T10:00+08:00"))
    move_clock("2023-09-05T15:04+08:00")
    return world


def test_board_shows_opinions_of_the_day_before_by_day_aspect_and_unit(heard: Heard, move_clock: Move) -> None:
    for number in range(7):
        heard.hearing.take(also(text=f"意见{number}", unit="jyj" if number < 6 else "kjj"), str(number))
    assert "收到的意见还不足5件，暂不统计。" in heard.visitor("jyj-handler").get(PAGE).text
    move_clock("2023-09-06T08:00+08:00")
    page = heard.visitor("jyj-handler").get(PAGE).text
    for words in ("共收到意见 7 件。", "2023年9月5日（星期二）", "办事效率", "7 件", "市科学技术局", "不显示"):
        assert words in page
    assert "6 件" not in page
    assert "还没有登记问题。" in page


def test_hidden_return_of_a_questionnaire_is_a_star_and_says_nothing_of_how_many(heard: Heard) -> None:
    asked = opened(heard.hearing, at="2023-09-04T10:00")
    asked.papers_out(20, "2023-09-04T10:00")
    asked.papers([sheet()] * 2, "2023-09-04T11:00")
    asked.papers([sheet()] * 9, "2023-09-05T11:00")
    page = heard.visitor("office-1").get(PAGE).text
    row = page[page.index('<th scope="row">企业问卷') :].split("</tr>")[0]
    assert (row.count("不显示"), "少于" in row, "11" in row, "%" in row) == (2, False, False, False)
    assert "＊ 表示不显示" in page
    assert "当日录入的纸质问卷次日计入收回" in page


def test_board_is_for_whoever_is_signed_in(heard: Heard) -> None:
    assert heard.client.get(PAGE, follow_redirects=False).status_code in (401, 303)


def test_campaign_without_an_investigation_says_so(world: World) -> None:
    page = world.visitor("office-1").get("/campaigns/work-2023/intake")
    assert (page.status_code, "还没有征集意见、问卷和量化指标" in page.text) == (200, True)


def test_unknown_campaign_is_refused(world: World) -> None:
    assert world.visitor("office-1").get("/campaigns/nothing/intake").status_code == 404
