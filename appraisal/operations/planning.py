"""Dates that hang on events: the windows of phases and the due dates of obligations, set and moved."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from appraisal.domain.deadlines import Due, DueRule, Waiting, compute, counted_anew, extend
from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import (
    OPEN_OBLIGATION,
    CampaignStatus,
    PhaseStatus,
)
from appraisal.domain.reasoning import steps_from_json, steps_to_json
from appraisal.domain.timetable import Window, timetable
from appraisal.method.duties import Duty
from appraisal.method.rules import due_rule, phase_rules
from appraisal.method.schema import Method
from appraisal.method.sequence import ASSIGNED, linked, supported, supporting
from appraisal.notices.post import Letter
from appraisal.notices.wording import reason
from appraisal.operations.ladders import last_of, next_look
from appraisal.operations.loading import method_of
from appraisal.operations.naming import event_titles
from appraisal.operations.occurred import Events, events_of, keep_lead, seen_by_row, sittings_of
from appraisal.operations.office import Desk, Office
from appraisal.operations.telling import duty_letter, tell
from appraisal.operations.things import problems_about
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.register_tables import UnitRow


def windows_of(method: Method, events: Events, office: Office) -> dict[str, Window]:
    """The windows of all phases as far as they can be told now."""
    sittings = sittings_of(method, events, office)
    return timetable(phase_rules(method), events.body, office.calendar, office.hours, sittings)


def due_for(method: Method, row: ObligationRow, events: Events, office: Office) -> Due | Waiting:
    """When an obligation is due, or the event it waits for."""
    duty, granted = method.duty(row.key), events.extensions.get(row.id)
    rule, seen = due_rule(duty.due, method.calendar, duty.basis), seen_by_row(method, row, events)
    found = _computed(rule, method, duty, seen, events, office)
    anew = counted_anew(rule, ASSIGNED) if _passed_before_assignment(row, found, seen, office) else None
    if anew is not None:
        found = _computed(anew, method, duty, seen, events, office)
    if granted is None or isinstance(found, Waiting):
        return found
    return extend(rule, found, granted, office.calendar, office.hours)


def due_of(method: Method, duty: Duty, seen: dict[str, datetime], events: Events, office: Office) -> Due | Waiting:
    """When a duty is due for somebody who has seen these events, or the event it waits for."""
    return _computed(due_rule(duty.due, method.calendar, duty.basis), method, duty, seen, events, office)


def _computed(
    rule: DueRule, method: Method, duty: Duty, seen: dict[str, datetime], events: Events, office: Office
) -> Due | Waiting:
    decided = seen.get(f"{duty.key}.decided")
    found = compute(
        rule,
        seen,
        office.calendar,
        office.hours,
        sittings=sittings_of(method, events, office),
        decided=office.hours.day_of(decided) if decided else None,
    )
    return Waiting(f"{duty.key}.decided") if found == Waiting("decided") else found


def _passed_before_assignment(
    row: ObligationRow, found: Due | Waiting, seen: dict[str, datetime], office: Office
) -> bool:
    """Whether the day had passed when the problem was assigned, or was owed once more: nobody can have kept it."""
    if isinstance(found, Waiting) or row.period or not (row.problem or row.assignment) or ASSIGNED not in seen:
        return False
    return found.due_on < office.hours.day_of(seen[ASSIGNED])


def watch(method: Method, row: ObligationRow, office: Office) -> None:
    """Set when the patrol must look at the obligation again: its next rung, or becoming overdue.

    Whoever changes what a condition is judged by calls this: a condition that holds lies in the past, so that the very
    next patrol finds it.
    """
    row.next_check_at = next_look(method, row, last_of(method, row), office)


def replan(desk: Desk, campaign: CampaignRow, unit: UnitRow | None = None) -> None:
    """Recompute every date that is still to come, of one unit or of the whole campaign; tell those concerned.

    Phases hang on events of the body alone, so what happens to one unit leaves their windows as they are.
    """
    method = method_of(campaign)
    events = events_of(desk.session, campaign)
    if unit is None:
        _replan_phases(campaign, windows_of(method, events, desk.office))
    open_ones = _open(campaign) if unit is None else _open(campaign).where(ObligationRow.unit_id == unit.id)
    rows = sorted(desk.session.scalars(open_ones), key=lambda row: method.duty(row.key).supports is not None)
    tell(desk, campaign, list(_replan_obligations(desk, method, events, rows)))
    if unit is not None:
        follow_leads(desk, campaign, [row for row in rows if row.unit_id == unit.id])


def follow_leads(desk: Desk, campaign: CampaignRow, moved: Collection[ObligationRow]) -> None:
    """Recompute what hangs on these obligations of lead units: the dates of the units that support them.

    Whoever sets the due date of an obligation of a lead unit in any other way than ``replan`` calls this after it.
    """
    method = method_of(campaign)
    about = {row.problem_id for row in moved if row.problem_id and row.key in supported(method)}
    if about:
        desk.session.flush()
        query = _open(campaign).where(ObligationRow.key.in_(supporting(method)), ObligationRow.problem_id.in_(about))
        rows = list(desk.session.scalars(query))
        events = events_of(desk.session, campaign)
        tell(desk, campaign, list(_replan_obligations(desk, method, events, rows)))


def follow_things(desk: Desk, row: ObligationRow) -> None:
    """Recompute what waits for something to be done about this very problem, or about a problem in this letter."""
    if row.key in linked(method_of(row.campaign)):
        desk.session.flush()
        about = ObligationRow.problem_id.in_(problems_about(desk.session, row))
        letter = ObligationRow.assignment_id == row.assignment_id
        _replan_about(desk, row.campaign, or_(about, letter) if row.assignment_id else about)


def replan_problem(desk: Desk, campaign: CampaignRow, problem_id: UUID) -> None:
    """Recompute what hangs on the date of a problem: whatever its lead unit and those that support it still owe."""
    _replan_about(desk, campaign, ObligationRow.problem_id == problem_id)


def _replan_about(desk: Desk, campaign: CampaignRow, about: ColumnElement[bool]) -> None:
    method, rows = method_of(campaign), desk.session.scalars(_open(campaign).where(about))
    ordered = sorted(rows, key=lambda row: method.duty(row.key).supports is not None)
    tell(desk, campaign, list(_replan_obligations(desk, method, events_of(desk.session, campaign), ordered)))


def _open(campaign: CampaignRow) -> Select[ObligationRow]:
    return select(ObligationRow).where(
        ObligationRow.campaign_id == campaign.id, ObligationRow.status.in_(OPEN_OBLIGATION)
    )


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
        starts_on = office.hours.day_of(found.starts_at) if found.starts_at else found.due_on
        if starts_on < found.due_on:
            row.starts_on = starts_on
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


def replan_one(desk: Desk, row: ObligationRow) -> date | None:
    """Recompute the date of one obligation, which is told in other words; returns the date before."""
    method = method_of(row.campaign)
    before = row.due_on
    if _reset(method, row, due_for(method, row, events_of(desk.session, row.campaign), desk.office), desk):
        _record_move(desk, row, before)
    return before


def _replan_obligations(desk: Desk, method: Method, events: Events, rows: Iterable[ObligationRow]) -> Iterator[Letter]:
    """The lead units' come before those that support them."""
    for row in rows:
        before = row.due_on
        if _reset(method, row, due_for(method, row, events, desk.office), desk):
            keep_lead(events, row)
            yield from _moved(desk, method, row, before)


def _reset(method: Method, row: ObligationRow, found: Due | Waiting, desk: Desk) -> bool:
    if _unchanged(row, found):
        return False
    if row.overdue_at is not None and isinstance(found, Due) and found.due_at > desk.now:
        row.overdue_at = None
    if row.due_on is None:
        # Counted back or fixed, the time given begins when the date is known.
        row.starts_on = desk.office.hours.day_of(desk.now)
    set_due(method, row, found, desk.office)
    return True


def _unchanged(row: ObligationRow, found: Due | Waiting) -> bool:
    if isinstance(found, Waiting):
        return row.due_at is None and row.waits_for == found.event
    stands = (row.due_at, row.provisional, row.reason)
    return stands == (found.due_at, found.provisional, steps_to_json(found.steps))


def _moved(desk: Desk, method: Method, row: ObligationRow, before: date | None) -> Iterator[Letter]:
    dates = _record_move(desk, row, before)
    if row.due_on is None or before == row.due_on:
        return
    duty = method.duty(row.key)
    yield duty_letter(
        row,
        "due-set" if before is None else "due-moved",
        f"{row.id}/{dates['old_on']}/{dates['new_on']}/{desk.now.isoformat()}",
        (duty.role, *duty.tell),
        {"due_on": dates["new_on"], "provisional": row.provisional, **dates}
        | {"reason": reason(steps_from_json(row.reason), event_titles(method))},
    )


def _record_move(desk: Desk, row: ObligationRow, before: date | None) -> dict[str, str]:
    action = Action.OBLIGATION_DUE_SET if before is None else Action.OBLIGATION_DUE_MOVED
    dates = {"old_on": before.isoformat() if before else "", "new_on": row.due_on.isoformat() if row.due_on else ""}
    facts = {**dates, "provisional": row.provisional, "reason": row.reason}
    desk.record(row.campaign.slug, f"obligation:{row.id}", action, **facts)
    return dates
