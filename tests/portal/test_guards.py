import logging
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from appraisal.operations import duties
from portal.app import create_app
from tests.portal.test_duties import status
from tests.portal.world import World

MEGABYTE = 1024 * 1024


def test_every_answer_carries_the_headers(world: World) -> None:
    for page in ("/", "/nowhere", "/health"):
        headers = world.visitor("jyj-handler").get(page).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
        assert headers["cache-control"] == "no-store"
        assert headers["x-frame-options"] == "DENY"


def test_style_may_be_kept_and_is_not_secret(world: World) -> None:
    answer = world.client.get("/static/portal.css")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=86400")


def test_form_of_another_site_is_refused(world: World) -> None:
    handler, page = world.visitor("jyj-handler"), f"/duties/{world.duty('opinion')}"
    for mark in ({}, {"form_mark": "0" * 64}, {"form_mark": "é"}):
        assert handler.client.post(f"{page}/acknowledgement", data=mark).status_code == 403
    assert status(world, "opinion") == "issued"


def test_form_mark_of_another_session_is_refused(world: World) -> None:
    page = f"/duties/{world.duty('opinion')}"
    other = world.visitor("jyj-handler").get(page).text.split('name="form_mark" value="')[1][:64]
    answer = world.visitor("jyj-handler").client.post(f"{page}/acknowledgement", data={"form_mark": other})
    assert answer.status_code == 403


@pytest.mark.parametrize("promised", [True, False])
def test_body_too_large_is_stopped(world: World, promised: bool) -> None:
    handler, page = world.visitor("jyj-handler"), f"/duties/{world.duty('opinion')}"
    chunk = b"a" * 65536

    def body() -> Iterator[bytes]:
        for _ in range(16):
            yield chunk

    kind = {"content-type": "application/x-www-form-urlencoded"}
    content = chunk * 16 if promised else body()
    answer = handler.client.post(f"{page}/acknowledgement", content=content, headers=kind)
    assert (answer.status_code, "超过上限" in answer.text) == (413, True)


def test_file_larger_than_the_limit_is_named(world: World) -> None:
    page = f"/duties/{world.duty('rectification_report')}"
    files = [("大.pdf", b"%PDF-" + b"0" * MEGABYTE)]
    answer = world.visitor("jyj-handler").send(page, f"{page}/submission", {"text": "材料"}, files)
    assert (answer.status_code, "“大.pdf”没有收下：超过单个文件上限 1 MB" in answer.text) == (413, True)


def test_text_that_is_too_long_or_holds_nul_is_dealt_with(world: World) -> None:
    handler, page = world.visitor("jyj-handler"), f"/duties/{world.duty('rectification_plan')}"
    long = handler.send(page, f"{page}/submission", {"text": "长" * 20_001})
    assert (long.status_code, "文字共20001字" in long.text) == (409, True)
    assert handler.send(page, f"{page}/submission", {"text": "计\x00划"}).status_code == 200


def test_address_or_field_that_holds_nul_finds_nothing(world: World) -> None:
    assert world.visitor("jyj-handler").get("/campaigns/a%00b").status_code == 404
    assert world.visitor("office-1").send("/undelivered", "/undelivered", {"key": "a\x00b"}).status_code == 404


def test_wrong_way_of_asking_is_answered_in_chinese(world: World) -> None:
    answer = world.visitor("jyj-handler").get("/leave")
    assert (answer.status_code, "不能这样打开" in answer.text) == (405, True)


def test_crash_gives_a_number_that_is_in_the_log_and_no_secret(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    typed = "-".join(["the", "words", "of", "the", "unit"])

    def crash(*_: object) -> None:
        raise RuntimeError(typed)

    monkeypatch.setattr(duties, "acknowledge", crash)
    page = f"/duties/{world.duty('opinion')}"
    with caplog.at_level(logging.WARNING):
        answer = world.visitor("jyj-handler").send(page, f"{page}/acknowledgement")
    number = answer.text.split("<code>")[1].split("</code>")[0]
    assert (answer.status_code, f"mishap {number}: RuntimeError" in caplog.text) == (500, True)
    assert typed not in caplog.text
    assert "/go/" not in caplog.text


def test_cookie_is_secure_where_people_come_by_https(world: World) -> None:
    from appraisal.operations.office import Office
    from appraisal.settings import Settings

    home = world.office.settings.home
    office = Office(Settings(home=home, portal_url="https://pingyi.example"), world.office.store)
    client = TestClient(create_app(office), base_url="https://pingyi.example")
    answer = client.get(f"/go/{world.token('director')}", follow_redirects=False)
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers


def test_health_tells_when_the_record_does_not_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from appraisal.store.work import Store

    assert (world.client.get("/health").status_code, world.client.get("/health").json()) == (200, {"status": "healthy"})
    broken = Store(f"sqlite:///{world.office.settings.home}/nowhere/pingyi.db")
    monkeypatch.setattr(world.office, "store", broken)
    assert world.client.get("/health").status_code == 503
