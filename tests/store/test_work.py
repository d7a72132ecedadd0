from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from appraisal.domain.facts import Action, Fact
from appraisal.domain.refusal import Refusal
from appraisal.store.base import identity
from appraisal.store.ledger import length
from appraisal.store.record_tables import CursorRow, LedgerRow
from appraisal.store.register_tables import PersonRow, PostRow
from appraisal.store.work import Store, Work, writes
from tests.domain.calendars import at

NOON = at(2023, 10, 27, 12)


def person(code: str) -> PersonRow:
    return PersonRow(id=identity("person", code), code=code, name=code)


def note(work: Work, number: int = 1) -> None:
    work.record("c1", Fact(f"problem:{number}", Action.PROBLEM_RECORDED), NOON)


def breaks_off(store: Store) -> None:
    with store.work("cli") as work:
        work.session.add(person("p1"))
        note(work)
        raise Refusal("obligation.unknown")


def attempts_in_vain(work: Work) -> None:
    with work.attempt():
        work.session.add(person("p2"))
        note(work, 2)
        raise Refusal("obligation.unknown")


def people(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(PersonRow.code).order_by(PersonRow.code)))


def facts(store: Store) -> int:
    with store.reading() as session:
        return length(session)


def test_work_that_ends_well_is_kept_with_its_facts_and_its_actor(store: Store) -> None:
    with store.work("person:p1") as work:
        work.session.add(person("p1"))
        work.record("c1", Fact("problem:1", Action.PROBLEM_RECORDED), NOON, behalf="person:p2")
    with store.reading() as session:
        row = session.scalars(select(LedgerRow)).one()
    assert (row.actor, row.on_behalf_of, row.at, people(store)) == ("person:p1", "person:p2", NOON, ["p1"])


def test_work_that_fails_leaves_neither_row_nor_fact(store: Store) -> None:
    with pytest.raises(Refusal):
        breaks_off(store)
    assert (people(store), facts(store)) == ([], 0)


def test_work_whose_rows_are_refused_leaves_no_fact(store: Store) -> None:
    namesake = PersonRow(id=identity("person", "other"), code="p1", name="p1")
    work = store.work("cli")
    work.session.add_all([person("p1"), namesake])
    note(work)
    with pytest.raises(IntegrityError):
        work.__exit__(None, None, None)
    assert (people(store), facts(store)) == ([], 0)


def test_attempt_that_fails_is_undone_alone(store: Store) -> None:
    with store.work("cli") as work:
        work.session.add(person("p1"))
        note(work, 1)
        with pytest.raises(Refusal):
            attempts_in_vain(work)
        with work.attempt():
            work.session.add(person("p3"))
            note(work, 3)
    assert (people(store), facts(store)) == (["p1", "p3"], 2)


def test_row_that_points_nowhere_is_refused(store: Store) -> None:
    post = PostRow(id=identity("post"), person_id=identity("nobody"), role="office", title="")
    with pytest.raises(IntegrityError), store.work("cli") as work:
        work.session.add(post)


def test_instant_comes_back_in_the_zone_of_the_office_and_a_naive_one_is_refused(store: Store) -> None:
    with store.work("cli") as work:
        work.record("c1", Fact("problem:1", Action.PROBLEM_RECORDED), datetime.fromisoformat("2023-10-27T04:00+00:00"))
    with store.reading() as session:
        assert session.scalars(select(LedgerRow.at)).one().isoformat() == "2023-10-27T12:00:00+08:00"
    with pytest.raises(StatementError, match="needs a time zone"), store.reading() as session:
        session.scalars(select(LedgerRow).where(LedgerRow.at == datetime(2023, 10, 27, 12)))  # noqa: DTZ001


def test_reader_sees_only_what_was_committed_and_holds_up_no_writer(store: Store) -> None:
    with store.reading() as session:
        assert session.scalar(select(PersonRow.code)) is None
        with store.work("cli") as work:
            work.session.add(person("p1"))
            work.session.flush()
            assert people(store) == []
    assert people(store) == ["p1"]


def test_session_knows_whether_it_writes(store: Store) -> None:
    with store.reading() as session, store.work("cli") as work:
        assert (writes(session), writes(work.session)) == (False, True)


def test_two_that_read_and_then_write_count_both(store: Store) -> None:
    with store.work("cli") as work:
        work.session.add(CursorRow(name="engine", seq=0))
    together = Barrier(4, timeout=30)

    def count(_: int) -> None:
        together.wait()
        with store.work("cli") as work:
            work.session.get_one(CursorRow, "engine", with_for_update=True).seq += 1

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(4)))
    with store.reading() as session:
        assert session.get_one(CursorRow, "engine").seq == 4


def test_sqlite_keeps_a_write_ahead_log_and_checks_its_keys(sqlite: Store) -> None:
    with Store(sqlite.url).reading() as session:
        pragmas = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        found = {pragma: session.scalar(text(f"PRAGMA {pragma}")) for pragma in pragmas}
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 30000}
