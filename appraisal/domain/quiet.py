"""When a message may go out: what is not urgent waits for a working day and for waking hours."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from appraisal.domain.calendar import Calendar


@dataclass(frozen=True)
class QuietHours:
    """No message that is not urgent leaves from ``begins`` in the evening until ``ends`` in the morning."""

    begins: time
    ends: time
    digest_at: time


def may_go_at(now: datetime, hours: QuietHours, calendar: Calendar, *, urgent: bool, digest: bool) -> datetime:
    """The first instant from ``now`` on at which the message may go; a digest waits for its hour."""
    if urgent:
        return now
    if digest:
        return _next(now, hours.digest_at, calendar)
    if calendar.is_working(now.date()) and hours.ends <= now.time() < hours.begins:
        return now
    return _next(now, hours.ends, calendar)


def _next(now: datetime, at: time, calendar: Calendar) -> datetime:
    day = now.date() if now.time() <= at else now.date() + timedelta(days=1)
    return datetime.combine(calendar.next_working(day), at, now.tzinfo)
