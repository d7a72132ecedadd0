"""Ladders: reminders and escalations hung on a due date, or on what happens meanwhile.

A rung stands at an offset from the due date, or waits for a condition.  Rungs fire once each and in order.  When
several are due at once (the system was down for a week, or a paper came back for the second time) only the highest
fires; the lower ones are recorded as passed over, so that nobody gets six messages at once.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Self

import pendulum

from appraisal.domain.calendar import Calendar
from appraisal.domain.span import Span

_OFFSET = re.compile(r"^(?P<sign>[+-]?)(?P<count>\d{1,4})(?P<unit>d|wd|w|m|%)$")


@dataclass(frozen=True)
class Offset:
    """A place on a ladder: days (d), working days (wd), weeks (w), months (m) or a share (%) of the time given."""

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``-7d``, ``+3wd``, ``-20%`` or ``0d``; ValueError on anything else."""
        found = _OFFSET.match(text.strip())
        if found is None:
            raise ValueError(f"not an offset: {text!r}")
        sign = -1 if found["sign"] == "-" else 1
        return cls(sign * int(found["count"]), found["unit"])

    def __str__(self) -> str:
        sign = "+" if self.count > 0 else ""
        return f"{sign}{self.count}{self.unit}"


class Colour(StrEnum):
    """The light that a ladder has lit: a card (黄牌、红牌), or none yet."""

    NONE = "none"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True)
class Condition:
    """What a rung waits for instead of a day; exactly one part is given (``fired`` goes with ``times``)."""

    silent: Span | None = None
    unmoved: int | None = None
    returned: int | None = None
    fired: str | None = None
    times: int = 0
    held_up: bool = False

    def __str__(self) -> str:
        given = [(name, getattr(self, name)) for name in ("silent", "unmoved", "returned", "fired", "times", "held_up")]
        return " ".join(name if value is True else f"{name} {value}" for name, value in given if value)


@dataclass(frozen=True)
class Standing:
    """What the conditions of an obligation's ladder are judged by.

    ``since`` is when it last moved.  ``fired`` says of each act that has fired here how many of that act its unit then
    had in the campaign, this one included: whoever made the count full is pressed for it, and no one else.
    """

    since: datetime
    unmoved: int = 0
    returns: int = 0
    fired: Mapping[str, int] = field(default_factory=dict)
    held_up: bool = False


@dataclass(frozen=True)
class Rung:
    """One rung: where it stands or what it waits for, what it does, the roles it tells, and the points it costs."""

    offset: Offset | None
    act: str
    tell: tuple[str, ...]
    when: Condition | None = None
    points: int = 0


@dataclass(frozen=True)
class Climb:
    """What a patrol has to do: the rung to fire and the rungs passed over, as positions on the ladder."""

    fire: int
    passed_over: tuple[int, ...]


@lru_cache(maxsize=4096)
def instants(
    rungs: tuple[Rung, ...], starts_on: date, due_on: date, calendar: Calendar, at: time, zone: str
) -> tuple[datetime | None, ...]:
    """When each rung is reached that has a place, never earlier than the one below it; None where it waits.

    Kept, for many obligations are due on one day.
    """
    reached: list[datetime | None] = []
    below: datetime | None = None
    for rung in rungs:
        if rung.offset is None:
            reached.append(None)
            continue
        moment = _at(_day(rung.offset, starts_on, due_on, calendar), at, zone)
        below = max(moment, below) if below else moment
        reached.append(below)
    return tuple(reached)


def awaited(
    rungs: Sequence[Rung], standing: Standing, calendar: Calendar, at: time, zone: str
) -> tuple[datetime | None, ...]:
    """When each rung is reached that waits for a condition; None where it does not hold, or the rung has a place.

    Silence is reached at an instant still to come; whatever else holds has held since the last movement at the latest.
    """
    return tuple(_met(rung.when, standing, calendar, at, zone) if rung.when else None for rung in rungs)


def foot(rungs: Sequence[Rung], act: str | None) -> int:
    """The rung below which a ladder that starts at ``act`` is not climbed, as a last rung; -1 for the whole ladder."""
    return next((position - 1 for position, rung in enumerate(rungs) if rung.act == act), -1)


def climb(reached: Sequence[datetime | None], last: int, now: datetime) -> Climb | None:
    """The step from rung ``last`` (-1: none yet) at ``now``; None when no further rung is due."""
    due = [position for position in range(last + 1, len(reached)) if _is_due(reached[position], now)]
    return Climb(due[-1], tuple(range(last + 1, due[-1]))) if due else None


def next_instant(reached: Sequence[datetime | None], last: int) -> datetime | None:
    """When the first rung above ``last`` is due; None where none is in sight."""
    return min((moment for moment in reached[last + 1 :] if moment), default=None)


def colour(rungs: Sequence[Rung], fired: Collection[int]) -> Colour:
    """The card shown by the highest rung that fired, or that was passed over below it because its day had gone."""
    top = max(fired, default=-1)
    cards = [
        rung.act
        for position, rung in enumerate(rungs[: top + 1])
        if rung.act in (Colour.YELLOW, Colour.RED) and (position in fired or rung.offset is not None)
    ]
    return Colour(cards[-1]) if cards else Colour.NONE


def _is_due(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _met(when: Condition, standing: Standing, calendar: Calendar, at: time, zone: str) -> datetime | None:
    if when.silent is not None:
        since = pendulum.instance(standing.since).in_timezone(zone).date()
        day = _stepped(since, when.silent.count, when.silent.unit, calendar)
        return _at(day, at, zone)
    return standing.since if _holds(when, standing) else None


def _holds(when: Condition, standing: Standing) -> bool:
    if when.unmoved is not None:
        return standing.unmoved >= when.unmoved
    if when.returned is not None:
        return standing.returns >= when.returned
    if when.fired is not None:
        return standing.fired.get(when.fired, 0) >= when.times
    return when.held_up and standing.held_up


def _at(day: date, at: time, zone: str) -> datetime:
    return pendulum.datetime(day.year, day.month, day.day, at.hour, at.minute, tz=zone)


def _day(offset: Offset, starts_on: date, due_on: date, calendar: Calendar) -> date:
    if offset.unit == "%":
        return due_on + timedelta(days=round((due_on - starts_on).days * offset.count / 100))
    return _stepped(due_on, offset.count, offset.unit, calendar)


def _stepped(day: date, count: int, unit: str, calendar: Calendar) -> date:
    match unit:
        case "d":
            return day + timedelta(days=count)
        case "w":
            return day + timedelta(weeks=count)
        case "wd":
            return calendar.step_working(day, count)
        case _:
            step = {"years": count} if unit == "y" else {"months": count}
            moved = pendulum.date(day.year, day.month, day.day).add(**step)
            return date(moved.year, moved.month, moved.day)
