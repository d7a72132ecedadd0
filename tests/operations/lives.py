"""Lives of patrol and dispatch, each in a process of its own, which may end at any point as ``kill -9`` ends it.

They are forks of one process that has imported and compiled everything, so that a life costs no more than its work.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from appraisal.notices import delivery
from appraisal.notices.delivery import Outcome
from appraisal.notices.render import Rendered, render, sample, templates
from appraisal.operations import patrol, planning
from appraisal.operations.office import Office
from appraisal.operations.sending import send_waiting
from appraisal.settings import Settings
from appraisal.store.work import Store

BATCH = 2
PARCELS = 4
LEASE = timedelta(minutes=2)
EVENTS = ("statement", "committing", "committed", "sending", "sent")
LIVED, KILLED, FAILED = 0, -signal.SIGKILL, 1

_CONTEXT = get_context("spawn")


@dataclass(frozen=True)
class End:
    """A life ends at the ``nth`` event of this kind, counted from its start."""

    event: str
    nth: int


@dataclass(frozen=True)
class Lives:
    """The far end of the process that forks."""

    line: Connection

    def live(self, now: datetime, ends: Sequence[End]) -> list[int]:
        """So many lives at once, and how each ended."""
        self.line.send((now, ends))
        found: list[int] = self.line.recv()
        return found

    def work_through(self, now: datetime) -> None:
        """One life that nobody ends."""
        assert self.live(now, []) == [LIVED]


@contextmanager
def lives_of(office: Office) -> Iterator[Lives]:
    """Lives on the database of an office."""
    ours, theirs = _CONTEXT.Pipe()
    url = office.store.engine.url.render_as_string(hide_password=False)
    process = _CONTEXT.Process(target=serve, args=(theirs, office.settings.home, url), daemon=True)
    process.start()
    try:
        yield Lives(ours)
    finally:
        process.kill()
        process.join()


def serve(line: Connection, home: Path, url: str) -> None:
    """What the process does.  Before a fork it has no connection open, for none may be shared, and has sent nothing,
    for whoever sends has threads, of which a fork has none."""
    office = Office(Settings(home=home), Store(url))
    _warm_up()
    while True:
        now, ends = line.recv()
        if not ends:
            go_on_patrol(office, now)
            office.store.close()
        children = [_fork(office, now, end) for end in ends or [None]]
        line.send([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])


def _warm_up() -> None:
    """What the first message that is sent would read: the templates, and every plugin of Apprise."""
    for name in templates():
        render(name, sample(name), "", "", date(2023, 8, 28))
    delivery.is_address("json://127.0.0.1")


def _fork(office: Office, now: datetime, end: End | None) -> int:
    child = os.fork()
    if child:
        return child
    try:
        if end is not None:
            _end_at(office.store.engine, end)
        work_through(office, now)
        os._exit(LIVED)
    finally:
        os._exit(FAILED)


def work_through(office: Office, now: datetime) -> None:
    """One patrol and one dispatch, in batches so small that a life has many transactions."""
    go_on_patrol(office, now)
    while send_waiting(office, lambda: now, PARCELS, LEASE):
        pass


def go_on_patrol(office: Office, now: datetime) -> None:
    with office.desk("engine", now) as desk:
        planning.replan_for_calendar(desk)
    looked_at = BATCH
    while looked_at == BATCH:
        with office.desk("engine", now) as desk:
            looked_at = patrol.fire_due(desk, BATCH).looked_at
    with office.desk("engine", now) as desk:
        patrol.call_for_closings(desk)


def _end_at(engine: Engine, end: End) -> None:
    """Events are counted over all threads; the one that is counted last has happened, and nothing after it."""
    numbers, lock = count(1), Lock()

    def happened(*_: object) -> None:
        with lock:
            if next(numbers) == end.nth:
                os.kill(os.getpid(), signal.SIGKILL)

    def send(url: str, message: Rendered, timeout: float) -> Outcome:
        if end.event == "sending":
            happened()
        outcome = really_send(url, message, timeout)
        if end.event == "sent":
            happened()
        return outcome

    really_send, delivery.send = delivery.send, send
    if end.event == "statement":
        event.listen(engine, "after_cursor_execute", happened)
    if end.event == "committing":
        event.listen(engine, "commit", happened)
    if end.event == "committed":
        event.listen(Session, "after_commit", happened)
