from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from appraisal.domain.digest import digest
from appraisal.domain.facts import Action, Fact
from appraisal.store import ledger
from appraisal.store.ledger import GENESIS, Entry
from appraisal.store.record_tables import LedgerRow
from appraisal.store.work import Store
from tests.databases import Postgres
from tests.domain.calendars import at

NOON = at(2023, 10, 27, 12)


def record(store: Store, chain: str, *numbers: int, actor: str = "cli") -> None:
    with store.work(actor) as work:
        for number in numbers:
            work.record(chain, Fact(f"problem:{number}", Action.PROBLEM_RECORDED, {"number": number}), NOON)


def links(store: Store) -> list[tuple[str, int, str]]:
    with store.reading() as session:
        rows = session.scalars(select(LedgerRow).order_by(LedgerRow.chain, LedgerRow.link))
        return [(row.chain, row.link, row.subject) for row in rows]


def breaks(store: Store) -> list[ledger.Break]:
    with store.reading() as session:
        return ledger.verify(session)


def test_facts_are_chained_in_their_order_each_to_the_one_before(store: Store) -> None:
    record(store, "c1", 1, 2)
    record(store, "c1", 3)
    with store.reading() as session:
        rows = list(session.scalars(select(LedgerRow).order_by(LedgerRow.link)))
    assert [row.subject for row in rows] == ["problem:1", "problem:2", "problem:3"]
    assert [row.parent_hash for row in rows] == [GENESIS, rows[0].hash, rows[1].hash]
    assert breaks(store) == []


def test_hash_of_a_fact_can_be_made_again_from_what_is_written(store: Store) -> None:
    record(store, "c1", 7)
    with store.reading() as session:
        row = session.scalars(select(LedgerRow)).one()
    assert row.payload == '{"number":7}'
    assert row.payload_hash == digest({"number": 7})
    assert row.hash == digest(
        {
            "chain": "c1",
            "link": 1,
            "at": "2023-10-27T04:00:00.000000+00:00",
            "subject": "problem:7",
            "action": "problem:recorded",
            "actor": "cli",
            "on_behalf_of": None,
            "payload_hash": row.payload_hash,
            "parent_hash": GENESIS,
        }
    )


def test_chains_of_two_campaigns_know_nothing_of_each_other(store: Store) -> None:
    with store.work("cli") as work:
        for chain, number in (("b", 1), ("a", 2), ("b", 3)):
            work.record(chain, Fact(f"problem:{number}", Action.PROBLEM_RECORDED), NOON)
    assert links(store) == [("a", 1, "problem:2"), ("b", 1, "problem:1"), ("b", 2, "problem:3")]
    assert breaks(store) == []


@pytest.mark.parametrize(
    "statement", ["UPDATE ledger SET actor = 'x'", "DELETE FROM ledger", "DELETE FROM ledger WHERE link = 1"]
)
def test_fact_is_neither_changed_nor_deleted(store: Store, statement: str) -> None:
    record(store, "c1", 1)
    with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.execute(text(statement))
    assert links(store) == [("c1", 1, "problem:1")]


def test_ledger_is_not_emptied(store: Store) -> None:
    record(store, "c1", 1)
    truncate = "TRUNCATE ledger" if store.engine.dialect.name == "postgresql" else "DELETE FROM ledger"
    with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.execute(text(truncate))
    assert links(store) == [("c1", 1, "problem:1")]


@pytest.mark.parametrize("conflict", ["seq", "chain, link"])
def test_fact_is_not_replaced_by_another_in_its_place(store: Store, conflict: str) -> None:
    record(store, "c1", 1)
    columns = "chain, link, at, subject, action, actor, payload, payload_hash, parent_hash, hash"
    changed = columns.replace("actor", "'person:forger'")
    if store.engine.dialect.name == "sqlite":
        seq = "seq" if conflict == "seq" else "seq + 1"
        forge = f"INSERT OR REPLACE INTO ledger (seq, {columns}) SELECT {seq}, {changed} FROM ledger"
    else:
        forge = (
            f"INSERT INTO ledger (seq, {columns}) OVERRIDING SYSTEM VALUE SELECT seq, {changed} FROM ledger "
            f"ON CONFLICT ({conflict}) DO UPDATE SET actor = EXCLUDED.actor"
        )
        forge = forge.replace("SELECT seq", "SELECT seq + 1") if conflict != "seq" else forge
    with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.execute(text(forge))
    assert breaks(store) == []


def test_writers_at_once_never_fork_a_chain(store: Store) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: record(store, f"c{number % 2}", number, number + 100), range(24)))
    assert Counter(chain for chain, _, _ in links(store)) == {"c0": 24, "c1": 24}
    assert [link for chain, link, _ in links(store) if chain == "c0"] == list(range(1, 25))
    assert breaks(store) == []


@pytest.mark.postgres
def test_seq_follows_the_order_of_commits_over_all_chains(postgres: Postgres) -> None:
    """Else a reader that has passed a newer fact never hears of an older one that was committed later."""
    with postgres.store() as store, store.work("first") as first:
        ledger.append(first.session, [entry("a")])
        second = store.work("second")
        second.session.execute(text("SET LOCAL lock_timeout = '1ms'"))
        with pytest.raises(DBAPIError, match="lock timeout"):
            ledger.append(second.session, [entry("b")])
        second.session.close()


def entry(chain: str) -> Entry:
    return Entry(chain, Fact("problem:1", Action.PROBLEM_RECORDED), "cli", None, NOON)
