"""The patrol: 1,000 obligations newly due among 10⁴, 10⁵ and 10⁶ open ones, on SQLite and on PostgreSQL.

Beside it, each on a copy of the same database and in a process of its own: bare SQL that makes the same reads and
writes (``patrol_ways.bare`` says what it does not do), a scan of all open obligations through the ORM, and APScheduler
with a job an obligation in its SQLAlchemy job store, each of which does for its obligation what the patrol does for all
(and once more with jobs that do nothing).  The patrol, bare SQL and APScheduler must leave the same rows behind.

Limits: 1.5 times the bare SQL; with the most open ones 1.2 times what it takes with the fewest; a hundredth of
APScheduler.  `python benchmarks/patrol.py [--quick] [--ours] [--only sqlite|postgresql]`
"""

import argparse
import gc
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import Engine, event

from appraisal.store.work import sqlite_url
from benchmarks.patrol_office import Copies, SqliteCopies, fill, filled
from benchmarks.patrol_ways import Way, bare, fire, idle, left_behind, scan, schedule
from tests.databases import pristine_sqlite

TIMES = 5
OURS: dict[str, Way] = {"patrol": fire, "bare SQL": bare}
WAYS = OURS | {"ORM scan": scan, "APScheduler": schedule, "its idle jobs": idle}
SAME = {"patrol", "bare SQL", "APScheduler"}
"""These must leave the same rows behind."""


@dataclass(frozen=True)
class Taken:
    """What a way took, and a digest of what it left behind.

    Seconds on the clock, seconds of the processor in its own process, statements, megabytes by which that grew, getting
    warm included.
    """

    seconds: float
    busy: float
    statements: int
    megabytes: float
    left: str


def main() -> int:
    """Prints a table; 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="no more than 10⁵ open ones")
    parser.add_argument("--ours", action="store_true", help="the patrol and bare SQL alone")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="one database")
    asked = parser.parse_args()
    sizes = (10_000, 100_000) if asked.quick else (10_000, 100_000, 1_000_000)
    print(f"{'':<12}{'open':>10}  {'':<14}{'seconds':>9}{'busy':>9}{'statements':>12}{'MB':>8}", flush=True)
    databases = [name for name in ("sqlite", "postgresql") if asked.only in (None, name)]
    with small_office() as small:
        fits = [kept(name, measured(name, sizes, OURS if asked.ours else WAYS, small)) for name in databases]
    return 0 if all(fits) else 1


def warm(way: Way, small: SqliteCopies) -> None:
    """A process that patrols has read its methods, calendars and phrases long ago, and has worked before."""
    way(small.copy(), small.file.parent)
    gc.collect()
    gc.freeze()


@contextmanager
def small_office() -> Iterator[SqliteCopies]:
    """A thousand obligations to get warm with."""
    with TemporaryDirectory(prefix="pingyi-patrol-") as name:
        file = pristine_sqlite(Path(name))
        fill(sqlite_url(file), Path(name), 1000)
        small = SqliteCopies(file)
        for way in OURS.values():
            warm(way, small)  # What is read here all processes inherit.
        yield small


def measured(
    database: str, sizes: Sequence[int], ways: Mapping[str, Way], small: SqliteCopies
) -> dict[int, dict[str, Taken]]:
    """What each way takes at each size; the patrol and bare SQL by turns, size by size, for a machine is never idle."""
    taken: dict[int, dict[str, list[Taken]]] = {size: {name: [] for name in ways} for size in sizes}
    with TemporaryDirectory(prefix="pingyi-patrol-") as name, ExitStack() as stack:
        homes = {size: Path(name) / str(size) for size in sizes}
        copies = {size: stack.enter_context(filled(database, homes[size], size)) for size in sizes}
        turns = [(size, way) for _ in range(TIMES) for size in sizes for way in OURS]
        turns += [(size, way) for size in sizes for way in ways if way not in OURS]
        for size, way in turns:
            taken[size][way].append(alone(ways[way], copies[size], homes[size], small))
    return {size: {way: median(found) for way, found in taken[size].items()} for size in sizes}


def kept(database: str, taken: Mapping[int, Mapping[str, Taken]]) -> bool:
    """Prints the lines of one database; whether every limit is kept."""
    fits = []
    for size, by_way in taken.items():
        if len({each.left for way, each in by_way.items() if way in SAME}) > 1:
            raise RuntimeError("the ways leave different rows behind")
        for way, each in by_way.items():
            line = f"{way:<14}{each.seconds:>9.3f}{each.busy:>9.3f}{each.statements:>12,}{each.megabytes:>8.0f}"
            print(f"{database:<12}{size:>10,}  {line}", flush=True)
        ratios = {way: each.seconds / by_way["patrol"].seconds for way, each in by_way.items()}
        told = ", ".join(f"{way} {ratio:.2f}" for way, ratio in ratios.items())
        print(f"{database:<12}{size:>10,}  times the patrol: {told}", flush=True)
        fits += [ratios["bare SQL"] * 1.5 >= 1, ratios.get("APScheduler", 100) >= 100]
    fewest, most = (taken[size]["patrol"].seconds for size in (min(taken), max(taken)))
    print(f"{database:<12}patrol, most / fewest open ones {most / fewest:.2f}", flush=True)
    return all(fits) and most <= 1.2 * fewest


def median(taken: Sequence[Taken]) -> Taken:
    """The one in the middle, by its time."""
    return sorted(taken, key=lambda each: each.seconds)[len(taken) // 2]


def alone(way: Way, copies: Copies, home: Path, small: SqliteCopies) -> Taken:
    """Do it in a process of its own, so that what it takes of memory is its own."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    url = copies.copy()
    os.sync()  # Else it waits for the disk to take the gigabyte that was copied.
    child = context.Process(target=_in_child, args=(way, url, home, small, theirs))
    child.start()
    theirs.close()
    taken: Taken = ours.recv()
    child.join()
    return taken


def _in_child(way: Way, url: str, home: Path, small: SqliteCopies, answer: Any) -> None:  # noqa: ANN401 - of a pipe
    rested = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    warm(way if way in OURS.values() else fire, small)
    began = (time.perf_counter(), time.process_time())
    statements: list[int] = []
    with counted(statements):
        way(url, home)
    seconds, busy = time.perf_counter() - began[0], time.process_time() - began[1]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - rested) / 1024
    answer.send(Taken(seconds, busy, sum(statements), grown, left_behind(url)))


@contextmanager
def counted(statements: list[int]) -> Iterator[None]:
    """Every statement of every engine, one for each time that it is sent."""

    def note(*_: object) -> None:
        statements.append(1)

    event.listen(Engine, "before_cursor_execute", note)
    yield
    event.remove(Engine, "before_cursor_execute", note)


if __name__ == "__main__":
    sys.exit(main())
