"""A guard that knows nobody: it counts what comes in by each printed code, in the memory of this process alone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from threading import Lock
from time import monotonic
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from appraisal.domain.opinions import Signs
from appraisal.domain.refusal import Refusal
from appraisal.places import root

LOOKUPS = "lookups"


class Pace(StrEnum):
    """What becomes of the next one: taken in, taken in but held back, or asked to come again."""

    TAKEN = "taken"
    HELD = "held"
    REFUSED = "refused"


class Rate(BaseModel):
    """So many at once, and so many a minute after that."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    at_once: Annotated[int, Field(ge=1)]
    a_minute: Annotated[int, Field(ge=1)]


class _Signs(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    links: Annotated[int, Field(ge=1)]
    repeats: Annotated[int, Field(ge=2)]
    letters: Annotated[float, Field(ge=0, le=1)]
    words: list[str]


class IntakeRules(BaseModel):
    """What config/intake.yaml says."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    held: Rate
    refused: Rate
    lookups: Rate
    signs: _Signs


@dataclass
class _Bucket:
    """Leaks all the time; what is poured in beyond its brim is not counted, so it never stays shut for long."""

    rate: Rate
    level: float = 0.0
    seen: float = 0.0

    def leak(self, now: float) -> None:
        self.level = max(0.0, self.level - (now - self.seen) * self.rate.a_minute / 60)
        self.seen = now

    def has_room(self) -> bool:
        return self.level + 1 <= self.rate.at_once


@dataclass
class IntakeGuard:
    """Two buckets a printed code and one for all lookups; ``clock`` gives seconds that only go forward."""

    rules: IntakeRules
    clock: Callable[[], float] = monotonic
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def pace(self, point: str) -> Pace:
        """Count one opinion of a point that exists, and say what becomes of it."""
        with self._lock:
            if not self._pour(f"refused/{point}", self.rules.refused):
                return Pace.REFUSED
            return Pace.TAKEN if self._pour(f"held/{point}", self.rules.held) else Pace.HELD

    def admit_lookup(self) -> None:
        """Count one try at a follow-up code; Refusal ``intake.too_fast`` when there are too many."""
        with self._lock:
            if not self._pour(LOOKUPS, self.rules.lookups):
                raise Refusal("intake.too_fast")

    def _pour(self, name: str, rate: Rate) -> bool:
        now = self.clock()
        bucket = self._buckets.setdefault(name, _Bucket(rate, 0.0, now))
        bucket.leak(now)
        if not bucket.has_room():
            return False
        bucket.level += 1
        return True


def read_rules() -> IntakeRules:
    """The rules of this installation; pydantic.ValidationError names what is wrong in the file."""
    return IntakeRules.model_validate(YAML(typ="safe", pure=True).load(root() / "config" / "intake.yaml"))


@cache
def signs() -> Signs:
    """What an opinion is held back for."""
    found = read_rules().signs
    return Signs(found.links, tuple(found.words), found.repeats, found.letters)
