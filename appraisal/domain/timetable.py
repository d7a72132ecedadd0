"""When the phases of a campaign open and close, as far as can be told now.

What has happened counts as it happened; what has not is forecast from the rules, so that a plan shows all
dates from the first day on, and moves when something moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from appraisal.domain.calendar import Calendar
from appraisal.domain.deadlines import Due, DueRule, Hours, Waiting, compute
from appraisal.domain.reasoning import Step


@dataclass(frozen=True)
class PhaseRule:
    """When a phase opens (None: when the one before closes) and by when it closes."""

    key: str
    opens: DueRule | None
    closes: DueRule


@dataclass(frozen=True)
class Window:
    """The first and the last day of a phase; None where an event that nobody has set yet decides."""

    opens_on: date | None
    closes_on: date | None
    provisional: bool
    steps: tuple[Step, ...]


def timetable(
    rules: Sequence[PhaseRule],
    events: Mapping[str, datetime],
    calendar: Calendar,
    hours: Hours,
    sittings: Sequence[date] = (),
) -> dict[str, Window]:
    """The windows of all phases, in the order of the rules."""
    known = dict(events)
    windows: dict[str, Window] = {}
    previous = "campaign.started"
    for rule in rules:
        windows[rule.key] = window = _window(rule, previous, known, calendar, hours, sittings)
        _forecast(known, f"phase.{rule.key}.opened", window.opens_on, hours)
        _forecast(known, f"phase.{rule.key}.closed", window.closes_on, hours)
        previous = f"phase.{rule.key}.closed"
    return windows


def _window(
    rule: PhaseRule,
    previous: str,
    known: dict[str, datetime],
    calendar: Calendar,
    hours: Hours,
    sittings: Sequence[date],
) -> Window:
    opens_on, opens_provisional = _opening(rule, previous, known, calendar, hours, sittings)
    seen = known | _as_event(f"phase.{rule.key}.opened", opens_on, hours, known)
    decided = seen.get(f"phase.{rule.key}.decided")
    closes = compute(
        rule.closes, seen, calendar, hours, sittings=sittings, decided=hours.day_of(decided) if decided else None
    )
    if isinstance(closes, Waiting):
        return Window(opens_on, None, opens_provisional, ())
    return Window(opens_on, closes.due_on, closes.provisional or opens_provisional, closes.steps)


def _opening(
    rule: PhaseRule,
    previous: str,
    known: Mapping[str, datetime],
    calendar: Calendar,
    hours: Hours,
    sittings: Sequence[date],
) -> tuple[date | None, bool]:
    opened = known.get(f"phase.{rule.key}.opened")
    if opened is not None:
        return hours.day_of(opened), False
    if rule.opens is None:
        before = known.get(previous)
        return (hours.day_of(before), False) if before else (None, False)
    due = compute(rule.opens, known, calendar, hours, sittings=sittings)
    return (due.due_on, due.provisional) if isinstance(due, Due) else (None, False)


def _forecast(known: dict[str, datetime], event: str, day: date | None, hours: Hours) -> None:
    known.update(_as_event(event, day, hours, known))


def _as_event(event: str, day: date | None, hours: Hours, known: Mapping[str, datetime]) -> dict[str, datetime]:
    if day is None or event in known:
        return {}
    return {event: datetime.combine(day, time(9), ZoneInfo(hours.zone))}
