"""The agenda of a sitting: what an item is, and how long it took."""

from datetime import datetime
from enum import StrEnum


class AgendaKind(StrEnum):
    """What happens in an item."""

    REPORT = "report"
    WRITTEN_REPORT = "written_report"
    STATEMENT = "statement"
    SPEECH = "speech"
    VOTE = "vote"
    OTHER = "other"


def minutes_taken(began_at: datetime | None, ended_at: datetime | None, now: datetime) -> int | None:
    """Whole minutes from the beginning to the end, or so far; None before it began."""
    if began_at is None:
        return None
    return max(int(((ended_at or now) - began_at).total_seconds()), 0) // 60
