"""How a due date stands against the clock: computed whenever asked, never stored."""

from datetime import datetime, timedelta
from enum import StrEnum

from appraisal.domain.lifecycle import OWED, ObligationStatus

NEAR = timedelta(days=7)


class Timeliness(StrEnum):
    """From on time to overdue; ``waiting`` has no date yet, ``submitted`` is looked at, ``done`` needs no date."""

    WAITING = "waiting"
    ON_TIME = "on_time"
    NEAR = "near"
    DUE = "due"
    OVERDUE = "overdue"
    SUBMITTED = "submitted"
    DONE = "done"


def timeliness(due_at: datetime | None, now: datetime, *, owed: bool) -> Timeliness:
    """Where ``now`` stands before ``due_at`` (an aware instant; overdue from that very instant on)."""
    if not owed:
        return Timeliness.DONE
    if due_at is None:
        return Timeliness.WAITING
    if now >= due_at:
        return Timeliness.OVERDUE
    last_instant = due_at - timedelta(microseconds=1)
    if now.date() == last_instant.date():
        return Timeliness.DUE
    return Timeliness.NEAR if due_at - now <= NEAR else Timeliness.ON_TIME


def light(status: str, due_at: datetime | None, now: datetime) -> Timeliness:
    """The light of an obligation: one that is being looked at is neither owed nor done."""
    if status == ObligationStatus.SUBMITTED:
        return Timeliness.SUBMITTED
    return timeliness(due_at, now, owed=status in OWED)
