from collections.abc import Callable
from datetime import date, datetime

import pytest
from starlette.testclient import TestClient

from portal.rooms.entrance import local_page
from tests.portal.world import World

Move = Callable[[str], datetime]


def test_link_gives_a_cookie_and_leaves_the_address_bar(world: World) -> None:
    duty = world.duty("opinion")
    answer = world.client.get(f"/go/{world.token('jyj-handler')}?to=/duties/{duty}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/duties/{duty}")
    assert answer.headers["referrer-policy"] == "no-referrer"
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} < set(cookie.split("; "))
    assert "Secure" not in cookie


def test_link_may_be_used_again(world: World) -> None:
    for _ in range(2):
        assert world.client.get(f"/go/{world.token('jyj-handler')}").status_code == 200


@pytest.mark.parametrize("to", ["//evil.cn", "/\\evil.cn", "https://evil.cn", "evil", "/a\r\nb", "/\tx", "", "/go/x"])
def test_link_leads_nowhere_else(to: str) -> None:
    assert local_page(to) == "/"


def test_link_leads_to_pages_of_ours() -> None:
    assert local_page("/duties/1?done=x") == "/duties/1?done=x"


def test_forged_link_is_turned_away_with_advice(world: World) -> None:
    answer = world.client.get(f"/go/{world.token('jyj-handler')[:-4]}abcd")
    assert answer.status_code == 401
    assert "请向办公室索取新的个人链接" in answer.text


def test_link_is_good_to_the_end_of_its_last_day(world: World, move_clock: Move) -> None:
    token = world.token("jyj-handler", date(2023, 9, 27))
    move_clock("2023-09-27T23:59+08:00")
    assert world.client.get(f"/go/{token}").status_code == 200
    move_clock("2023-09-28T00:00+08:00")
    assert world.client.get(f"/go/{token}").status_code == 401


def test_revoked_link_ends_the_session_too(world: World, move_clock: Move) -> None:
    from appraisal.operations.identity import revoke_link

    handler = world.visitor("jyj-handler")
    token = world.token("jyj-handler")
    with world.office.desk("cli", move_clock("2023-08-28T11:00+08:00")) as desk:
        revoke_link(desk.work, "jyj-handler", 0, desk.now)
    assert handler.get("/").status_code == 401
    assert world.client.get(f"/go/{token}").status_code == 401


def test_session_lasts_twelve_hours(world: World, move_clock: Move) -> None:
    handler = world.visitor("jyj-handler")
    move_clock("2023-08-28T21:59+08:00")
    assert handler.get("/").status_code == 200
    move_clock("2023-08-28T22:00+08:00")
    assert handler.get("/").status_code == 401


def test_cookie_that_was_changed_is_worth_nothing(world: World) -> None:
    handler = world.visitor("jyj-handler")
    cookie = handler.client.cookies["pingyi"].strip('"')
    stranger = TestClient(world.client.app, cookies={"pingyi": f"A{cookie}"})
    assert stranger.get("/").status_code == 401


def test_leaving_ends_the_visit_and_may_be_done_twice(world: World) -> None:
    handler = world.visitor("jyj-handler")
    assert "已退出" in handler.send("/", "/leave").text
    assert handler.get("/").status_code == 401
    assert handler.client.post("/leave").status_code == 401


def test_nobody_comes_in_without_a_link(world: World) -> None:
    for page in ("/", "/campaigns/work-2023", "/undelivered", f"/duties/{world.duty('opinion')}"):
        answer = world.client.get(page)
        assert (answer.status_code, "请从个人链接进入" in answer.text) == (401, True)
