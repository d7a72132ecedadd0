"""More time (延期): until when it may be asked for, how far it may reach, and why it may not be asked for at all.

Both limits are days that still count: a duty due on the 28th, to be asked for ten days ahead, may be asked for on the
18th.  Neither rolls off a day of rest, for a unit can ask on any day.
"""

from dataclasses import dataclass
from datetime import date

from appraisal.domain.calendar import Calendar
from appraisal.domain.counting import count
from appraisal.domain.refusal import Refusal
from appraisal.domain.span import Span


@dataclass(frozen=True)
class ExtensionRule:
    """What a method allows: how long before the due date to ask, how much, and how often."""

    asked_before: Span
    ceiling: Span
    times: int


@dataclass(frozen=True)
class Standing:
    """How a duty stands: its due date, what the ceiling is counted from, how often it was extended, and whether a
    petition is waiting.  ``counted_from`` is None while the event of the ceiling has not happened."""

    due_on: date
    counted_from: date | None
    granted: int
    pending: bool


@dataclass(frozen=True)
class Limits:
    """The last day on which one may ask, and the latest day that may be asked for."""

    ask_by: date
    latest: date


def limits(rule: ExtensionRule, standing: Standing, calendar: Calendar) -> Limits:
    """Both limits; Refusal ``extension.not_begun`` while the event that the ceiling counts from has not happened."""
    if standing.counted_from is None:
        raise Refusal("extension.not_begun")
    ask_by = count(standing.due_on, rule.asked_before, -1, False, calendar).day
    return Limits(ask_by, count(standing.counted_from, rule.ceiling, 1, False, calendar).day)


def may_ask(rule: ExtensionRule, standing: Standing, today: date, calendar: Calendar) -> Limits:
    """The limits within which one may ask today, or a refusal that says why one may not."""
    if standing.pending:
        raise Refusal("extension.pending")
    if standing.granted >= rule.times:
        raise Refusal("extension.used_up", granted=standing.granted, times=rule.times)
    found = limits(rule, standing, calendar)
    if today > found.ask_by:
        raise Refusal("extension.too_late", due_on=standing.due_on, ask_by=found.ask_by)
    if found.latest <= standing.due_on:
        raise Refusal("extension.nothing_left", due_on=standing.due_on, latest=found.latest)
    return found


def check_asked(standing: Standing, within: Limits, until: date, reason: str) -> None:
    """Refuses a petition without a reason, for no later day than the present one, or for a day past the ceiling."""
    if not reason.strip():
        raise Refusal("extension.needs_reason")
    if until <= standing.due_on:
        raise Refusal("extension.not_later", until=until, due_on=standing.due_on)
    if until > within.latest:
        raise Refusal("extension.beyond_ceiling", until=until, latest=within.latest)
