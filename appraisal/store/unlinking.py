"""Keeping a sheet or a ballot apart from the code by which it came, also from whoever reads the database itself.

That the two have no key in common is not enough.  PostgreSQL stamps every row with the transaction that wrote it, and
SQLite lays new rows behind older ones and keeps past transactions in its journal.  So each sheet is written together
with others that lie near it, and each code with others that are answered already, sheets in a random order: of what one
transaction wrote, nobody can say which part was new.  (A copy of the files taken between two answers does tell what
lies between; whoever can take such copies at will must be trusted.)
"""

import random
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Engine, Table, delete, insert, select, update
from sqlalchemy.orm import Session

from appraisal.store.opinion_tables import AnswerCodeRow, AnswerSheetRow
from appraisal.store.work import Store

AMONG = 64
_RANDOM = random.SystemRandom()


def write_among(session: Session, sheet: dict[str, Any], among: int = AMONG) -> None:
    """Insert a sheet along with up to ``among`` others of its questionnaire, which are taken out and put back."""
    columns = cast("Table", AnswerSheetRow.__table__).c
    lay_among(session, columns.id, columns.questionnaire_id == sheet["questionnaire_id"], sheet, among)


def lay_among(
    session: Session, key: Column[Any], others: ColumnElement[bool], row: dict[str, Any], among: int = AMONG
) -> None:
    """Insert a row along with up to ``among`` of the ``others`` that lie near it in the order of the ``key``.

    They are taken out and put back in a random order, so whoever calls holds whatever others could change them by.
    """
    wipe_what_is_deleted(session)
    keys = sorted(session.scalars(select(key).where(others)))
    _lay_anew(session, key, others & key.in_(_around(keys, row[key.name], among)), [row])


def lay_all_anew(session: Session, key: Column[Any], which: ColumnElement[bool]) -> None:
    """Take rows out and put them back in a random order, as if all had been written at once."""
    wipe_what_is_deleted(session)
    _lay_anew(session, key, which, [])


def _lay_anew(session: Session, key: Column[Any], which: ColumnElement[bool], fresh: Sequence[dict[str, Any]]) -> None:
    table = key.table
    rows = [dict(row) for row in session.execute(select(*table.c).where(which)).mappings()]
    session.execute(delete(table).where(which))
    together = [*rows, *fresh]
    _RANDOM.shuffle(together)
    if together:
        session.execute(insert(table), together)


def spend_among(session: Session, code: AnswerCodeRow, among: int = AMONG) -> None:
    """Note that a code is answered, along with up to ``among`` that are so already."""
    answered = AnswerCodeRow.questionnaire_id == code.questionnaire_id, AnswerCodeRow.answered
    ids = list(session.scalars(select(AnswerCodeRow.id).where(*answered)))
    together = [*_RANDOM.sample(ids, min(among, len(ids))), code.id]
    session.execute(update(AnswerCodeRow).where(AnswerCodeRow.id.in_(together)).values(answered=True))


def forget_order(store: Store) -> None:
    """Empty SQLite's journal of past transactions; while others read, that is left to whoever answers next."""
    empty_journal(store.engine)


def empty_journal(engine: Engine, wait_ms: int = 0) -> None:
    """The same, and wait so long for those who read."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        for pragma in (f"busy_timeout={wait_ms}", "wal_checkpoint(TRUNCATE)", "busy_timeout=30000"):
            with suppress(sqlite3.OperationalError):
                connection.cursor().execute(f"PRAGMA {pragma}").fetchall()
    finally:
        connection.close()


def _around(ids: Sequence[UUID], new: UUID, among: int) -> list[UUID]:
    """Those next to the new one in the order of the keys, the new one at any place of them with equal likelihood."""
    if len(ids) <= among:
        return list(ids)
    at = sum(identifier < new for identifier in ids)
    first = at - _RANDOM.randint(0, among)
    return [ids[place % len(ids)] for place in range(first, first + among)]


def wipe_what_is_deleted(session: Session) -> None:
    """Have SQLite overwrite with zeros what this connection deletes."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete=ON")
