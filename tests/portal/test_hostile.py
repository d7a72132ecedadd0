"""The list of a hostile visitor: what each gets is a clear answer in Chinese, and nothing that was said is lost."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from appraisal.documents.cells import Kind
from appraisal.documents.register_export import fill_sheet
from appraisal.documents.register_layout import Column, Sheet
from appraisal.store.work import Store
from tests.portal.hearing import SLUG, Heard, Seconds, make_heard, rules

Move = Callable[[str], datetime]
MEGABYTE = 1024 * 1024
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'{{7*7}}{% raw %}"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;"
ADDRESS = "203.0.113.77"


@pytest.fixture
def heard(sqlite: Store, home: Path, move_clock: Move) -> Heard:
    world = make_heard(sqlite, home, move_clock("2023-08-28T10:00+08:00"))
    move_clock("2023-09-05T15:04:37.123+08:00")
    return world


def count(heard: Heard) -> int:
    return len(heard.hearing.opinions())


def test_script_in_any_field_is_shown_as_text_on_every_page(heard: Heard) -> None:
    stranger = heard.stranger()
    refused = stranger.give(SCRIPT, {"named": "yes", "name": "", "contact": SCRIPT, "unit": SCRIPT, "aspect": SCRIPT})
    code = stranger.code(stranger.give(SCRIPT, {"named": "yes", "name": SCRIPT[:40], "contact": SCRIPT}))
    stranger.say(code, SCRIPT)
    pages = [refused.text, stranger.look(code).text, stranger.look(SCRIPT).text, stranger.say(code, SCRIPT * 50).text]
    deputy = heard.visitor("deputy-1")
    own = f"/campaigns/{SLUG}/opinions/own"
    ticket = deputy.get(own).text.split('name="ticket" value="')[1].split('"')[0]
    deputy.send(own, own, {"ticket": ticket, "text": SCRIPT})
    pages.append(deputy.get(own).text)
    assert [ESCAPED in page for page in pages] == [True] * 5
    assert [page for page in pages if "<script>alert" in page or "<img src=x" in page] == []
    assert "49" not in stranger.look(code).text.split("typed")[1][:200]


def test_policy_forbids_scripts_wherever_the_public_comes(heard: Heard) -> None:
    stranger = heard.stranger()
    for page in (stranger.page(), "/follow", "/o/nothing"):
        headers = stranger.client.get(page).headers
        assert "script-src" not in headers["content-security-policy"]
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("promised", [True, False])
def test_huge_body_is_stopped_on_its_way(heard: Heard, promised: bool) -> None:
    stranger = heard.stranger()
    chunk = b"a" * MEGABYTE

    def body() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
        for _ in range(40):
            yield chunk

    kind = {"content-type": "multipart/form-data; boundary=x"}
    content = b"".join(body()) if promised else body()
    answer = stranger.client.post(stranger.page(), content=content, headers=kind)
    assert (answer.status_code, count(heard)) == (413, 0)
    follow = stranger.client.post(
        "/follow", content=chunk, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert (follow.status_code, "我的事项" in follow.text) == (413, False)


@pytest.mark.parametrize(
    "body", [b"", b"--x", b"--x\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--x--\r\n", b"\xff" * 100]
)
@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "application/json", "text/plain", "multipart/form-data"]
)
def test_broken_body_is_told_and_writes_nothing(heard: Heard, body: bytes, kind: str) -> None:
    stranger = heard.stranger()
    answer = stranger.client.post(stranger.page(), content=body, headers={"content-type": kind})
    assert answer.status_code in (400, 409)
    assert re.search("[一-鿿]", answer.text)
    assert count(heard) == 0


def test_too_many_fields_are_refused(heard: Heard) -> None:
    stranger = heard.stranger()
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\nv\r\n' for n in range(501))
    kind = {"content-type": "multipart/form-data; boundary=x"}
    answer = stranger.client.post(stranger.page(), content=f"{parts}--x--\r\n".encode(), headers=kind)
    assert (answer.status_code, count(heard)) == (400, 0)


def test_ticket_is_good_for_its_own_code_alone_and_not_after_a_change(heard: Heard) -> None:
    stranger = heard.stranger()
    ticket = stranger.ticket(stranger.page())
    other = stranger.page("unit", "jyj")
    day, nonce, stamp = ticket.split(".")
    forged = [f"{day}.{nonce}.{'0' * 64}", f"2023-09-06.{nonce}.{stamp}", f"{day}.{'0' * 32}.{stamp}", "", "a.b.c", "é"]
    answers = [stranger.client.post(stranger.page(), data={"ticket": each, "text": "排队"}) for each in forged]
    answers.append(stranger.client.post(other, data={"ticket": ticket, "text": "排队"}))
    answers.append(stranger.client.post(stranger.page(), data={"text": "排队"}))
    assert [answer.status_code for answer in answers] == [409] * 8
    assert all("排队</textarea>" in answer.text for answer in answers)
    assert count(heard) == 0


def test_ticket_sent_a_hundred_times_is_one_opinion(heard: Heard) -> None:
    stranger = heard.stranger()
    given = {"ticket": stranger.ticket(stranger.page()), "text": "排队"}
    codes = {stranger.code(stranger.client.post(stranger.page(), data=given)) for _ in range(100)}
    assert (len(codes), count(heard)) == (1, 1)


def test_guessed_tokens_find_nothing_and_tell_nothing(heard: Heard) -> None:
    stranger = heard.stranger()
    token = heard.hearing.point("campaign").token
    guesses = [
        token[:-1],
        token + "0",
        token[:-1] + ("0" if token[-1] != "0" else "1"),
        "'%20OR%201=1--",
        "%2e%2e",
        "a" * 3000,
    ]
    answers = [stranger.client.get(f"/o/{guess}") for guess in guesses]
    assert {answer.status_code for answer in answers} == {404}
    assert token not in "".join(answer.text for answer in answers)


def test_guessed_follow_up_codes_are_slowed_down_and_the_right_one_works_later(heard: Heard) -> None:
    clock = Seconds()
    heard.set_guard(rules(lookups=(20, 60)), clock)
    stranger = heard.stranger()
    code = stranger.code(stranger.give("排队"))
    answers = [stranger.look(f"{number:012d}") for number in range(50)]
    assert [answer.status_code for answer in answers].count(404) == 20
    assert [answer.status_code for answer in answers].count(429) == 30
    clock.now = 2.0
    assert stranger.look(code).status_code == 200


def test_headers_that_lie_change_nothing(heard: Heard) -> None:
    stranger = heard.stranger()
    lies = {
        "X-Forwarded-For": ADDRESS,
        "X-Forwarded-Host": "evil.example",
        "Host": "evil.example",
        "X-HTTP-Method-Override": "DELETE",
        "Cookie": "pingyi=forged; admin=1",
        "Referer": "https://evil.example/?code=1",
        "Accept-Language": "../../etc",
    }
    answer = stranger.client.get(stranger.page(), headers=lies)
    assert (answer.status_code, "evil.example" in answer.text, "set-cookie" in answer.headers) == (200, False, False)
    for method in ("PUT", "DELETE", "PATCH"):
        assert stranger.client.request(method, stranger.page()).status_code == 405


def test_null_and_hidden_signs_are_not_kept(heard: Heard) -> None:
    stranger = heard.stranger()
    assert stranger.give("计\x00划\u202e好\u200b评\x1b[31m").status_code == 200
    assert heard.hearing.opinions()[0].text == "计划好评[31m"
    for page in ("/o/a%00b", "/follow%00"):
        assert stranger.client.get(page).status_code == 404
    assert stranger.look("A\x00B").status_code == 404


def test_formula_in_an_opinion_stays_text_in_a_workbook(heard: Heard) -> None:
    formula = '=HYPERLINK("http://evil.example","点我")'
    assert heard.stranger().give(formula).status_code == 200
    book = Workbook()
    sheet = Sheet("意见", (Column("意见内容", "text", Kind.TEXT),), key=("text",))
    fill_sheet(book.worksheets[0], sheet, [[row.text] for row in heard.hearing.opinions()])
    content = io.BytesIO()
    book.save(content)
    cell = load_workbook(io.BytesIO(content.getvalue())).worksheets[0]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (formula, "s", True)


def test_thousand_opinions_in_a_flood_are_each_kept_or_refused_aloud(heard: Heard) -> None:
    heard.set_guard(rules(held=(60, 30), refused=(300, 120)), Seconds())
    stranger = heard.stranger()
    page = stranger.page()
    ticket = stranger.ticket(page)
    answers = [stranger.client.post(page, data={"ticket": ticket, "text": f"第{n}条意见"}) for n in range(1000)]
    taken = [answer for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert (len(taken), len(refused), count(heard)) == (300, 700, 300)
    assert len({stranger.code(answer) for answer in taken}) == 300
    assert all("条意见</textarea>" in answer.text and "过一分钟再试" in answer.text for answer in refused)
    assert [row.why_held for row in heard.hearing.opinions()].count("flood") == 240
