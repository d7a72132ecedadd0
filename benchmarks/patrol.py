"""The patrol: 1,000 obligations newly due among 10⁴, 10⁵ and 10⁶ open ones, on SQLite and on PostgreSQL.

Beside it, each on a copy of the same database and in a process of its own: the bare SQL that does the same reads and
writes, a scan of all open obligations through the ORM, and APScheduler with a job an obligation in its SQLAlchemy job
store, each of which does for its obligation what the patrol does for all (and once more with jobs that do nothing).

Limits: 1.5 times the bare SQL; with the most open ones 1.2 times what it takes with the fewest; a hundredth of
APScheduler.  `python benchmarks/patrol.py [--quick] [--only sqlite|postgresql]`
"""

import argparse
import gc
import multiprocessing
import pickle
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from apscheduler.job import Job  # type: ignore[import-untyped]
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore  # type: ignore[import-untyped]
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]
from psycopg.types.json import Jsonb
from sqlalchemy import Engine, create_engine, event, insert, select
from sqlalchemy.engine import make_url

from appraisal.domain.lifecycle import OWED
from appraisal.operations import patrol
from appraisal.operations.office import Office
from appraisal.settings import Settings
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.work import Store, sqlite_url
from tests.databases import Postgres, pristine_sqlite
from tests.operations.world import begin, edition, instant, open_office, open_phase

SLUG, UNITS = "patrol", ("jyj", "kjj")
DUE, BATCH, TIMES = 1000, 500, 3
STARTED, NOW = instant("2023-08-28T10:00"), instant("2023-11-08T09:00")
"""The day after the due dates: becoming overdue and the rung +1d fall together."""
NEW = {
    "firing": "SELECT * FROM firing",
    "ledger": "SELECT * FROM ledger WHERE seq > {seq}",
    "outbox": "SELECT * FROM outbox WHERE template LIKE 'rung-%'",
}
CHANGED = "SELECT last_rung, next_check_at, overdue_at, id FROM obligation WHERE overdue_at IS NOT NULL"
CHANGE = "UPDATE obligation SET last_rung = ?, next_check_at = ?, overdue_at = ? WHERE id = ?"
READS = (
    "SELECT obligation.*, unit.*, campaign.* FROM obligation JOIN campaign ON campaign.id = obligation.campaign_id "
    "LEFT JOIN unit ON unit.id = obligation.unit_id WHERE next_check_at <= ? ORDER BY next_check_at LIMIT 500",
    "SELECT post.role, post.unit_id, person.* FROM post JOIN person ON person.id = post.person_id",
    "SELECT stand_in.person_id, person.* FROM stand_in JOIN person ON person.id = stand_in.stand_in_id",
    "SELECT link, hash FROM ledger WHERE chain = 'patrol' ORDER BY link DESC LIMIT 1",
)


@dataclass(frozen=True)
class Taken:
    """What a way of doing it took: seconds, statements, megabytes by which its process grew, and what it found due."""

    seconds: float
    statements: int
    megabytes: float
    found: int


class Copies(Protocol):
    """A database that can be copied."""

    def copy(self) -> str:
        """The address of a new copy."""


Way = Callable[[str, Path], int]


def main() -> int:
    """Prints a table; 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10³, 10⁴ and 10⁵ open ones")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="one database")
    asked = parser.parse_args()
    sizes = (1_000, 10_000, 100_000) if asked.quick else (10_000, 100_000, 1_000_000)
    print(f"{'':<12}{'open':>10}  {'':<14}{'seconds':>9}{'statements':>12}{'MB':>8}")
    kept = [measured(name, sizes) for name in ("sqlite", "postgresql") if asked.only in (None, name)]
    return 0 if all(kept) else 1


def measured(database: str, sizes: Sequence[int]) -> bool:
    """All ways at all sizes; whether every limit is kept."""
    ours: list[float] = []
    kept = True
    for size in sizes:
        taken = at_size(database, size)
        for name, each in taken.items():
            print(
                f"{database:<12}{size:>10,}  {name:<14}{each.seconds:>9.3f}{each.statements:>12,}{each.megabytes:>8.0f}"
            )
        ours.append(taken["patrol"].seconds)
        bare, scheduler = ours[-1] / taken["bare SQL"].seconds, taken["APScheduler"].seconds / ours[-1]
        print(f"{database:<12}{size:>10,}  patrol / bare SQL {bare:.2f}, APScheduler / patrol {scheduler:.0f}")
        kept = kept and bare <= 1.5 and scheduler >= 100
    print(f"{database:<12}most / fewest open ones {ours[-1] / ours[0]:.2f}")
    return kept and ours[-1] <= 1.2 * ours[0]


def at_size(database: str, size: int) -> dict[str, Taken]:
    """Each way on copies of a database with so many open obligations; the median of several times."""
    with TemporaryDirectory(prefix="pingyi-patrol-") as name, filled(database, Path(name), size) as copies:
        ways: dict[str, tuple[Way, int]] = {
            "patrol": (fire, TIMES),
            "bare SQL": (bare, TIMES),
            "ORM scan": (scan, 1),
            "APScheduler": (schedule, 1),
            "its idle jobs": (idle, 1),
        }
        written(copies, Path(name))
        return {
            way: median([alone(each, copies.copy(), Path(name)) for _ in range(times)])
            for way, (each, times) in ways.items()
        }


def median(taken: Sequence[Taken]) -> Taken:
    """The one in the middle."""
    return sorted(taken, key=lambda each: each.seconds)[len(taken) // 2]


def alone(way: Way, url: str, home: Path) -> Taken:
    """Do it in a process of its own, so that what it takes of memory is its own."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_in_child, args=(way, url, home, theirs))
    gc.collect()
    gc.freeze()  # What this process holds is no concern of the garbage collector of the other.
    child.start()
    taken: Taken = ours.recv()
    child.join()
    return taken


def _in_child(way: Way, url: str, home: Path, answer: Any) -> None:  # noqa: ANN401 - the end of a pipe
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    statements: list[int] = []
    with counted(statements):
        found = way(url, home)
    seconds = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    answer.send(Taken(seconds, sum(statements), grown, found))


@contextmanager
def counted(statements: list[int]) -> Iterator[None]:
    """Every statement of every engine, one for each time that it is sent."""

    def note(*_: object) -> None:
        statements.append(1)

    event.listen(Engine, "before_cursor_execute", note)
    yield
    event.remove(Engine, "before_cursor_execute", note)


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


def bare(url: str, home: Path) -> int:
    """Read what is due and who is told, and write the rows that the patrol wrote, in the batches that it wrote them in."""
    rows: dict[str, list[tuple[Any, ...]]] = pickle.loads((home / "written").read_bytes())  # noqa: S301 - our own file
    engine, mark = _raw(url)
    connection = engine.raw_connection()
    cursor, batches = connection.cursor(), range(0, DUE, BATCH)
    for start in batches:
        cursor.execute("BEGIN IMMEDIATE" if mark == "?" else "BEGIN")
        for read in READS:
            cursor.execute(read.replace("?", mark), (_bound(NOW, mark),) if "?" in read else ())
            cursor.fetchall()
        for table, new in rows.items():
            part = new[start * len(new) // DUE : (start + BATCH) * len(new) // DUE]
            if table == "obligation":
                cursor.executemany(CHANGE.replace("?", mark), part)
            else:
                marks = ", ".join([mark] * len(part[0]))
                cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", [tuple(map(_json, row)) for row in part])  # noqa: S608
        cursor.execute("COMMIT")
    return DUE


def written(copies: Copies, folder: Path) -> None:
    """Keep what the patrol writes on one copy, as the driver hands it out, for the bare SQL to write."""
    url = copies.copy()
    engine, _ = _raw(url)
    connection = engine.raw_connection()
    cursor = connection.cursor()
    cursor.execute("SELECT max(seq) FROM ledger")
    seq = cursor.fetchall()[0][0]
    connection.close()
    fire(url, folder)
    connection = engine.raw_connection()
    cursor, rows = connection.cursor(), {}
    for table, read in {**NEW, "obligation": CHANGED}.items():
        cursor.execute(read.format(seq=seq))
        rows[table] = [tuple(row) for row in cursor.fetchall()]
    connection.close()
    engine.dispose()
    (folder / "written").write_bytes(pickle.dumps(rows))


def schedule(url: str, home: Path) -> int:
    """What APScheduler does with its jobs that are due, each doing for its obligation what the patrol does for all."""
    office = Office(Settings(home=home / "home"), Store(url))
    store = _job_store(url)
    due = store.get_due_jobs(NOW)
    for job in due:
        with office.desk("engine", NOW) as desk:
            patrol.fire_due(desk, 1)
        job._modify(next_run_time=NOW + timedelta(days=7))
        store.update_job(job)
    return len(due)


def idle(url: str, home: Path) -> int:
    """The same with jobs that do nothing at all."""
    store = _job_store(url)
    due = store.get_due_jobs(NOW)
    for job in due:
        job._modify(next_run_time=NOW + timedelta(days=7))
        store.update_job(job)
    return len(due)


def nothing() -> None:
    """What a job calls."""


@contextmanager
def filled(database: str, folder: Path, count: int) -> Iterator[Copies]:
    """A database with so many open obligations of two units, a thousand of them due since midnight, and as many jobs."""
    if database == "sqlite":
        file = pristine_sqlite(folder)
        fill(sqlite_url(file), folder, count)
        yield SqliteCopies(file)
        return
    with ExitStack() as stack:
        server = Postgres(folder / "postgresql")
        stack.callback(server.stop)
        first = stack.enter_context(server.store())
        fill(first.url, folder, count)
        first.close()
        yield PostgresCopies(server, str(make_url(first.url).database), stack)


class SqliteCopies:
    """Copies of a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def copy(self) -> str:
        """The one copy there is, made anew: a million obligations take a gigabyte."""
        made = self.file.with_name("copy.db")
        for part in self.file.parent.glob("copy.db*"):
            part.unlink()
        shutil.copyfile(self.file, made)
        return sqlite_url(made)


class PostgresCopies:
    """Copies of a database by its server."""

    def __init__(self, server: Postgres, first: str, stack: ExitStack) -> None:
        self.server, self.first = server, first
        self.last = stack.enter_context(ExitStack())

    def copy(self) -> str:
        """A new copy; the one before is dropped."""
        self.last.close()
        store = self.last.enter_context(self.server.store(self.first))
        store.close()
        return store.url


def fill(url: str, folder: Path, count: int) -> None:
    """The office, its campaign, the obligations and a job for each of them."""
    office = open_office(Store(url), folder / "home", STARTED)
    begin(office, edition(), SLUG, "2023年部门工作评议", UNITS, STARTED)
    open_phase(office, SLUG, "rectify", STARTED)
    with office.desk("cli", STARTED) as desk:
        like = desk.session.scalars(select(ObligationRow).where(ObligationRow.key == "rectification_plan")).first()
        shared = {column.name: getattr(like, column.name) for column in ObligationRow.__table__.columns}
        for row in desk.session.scalars(select(ObligationRow)):
            row.next_check_at = None
        for start in range(0, count, 10_000):
            part = range(start, min(start + 10_000, count))
            desk.session.execute(insert(ObligationRow), [_row(shared, number) for number in part])
    office.store.close()
    jobs(url, count)


def jobs(url: str, count: int) -> None:
    """A job for each obligation, written as APScheduler writes them."""
    store = _job_store(url)
    how = {"args": (), "kwargs": {}, "misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    trigger = IntervalTrigger(weeks=1, timezone=UTC)
    more = {"name": "like", "executor": "default", "next_run_time": NOW}
    job = Job(_scheduler(), id="like", func=nothing, trigger=trigger, **how, **more)
    state = job.__getstate__()
    with store.engine.begin() as connection:
        for start in range(0, count, 10_000):
            rows = [_job(state, number) for number in range(start, min(start + 10_000, count))]
            connection.execute(store.jobs_t.insert(), rows)
    store.engine.dispose()


def _job(state: dict[str, Any], number: int) -> dict[str, Any]:
    at = NOW - timedelta(hours=9) if number < DUE else NOW + timedelta(days=60 + number % 300)
    mine = state | {"id": str(number), "next_run_time": at}
    return {
        "id": str(number),
        "next_run_time": at.timestamp(),
        "job_state": pickle.dumps(mine, pickle.HIGHEST_PROTOCOL),
    }


def _scheduler() -> BackgroundScheduler:
    return BackgroundScheduler(timezone=UTC)


def _job_store(url: str) -> SQLAlchemyJobStore:
    store = SQLAlchemyJobStore(url)
    store.start(_scheduler(), "default")
    return store


def _raw(url: str) -> tuple[Engine, str]:
    """An engine for its bare connections, and how a parameter is marked."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _bare_connect)
        return engine, "?"
    return engine, "%s"


def _bare_connect(connection: Any, _: object) -> None:  # noqa: ANN401 - what sqlite3 hands out
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _bound(at: datetime, mark: str) -> object:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if mark == "?" else at


def _json(value: object) -> object:
    return Jsonb(value) if isinstance(value, dict | list) else value


def _row(shared: dict[str, Any], number: int) -> dict[str, Any]:
    due_on = date(2023, 11, 7) if number < DUE else date(2024, 1, 10) + timedelta(days=number % 300)
    due_at = instant(f"{due_on + timedelta(days=1)}T00:00")
    looked = due_at if number < DUE else due_at - timedelta(days=7)
    dates = {"waits_for": None, "starts_on": date(2023, 10, 7), "due_on": due_on, "due_at": due_at}
    place = {"last_rung": 1 if number < DUE else -1, "next_check_at": looked}
    return shared | dates | place | {"id": uuid4(), "title": f"整改计划（第{number}项）"}


if __name__ == "__main__":
    sys.exit(main())
