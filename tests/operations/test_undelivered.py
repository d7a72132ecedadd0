from datetime import timedelta

import pytest

from appraisal.domain.refusal import Refusal
from appraisal.notices.render import number
from appraisal.operations.dispatch import Settled
from appraisal.operations.undelivered import mark_read, retry, undelivered
from appraisal.store.work import Store
from tests.notices.people import holds, person
from tests.notices.sink import open_sink
from tests.operations.mailroom import MONDAY, letter, mailroom, outbox, posted


def listed(store: Store) -> list[tuple[str, str, str, bool]]:
    with store.reading() as session:
        return [(each.key, each.who, each.why, each.next_try is not None) for each in undelivered(session)]


def test_board_lists_what_was_given_up_before_what_is_still_tried(store: Store) -> None:
    with open_sink(500) as sink:
        with store.work("test") as work:
            holds(work.session, person(work.session, "a", sink.url), "head")
            posted(work.session, letter("k1", "head"), letter("k2", "director"), letter("k3", "head"))
        mailroom(store).dispatch()
    assert listed(store) == [
        ("k2:@director", "", "无人担任该角色，请在登记册中登记任职后重新发送", False),
        ("k1:a", "样例a", "对方系统拒绝或出错（500）", True),
        ("k3:a", "样例a", "对方系统拒绝或出错（500）", True),
    ]


def test_message_put_back_goes_out_at_once(store: Store) -> None:
    with open_sink(404, 200) as sink:
        with store.work("test") as work:
            holds(work.session, person(work.session, "a", sink.url), "head")
            posted(work.session, letter("k1", "head"))
        mailroom(store).dispatch()
        with store.work("test") as work:
            assert retry(work, "k1:a", MONDAY) is True
            assert retry(work, "k1:a", MONDAY) is False
        assert mailroom(store).dispatch() == Settled(1, 0, 0)
        with store.work("test") as work:
            assert retry(work, "k1:a", MONDAY) is False
        assert [key for key, *_ in listed(store)] == [
            f"alarm-undelivered/2023-10-16T10:00:00+08:00/{number('k1:a')}:@office"
        ]


def test_message_to_a_role_nobody_held_goes_to_whoever_holds_it_by_now(store: Store) -> None:
    with store.work("test") as work:
        posted(work.session, letter("k1", "head"))
    with pytest.raises(Refusal) as refused, store.work("test") as work:
        retry(work, "k1:@head", MONDAY)
    assert refused.value.code == "notice.still_nobody"
    with store.work("test") as work:
        holds(work.session, person(work.session, "a"), "head")
        assert retry(work, "k1:@head", MONDAY) is True
        assert retry(work, "k1:@head", MONDAY) is False
    assert listed(store) == []
    with outbox(store) as rows:
        assert [(row.key, row.status) for row in rows] == [("k1:@head", "replaced"), ("k1:a", "queued")]


def test_message_that_does_not_exist_is_refused(sqlite: Store) -> None:
    with pytest.raises(Refusal) as refused, sqlite.work("test") as work:
        retry(work, "no such", MONDAY)
    assert refused.value.code == "notice.missing"


def test_message_is_read_once_its_page_was_opened(store: Store) -> None:
    with open_sink() as sink:
        with store.work("test") as work:
            who = person(work.session, "a", sink.url)
            holds(work.session, who, "head")
            posted(work.session, letter("k1", "head"), letter("k2", "head"))
        mailroom(store).dispatch()
    with store.work("test") as work:
        assert mark_read(work, who.id, "/duties/k1", MONDAY) == 1
        assert mark_read(work, who.id, "/duties/k1", MONDAY + timedelta(hours=1)) == 0
    with outbox(store) as rows:
        assert [(row.key, row.read_at) for row in rows] == [("k1:a", MONDAY), ("k2:a", None)]
