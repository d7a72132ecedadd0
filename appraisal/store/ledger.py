"""The ledger: one append-only hash chain a campaign, and one for the register.

Facts are chained when the unit of work commits, so that the lock on the ledger is held for a moment only.
Secret choices and the identity of whistle-blowers are never facts.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from appraisal.domain.digest import canonical, digest
from appraisal.domain.facts import Fact
from appraisal.store.bulk import insert_all
from appraisal.store.record_tables import LedgerRow

GENESIS = "0" * 64
LOCK = 7146


class Entry(NamedTuple):
    """A fact as it is about to be chained: who, when, in which chain."""

    chain: str
    fact: Fact
    actor: str
    on_behalf_of: str | None
    at: datetime


@dataclass(frozen=True)
class Break:
    """A place where a chain does not hold."""

    chain: str
    link: int
    what: str


def append(session: Session, entries: Iterable[Entry]) -> None:
    """Chain the entries, in order, each to the head of its chain."""
    by_chain: dict[str, list[Entry]] = {}
    for entry in entries:
        by_chain.setdefault(entry.chain, []).append(entry)
    if by_chain:
        _lock(session)
        rows = [row for chain in sorted(by_chain) for row in _linked(session, chain, by_chain[chain])]
        insert_all(session, LedgerRow, rows)


def verify(session: Session) -> list[Break]:
    """Walk every chain from its first link; empty when all of them hold."""
    breaks: list[Break] = []
    heads: dict[str, tuple[int, str]] = {}
    query = select(LedgerRow).order_by(LedgerRow.chain, LedgerRow.link).execution_options(yield_per=1000)
    for row in session.scalars(query):
        link, parent = heads.get(row.chain, (0, GENESIS))
        breaks += [Break(row.chain, row.link, what) for what in _wrong(row, link + 1, parent)]
        heads[row.chain] = (row.link, row.hash)
    return breaks


def _linked(session: Session, chain: str, entries: list[Entry]) -> Iterator[dict[str, Any]]:
    head = session.execute(
        select(LedgerRow.link, LedgerRow.hash).where(LedgerRow.chain == chain).order_by(LedgerRow.link.desc()).limit(1)
    ).first()
    link, parent = (head.link, head.hash) if head else (0, GENESIS)
    for entry in entries:
        link += 1
        row = _row(entry, link, parent)
        parent = row["hash"]
        yield row


def _lock(session: Session) -> None:
    """One writer at a time, whatever the chain: so facts are committed in the order of ``seq``, and a reader that
    passes the newest one has passed all before it.  SQLite has one writer anyway: its work begins IMMEDIATE."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _row(entry: Entry, link: int, parent: str) -> dict[str, Any]:
    payload = canonical(entry.fact.payload)
    hashed: dict[str, Any] = {
        "chain": entry.chain,
        "link": link,
        "at": entry.at,
        "subject": entry.fact.subject,
        "action": str(entry.fact.action),
        "actor": entry.actor,
        "on_behalf_of": entry.on_behalf_of,
        "payload_hash": hashlib.sha256(payload.encode()).hexdigest(),
        "parent_hash": parent,
    }
    return {**hashed, "payload": payload, "hash": _hash(hashed)}


def _hash(hashed: dict[str, Any]) -> str:
    return digest({**hashed, "at": _utc(hashed["at"])})


@lru_cache(maxsize=64)
def _utc(at: datetime) -> str:
    """As it is hashed; many facts have one instant."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _wrong(row: LedgerRow, link: int, parent: str) -> Iterator[str]:
    if row.link != link:
        yield "link_missing"
    if row.parent_hash != parent:
        yield "parent_differs"
    if hashlib.sha256(row.payload.encode()).hexdigest() != row.payload_hash:
        yield "payload_changed"
    columns = ("chain", "link", "at", "subject", "action", "actor", "on_behalf_of", "payload_hash", "parent_hash")
    if _hash({column: getattr(row, column) for column in columns}) != row.hash:
        yield "entry_changed"


def length(session: Session) -> int:
    """How many facts the ledger holds, over all chains."""
    return session.scalar(select(func.count()).select_from(LedgerRow)) or 0
