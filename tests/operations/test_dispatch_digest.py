from datetime import datetime

from appraisal.clock import ZONE
from appraisal.notices.render import number
from appraisal.operations.dispatch import Settled
from appraisal.store.work import Store
from tests.notices.people import holds, person
from tests.notices.sink import open_sink
from tests.operations.mailroom import MONDAY, letter, mailroom, outbox, posted

DIGEST_AT = datetime(2023, 10, 17, 8, 30, tzinfo=ZONE)


def leader_with(store: Store, url: str, *keys: str) -> None:
    with store.work("test") as work:
        holds(work.session, person(work.session, "leader", url), "director")
        posted(work.session, *(letter(key, "director") for key in keys), digest_roles=("director",))


def test_leader_gets_one_digest_in_the_morning_rather_than_twenty_messages(store: Store) -> None:
    keys = [f"k{place:02}" for place in range(20)]
    with open_sink() as sink:
        leader_with(store, sink.url, *keys)
        assert mailroom(store).dispatch(MONDAY) == Settled(0, 0, 0)
        assert mailroom(store).dispatch(DIGEST_AT) == Settled(20, 0, 0)
        [got] = sink.got
    assert got["title"] == "【汇总】您有20件评议事项"
    assert got["message"].splitlines()[2:5] == [
        "1. 【抄送】评议：市教育局k00",
        "   https://pingyi.example.cn/duties/k00?who=leader&epoch=0",
        f"   消息编号：{number('k00:leader')}",
    ]


def test_digest_of_one_is_the_message_itself(store: Store) -> None:
    with open_sink() as sink:
        leader_with(store, sink.url, "k1")
        mailroom(store).dispatch(DIGEST_AT)
        assert [got["title"] for got in sink.got] == ["【抄送】评议：市教育局k1"]


def test_digest_is_claimed_whole_whatever_the_limit(store: Store) -> None:
    with open_sink() as sink:
        leader_with(store, sink.url, "k1", "k2", "k3")
        [parcel] = mailroom(store).claim(DIGEST_AT, limit=1)
        assert [item.key for item in parcel.items] == ["k1:leader", "k2:leader", "k3:leader"]


def test_digest_waits_as_a_whole_when_its_channel_fails(store: Store) -> None:
    with open_sink(500, 200) as sink:
        leader_with(store, sink.url, "k1", "k2")
        assert mailroom(store).dispatch(DIGEST_AT) == Settled(0, 2, 0)
        with outbox(store) as rows:
            again = {row.not_before for row in rows}
        assert again == {datetime(2023, 10, 17, 8, 31, tzinfo=ZONE)}
        assert mailroom(store).dispatch(again.pop()) == Settled(2, 0, 0)
        assert [got["title"] for got in sink.got] == ["【汇总】您有2件评议事项"] * 2


def test_digest_goes_out_without_what_cannot_be_worded(store: Store) -> None:
    with open_sink() as sink:
        leader_with(store, sink.url, "k1", "k2")
        with store.work("test") as work:
            faulty = letter("k0", "director")
            faulty.context.pop("what")
            posted(work.session, faulty, digest_roles=("director",))
        assert mailroom(store).dispatch(DIGEST_AT) == Settled(2, 0, 1)
        assert [got["title"] for got in sink.got] == ["【汇总】您有2件评议事项"]
