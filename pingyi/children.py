"""One child under supervision: started, seen to be ready, watched, started again when it dies, ended."""

import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from http.client import HTTPException
from pathlib import Path
from typing import Protocol

from pingyi.logs import put_aside
from pingyi.processes import Group

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Say(Protocol):
    """Tells the operator the phrase of a code, with its facts."""

    def __call__(self, code: str, /, **facts: object) -> None: ...


@dataclass(frozen=True)
class Child:
    """With an address of health it is ready once that answers 200, without one as soon as it runs; a child that
    works `once` is done when it ends with status 0."""

    name: str
    title: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    health: str | None = None
    once: bool = False


@dataclass(frozen=True)
class Patience:
    """Lengths of time in seconds, and how often."""

    first_pause: float = 1
    longest_pause: float = 60
    steady_after: float = 60
    loud_after: int = 5
    start: float = 300
    grace: float = 15
    last_words: float = 3
    check_every: float = 10
    check_timeout: float = 2
    checks_missed: int = 6

    def pause(self, deaths: int) -> float:
        return float(min(self.longest_pause, self.first_pause * 2 ** min(deaths - 1, 30)))


class Stage(Enum):
    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    DONE = "done"


class Ward:
    """`look` is called again and again; it takes the one step that is due and never waits for the child."""

    def __init__(self, child: Child, logs: Path, say: Say, patience: Patience) -> None:
        self.child = child
        self.log = logs / f"{child.name}.log"
        self.was_ready = False
        self._say = say
        self._patience = patience
        self._stage = Stage.WAITING
        self._group: Group | None = None
        self._started = 0.0
        self._not_before = 0.0
        self._deaths = 0
        self._next_check = 0.0
        self._missed = 0

    @property
    def pid(self) -> int | None:
        return self._group.pid if self._group else None

    def look(self) -> None:
        if self._stage is Stage.DONE or time.monotonic() < self._not_before:
            return
        if self._group is None:
            self._start()
        elif (status := self._group.status()) is not None:
            self._ended(status)
        elif self._stage is Stage.STARTING:
            self._look_whether_ready()
        elif time.monotonic() >= self._next_check:
            self._look_whether_well()

    def end(self) -> None:
        if self._group:
            self._group.end(self._patience.grace, self._patience.last_words)
        self._group = None

    def _start(self) -> None:
        self._say("up.starting", title=self.child.title)
        self._group = Group(self.child.argv, self.child.env, self.log)
        self._started = time.monotonic()
        self._stage = Stage.STARTING

    def _ended(self, status: int) -> None:
        if self.child.once and status == 0:
            self._stage, self.was_ready = Stage.DONE, True
            self._say("up.done", title=self.child.title)
        else:
            self._start_again("up.died", status=status)

    def _look_whether_ready(self) -> None:
        if not self.child.once and self._answers():
            self._stage, self.was_ready = Stage.READY, True
            self._say("up.ready", title=self.child.title, seconds=round(self._age, 1))
        elif self._age > self._patience.start:
            self._start_again("up.never_ready", seconds=round(self._age))

    def _look_whether_well(self) -> None:
        """A child that runs but no longer answers is as good as dead."""
        put_aside(self.log)
        self._next_check = time.monotonic() + self._patience.check_every
        self._missed = 0 if self._answers() else self._missed + 1
        if self._missed >= self._patience.checks_missed:
            self._start_again("up.silent", seconds=round(self._missed * self._patience.check_every))

    def _start_again(self, code: str, **facts: object) -> None:
        self._deaths = 1 if self._age >= self._patience.steady_after else self._deaths + 1
        self.end()
        self._stage, self._missed = Stage.WAITING, 0
        pause = self._patience.pause(self._deaths)
        self._not_before = time.monotonic() + pause
        self._say(code, title=self.child.title, pause=round(pause), log=str(self.log), **facts)
        if self._deaths >= self._patience.loud_after:
            self._say("up.keeps_dying", title=self.child.title, times=self._deaths, log=str(self.log))

    @property
    def _age(self) -> float:
        return time.monotonic() - self._started

    def _answers(self) -> bool:
        if self.child.health is None:
            return True
        try:
            with DIRECT.open(self.child.health, timeout=self._patience.check_timeout) as answer:
                return bool(answer.status == 200)
        except (OSError, HTTPException):
            return False
