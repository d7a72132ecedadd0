"""Papers a second through the portal, beside a bare ASGI handler that inserts one row; and a tally beside bare SQL.

Ballots are cast by phones over connections that stay open, each by a code of its own, in rounds of 600 papers; both
applications run under uvicorn in a process of their own, on SQLite with the same pragmas.  The tally judges, counts and
grades 1,000,000 papers over 100 units, where the bare one is a GROUP BY over as many rows.
`python benchmarks/ballots.py [--quick]`
"""

import argparse
import multiprocessing
import random
import socket
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast
from urllib.parse import urlencode
from uuid import UUID, uuid4

import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from appraisal.domain.count import Count, Paper, Turnout
from appraisal.domain.grading import Graded, graded
from appraisal.domain.marking import judged_together
from appraisal.method.grading_rules import terms_of
from appraisal.method.load import read_method
from appraisal.operations.office import Office
from appraisal.operations.rounds import Given
from appraisal.operations.turnouts import Issued
from appraisal.settings import Settings
from appraisal.store.migrating import upgrade
from appraisal.store.work import Store, sqlite_url
from portal.app import create_app
from tests.operations.ballot_world import METHOD, Hall, hall
from tests.operations.world import LADDERS, STARTS, instant, open_office

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000")
OPTIONS = ("satisfied", "basic", "dissatisfied")
UNITS = ("jyj", "kjj")
PHONES, CLIENTS, TURNS = 600, (1, 4), 2
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
PAPERS, APPRAISED = 1_000_000, 100


class Bare:
    """Reads the form, inserts one row, answers; nothing else."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        for pragma in PRAGMAS:
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("CREATE TABLE paper (id TEXT PRIMARY KEY, jyj TEXT, kjj TEXT) WITHOUT ROWID")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        async with Request(scope, receive).form() as form:
            row = (uuid4().hex, *(str(form.get(f"mark/{unit}/")) for unit in UNITS))
        self._database.execute("BEGIN IMMEDIATE")
        self._database.execute("INSERT INTO paper VALUES (?, ?, ?)", row)
        self._database.execute("COMMIT")
        await PlainTextResponse("ok")(scope, receive, send)


def bare(folder: Path) -> ASGIApp:
    return Bare(folder / "bare.db")


def portal(folder: Path) -> ASGIApp:
    return create_app(Office(Settings(home=folder), Store(sqlite_url(folder / "pingyi.db"))))


@dataclass
class Sitting:
    """The hall whose phones vote; a round is broken off before the next is opened, so that all codes are good again."""

    here: Hall
    codes: Sequence[str]
    round_id: UUID | None = None

    def open(self) -> None:
        """A round in which nobody has voted."""
        if self.round_id is not None:
            self.here.void(self.here.open(given=self._given()))
        self.round_id = self.here.open(given=self._given()).id

    @staticmethod
    def _given() -> Given:
        return Given({("sitting", "member"): Issued(PHONES)}, aware=True)


def sitting(folder: Path) -> Sitting:
    """Made before the portal starts."""
    store = Store(sqlite_url(folder / "pingyi.db"))
    upgrade(store)
    here = hall(open_office(store, folder, instant(STARTS)), "benchmark", UNITS)
    here.phones(member=3)
    return Sitting(here, [*here.codes("member", 300), *here.codes("member", PHONES - 300)])


@dataclass
class Run:
    """What one application was asked by so many clients over all its turns: seconds each answer took, and in all."""

    name: str
    clients: int
    took: list[float] = field(default_factory=list)
    lasted: float = 0.0

    @property
    def a_second(self) -> float:
        """Papers a second."""
        return len(self.took) / self.lasted

    def row(self) -> str:
        """The figures of all turns taken together."""
        milliseconds = sorted(1000 * each for each in self.took)
        slowest = milliseconds[len(milliseconds) * 19 // 20]
        median = statistics.median(milliseconds)
        return f"| {self.name} | {self.clients} | {self.a_second:.0f} | {median:.1f} | {slowest:.1f} |"


@contextmanager
def served(make: Callable[[Path], ASGIApp], folder: Path) -> Iterator[int]:
    """The application in a process of its own: its port."""
    context = multiprocessing.get_context("spawn")
    # Named as TCP, or asyncio does not switch Nagle's algorithm off and every answer waits 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    server = context.Process(target=_serve, args=(make, folder, listening), daemon=True)
    server.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.terminate()
        server.join()
        listening.close()


def _serve(make: Callable[[Path], ASGIApp], folder: Path, listening: socket.socket) -> None:
    app = make(folder)
    uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="error")).run(sockets=[listening])


def vote(run: Run, port: int, pages: Sequence[str]) -> None:
    """Every page is sent one paper, by so many clients, each as soon as the paper before is answered."""
    began = time.perf_counter()
    with ThreadPoolExecutor(run.clients) as pool:
        sending = [pool.submit(_send, port, pages[first :: run.clients]) for first in range(run.clients)]
        run.took += [each for sent in sending for each in sent.result()]
    run.lasted += time.perf_counter() - began


def _send(port: int, pages: Sequence[str]) -> list[float]:
    connection = HTTPConnection("127.0.0.1", port)
    took: list[float] = []
    for number, page in enumerate(pages):
        marks = {f"mark/{unit}/": OPTIONS[number % len(OPTIONS)] for unit in UNITS}
        form = urlencode({"step": "cast", "form": uuid4().hex, **marks})
        began = time.perf_counter()
        connection.request("POST", page, form, HEADERS)
        answer = connection.getresponse()
        answer.read()
        took.append(time.perf_counter() - began)
        if answer.status != 200:
            raise SystemExit(f"a ballot was answered {answer.status}")
    return took


def through_http(turns: int, phones: int) -> list[Run]:
    """Both applications with one client and with four, by turns: whatever else runs here slows down both."""
    runs = [Run(name, clients) for clients in CLIENTS for name in ("bare ASGI", "portal")]
    with TemporaryDirectory() as made, ExitStack() as stack:
        folder = Path(made)
        voting = sitting(folder)
        ports = {
            "bare ASGI": stack.enter_context(served(bare, folder)),
            "portal": stack.enter_context(served(portal, folder)),
        }
        for turn in range(turns + 1):
            for run in runs:
                voting.open()
                voted = [f"/v/{code}/{voting.round_id}" for code in voting.codes[:phones]]
                pages = voted if run.name == "portal" else ["/"] * phones
                vote(run if turn else Run("warm", run.clients), ports[run.name], pages)
    return runs


def tally(papers: int) -> tuple[float, float]:
    """Seconds that our tally took, and bare SQL; both must come to the same numbers."""
    units = [f"unit-{number}" for number in range(APPRAISED)]
    chance = random.Random(1)  # noqa: S311 - Nothing secret hangs on it.
    marked = [(units[number % APPRAISED], chance.choice(OPTIONS)) for number in range(papers)]
    method = read_method(METHOD, LADDERS).method
    terms = terms_of(method, method.ballot("afterwards"))
    began = time.perf_counter()
    cast_papers = ((Paper("sitting", "member", {unit: {"": (mark,)}}), 1) for unit, mark in marked)
    lines = judged_together(terms, cast_papers)
    turnout = {("sitting", "member"): Turnout(issued=papers, returned=papers)}
    found: dict[str, Graded] = graded(terms, Count(lines, turnout), units)
    ours = time.perf_counter() - began
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE paper (unit TEXT, mark TEXT)")
    database.executemany("INSERT INTO paper VALUES (?, ?)", marked)
    began = time.perf_counter()
    summed = database.execute("SELECT unit, mark, count(*) FROM paper GROUP BY unit, mark").fetchall()
    bare_sql = time.perf_counter() - began
    if {(unit, mark): count for unit, mark, count in summed} != {
        (unit, mark): count for unit, each in found.items() for mark, count in each.counts[""].items() if count
    }:
        raise SystemExit("the two tallies differ")
    return ours, bare_sql


def table(found: list[Run]) -> str:
    """The runs, and how many times slower the portal is."""
    lines = ["| what | clients | papers a second | median, ms | 95 %, ms |", "|---|---|---|---|---|"]
    lines += [each.row() for each in found]
    for clients in CLIENTS:
        bare_one, portal_one = (each.a_second for each in found if each.clients == clients)
        lines.append(f"\n{clients} client(s): bare / portal = {bare_one / portal_one:.2f}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one turn of 100 papers, and a tally of 100,000")
    quick = cast("bool", parser.parse_args().quick)
    papers = PAPERS // 10 if quick else PAPERS
    ours, bare_sql = tally(papers)
    print(f"tally of {papers} papers: {ours:.2f} s, bare SQL {bare_sql:.2f} s, ratio {ours / bare_sql:.1f}\n")
    print(table(through_http(1 if quick else TURNS, 100 if quick else PHONES)))


if __name__ == "__main__":
    main()
