"""Keeping an answer sheet apart from the code by which it came, also from whoever reads the database itself.

That the two have no key in common is not enough.  PostgreSQL stamps every row with the transaction that wrote it, and
SQLite lays new rows behind older ones and keeps past transactions in its journal.  So each sheet is written together
with others that lie near it, and each code with others that are answered already, sheets in a random order: of what one
transaction wrote, nobody can say which part was new.  (A copy of the files taken between two answers does tell what
lies between; whoever can take such copies at will must be trusted.)
"""

import random
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from appraisal.store.opinion_tables import AnswerCodeRow, AnswerSheetRow
from appraisal.store.work import Store

AMONG = 64
_RANDOM = random.SystemRandom()


def write_among(session: Session, sheet: dict[str, Any], among: int = AMONG) -> None:
    """Insert a sheet along with up to ``among`` others of its questionnaire, which are taken out and put back."""
    _wipe_what_is_deleted(session)
    of_it = AnswerSheetRow.questionnaire_id == sheet["questionnaire_id"]
    ids = sorted(session.scalars(select(AnswerSheetRow.id).where(of_it)))
    moved = _around(ids, sheet["id"], among)
    table = AnswerSheetRow.__table__
    rows = [dict(row) for row in session.execute(select(*table.c).where(AnswerSheetRow.id.in_(moved))).mappings()]
    session.execute(delete(AnswerSheetRow).where(AnswerSheetRow.id.in_(moved)))
    together = [*rows, sheet]
    _RANDOM.shuffle(together)
    session.execute(insert(AnswerSheetRow), together)


def spend_among(session: Session, code: AnswerCodeRow, among: int = AMONG) -> None:
    """Note that a code is answered, along with up to ``among`` that are so already."""
    answered = AnswerCodeRow.questionnaire_id == code.questionnaire_id, AnswerCodeRow.answered
    ids = list(session.scalars(select(AnswerCodeRow.id).where(*answered)))
    together = [*_RANDOM.sample(ids, min(among, len(ids))), code.id]
    session.execute(update(AnswerCodeRow).where(AnswerCodeRow.id.in_(together)).values(answered=True))


def forget_order(store: Store) -> None:
    """Empty SQLite's journal of past transactions; while others read, that is left to whoever answers next."""
    if store.engine.dialect.name != "sqlite":
        return
    connection = store.engine.raw_connection()
    try:
        for pragma in ("busy_timeout=0", "wal_checkpoint(TRUNCATE)", "busy_timeout=30000"):
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


def _wipe_what_is_deleted(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete=ON")
