"""Why this date: a due date computed from a method and the dates that somebody assumes, or read from a campaign."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.clock import ZONE
from appraisal.domain.deadlines import DECISION, SITTING, Due, DueRule, compute
from appraisal.domain.reasoning import Step, steps_from_json
from appraisal.domain.refusal import Refusal
from appraisal.domain.timetable import timetable
from appraisal.method.rules import due_rule, phase_rules
from appraisal.method.schema import Method
from appraisal.notices.wording import phrase
from appraisal.operations.loading import campaign_by, method_of, unit_by
from appraisal.operations.naming import event_title, event_titles
from appraisal.operations.office import Office
from appraisal.store.campaign_tables import CampaignRow, ObligationRow

NINE = time(9)
"""An event of which only the day is known counts as that morning."""
_PHASE_STEPS = ("opened", "closed")


@dataclass(frozen=True)
class Because:
    """One step of the reason: its code, its facts, and the sentence."""

    code: str
    facts: Mapping[str, str | int]
    text: str


@dataclass(frozen=True)
class Explained:
    """A due date with its reason; ``forecast`` names the events whose date is itself only foreseen."""

    obligation: str
    title: str
    unit: str
    due_on: date
    due_at: datetime
    provisional: bool
    steps: tuple[Because, ...]
    forecast: tuple[str, ...] = ()


def explain(
    office: Office, method: Method, key: str, events: Mapping[str, datetime], sittings: Sequence[date] = ()
) -> Explained:
    """When a duty (or a phase, as ``phase.<key>``) would be due if the events happened so.

    Refuses a key or an event that the method does not have, and names the event that is still to be given.
    """
    title, rule = _rule(method, key)
    _known(events, event_titles(method), "explain.unknown_event")
    held = sorted({*sittings, *_sittings(office, method, events)})
    seen = _foreseen(office, method, events, held)
    decided = seen.get(f"{key}.decided")
    day = office.hours.local(decided).date() if decided else None
    found = compute(rule, seen, office.calendar, office.hours, sittings=held, decided=day)
    if not isinstance(found, Due):
        raise _missing(method, key, title, found.event)
    anchor = getattr(rule.when, "event", None)
    foreseen = (event_title(method, anchor),) if anchor in seen and anchor not in events else ()
    date_of = (found.due_on, found.due_at, found.provisional)
    return Explained(key, title, "", *date_of, _because(method, found.steps), foreseen)


def explain_live(session: Session, slug: str, key: str, unit: str | None) -> Explained:
    """Why an obligation of a running campaign is due when it is, as it was reckoned."""
    campaign = campaign_by(session, slug)
    method = method_of(campaign)
    title, _ = _rule(method, key)
    row = _obligation(session, campaign, key, unit)
    if row is None:
        raise Refusal("explain.not_issued", duty=title, campaign=campaign.title, unit=unit or "")
    if row.due_on is None or row.due_at is None:
        facts = {"unit": row.owner, "title": event_title(method, row.waits_for or "")}
        raise Refusal("explain.still_waiting", duty=title, **facts)
    steps = _because(method, steps_from_json(row.reason))
    return Explained(key, title, row.owner, row.due_on, row.due_at, row.provisional, steps)


def _rule(method: Method, key: str) -> tuple[str, DueRule]:
    duties = {duty.key: (duty.title, duty.due, duty.basis) for phase in method.phases for duty in phase.duties}
    phases = {f"phase.{phase.key}": (phase.title, phase.closes, phase.basis) for phase in method.phases}
    both = duties | phases
    _known([key], {name: title for name, (title, _, _) in both.items()}, "explain.unknown_obligation")
    title, due, basis = both[key]
    return title, due_rule(due, method.calendar, basis)


def _known(names: Collection[str], known: Mapping[str, str], code: str) -> None:
    for name in names:
        if name not in known:
            near = [*get_close_matches(name, known, n=3, cutoff=0.5), *(k for k, t in known.items() if t == name)]
            told = {key: known[key] for key in dict.fromkeys(near or known)}
            raise Refusal(code, name=name, near=bool(near), known=told)


def _sittings(office: Office, method: Method, events: Mapping[str, datetime]) -> list[date]:
    held = {event.key for event in method.events if event.sitting}
    return [office.hours.local(at).date() for name, at in events.items() if name in held]


def _foreseen(
    office: Office, method: Method, events: Mapping[str, datetime], sittings: Sequence[date]
) -> dict[str, datetime]:
    """The events as given, and the openings and closings of phases that follow from them."""
    seen = dict(events)
    windows = timetable(phase_rules(method), events, office.calendar, office.hours, sittings)
    for key, window in windows.items():
        for step, day in zip(_PHASE_STEPS, (window.opens_on, window.closes_on), strict=True):
            if day is not None:
                seen.setdefault(f"phase.{key}.{step}", datetime.combine(day, NINE, ZONE))
    return seen


def _missing(method: Method, key: str, title: str, event: str) -> Refusal:
    if event == SITTING.event:
        return Refusal("explain.no_sitting", duty=title)
    name = f"{key}.decided" if event == DECISION.event else event
    return Refusal("explain.waiting", duty=title, event=name, title=event_title(method, name))


def _because(method: Method, steps: Sequence[Step]) -> tuple[Because, ...]:
    titles = event_titles(method)
    return tuple(Because(step.code, step.facts, phrase(step.code, **_titled(step, titles))) for step in steps)


def _titled(step: Step, titles: Mapping[str, str]) -> dict[str, str | int]:
    event = step.facts.get("event")
    return {**step.facts, "event": titles[event]} if isinstance(event, str) and event in titles else {**step.facts}


def _obligation(session: Session, campaign: CampaignRow, key: str, unit: str | None) -> ObligationRow | None:
    query = select(ObligationRow).where(ObligationRow.campaign_id == campaign.id, ObligationRow.key == key)
    if unit is not None:
        query = query.where(ObligationRow.unit_id == unit_by(session, unit).id)
    rows = session.scalars(query).all()
    if len(rows) > 1:
        raise Refusal(
            "explain.which_unit", units=sorted(f"{row.unit.name}（{row.unit.code}）" for row in rows if row.unit)
        )
    return rows[0] if rows else None
