"""The facts of the ledger in their order, for those who want to hear of them, each once if all goes well."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.store.record_tables import CursorRow, LedgerRow


@dataclass(frozen=True)
class Told:
    """A fact as outsiders hear of it; ``hash`` identifies it for good."""

    seq: int
    chain: str
    subject: str
    action: str
    at: datetime
    payload: str
    hash: str


def facts_after(session: Session, reader: str, limit: int) -> list[Told]:
    """The next facts that the reader has not passed, the oldest first."""
    passed = select(CursorRow.seq).where(CursorRow.name == reader).scalar_subquery()
    seq = session.scalar(select(passed)) or 0
    query = select(LedgerRow).where(LedgerRow.seq > seq).order_by(LedgerRow.seq).limit(limit)
    return [
        Told(row.seq, row.chain, row.subject, row.action, row.at, row.payload, row.hash)
        for row in session.scalars(query)
    ]


def pass_to(session: Session, reader: str, seq: int) -> None:
    """The reader has passed the fact; going back does nothing."""
    row: Any = session.get(CursorRow, reader, with_for_update=True)
    if row is None:
        session.add(CursorRow(name=reader, seq=seq))
    else:
        row.seq = max(row.seq, seq)
