"""A real Prefect server and a real worker, each in a process of its own."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from prefect.settings import (
    PREFECT_API_TLS_INSECURE_SKIP_VERIFY,
    PREFECT_API_URL,
    PREFECT_HOME,
    temporary_settings,
)

from appraisal.settings import Settings
from pingyi import embedded
from pingyi.children import DIRECT
from pingyi.processes import Group
from tests.eventually import eventually


class Engine:
    """Its parts are those of `pingyi up`, and may be killed and started again."""

    def __init__(self, home: Path, port: int | None = None) -> None:
        self.home = home
        self.port = port or _free_port()
        settings = Settings(home=home, prefect_port=self.port)
        self.api = settings.prefect_api
        self._children = {child.name: child for child in embedded.children(settings)}
        self._groups: dict[str, Group] = {}

    def start(self, name: str) -> None:
        child = self._children[name]
        self._groups[name] = Group(child.argv, child.env, self.home / "logs" / f"{name}.log")

    def kill(self, name: str) -> None:
        """As `kill -9` does, with no last words."""
        group = self._groups.pop(name)
        os.kill(group.pid, 9)
        group.end(grace=0, last_words=5)

    def end(self) -> None:
        for group in reversed(self._groups.values()):
            group.end(grace=5, last_words=1)

    def wait(self) -> bool:
        """Until the server answers."""
        return eventually(self.healthy, 120)

    def healthy(self) -> bool:
        try:
            with DIRECT.open(f"{self.api}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@contextmanager
def running_engine(home: Path) -> Iterator[Engine]:
    """A server of its own, which this process talks to."""
    started = Engine(home)
    started.start("server")
    try:
        assert started.wait(), (home / "logs" / "server.log").read_text(encoding="utf-8")
        with temporary_settings(_talking_to(started.api, home)):
            yield started
    finally:
        started.end()


def _talking_to(api: str, home: Path) -> dict[Any, object]:
    return {PREFECT_API_URL: api, PREFECT_HOME: home / "prefect", PREFECT_API_TLS_INSECURE_SKIP_VERIFY: True}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
