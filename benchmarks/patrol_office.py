"""An office with very many open obligations, a thousand of them due, and a job of APScheduler for each; and copies."""

import multiprocessing
import pickle
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from apscheduler.events import (  # type: ignore[import-untyped]
    EVENT_JOB_ERROR,
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MISSED,
    JobExecutionEvent,
)
from apscheduler.job import Job  # type: ignore[import-untyped]
from apscheduler.jobstores.base import BaseJobStore  # type: ignore[import-untyped]
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore  # type: ignore[import-untyped]
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from appraisal import clock
from appraisal.domain.deadlines import Due
from appraisal.domain.reasoning import steps_to_json
from appraisal.operations.loading import method_of
from appraisal.operations.occurred import Events
from appraisal.operations.office import Office
from appraisal.operations.planning import due_of
from appraisal.store.bulk import insert_all
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.work import Store, sqlite_url
from tests.databases import Postgres, pristine_sqlite
from tests.operations.world import begin, edition, instant, open_office, open_phase

SLUG, UNITS, DUTY = "patrol", ("jyj", "kjj"), "rectification_plan"
DUE, PART = 1000, 10_000
STARTED, NOW = instant("2023-08-28T10:00"), instant("2023-11-08T09:00")
"""The day after the due dates: becoming overdue and the rung +1d fall together."""


class Copies(Protocol):
    """A database that can be copied."""

    def copy(self) -> str:
        """The address of a new copy; the one before is gone."""


class SqliteCopies:
    """Copies of a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def copy(self) -> str:
        """A million obligations take gigabytes, so there is one copy at a time."""
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
        """A new one; the server drops the one before."""
        self.last.close()
        store = self.last.enter_context(self.server.store(self.first))
        store.close()
        return store.url


@contextmanager
def filled(database: str, folder: Path, count: int) -> Iterator[Copies]:
    """A database with so many open obligations and as many jobs, filled by a process that is gone by then."""
    folder.mkdir(exist_ok=True)
    if database == "sqlite":
        file = pristine_sqlite(folder)
        _elsewhere(sqlite_url(file), folder, count)
        yield SqliteCopies(file)
        return
    with ExitStack() as stack:
        server = Postgres(folder / "postgresql")
        stack.callback(server.stop)
        first = stack.enter_context(server.store())
        _elsewhere(first.url, folder, count)
        first.close()
        yield PostgresCopies(server, str(make_url(first.url).database), stack)


def _elsewhere(url: str, folder: Path, count: int) -> None:
    """What filling takes of memory would hide what a way of patrolling takes."""
    child = multiprocessing.get_context("fork").Process(target=fill, args=(url, folder, count))
    child.start()
    child.join()
    if child.exitcode:
        raise RuntimeError(f"filling {url} ended with {child.exitcode}")


def fill(url: str, folder: Path, count: int) -> None:
    """The office, its campaign, the obligations and a job for each of them."""
    office = open_office(Store(url), folder / "home", STARTED)
    begin(office, edition(), SLUG, "2023年部门工作评议", UNITS, STARTED)
    open_phase(office, SLUG, "rectify", STARTED)
    with office.desk("cli", STARTED) as desk:
        for row in desk.session.scalars(select(ObligationRow)):
            row.next_check_at = None
        desk.session.flush()
        _obligations(desk.session, office, count)
    office.store.close()
    _jobs(url, count)


def _obligations(session: Session, office: Office, count: int) -> None:
    """The due ones lie scattered among the others, as they would."""
    like = session.scalars(select(ObligationRow).where(ObligationRow.key == DUTY)).all()
    shared = [{column.name: getattr(row, column.name) for column in ObligationRow.__table__.columns} for row in like]
    why = _reasons(like[0], office)
    for start in range(0, count, PART):
        numbers = range(start, min(start + PART, count))
        insert_all(session, ObligationRow, [_row(shared[number % 2], number, count, why) for number in numbers])


def _reasons(row: ObligationRow, office: Office) -> list[str]:
    """Twenty of them, for the units had their papers in the course of one day."""
    method = method_of(row.campaign)
    given = [instant(f"2023-10-07T{hour:02}:{minute:02}") for hour in range(8, 18) for minute in (5, 35)]
    seen = [{"opinion.received": at} for at in given]
    found = [due_of(method, method.duty(DUTY), each, Events(), office) for each in seen]
    return [steps_to_json(each.steps) for each in found if isinstance(each, Due)]


def _row(shared: dict[str, Any], number: int, count: int, why: Sequence[str]) -> dict[str, Any]:
    due = number % (count // DUE) == 0
    due_on = date(2023, 11, 7) if due else date(2024, 1, 10) + timedelta(days=number % 300)
    due_at = instant(f"{due_on + timedelta(days=1)}T00:00")
    dates = {"waits_for": None, "starts_on": date(2023, 10, 7), "due_on": due_on, "due_at": due_at}
    place = {"last_rung": 1 if due else -1, "next_check_at": due_at if due else due_at - timedelta(days=7)}
    reason = why[number // max(1, count // DUE) % len(why)]
    return shared | dates | place | {"id": uuid4(), "title": f"整改计划（第{number}项）", "reason": reason}


def _jobs(url: str, count: int) -> None:
    """Written as APScheduler writes them, but many at once."""
    store, began = SQLAlchemyJobStore(url), clock.now()
    store.start(_scheduler(), "default")
    when: dict[str, Any] = {"trigger": IntervalTrigger(weeks=1, timezone=UTC), "next_run_time": began}
    how: dict[str, Any] = {"args": (), "kwargs": {}, "misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    job = Job(_scheduler(), id="like", func=do_job, name="like", executor="default", **when, **how)
    state = job.__getstate__()
    with store.engine.begin() as connection:
        for start in range(0, count, PART):
            numbers = range(start, min(start + PART, count))
            connection.execute(store.jobs_t.insert(), [_job(state, number, count, began) for number in numbers])
    store.engine.dispose()


def _job(state: dict[str, Any], number: int, count: int, began: datetime) -> dict[str, Any]:
    """APScheduler has no clock but the machine's."""
    due = number % (count // DUE) == 0
    at = began - timedelta(hours=9) if due else began + timedelta(days=60 + number % 300)
    mine = state | {"id": str(number), "next_run_time": at}
    kept = pickle.dumps(mine, pickle.HIGHEST_PROTOCOL)
    return {"id": str(number), "next_run_time": at.timestamp(), "job_state": kept}


def run_due(url: str, what: Callable[[], None]) -> int:
    """Let APScheduler run the jobs that are due, from its job store in the same database and on its ten threads."""
    _JOB[0], left, failed = what, threading.Semaphore(0), []

    def done(event: JobExecutionEvent) -> None:
        if event.exception:
            failed.append(event.exception)
        left.release()

    scheduler = _scheduler(SQLAlchemyJobStore(url))
    scheduler.add_listener(done, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR | EVENT_JOB_MISSED)
    scheduler.start()
    for _ in range(DUE):
        left.acquire()
    scheduler.shutdown()
    if failed:
        raise failed[0]
    return DUE


def _scheduler(store: BaseJobStore | None = None) -> BackgroundScheduler:
    return BackgroundScheduler(timezone=UTC, jobstores={"default": store} if store else {})


_JOB: list[Callable[[], None]] = [lambda: None]


def do_job() -> None:
    """What a job calls."""
    _JOB[0]()
