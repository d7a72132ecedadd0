from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from appraisal.operations.points import close_point
from appraisal.store.work import Store
from tests.operations.world import instant
from tests.portal.hearing import Heard, Seconds, make_heard, photo, rules

Move = Callable[[str], datetime]


@pytest.fixture
def heard(store: Store, home: Path, move_clock: Move) -> Heard:
    """Tuesday, 5 September 2023, 15:04: opinions are taken."""
    world = make_heard(store, home, move_clock("2023-08-28T10:00+08:00"))
    move_clock("2023-09-05T15:04+08:00")
    return world


def test_stranger_gives_an_opinion_and_reads_it_again_by_the_code(heard: Heard) -> None:
    stranger = heard.stranger()
    answer = stranger.give("窗口排队时间太长", {"unit": "jyj", "aspect": "efficiency", "source": "enterprise"})
    assert (answer.status_code, "已收到您的意见" in answer.text) == (200, True)
    shown = stranger.look(stranger.code(answer).replace("-", "").lower()).text
    for words in ("窗口排队时间太长", "市教育局", "办事效率", "待办理", "2023年9月5日（星期二）收到"):
        assert words in shown
    (row,) = heard.hearing.opinions()
    assert (row.source, row.channel, row.entered_by) == ("enterprise", "code", None)


def test_form_sent_twice_shows_the_same_code_and_writes_nothing(heard: Heard) -> None:
    stranger = heard.stranger()
    given = {"ticket": stranger.ticket(stranger.page()), "text": "排队"}
    answers = [stranger.client.post(stranger.page(), data=given) for _ in range(2)]
    assert stranger.code(answers[0]) == stranger.code(answers[1])
    assert len(heard.hearing.opinions()) == 1


def test_no_public_page_sets_a_cookie(heard: Heard) -> None:
    stranger = heard.stranger()
    answer = stranger.give("排队", photos=[("a.jpg", photo())])
    code = stranger.code(answer)
    pages = [stranger.client.get(page) for page in (stranger.page(), "/follow", "/o/nothing")]
    pages += [answer, stranger.look(code), stranger.say(code, "补充"), stranger.look("wrong"), stranger.give("")]
    assert [page.headers.get("set-cookie") for page in pages] == [None] * len(pages)


def test_follow_up_code_is_in_no_address(heard: Heard) -> None:
    stranger = heard.stranger()
    answer = stranger.give("排队")
    code = stranger.code(answer)
    assert answer.history == []
    assert f"/{code}" not in answer.text
    assert f"code={code}" not in stranger.look(code).text


def test_photos_are_drawn_anew_and_counted(heard: Heard) -> None:
    stranger = heard.stranger()
    answer = stranger.give("排队", photos=[("1.jpg", photo()), ("2.png", photo(kind="PNG"))])
    assert "收到照片 2 张" in answer.text
    again = stranger.give("排队", photos=[("1.jpg", photo())])
    assert again.status_code == 200
    with heard.office.store.reading() as session:
        kept = {p.stored_as for row in heard.hearing.opinions() for p in session.merge(row, load=True).photos}
    assert {file.name for file in heard.office.uploads.iterdir()} == kept
    assert len(kept) == 3


def test_refused_form_keeps_what_was_typed(heard: Heard) -> None:
    stranger = heard.stranger()
    typed = {"unit": "kjj", "aspect": "service", "named": "yes", "contact": "13800000000"}
    answer = stranger.give("服务<态度>不好", typed)
    assert (answer.status_code, "选择了实名但没有填写姓名" in answer.text) == (409, True)
    for kept in ("服务&lt;态度&gt;不好</textarea>", '"kjj" selected', '"service" selected', 'value="13800000000"'):
        assert kept in answer.text
    assert heard.hearing.opinions() == []


def test_ticket_that_ran_out_costs_nobody_their_words(heard: Heard, move_clock: Move) -> None:
    stranger = heard.stranger()
    ticket = stranger.ticket(stranger.page())
    move_clock("2023-09-07T23:59+08:00")
    assert stranger.client.post(stranger.page(), data={"ticket": ticket, "text": "两天后"}).status_code == 200
    move_clock("2023-09-08T00:00+08:00")
    answer = stranger.client.post(stranger.page(), data={"ticket": ticket, "text": "三天后"})
    assert (answer.status_code, "三天后</textarea>" in answer.text) == (409, True)


def test_phase_that_closed_while_somebody_wrote_shows_their_words(heard: Heard, move_clock: Move) -> None:
    stranger = heard.stranger()
    given = {"ticket": stranger.ticket(stranger.page()), "text": "写了很久"}
    heard.hearing.decide("listen", "2023-09-05T15:05")
    heard.hearing.close("listen", "2023-09-05T15:06")
    answer = stranger.client.post(stranger.page(), data=given)
    assert (answer.status_code, "写了很久" in answer.text, "目前不在收集意见的阶段" in answer.text) == (409, True, True)
    assert stranger.client.get(stranger.page()).status_code == 409


def test_closed_and_unknown_codes_say_what_to_do(heard: Heard) -> None:
    stranger, point = heard.stranger(), heard.hearing.point("unit", "jyj")
    with heard.hearing.desk("office-1", "2023-09-05T15:05") as desk:
        close_point(desk, heard.hearing.slug, point.id)
    closed, unknown = (stranger.client.get(page) for page in (f"/o/{point.token}", "/o/0123456789"))
    assert (closed.status_code, "请扫描新张贴的二维码" in closed.text) == (409, True)
    assert (unknown.status_code, "请重新扫描" in unknown.text) == (404, True)
    assert "我的事项" not in closed.text + unknown.text


def test_code_written_in_capitals_finds_its_form(heard: Heard) -> None:
    assert heard.stranger().client.get(heard.stranger().page().upper().replace("/O/", "/o/")).status_code == 200


def test_point_of_a_unit_names_it_and_offers_no_other(heard: Heard) -> None:
    shown = heard.stranger().client.get(heard.stranger().page("unit", "jyj")).text
    assert ("<strong>市教育局</strong>" in shown, 'name="unit"' in shown) == (True, False)


def test_writer_talks_with_the_office_and_says_each_thing_once(heard: Heard) -> None:
    stranger = heard.stranger()
    code = stranger.code(stranger.give("排队"))
    page = stranger.look(code).text
    given = {"code": code, "text": "每周一上午", "ticket": page.split('name="ticket" value="')[1].split('"')[0]}
    for _ in range(2):
        answer = stranger.client.post("/follow/message", data=given)
        assert (answer.status_code, answer.text.count("每周一上午")) == (200, 1)
    assert "办公室会看到" in answer.text
    empty = stranger.say(code, " ")
    assert (empty.status_code, "请写下内容" in empty.text) == (409, True)


def test_wrong_follow_up_code_is_told_and_kept_in_its_field(heard: Heard) -> None:
    answer = heard.stranger().look("ABCD-EFGH-0000")
    assert (answer.status_code, "没有找到这个查询码" in answer.text) == (404, True)
    assert 'value="ABCD-EFGH-0000"' in answer.text


def test_opinion_held_back_looks_to_its_writer_like_any_other(heard: Heard) -> None:
    stranger = heard.stranger()
    code = stranger.code(stranger.give("代开发票"))
    assert heard.hearing.opinions()[0].status == "held"
    shown = stranger.look(code).text
    assert ("待办理" in shown, "暂存" in shown) == (True, False)


def test_rejected_opinion_shows_its_reason(heard: Heard) -> None:
    stranger = heard.stranger()
    code = stranger.code(stranger.give("排队"))
    with heard.office.desk("person:office-1", instant("2023-09-06T10:00")) as desk:
        row = desk.session.merge(heard.hearing.opinions()[0])
        row.status, row.reason = "rejected", "不属于评议范围<请>"
    shown = stranger.look(code).text
    assert ("未采纳的理由" in shown, "不属于评议范围&lt;请&gt;" in shown) == (True, True)


def test_flood_is_held_then_refused_and_passes_with_time(heard: Heard) -> None:
    clock = Seconds()
    heard.set_guard(rules(held=(2, 60), refused=(4, 60)), clock)
    stranger = heard.stranger()
    answers = [stranger.give(f"第{number}条意见") for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
    assert "第5条意见</textarea>" in answers[5].text
    assert "过一分钟再试" in answers[5].text
    assert sorted(row.why_held or "" for row in heard.hearing.opinions()) == ["", "", "flood", "flood"]
    other = stranger.give("别处的意见", page=stranger.page("unit", "jyj"))
    clock.now = 1.0
    assert (other.status_code, stranger.give("第5条意见").status_code) == (200, 200)


def test_guessing_follow_up_codes_is_slowed_down(heard: Heard) -> None:
    heard.set_guard(rules(lookups=(3, 60)), Seconds())
    stranger = heard.stranger()
    assert [stranger.look(f"{number}" * 12).status_code for number in range(4)] == [404, 404, 404, 429]
