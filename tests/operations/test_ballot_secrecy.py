"""The attack on the secrecy of a ballot: whatever an attacker reads, they link no paper to a voter better than chance.

Sixty vote by phone, in one class and in three, as real people do: they check in, are shown a code, and cast in an order
that the attacker has seen.  All papers differ, so that each is known when it is read.  Two measures, for each of the
attacker's ways of guessing:

* how many voters it links rightly.  Laying a shuffled order beside the true one does so for one voter in each class on
  average, near to a Poisson distribution; more than ``MOST`` come by chance in less than one of a million tries, be it
  one class or three (mean 3: P(X > 15) = 1e-7).
* how near the order that it found is to the true one, in standard deviations of Spearman's coefficient; beyond
  ``NEAREST`` in less than one of a hundred million tries.

The same attacker, set on a vote whose papers are not sealed or not laid among others, links nearly everybody: the test
can fail.
"""

import logging
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from sqlalchemy import Table, insert, select, text

from appraisal.operations import rounds
from appraisal.operations.office import Office
from appraisal.store import urn
from appraisal.store.ballot_tables import BallotCodeRow, CountRow, RoundRow, SpentCodeRow, UrnRow
from appraisal.store.record_tables import LedgerRow
from tests.operations.attacker import Guess, Loot, Marks, Papers, Seen, as_text, attack, readable
from tests.operations.ballot_world import AWARE, Hall, hall
from tests.operations.world import refused

MOST, NEAREST = 15, 6.0
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


def test_attacker_links_no_paper_while_the_round_is_open(vote: Vote) -> None:
    """Nor can they say of a paper that they cannot read whose it is, with all that was ever written before them."""
    loot = loot_of(vote, secret=False)
    guesses = attack(loot, vote.seen, vote.truth, opened(vote))
    assert (len(loot.urn), len(readable(loot)), len(guesses) >= 25) == (60, 0, True)
    assert beyond_chance(guesses) == []


def test_attacker_with_the_secret_of_the_installation_reads_papers_but_knows_of_none_whose_it_is(vote: Vote) -> None:
    loot = loot_of(vote, secret=True)
    guesses = attack(loot, vote.seen, vote.truth, readable(loot))
    assert (readable(loot), len(guesses) >= 12) == (opened(vote), True)
    assert beyond_chance(guesses) == []


def test_attacker_links_and_reads_no_paper_once_the_round_is_closed(closed: Vote) -> None:
    for secret in (False, True):
        loot = loot_of(closed, secret=secret)
        assert (len(loot.urn), len(loot.spent), loot.keys, readable(loot)) == (0, 60, [], {})
        assert beyond_chance(attack(loot, closed.seen, closed.truth, {})) == []


def test_logs_and_ledger_tell_nothing_of_a_ballot(closed: Vote) -> None:
    office = closed.here.office
    with office.store.reading() as session:
        facts = list(session.scalars(select(LedgerRow).where(LedgerRow.chain == closed.here.slug)))
        places = [str(each) for each in session.scalars(select(BallotCodeRow.id))]
    told = "\n".join(f"{fact.subject} {fact.action} {fact.payload}" for fact in facts) + closed.logs()
    kinds = {fact.action for fact in facts if fact.subject.startswith("round:")}
    assert kinds == {"round:opened", "round:closed"}
    assert [place for place in places if place in told or place.replace("-", "") in told] == []
    assert [receipt for receipt in closed.here.close_round(closed.row).receipts if receipt in told] == []


def test_same_attacker_links_nearly_everybody_where_papers_are_not_laid_among_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is SQLite's journal emptied, nor what is deleted overwritten."""
    monkeypatch.setattr(urn, "SHAKEN", 0)
    monkeypatch.setattr(urn, "lay_among", _lay_alone)
    monkeypatch.setattr(urn, "empty_journal", lambda *_: None)
    vote = held(office, HALLS[1], str)
    guesses = attack(loot_of(vote, secret=True), vote.seen, vote.truth, opened(vote))
    best = max(guesses, key=lambda guess: guess.hits)
    assert best.hits >= 55, best


def test_same_attacker_links_nearly_everybody_without_any_secret_where_papers_are_not_sealed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(urn, "SHAKEN", 0)
    monkeypatch.setattr(urn, "lay_among", _lay_alone)
    monkeypatch.setattr(urn, "empty_journal", lambda *_: None)
    monkeypatch.setattr(urn.Urn, "_locked", lambda _, padded: padded)
    monkeypatch.setattr(urn.Urn, "_unlocked", lambda _, padded: padded)
    vote = held(office, HALLS[1], str)
    loot = loot_of(vote, secret=False)
    best = max(attack(loot, vote.seen, vote.truth, readable(loot)), key=lambda guess: guess.hits)
    assert best.hits >= 55, best


def test_same_attacker_reads_what_an_urn_that_is_not_emptied_leaves(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "destroy", lambda *_: None)
    vote = held(office, HALLS[0], str)
    vote.here.close_round(vote.row)
    assert len(readable(loot_of(vote, secret=True))) == 60


@pytest.mark.parametrize("size", [1, 2])
def test_class_of_one_or_two_is_warned_of_before_the_vote_opens(office: Office, size: int) -> None:
    here = hall(office, f"attack-{next(SLUGS)}", UNITS)
    here.phones(member=3, citizen=size)
    with refused("round.too_small", groups=[f"市民代表{size}人"]):
        here.open(given=replace(AWARE, aware=False))
    assert here.open(given=AWARE).status == "open"


@pytest.fixture(scope="module", params=HALLS, ids=["one class", "three classes"])
def vote(request: pytest.FixtureRequest, office: Office) -> Iterator[Vote]:
    """Each hall votes once; the tests look at what is there while the round is open."""
    with _listening() as logs:
        yield held(office, request.param, logs)


@pytest.fixture(scope="module", params=HALLS, ids=["one class", "three classes"])
def closed(request: pytest.FixtureRequest, office: Office) -> Iterator[Vote]:
    with _listening() as logs:
        found = held(office, request.param, logs, seed=8)
        found.here.close_round(found.row)
        yield found


def opened(vote: Vote) -> Papers:
    """What is in the papers as they lie there now, as only the installation itself can tell."""
    office = vote.here.office
    with office.store.reading() as session:
        box = urn.Urn.of(office.keyring, session.get_one(RoundRow, vote.row.id))
        rows = session.execute(select(UrnRow.id, UrnRow.sealed).where(UrnRow.round_id == vote.row.id)).all()
    papers = {identifier.hex: urn._read(box._unlocked(sealed)) for identifier, sealed in rows}
    return {place: (paper.voters, as_text(paper.marks)) for place, paper in papers.items()}


def beyond_chance(guesses: Sequence[Guess]) -> list[Guess]:
    return [guess for guess in guesses if guess.hits > MOST or abs(guess.closeness) > NEAREST]


class _listening:  # noqa: N801 - Used as a block.
    """All that is logged inside, at whatever level, as one text when asked for."""

    def __enter__(self) -> Callable[[], str]:
        self.lines: list[str] = []
        self.handler = logging.Handler(logging.DEBUG)
        self.handler.emit = lambda record: self.lines.append(record.getMessage())  # type: ignore[method-assign]
        self.level = logging.getLogger().level
        logging.getLogger().addHandler(self.handler)
        logging.getLogger().setLevel(logging.DEBUG)
        return lambda: "\n".join(self.lines)

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self.handler)
        logging.getLogger().setLevel(self.level)


def _paper(number: int) -> dict[str, dict[str, tuple[str, ...]]]:
    paper = {}
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


def _lay_alone(session: Any, key: Any, others: Any, row: dict[str, Any]) -> None:  # noqa: ANN401 - As it stands in for.
    session.execute(insert(key.table), row)


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
