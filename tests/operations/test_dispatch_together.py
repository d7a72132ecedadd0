from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from appraisal.clock import ZONE
from appraisal.operations.dispatch import Settled
from appraisal.store.work import Store
from tests.notices.people import holds, person
from tests.notices.sink import open_sink
from tests.operations.mailroom import letter, mailroom, outbox, posted

DIGEST_AT = datetime(2023, 10, 17, 8, 30, tzinfo=ZONE)


def total(settled: list[Settled]) -> int:
    return sum(each.sent for each in settled)


def test_two_dispatchers_send_each_message_once(store: Store) -> None:
    with open_sink() as sink:
        with store.work("test") as work:
            for place in range(20):
                holds(work.session, person(work.session, f"p{place:02}", sink.url), "office")
            posted(work.session, letter("k1", "office"), letter("k2", "office"))
        rooms = [mailroom(Store(store.url)) for _ in range(2)]
        with ThreadPoolExecutor(8) as pool:
            settled = list(pool.map(lambda turn: rooms[turn % 2].dispatch(), range(8)))
        for room in rooms:
            room.store.close()
        assert total(settled) == 40
        assert Counter(got["message"].splitlines()[-1] for got in sink.got).most_common(1)[0][1] == 1
        assert len(sink.got) == 40


def test_two_dispatchers_never_split_a_digest(store: Store) -> None:
    with open_sink() as sink:
        with store.work("test") as work:
            for place in range(6):
                holds(work.session, person(work.session, f"p{place}", sink.url), "director")
            posted(work.session, *(letter(f"k{place}", "director") for place in range(5)), digest_roles=("director",))
        with ThreadPoolExecutor(8) as pool:
            settled = list(pool.map(lambda _: mailroom(store).dispatch(DIGEST_AT), range(8)))
        assert total(settled) == 30
        assert [got["title"] for got in sink.got] == ["【汇总】您有5件评议事项"] * 6
    with outbox(store) as rows:
        assert {row.attempts for row in rows} == {1}
