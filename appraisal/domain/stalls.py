"""Stalls (停滞): what stands still although somebody should be moving it.

Of several things that hold for one obligation the first of these counts: a petition that nobody decides on goes
before all else, for then the unit waits and not the one who watches; what holds up another unit goes before what
harms only whoever owes it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from appraisal.domain.lifecycle import OWED, ObligationStatus

TOO_OFTEN_UNMOVED = 2


class StallKind(StrEnum):
    """In what way something stands still."""

    UNDECIDED = "undecided"
    HELD_UP = "held_up"
    UNACKNOWLEDGED = "unacknowledged"
    SILENT = "silent"
    OVERDUE = "overdue"
    UNMOVED = "unmoved"


@dataclass(frozen=True)
class Owing:
    """What decides whether an obligation is stalled.

    ``signs``: it is signed for before anything else.  ``recurs``: it stands for a period.  ``supports``: another
    unit waits for it.  ``asked_at``: a petition about it is undecided since.
    """

    status: str
    due_at: datetime | None
    signs: bool = False
    recurs: bool = False
    supports: bool = False
    moved_at: datetime | None = None
    unmoved: int = 0
    asked_at: datetime | None = None


@dataclass(frozen=True)
class Stall:
    """How it is stalled and since when; without ``since`` nothing was ever reported."""

    kind: StallKind
    since: datetime | None


def stall_of(owing: Owing, now: datetime) -> Stall | None:
    """How the obligation is stalled at ``now``; None for what is not owed, and for what is on its way."""
    if owing.status not in OWED:
        return None
    if owing.due_at is not None and now >= owing.due_at:
        return Stall(_late(owing), owing.due_at)
    return Stall(StallKind.UNMOVED, owing.moved_at) if owing.unmoved >= TOO_OFTEN_UNMOVED else None


def _late(owing: Owing) -> StallKind:
    if owing.asked_at is not None:
        return StallKind.UNDECIDED
    if owing.supports:
        return StallKind.HELD_UP
    if owing.recurs:
        return StallKind.SILENT
    never_signed = owing.signs and owing.status == ObligationStatus.ISSUED
    return StallKind.UNACKNOWLEDGED if never_signed else StallKind.OVERDUE
