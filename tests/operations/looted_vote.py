"""A vote of sixty, seen from the hall, and everything that an attacker can take from where it is kept."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select, text

from appraisal.operations.office import Office
from appraisal.store import urn
from appraisal.store.ballot_tables import BallotCodeRow, CountRow, RoundRow, SpentCodeRow, UrnRow
from tests.operations.attacker import Loot, Marks, Papers, Seen, as_text
from tests.operations.ballot_world import AWARE, Hall, hall

UNITS = ("jyj", "kjj", "fgj", "jxj")
OPTIONS = ("satisfied", "basic", "dissatisfied")
HALLS = [{"member": 60}, {"member": 20, "deputy": 20, "citizen": 20}]
SLUGS = count(1)
TABLES = (UrnRow, SpentCodeRow, BallotCodeRow, RoundRow)


@dataclass(frozen=True)
class Vote:
    """A vote in which all have cast and the round is open, and what is really so."""

    here: Hall
    row: RoundRow
    seen: Seen
    truth: Mapping[str, Marks]
    wal_from: str
    logs: Callable[[], str]


def held(office: Office, sizes: Mapping[str, int], logs: Callable[[], str], seed: int = 7) -> Vote:
    chance = random.Random(seed)
    wal_from = _scalar(office, "SELECT pg_current_wal_lsn()::text") if _is_postgres(office) else ""
    here = hall(office, f"attack-{next(SLUGS)}", UNITS)
    here.seat(**sizes)
    classes = {f"{key}{number}": key for key, size in sizes.items() for number in range(1, size + 1)}
    came, order = chance.sample(list(classes), len(classes)), chance.sample(list(classes), len(classes))
    codes = {name: here.phone(name) for name in came}
    row = here.open(given=AWARE)
    patterns = chance.sample(range(len(OPTIONS) ** len(UNITS)), len(classes))
    papers = dict(zip(classes, (_paper(number) for number in patterns), strict=True))
    for name in order:
        here.cast(row, codes[name], papers[name])
    truth = {name: as_text(paper) for name, paper in papers.items()}
    return Vote(here, row, Seen(classes, came, order), truth, wal_from, logs)


def loot_of(vote: Vote, *, secret: bool) -> Loot:
    """Everything there is; with the secret of the installation, without what PostgreSQL keeps of the past.

    PostgreSQL's log and the dead rows of an open round tell who cast when to whoever holds the secret as well: see
    docs/security.md.
    """
    office, round_id = vote.here.office, vote.row.id
    tables = [_rows(office, table) for table in (UrnRow, SpentCodeRow, BallotCodeRow)]
    mine = [
        [row for row in rows if row.get(column) == wanted]
        for rows, column, wanted in zip(
            tables,
            ("round_id", "round_id", "sitting_id"),
            (round_id.hex, round_id.hex, vote.here.sitting_id.hex),
            strict=True,
        )
    ]
    with office.store.reading() as session:
        row = session.get_one(RoundRow, round_id)
        keys = [row.urn_key] if row.urn_key else []
    return Loot(
        round_id=round_id.hex,
        files=_files(vote, secret=secret),
        urn=[{**each, "size": len(cast("bytes", each["sealed"]))} for each in mine[0]],
        spent=mine[1],
        codes=mine[2],
        counts=_from_counts(vote),
        keys=keys,
        logs=vote.logs(),
        keyring=office.keyring if secret else None,
        page=8192 if _is_postgres(office) else 4096,
    )


def opened(vote: Vote) -> Papers:
    """What is in the papers as they lie there now, as only the installation itself can tell."""
    office = vote.here.office
    with office.store.reading() as session:
        box = urn.Urn.of(office.keyring, session.get_one(RoundRow, vote.row.id))
        rows = session.execute(select(UrnRow.id, UrnRow.sealed).where(UrnRow.round_id == vote.row.id)).all()
    papers = {identifier.hex: urn._read(box._unlocked(sealed)) for identifier, sealed in rows}
    return {place: (paper.voters, as_text(paper.marks)) for place, paper in papers.items()}


def _paper(number: int) -> dict[str, dict[str, tuple[str, ...]]]:
    paper: dict[str, dict[str, tuple[str, ...]]] = {}
    for unit in UNITS:
        number, option = divmod(number, len(OPTIONS))
        paper[unit] = {"": (OPTIONS[option],)}
    return paper


def _from_counts(vote: Vote) -> list[tuple[str, Marks]]:
    """Papers put together from the lines of the count in the order in which they lie: the first of each unit, ..."""
    query = select(CountRow).where(CountRow.round_id == vote.row.id)
    marked: dict[str, dict[str, list[str]]] = {}
    with vote.here.office.store.reading() as session:
        for row in session.scalars(query):
            marked.setdefault(row.voters, {}).setdefault(row.unit.code, []).extend([row.mark] * row.count)
    return [
        (voters, as_text({unit: {"": [mark]} for unit, mark in zip(units, marks, strict=True)}))
        for voters, units in marked.items()
        for marks in zip(*units.values(), strict=False)
    ]


def _is_postgres(office: Office) -> bool:
    return office.store.engine.dialect.name == "postgresql"


def _scalar(office: Office, query: str) -> str:
    with office.store.reading() as session:
        return str(session.scalar(text(query)))


def _rows(office: Office, table: type[Any]) -> list[dict[str, object]]:
    """Live rows in the order in which they lie, with what PostgreSQL notes of each."""
    columns = list(cast("Table", table.__table__).c)
    hidden = [text("xmin::text::bigint AS xmin"), text("ctid::text AS ctid")] if _is_postgres(office) else []
    with office.store.reading() as session:
        rows = [dict(row) for row in session.execute(select(*columns, *hidden)).mappings()]
    for row in rows:
        for name, value in row.items():
            row[name] = value.hex if isinstance(value, UUID) else value
        if "ctid" in row:
            row["ctid"] = tuple(int(part) for part in str(row["ctid"]).strip("()").split(","))
    return rows


def _files(vote: Vote, *, secret: bool) -> dict[str, bytes]:
    office = vote.here.office
    if not _is_postgres(office):
        file = Path(office.store.url.removeprefix("sqlite:///"))
        kept = {"database": file, "wal": file.with_name(f"{file.name}-wal")}
        return {name: path.read_bytes() for name, path in kept.items() if path.exists()}
    return _postgres_files(vote, past=not secret)


def _postgres_files(vote: Vote, *, past: bool) -> dict[str, bytes]:
    """The files of the tables and of their indexes, and the write-ahead log since the vote began."""
    office = vote.here.office
    with office.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        folder = Path(connection.scalar(text("SHOW data_directory")))
        names = [table.__tablename__ for table in TABLES] if past or _is_closed(vote) else []
        query = (
            "SELECT c.relname, pg_relation_filepath(c.oid) FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid"
        )
        query += (
            " WHERE c.relname = ANY(:names) OR i.indrelid IN (SELECT oid FROM pg_class WHERE relname = ANY(:names))"
        )
        files = {name: (folder / path).read_bytes() for name, path in connection.execute(text(query), {"names": names})}
        if past:
            first = connection.scalar(text("SELECT pg_walfile_name(:lsn)"), {"lsn": vote.wal_from})
            segments = sorted(
                path for path in (folder / "pg_wal").iterdir() if len(path.name) == 24 and path.name >= first
            )
            files["wal"] = b"".join(path.read_bytes() for path in segments).rstrip(b"\0")
    return files


def _is_closed(vote: Vote) -> bool:
    with vote.here.office.store.reading() as session:
        return session.get_one(RoundRow, vote.row.id).status != "open"
