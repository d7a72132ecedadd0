"""Ladders: reminders and escalations hung on a due date.

A rung stands at an offset from the due date.  Rungs fire once each and in order.  When several have been
missed (the system was down for a week) only the highest that is due fires; the lower ones are recorded as
passed over, so that nobody gets six messages at once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

import pendulum

from appraisal.domain.calendar import Calendar

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


@dataclass(frozen=True)
class Rung:
    """One rung: where it stands, what it does, and the roles it tells."""

    offset: Offset
    act: str
    tell: tuple[str, ...]


@dataclass(frozen=True)
class Climb:
    """What a patrol has to do: the rung to fire and the rungs passed over, as positions on the ladder."""

    fire: int
    passed_over: tuple[int, ...]


def instants(
    rungs: Sequence[Rung], starts_on: date, due_on: date, calendar: Calendar, at: time, zone: str
) -> tuple[datetime, ...]:
    """When each rung is reached, never earlier than the rung below it."""
    reached: list[datetime] = []
    for rung in rungs:
        day = _day(rung.offset, starts_on, due_on, calendar)
        moment = pendulum.datetime(day.year, day.month, day.day, at.hour, at.minute, tz=zone)
        reached.append(max(moment, reached[-1]) if reached else moment)
    return tuple(reached)


def climb(reached: Sequence[datetime], last: int, now: datetime) -> Climb | None:
    """The step from rung ``last`` (-1: none yet) at ``now``; None when no further rung is due."""
    due = [position for position, moment in enumerate(reached) if position > last and moment <= now]
    return Climb(due[-1], tuple(due[:-1])) if due else None


def next_instant(reached: Sequence[datetime], last: int) -> datetime | None:
    """When the rung above ``last`` is due; None at the top."""
    return reached[last + 1] if last + 1 < len(reached) else None


def _day(offset: Offset, starts_on: date, due_on: date, calendar: Calendar) -> date:
    match offset.unit:
        case "d":
            return due_on + timedelta(days=offset.count)
        case "w":
            return due_on + timedelta(weeks=offset.count)
        case "wd":
            return calendar.step_working(due_on, offset.count)
        case "m":
            moved = pendulum.date(due_on.year, due_on.month, due_on.day).add(months=offset.count)
            return date(moved.year, moved.month, moved.day)
        case _:
            return due_on + timedelta(days=round((due_on - starts_on).days * offset.count / 100))
