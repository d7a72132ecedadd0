"""The real portal in a process of its own, to be killed and started again on the same port."""

import multiprocessing
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from appraisal.operations.office import Office
from appraisal.settings import Settings
from appraisal.store.work import Store

_CONTEXT = multiprocessing.get_context("spawn")


@dataclass
class Portal:
    """A portal behind a port that stays open: whoever connects while it is down waits for the next one."""

    office: Office
    listening: socket.socket
    process: Any = field(default=None, repr=False)

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    def start(self) -> None:
        home, url = self.office.settings.home, self.office.store.engine.url.render_as_string(hide_password=False)
        self.process = _CONTEXT.Process(target=serve, args=(home, url, self.listening), daemon=True)
        self.process.start()

    def kill(self) -> None:
        """As ``kill -9`` does."""
        self.process.kill()
        self.process.join()


@contextmanager
def portal_of(office: Office) -> Iterator[Portal]:
    # Named as TCP, or asyncio does not switch Nagle's algorithm off.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen(1024)
    portal = Portal(office, listening)
    portal.start()
    try:
        yield portal
    finally:
        portal.kill()
        listening.close()


def serve(home: Path, url: str, listening: socket.socket) -> None:
    """What the process does."""
    from portal.app import create_app

    app = create_app(Office(Settings(home=home), Store(url)))
    uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="error")).run(sockets=[listening])
