from datetime import datetime, timedelta

import pytest

from appraisal.clock import ZONE
from appraisal.notices.delivery import DELIVERED, passing, permanent
from appraisal.notices.render import number
from appraisal.operations.dispatch import BACK_OFF, Settled
from appraisal.operations.parcels import Delivery
from appraisal.store.work import Store
from tests.notices.people import holds, person
from tests.notices.sink import SECRET, open_sink
from tests.operations.mailroom import LEASE, MONDAY, Mailroom, letter, mailroom, outbox, posted


def office_with(store: Store, *contacts: str, active: bool = True) -> Mailroom:
    with store.work("test") as work:
        who = person(work.session, "a", *contacts)
        holds(work.session, who, "office")
        posted(work.session, letter("k1", "office"))
        who.active = active
    return mailroom(store)


def state(store: Store, key: str = "k1:a") -> tuple[str, int, str | None]:
    with outbox(store) as rows:
        return next((row.status, row.attempts, row.failure) for row in rows if row.key == key)


def test_message_is_delivered_once_with_its_number_and_link(store: Store) -> None:
    with open_sink() as sink:
        room = office_with(store, sink.url)
        assert room.dispatch() == Settled(1, 0, 0)
        assert room.dispatch() == Settled(0, 0, 0)
        assert len(sink.got) == 1
        assert sink.got[0]["message"].splitlines()[-2:] == [
            "查看详情：https://pingyi.example.cn/duties/k1?who=a&epoch=0",
            f"消息编号：{number('k1:a')}",
        ]
    with outbox(store) as rows:
        assert [(row.status, row.sent_at, row.sent_as, row.claim) for row in rows] == [("sent", MONDAY, "方式1", None)]


def test_message_is_tried_again_after_a_minute_when_the_channel_fails(store: Store) -> None:
    with open_sink(500, 200) as sink:
        room = office_with(store, sink.url)
        assert room.dispatch() == Settled(0, 1, 0)
        assert state(store) == ("queued", 1, "http:500")
        assert room.dispatch(MONDAY + timedelta(seconds=59)) == Settled(0, 0, 0)
        assert room.dispatch(MONDAY + timedelta(seconds=60)) == Settled(1, 0, 0)
        assert state(store) == ("sent", 2, None)
        assert len(sink.got) == 2


def test_message_is_given_up_after_its_last_attempt_and_the_office_is_told(store: Store) -> None:
    with open_sink(503) as sink:
        room = office_with(store, sink.url)
        now = MONDAY
        for _ in BACK_OFF:
            assert room.dispatch(now) == Settled(0, 1, 0)
            with outbox(store) as rows:
                now = rows[0].not_before
        assert room.dispatch(now) == Settled(0, 0, 1)
        assert state(store) == ("failed", 7, "http:503")
        with outbox(store) as rows:
            assert [(row.template, row.role, row.status) for row in rows] == [
                ("alarm-undelivered", "office", "queued"),
                ("copy", "office", "failed"),
            ]


def test_next_attempt_waits_for_the_morning_when_it_falls_into_the_night(store: Store) -> None:
    evening = datetime(2023, 10, 16, 19, 59, 30, tzinfo=ZONE)
    with open_sink(500) as sink:
        room = office_with(store, sink.url)
        room.dispatch(evening)
    with outbox(store) as rows:
        assert rows[0].not_before == datetime(2023, 10, 17, 8, 0, tzinfo=ZONE)


def test_message_is_given_up_at_once_when_the_error_lasts(store: Store) -> None:
    with open_sink(404) as sink:
        room = office_with(store, sink.url)
        assert room.dispatch() == Settled(0, 0, 1)
        assert state(store) == ("failed", 1, "http:404")
        with outbox(store) as rows:
            assert rows[0].context["items"] == [
                {
                    "who": "样例a",
                    "subject": "【抄送】评议：市教育局k1",
                    "why": "对方系统拒绝或出错（404）",
                }
            ]


def test_alarm_that_cannot_be_delivered_raises_no_alarm(store: Store) -> None:
    with open_sink(404) as sink:
        room = office_with(store, sink.url)
        assert room.dispatch() == Settled(0, 0, 1)
        assert room.dispatch() == Settled(0, 0, 1)
        assert room.dispatch() == Settled(0, 0, 0)
        with outbox(store) as rows:
            assert [(row.template, row.status) for row in rows] == [("alarm-undelivered", "failed"), ("copy", "failed")]


@pytest.mark.parametrize(
    ("contacts", "active", "failure"),
    [
        ((), True, "no_contact"),
        (("nosuch://127.0.0.1",), True, "bad_address"),
        (("fax:1",), True, "no_channel"),
        (("json://127.0.0.1/hook",), False, "person_inactive"),
    ],
)
def test_message_is_given_up_when_there_is_no_way_to_reach_the_person(
    sqlite: Store, contacts: tuple[str, ...], active: bool, failure: str
) -> None:
    room = office_with(sqlite, *contacts, active=active)
    assert room.dispatch() == Settled(0, 0, 1)
    assert state(sqlite) == ("failed", 1, failure)


def test_next_contact_is_tried_when_one_fails(store: Store) -> None:
    with open_sink(404) as broken, open_sink() as sound:
        room = office_with(store, broken.url, sound.url)
        assert room.dispatch() == Settled(1, 0, 0)
        assert (len(broken.got), len(sound.got)) == (1, 1)
    with outbox(store) as rows:
        assert rows[0].sent_as == "方式2"


def test_message_is_kept_while_one_contact_may_work(store: Store) -> None:
    with open_sink(503) as passing_by, open_sink(404) as broken:
        room = office_with(store, passing_by.url, broken.url)
        assert room.dispatch() == Settled(0, 1, 0)
        assert state(store) == ("queued", 1, "http:503")


def test_channel_that_hangs_holds_up_no_other_channel(store: Store) -> None:
    with open_sink(0) as hanging, open_sink() as sound:
        with store.work("test") as work:
            holds(work.session, person(work.session, "a", hanging.url), "office")
            holds(work.session, person(work.session, "b", sound.url), "office")
            posted(work.session, letter("k1", "office"))
        assert mailroom(store, timeout=0.3).dispatch() == Settled(1, 1, 0)
        assert state(store, "k1:b") == ("sent", 1, None)


def test_message_is_handed_back_untried_when_its_claim_would_run_out(store: Store) -> None:
    with open_sink() as sink:
        office_with(store, sink.url)
        assert mailroom(store, timeout=5, within=4).dispatch() == Settled(0, 1, 0)
        assert state(store) == ("queued", 0, None)
        assert mailroom(store).dispatch() == Settled(1, 0, 0)


def test_copy_carries_the_same_number_after_a_crash_between_sending_and_settling(store: Store) -> None:
    with open_sink() as sink:
        room = office_with(store, sink.url)
        room.carrier.send_all(room.claim())
        assert room.dispatch(MONDAY + LEASE - timedelta(seconds=1)) == Settled(0, 0, 0)
        assert room.dispatch(MONDAY + LEASE) == Settled(1, 0, 0)
        assert [got["message"].splitlines()[-1] for got in sink.got] == [f"消息编号：{number('k1:a')}"] * 2


def test_claim_that_was_taken_over_is_settled_by_whoever_took_it(store: Store) -> None:
    with open_sink() as sink:
        room = office_with(store, sink.url)
    [late] = room.claim()
    [taken] = room.claim(MONDAY + LEASE)
    item = late.items[0]
    assert room.settle([Delivery(late.claim, item, permanent("http:404"))]) == Settled(0, 0, 0)
    assert room.settle([Delivery(taken.claim, item, passing("timeout"))]) == Settled(0, 1, 0)
    assert room.settle([Delivery(late.claim, item, DELIVERED, "方式1")]) == Settled(1, 0, 0)
    assert room.settle([Delivery(late.claim, item, DELIVERED, "方式1")]) == Settled(0, 0, 0)


def test_message_that_cannot_be_worded_holds_up_no_other(store: Store) -> None:
    with open_sink() as sink:
        room = office_with(store, sink.url)
        with store.work("test") as work:
            faulty = letter("k0", "office")
            faulty.context.pop("what")
            posted(work.session, faulty)
        assert room.dispatch() == Settled(1, 0, 1)
        assert state(store, "k0:a") == ("failed", 1, "template_faulty:copy")


def test_role_nobody_holds_is_never_claimed(store: Store) -> None:
    with store.work("test") as work:
        posted(work.session, letter("k1", "director"))
    assert mailroom(store).claim(MONDAY + timedelta(days=365)) == []


def test_secret_of_a_contact_reaches_no_log_and_no_row(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with open_sink(404) as sink:
        room = office_with(store, sink.url)
        assert SECRET not in repr(room.claim())
        room.dispatch(MONDAY + LEASE)
    with outbox(store) as rows:
        assert SECRET not in repr([vars(row) for row in rows])
    assert SECRET not in caplog.text
