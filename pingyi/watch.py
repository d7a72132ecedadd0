"""One supervisor to a data folder: it takes the lock, clears what a killed one left, and keeps the children running."""

import contextlib
import json
import os
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from filelock import FileLock, Timeout

from appraisal.domain.refusal import Refusal
from pingyi.children import Child, Patience, Say, Ward
from pingyi.processes import end_left_over

TICK = 0.2


@dataclass(frozen=True)
class Listener:
    """An address that a child will listen on, and the setting that names its port."""

    host: str
    port: int
    setting: str


def watch(
    home: Path,
    children: Sequence[Child],
    listeners: Sequence[Listener],
    addresses: Sequence[str],
    say: Say,
    patience: Patience | None = None,
) -> None:
    """Returns when told to stop, by Ctrl-C or SIGTERM, and every child has ended."""
    with only_one(home, addresses), told_to_stop() as stop:
        if left := end_left_over(home):
            say("up.cleared", processes=left)
        for listener in listeners:
            check_free(listener)
        wards = [Ward(child, home / "logs", say, patience or Patience()) for child in children]
        try:
            _look_after(wards, addresses, stop, say)
        finally:
            _end(wards, say)


@contextlib.contextmanager
def only_one(home: Path, addresses: Sequence[str]) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    note = home / "up.json"
    lock = FileLock(home / "up.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise Refusal("up.already_running", **_read(note)) from None
    try:
        note.write_text(json.dumps({"pid": os.getpid(), "addresses": list(addresses)}), encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _read(note: Path) -> dict[str, object]:
    """The other one may be about to write its note, or about to take it away."""
    try:
        told = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        told = {}
    return {"pid": told.get("pid"), "addresses": told.get("addresses", [])}


@contextlib.contextmanager
def told_to_stop() -> Iterator[threading.Event]:
    """The second time of asking does not wait: the children are bound to die with this process."""
    stop = threading.Event()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def check_free(listener: Listener) -> None:
    family = socket.AF_INET6 if ":" in listener.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listener.host, listener.port))
        except OSError as error:
            facts = {"host": listener.host, "port": listener.port, "setting": listener.setting}
            raise Refusal("up.port_taken", **facts) from error


def _look_after(wards: Sequence[Ward], addresses: Sequence[str], stop: threading.Event, say: Say) -> None:
    """Children start in their order: none before all that stand before it have been ready once."""
    told = False
    while not stop.wait(TICK):
        for ward in wards:
            ward.look()
            if not ward.was_ready:
                break
        else:
            if not told:
                say("up.running", addresses=list(addresses))
            told = True


def _end(wards: Sequence[Ward], say: Say) -> None:
    say("up.stopping")
    for ward in reversed(wards):
        ward.end()
    say("up.stopped")
