"""Opinions a second through the portal, beside a bare ASGI handler that reads the form and inserts one row.

Both run under uvicorn in a process of their own, on SQLite with the same pragmas, and are asked by the same clients
over connections that stay open.  `python benchmarks/intake.py [--quick]`
"""

import argparse
import multiprocessing
import re
import socket
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from appraisal import clock
from appraisal.operations.intake_guard import IntakeGuard, IntakeRules, Rate, read_rules
from appraisal.operations.office import Office
from appraisal.store.migrating import upgrade
from appraisal.store.work import Store, sqlite_url
from portal.app import create_app
from tests.operations.hearing import hearing
from tests.operations.world import open_office

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000")
TEXT = "窗口排队时间太长，材料要跑三个部门，建议设置综合窗口，并公布每个事项的办理时限。第{number}条"
BOUNDARY = "benchmark"
WIDE = Rate(at_once=10**9, a_minute=1)
WARM_UP = 50
TURNS = 4


class Bare:
    """Reads the form, inserts one row, answers; nothing else."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        for pragma in PRAGMAS:
            self._database.execute(f"PRAGMA {pragma}")
        self._database.execute("CREATE TABLE opinion (id TEXT PRIMARY KEY, text TEXT, unit TEXT) WITHOUT ROWID")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        async with Request(scope, receive).form() as form:
            row = (uuid4().hex, str(form.get("text")), str(form.get("unit")))
        self._database.execute("BEGIN IMMEDIATE")
        self._database.execute("INSERT INTO opinion VALUES (?, ?, ?)", row)
        self._database.execute("COMMIT")
        await PlainTextResponse("ok")(scope, receive, send)


def bare(folder: Path) -> tuple[ASGIApp, str]:
    """The bare handler, and the page to post to."""
    return Bare(folder / "bare.db"), "/"


def portal(folder: Path) -> tuple[ASGIApp, str]:
    """The portal with a campaign that takes opinions, and the page of its code; the guard lets everything in."""
    store = Store(sqlite_url(folder / "pingyi.db"))
    upgrade(store)
    now = clock.now()
    office: Office = open_office(store, folder, now)
    heard = hearing(office, "benchmark", now.replace(tzinfo=None).isoformat())
    app = create_app(office)
    rules = read_rules()
    free = IntakeRules(held=WIDE, refused=WIDE, lookups=rules.lookups, signs=rules.signs)
    object.__setattr__(app.state.house, "guard", IntakeGuard(free))
    return app, f"/o/{heard.point('campaign').token}"


APPLICATIONS = {"bare ASGI": bare, "portal": portal}
CLIENTS = (1, 4)


@dataclass
class Tally:
    """What one application was asked by so many clients over all its turns: seconds each answer took, and in all."""

    name: str
    clients: int
    took: list[float] = field(default_factory=list)
    lasted: float = 0.0

    @property
    def a_second(self) -> float:
        """Opinions a second."""
        return len(self.took) / self.lasted

    def row(self) -> str:
        """The figures of all turns taken together."""
        milliseconds = sorted(1000 * each for each in self.took)
        slowest = milliseconds[len(milliseconds) * 19 // 20]
        median = statistics.median(milliseconds)
        return f"| {self.name} | {self.clients} | {self.a_second:.0f} | {median:.1f} | {slowest:.1f} |"


@contextmanager
def served(make: Callable[[Path], tuple[ASGIApp, str]], folder: Path) -> Iterator[tuple[int, str]]:
    """The application in a process of its own: its port and its page."""
    context = multiprocessing.get_context("spawn")
    # Named as TCP, or asyncio does not switch Nagle's algorithm off and every answer waits 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen(128)
    ready, tell = context.Pipe(duplex=False)
    server = context.Process(target=_serve, args=(make, folder, listening, tell), daemon=True)
    server.start()
    try:
        yield listening.getsockname()[1], ready.recv()
    finally:
        server.terminate()
        server.join()
        listening.close()


def _serve(make: Callable[[Path], tuple[ASGIApp, str]], folder: Path, listening: socket.socket, tell: object) -> None:
    app, page = make(folder)
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="error"))
    tell.send(page)  # type: ignore[attr-defined] # A pipe to another process.
    server.run(sockets=[listening])


def take_turn(tally: Tally, port: int, page: str, seconds: float) -> None:
    """Clients that send one opinion after the other, each as soon as the one before is answered."""
    hidden, turn = _hidden(port, page), uuid4().hex
    began = time.perf_counter()
    until = began + seconds
    with ThreadPoolExecutor(tally.clients) as pool:
        writers = [f"{turn}/{each}" for each in range(tally.clients)]
        sending = [pool.submit(_send_until, port, page, hidden, who, None, until) for who in writers]
        tally.took += [each for sent in sending for each in sent.result()]
    tally.lasted += time.perf_counter() - began


def _hidden(port: int, page: str) -> dict[str, str]:
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", page)
    shown = connection.getresponse().read().decode()
    found = re.search(r'name="ticket" value="([^"]+)"', shown)
    return {"ticket": found[1]} if found else {}


def _send_until(
    port: int, page: str, hidden: Mapping[str, str], who: str, count: int | None, until: float | None
) -> list[float]:
    connection = HTTPConnection("127.0.0.1", port)
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    took: list[float] = []
    while (count is None or len(took) < count) and (until is None or time.perf_counter() < until):
        fields = {**hidden, "text": TEXT.format(number=f"{who}/{len(took)}"), "unit": "jyj", "aspect": "service"}
        began = time.perf_counter()
        connection.request("POST", page, _multipart(fields), headers)
        answer = connection.getresponse()
        answer.read()
        took.append(time.perf_counter() - began)
        if answer.status != 200:
            raise SystemExit(f"{page} answered {answer.status}")
    return took


def _multipart(fields: Mapping[str, str]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()


def run(seconds: float) -> list[Tally]:
    """Every application with one client and with four, by turns: whatever else runs here slows down both."""
    tallies = [Tally(name, clients) for clients in CLIENTS for name in APPLICATIONS]
    with TemporaryDirectory() as folder, ExitStack() as stack:
        asked = {name: stack.enter_context(served(make, Path(folder))) for name, make in APPLICATIONS.items()}
        for port, page in asked.values():
            _send_until(port, page, _hidden(port, page), "warm", WARM_UP, None)
        for _ in range(TURNS):
            for tally in tallies:
                take_turn(tally, *asked[tally.name], seconds / TURNS)
    return tallies


def table(found: list[Tally]) -> str:
    """The runs, and how many times slower the portal is."""
    lines = ["| what | clients | opinions a second | median, ms | 95 %, ms |", "|---|---|---|---|---|"]
    lines += [each.row() for each in found]
    for clients in CLIENTS:
        bare_one, portal_one = (each.a_second for each in found if each.clients == clients)
        lines.append(f"\n{clients} client(s): bare / portal = {bare_one / portal_one:.2f}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one second a run instead of ten")
    print(table(run(1.0 if parser.parse_args().quick else 10.0)))


if __name__ == "__main__":
    main()
