"""A process that leads a group of its own: started so that it dies with us, and ended with all that it started."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from pingyi.logs import open_log
from pingyi.mortal import PARENT

MARK = "PINGYI_UP_HOME"


class Group:
    def __init__(self, argv: tuple[str, ...], env: Mapping[str, str], log: Path) -> None:
        with open_log(log) as output:
            self._leader = subprocess.Popen(
                [sys.executable, "-m", "pingyi.mortal", "KILL", *argv],
                env={**env, PARENT: str(os.getpid())},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._leader.pid

    def status(self) -> int | None:
        return self._leader.poll()

    def end(self, grace: float, last_words: float) -> None:
        """Ask the leader and let it end its own children in order, then ask whoever is left, then force them."""
        if self.status() is None:
            self._leader.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._leader.wait(grace)
        self._ask_whoever_is_left(last_words)
        self._tell_all(signal.SIGKILL)
        self._leader.wait()

    def _ask_whoever_is_left(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        left = self._tell_all(signal.SIGTERM)
        while left and time.monotonic() < until:
            self._leader.poll()
            time.sleep(0.05)
            left = self._tell_all(0)

    def _tell_all(self, sent: int) -> bool:
        try:
            os.killpg(self.pid, sent)
        except ProcessLookupError:
            return False
        return True


def end_left_over(home: Path) -> int:
    """Kill what a killed supervisor of this data folder left behind; the caller holds the lock, so none is in use."""
    left = [pid for pid in _pids() if pid != os.getpid() and _is_marked(pid, home)]
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(left)


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]


def _is_marked(pid: int, home: Path) -> bool:
    """Only the processes that the supervisor started carry the mark in their environment."""
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False
    return f"{MARK}={home}".encode() in environment.split(b"\0")
