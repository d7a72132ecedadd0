"""Dates that hang on events: the windows of phases and the due dates of obligations, set and moved."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.clock import ZONE
from appraisal.domain.deadlines import Due, Waiting, compute
from appraisal.domain.facts import Action
from appraisal.domain.ladder import Rung, instants, next_instant
from appraisal.domain.lifecycle import OPEN_OBLIGATION, OWED, CampaignStatus, PhaseStatus
from appraisal.domain.reasoning import steps_from_json, steps_to_json
from appraisal.domain.timetable import Window, timetable
from appraisal.method.duties import Duty
from appraisal.method.rules import due_rule, phase_rules, rungs
from appraisal.method.schema import Method
from appraisal.notices.post import Letter
from appraisal.notices.wording import reason
from appraisal.operations.loading import method_of
from appraisal.operations.naming import event_titles
from appraisal.operations.office import Desk, Office
from appraisal.operations.telling import duty_page, letter, tell
from appraisal.store.campaign_tables import CampaignRow, EventRow, ObligationRow
from appraisal.store.register_tables import UnitRow
from appraisal.store.sitting_tables import SittingRow


@dataclass(frozen=True)
class Events:
    """What has happened in a campaign: in the body, and to each unit; and the days of sittings that are no event."""

    body: dict[str, datetime] = field(default_factory=dict)
    units: dict[object, dict[str, datetime]] = field(default_factory=dict)
    sittings: list[date] = field(default_factory=list)

    def seen_by(self, unit_id: object) -> dict[str, datetime]:
        """What counts for one unit: its own events before those of the body."""
        return self.body | self.units.get(unit_id, {})


def events_of(session: Session, campaign: CampaignRow) -> Events:
    """All events of the campaign."""
    events = Events()
    columns = select(EventRow.unit_id, EventRow.name, EventRow.at)
    for unit_id, name, at in session.execute(columns.where(EventRow.campaign_id == campaign.id)):
        place = events.body if unit_id is None else events.units.setdefault(unit_id, {})
        place[name] = at
    without_event = SittingRow.campaign_id == campaign.id, SittingRow.event.is_(None)
    events.sittings.extend(session.scalars(select(SittingRow.held_on).where(*without_event)))
    return events


def sittings_of(method: Method, events: Events, office: Office) -> list[date]:
    """The days of the sittings that are set so far."""
    keys = {event.key for event in method.events if event.sitting}
    of_events = {office.hours.day_of(at) for name, at in events.body.items() if name in keys}
    return sorted({*of_events, *events.sittings})


def windows_of(method: Method, events: Events, office: Office) -> dict[str, Window]:
    """The windows of all phases as far as they can be told now."""
    sittings = sittings_of(method, events, office)
    return timetable(phase_rules(method), events.body, office.calendar, office.hours, sittings)


def due_for(method: Method, row: ObligationRow, events: Events, office: Office) -> Due | Waiting:
    """When an obligation is due, or the event it waits for."""
    unit_id = row.unit.id if row.unit else None  # A row that is not flushed yet has its unit, but not the key of it.
    return due_of(method, method.duty(row.key), events.seen_by(unit_id) | own_events(row), events, office)


def due_of(method: Method, duty: Duty, seen: dict[str, datetime], events: Events, office: Office) -> Due | Waiting:
    """When a duty is due for somebody who has seen these events, or the event it waits for."""
    decided = seen.get(f"{duty.key}.decided")
    found = compute(
        due_rule(duty.due, method.calendar, duty.basis),
        seen,
        office.calendar,
        office.hours,
        sittings=sittings_of(method, events, office),
        decided=office.hours.day_of(decided) if decided else None,
    )
    return Waiting(f"{duty.key}.decided") if found == Waiting("decided") else found


def own_events(row: ObligationRow) -> dict[str, datetime]:
    """What happened to this obligation alone: of a period, to its panel, or to the problem it is about."""
    own: dict[str, datetime] = {}
    if row.period or row.panel or row.problem:
        own[f"{row.key}.issued"] = _midnight(row.period) if row.period else row.issued_at
    if row.problem and row.problem.assigned_at:
        own["problem.assigned"] = row.issued_at if (row.times or 1) > 1 else row.problem.assigned_at
    if row.problem and row.problem.closed_at:
        own["problem.closed"] = row.problem.closed_at
    if row.problem and row.problem.due_on:
        own[f"{row.key}.decided"] = _midnight(row.problem.due_on)
    return own


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), ZONE)


def rungs_of(method: Method, duty_key: str) -> tuple[Rung, ...]:
    """The ladder of a duty; empty where the method gives it none."""
    ladder = method.duty(duty_key).ladder
    return rungs(method.ladders[ladder]) if ladder else ()


def reached(method: Method, row: ObligationRow, office: Office) -> tuple[datetime, ...]:
    """When each rung of the obligation's ladder is reached; empty while it has no due date."""
    if row.due_on is None:
        return ()
    starts_on = row.starts_on or office.hours.day_of(row.issued_at)
    zone = office.hours.zone
    return instants(rungs_of(method, row.key), starts_on, row.due_on, office.calendar, office.rung_at, zone)


def watch(method: Method, row: ObligationRow, office: Office) -> None:
    """Set when the patrol must look at the obligation again: its next rung, or becoming overdue."""
    if row.status not in OWED or row.due_at is None:
        row.next_check_at = None
        return
    rung = next_instant(reached(method, row, office), row.last_rung)
    overdue = row.due_at if row.overdue_at is None else None
    row.next_check_at = min((instant for instant in (rung, overdue) if instant is not None), default=None)


def replan(desk: Desk, campaign: CampaignRow, unit: UnitRow | None = None) -> None:
    """Recompute every date that is still to come, of one unit or of the whole campaign; tell those concerned.

    Phases hang on events of the body alone, so what happens to one unit leaves their windows as they are.
    """
    method = method_of(campaign)
    events = events_of(desk.session, campaign)
    if unit is None:
        _replan_phases(campaign, windows_of(method, events, desk.office))
    tell(desk, campaign, list(_replan_obligations(desk, campaign, method, events, unit)))


def replan_for_calendar(desk: Desk) -> list[str]:
    """Recompute the campaigns planned under another calendar than today's; returns their slugs."""
    current = desk.office.calendar_digest
    running = select(CampaignRow).where(CampaignRow.status == CampaignStatus.RUNNING)
    old = running.where(CampaignRow.calendar_digest != current).order_by(CampaignRow.slug)
    stale = list(desk.session.scalars(old.with_for_update(key_share=True)))
    for campaign in stale:
        replan(desk, campaign)
        campaign.calendar_digest = current
        desk.record(campaign.slug, f"campaign:{campaign.id}", Action.CAMPAIGN_REPLANNED, calendar=current)
    return [campaign.slug for campaign in stale]


def set_due(method: Method, row: ObligationRow, found: Due | Waiting, office: Office) -> None:
    """Write a due date, its reason and its next check on the obligation."""
    if isinstance(found, Waiting):
        row.waits_for, row.due_on, row.due_at, row.starts_on, row.reason = found.event, None, None, None, "[]"
    else:
        row.waits_for, row.due_on, row.due_at, row.provisional = None, found.due_on, found.due_at, found.provisional
        row.starts_on = office.hours.day_of(found.starts_at) if found.starts_at else None
        row.reason = steps_to_json(found.steps)
    watch(method, row, office)


def _replan_phases(campaign: CampaignRow, windows: dict[str, Window]) -> None:
    for row in campaign.phases:
        if row.status == PhaseStatus.CLOSED:
            continue
        window = windows[row.key]
        row.opens_on = window.opens_on if row.status == PhaseStatus.PLANNED else row.opens_on
        row.closes_on, row.provisional = window.closes_on, window.provisional
        row.reason = steps_to_json(window.steps)


def _replan_obligations(
    desk: Desk, campaign: CampaignRow, method: Method, events: Events, unit: UnitRow | None
) -> Iterator[Letter]:
    open_ones = select(ObligationRow).where(
        ObligationRow.campaign_id == campaign.id, ObligationRow.status.in_(OPEN_OBLIGATION)
    )
    chosen = open_ones if unit is None else open_ones.where(ObligationRow.unit_id == unit.id)
    for row in desk.session.scalars(chosen):
        found = due_for(method, row, events, desk.office)
        if _unchanged(row, found):
            continue
        before = row.due_on
        if row.overdue_at is not None and isinstance(found, Due) and found.due_at > desk.now:
            row.overdue_at = None
        set_due(method, row, found, desk.office)
        yield from _moved(desk, campaign, method, row, before)


def _unchanged(row: ObligationRow, found: Due | Waiting) -> bool:
    if isinstance(found, Waiting):
        return row.due_at is None and row.waits_for == found.event
    stands = (row.due_at, row.provisional, row.reason)
    return stands == (found.due_at, found.provisional, steps_to_json(found.steps))


def _moved(
    desk: Desk, campaign: CampaignRow, method: Method, row: ObligationRow, before: date | None
) -> Iterator[Letter]:
    action = Action.OBLIGATION_DUE_SET if before is None else Action.OBLIGATION_DUE_MOVED
    dates = {"old_on": before.isoformat() if before else "", "new_on": row.due_on.isoformat() if row.due_on else ""}
    subject = f"obligation:{row.id}"
    desk.record(campaign.slug, subject, action, **dates, provisional=row.provisional, reason=row.reason)
    if row.due_on is None or before == row.due_on:
        return
    duty = method.duty(row.key)
    yield letter(
        campaign,
        "due-set" if before is None else "due-moved",
        f"{row.id}/{dates['old_on']}/{dates['new_on']}/{desk.now.isoformat()}",
        (duty.role, *duty.tell),
        duty_page(row),
        {"duty": row.title, "due_on": dates["new_on"], "provisional": row.provisional, **dates}
        | {"reason": reason(steps_from_json(row.reason), event_titles(method))},
        owner=row.unit or row.panel,
    )
