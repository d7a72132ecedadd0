"""Ways to deal with a thousand obligations that are due: the patrol, bare SQL, a scan, and APScheduler."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, Table, create_engine, event, select
from sqlalchemy.orm import Session

from appraisal.domain.digest import canonical, digest
from appraisal.domain.lifecycle import OWED
from appraisal.domain.reasoning import steps_from_json
from appraisal.notices.wording import reason
from appraisal.operations import patrol
from appraisal.operations.naming import event_titles
from appraisal.operations.office import Office
from appraisal.settings import Settings
from appraisal.store import ledger
from appraisal.store.base import identity
from appraisal.store.bulk import table_of
from appraisal.store.campaign_tables import FiringRow, ObligationRow
from appraisal.store.record_tables import LedgerRow, OutboxRow
from appraisal.store.work import Store
from benchmarks.patrol_office import NOW, SLUG, run_due
from tests.operations.world import edition, instant

Way = Callable[[str, Path], int]
Bound = tuple[object, ...]
Posts = Sequence[Sequence[Any]]
BATCH = 500
NEXT_RUNG, RUNG, ACT, TOLD = instant("2023-11-10T09:00"), 2, "urge", ("handler", "head")
"""What bare SQL knows beforehand: on 8 November the third rung fires, "+1d urge"; the next is three working days on."""


def fire(url: str, home: Path) -> int:
    """What the task of the patrol does, batch by batch."""
    office, found = Office(Settings(home=home / "home"), Store(url)), 0
    while True:
        with office.desk("engine", NOW) as desk:
            done = patrol.fire_due(desk, BATCH)
        found += done.fired
        if done.looked_at < BATCH:
            return found


def scan(url: str, home: Path) -> int:
    """Look at every open obligation to find those that are due, and write nothing."""
    with Store(url).reading() as session:
        open_ones = select(ObligationRow).where(ObligationRow.status.in_(OWED)).execution_options(yield_per=1000)
        return sum(1 for row in session.scalars(open_ones) if row.next_check_at and row.next_check_at <= NOW)


def schedule(url: str, home: Path) -> int:
    """APScheduler as it is used: it runs the jobs that are due, each doing for its obligation what the patrol does."""
    office = Office(Settings(home=home / "home"), Store(url))

    def fire_one() -> None:
        with office.desk("engine", NOW) as desk:
            patrol.fire_due(desk, 1)

    return run_due(url, fire_one)


def idle(url: str, home: Path) -> int:
    """The same with jobs that do nothing at all."""
    return run_due(url, lambda: None)


READ = """
    SELECT obligation.id, obligation.title, obligation.due_on, obligation.reason, unit.id, unit.name,
        campaign.id, campaign.title
    FROM obligation JOIN campaign ON campaign.id = obligation.campaign_id JOIN unit ON unit.id = obligation.unit_id
    WHERE next_check_at <= ? ORDER BY next_check_at LIMIT 500"""
HELD = """
    SELECT post.role, post.unit_id, person.id, person.code, person.name FROM post JOIN person ON person.id = person_id
    WHERE post.role IN ('handler', 'head') AND person.active ORDER BY person.code"""
HEAD = "SELECT link, hash FROM ledger WHERE chain = 'patrol' ORDER BY link DESC LIMIT 1"
UPDATE = "UPDATE obligation SET overdue_at = due_at, last_rung = ?, next_check_at = ? WHERE id = ?"
FIRING = "INSERT INTO firing (obligation_id, rung, act, passed_over, points, at) VALUES (?, ?, ?, ?, ?, ?)"
FACT = """
    INSERT INTO ledger (chain, link, at, subject, action, actor, on_behalf_of, payload, payload_hash, parent_hash, hash)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
LETTER = """
    INSERT INTO outbox (id, key, campaign_id, template, person_id, role, unit, seat_id, context, page, urgent, digest,
        status, not_before, created_at, attempts)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""


def bare(url: str, home: Path) -> int:
    """The same reads and writes, by a script that knows beforehand which rung of which ladder fires.

    It makes the rows that the patrol makes, hashes of the ledger, numbers of letters and words of the reasons included,
    and writes them in batches as large.  It does not look at ladders, calendars, stand-ins, panels, quiet hours or
    counts, and would be wrong for any other obligation.
    """
    database, found = Bare(url), 0
    while True:
        with database.engine.begin() as connection:
            done = _batch(database, connection)
        found += done
        if done < BATCH:
            return found


class Bare:
    """A database without SQLAlchemy's types: how its driver writes a parameter, an instant, an id and JSON."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url)
        self.lite = self.engine.dialect.name == "sqlite"
        self.now, self.next_rung = self.at(NOW), self.at(NEXT_RUNG)
        if self.lite:
            event.listen(self.engine, "connect", _connected)
            event.listen(self.engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))

    def sql(self, text: str) -> str:
        return text if self.lite else text.replace("?", "%s")

    def at(self, given: datetime) -> object:
        return given.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if self.lite else given

    def id(self, given: UUID) -> object:
        return given.hex if self.lite else given

    def json(self, given: object) -> object:
        return json.dumps(given) if self.lite else Jsonb(given)


@dataclass
class Chain:
    """The end of a chain of the ledger, and the rows that are to lengthen it."""

    link: int
    head: str
    rows: list[Bound] = field(default_factory=list)

    def add(self, at: object, subject: str, action: str, payload: dict[str, object]) -> None:
        text, self.link = canonical(payload), self.link + 1
        parent, payload_hash = self.head, hashlib.sha256(text.encode()).hexdigest()
        shown = NOW.astimezone(UTC).isoformat(timespec="microseconds")
        facts = {"chain": SLUG, "link": self.link, "at": shown, "subject": subject, "action": action, "actor": "engine"}
        self.head = digest({**facts, "on_behalf_of": None, "payload_hash": payload_hash, "parent_hash": parent})
        told = (SLUG, self.link, at, subject, action, "engine", None)
        self.rows.append((*told, text, payload_hash, parent, self.head))


def _batch(database: Bare, connection: Connection) -> int:
    sql, now = database.sql, database.now
    due: Sequence[Sequence[Any]] = connection.exec_driver_sql(sql(READ), (now,)).all()
    if not due:
        return 0
    held: dict[tuple[str, object], list[Sequence[Any]]] = {}
    for post in connection.exec_driver_sql(HELD):
        held.setdefault((post[0], post[1]), []).append(post)
    if not database.lite:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ledger.LOCK})")
    link, head = connection.exec_driver_sql(HEAD).one()
    chain = Chain(link, head)
    for row in due:
        chain.add(now, f"obligation:{_uuid(row[0])}", "obligation:overdue", {"due_on": str(row[2])})
    for row in due:
        subject, fired = f"obligation:{_uuid(row[0])}", {"rung": RUNG, "act": ACT, "at": "+1d"}
        chain.add(now, subject, "obligation:rung_fired", fired)
    letters = [letter for row in due for letter in _letters(database, row, held)]
    connection.exec_driver_sql(sql(UPDATE), [(RUNG, database.next_rung, row[0]) for row in due])
    connection.exec_driver_sql(sql(FIRING), [(row[0], RUNG, ACT, False, 0, now) for row in due])
    connection.exec_driver_sql(sql(LETTER), letters)
    connection.exec_driver_sql(sql(FACT), chain.rows)
    return len(due)


def _letters(database: Bare, row: Sequence[Any], held: Mapping[tuple[str, object], Posts]) -> Iterator[Bound]:
    identifier, title, due_on, why, unit, unit_name, campaign, campaign_title = row
    about, now = _uuid(identifier), database.now
    owed_by = "、".join(post[4] for post in held[TOLD[0], unit])
    context = {"campaign": campaign_title, "unit": unit_name, "duty": title, "due_on": str(due_on)}
    people = {"owner": unit_name, "owed_by": owed_by, "acting_for": ""}
    written = database.json({**context, **people, "reason": _worded(why), "notes": []})
    for role in TOLD:
        for post in held[role, unit]:
            key = f"{SLUG}/rung-{ACT}/{about}/{RUNG}:{post[3]}"
            to = (database.id(identity("outbox", key)), key, campaign, f"rung-{ACT}", post[2], role, unit_name, unit)
            yield (*to, written, f"/duties/{about}", False, False, "queued", now, now, 0)


WORDED: dict[str, list[str]] = {}


def _worded(why: str) -> list[str]:
    if why not in WORDED:
        WORDED[why] = reason(steps_from_json(why), event_titles(edition().method))
    return WORDED[why]


def _uuid(given: object) -> UUID:
    return given if isinstance(given, UUID) else UUID(str(given))


def _connected(connection: Any, _: object) -> None:  # noqa: ANN401 - what sqlite3 hands out
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def left_behind(url: str) -> str:
    """A digest of all that was written, whatever its order: of two ways that did the same it is the same."""
    store = Store(url)
    with store.reading() as session:
        if ledger.verify(session):
            raise RuntimeError("the ledger does not hold")
        return digest([_written(session, table_of(kind)) for kind in (ObligationRow, FiringRow, OutboxRow, LedgerRow)])


def _written(session: Session, table: Table) -> list[str]:
    """All rows that the patrol can have changed, without their places in the chain."""
    places = {"seq", "link", "parent_hash", "hash"} if table.name == "ledger" else set()
    query = select(*(column for column in table.columns if column.name not in places))
    if table.name == "obligation":
        query = query.where(table.c.overdue_at.is_not(None))
    return sorted(canonical([_plain(value) for value in row]) for row in session.execute(query))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime | date) else value
