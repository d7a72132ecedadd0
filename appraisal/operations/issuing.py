"""Issuing the duties of a phase: one obligation for each holder, with its due date and its letter."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OBLIGATION
from appraisal.domain.reasoning import steps_from_json
from appraisal.method.schema import Duty
from appraisal.method.words import OwedBy
from appraisal.notices.post import Letter
from appraisal.notices.recipients import holders_of, names
from appraisal.notices.wording import reason
from appraisal.operations.events import happen
from appraisal.operations.loading import method_of
from appraisal.operations.naming import event_title, event_titles
from appraisal.operations.office import Desk
from appraisal.operations.planning import Events, due_of, events_of, set_due
from appraisal.operations.telling import duty_page, letter, tell
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ObligationRow, PhaseRow
from appraisal.store.register_tables import UnitRow


def issue(desk: Desk, phase: PhaseRow) -> int:
    """Issue what is not issued yet; returns how many obligations are new."""
    campaign = phase.campaign
    events = events_of(desk.session, campaign)
    issued = set(desk.session.scalars(select(ObligationRow.id).where(ObligationRow.phase_id == phase.id)))
    fresh = [
        _issue(desk, phase, duty, unit, events) for duty, unit in _owed(phase) if _id(phase, duty, unit) not in issued
    ]
    desk.session.flush()
    held = holders_of(desk.session, [(duty.role, row.unit_id) for row, duty in fresh], desk.now.date())
    tell(desk, campaign, [_letter(row, duty, names(held[duty.role, row.unit_id])) for row, duty in fresh])
    for unit in dict.fromkeys(row.unit for row, _ in fresh):
        happen(desk, campaign, [f"{duty.key}.issued" for row, duty in fresh if row.unit is unit], desk.now, unit)
    return len(fresh)


def _owed(phase: PhaseRow) -> Iterator[tuple[Duty, UnitRow | None]]:
    for duty in method_of(phase.campaign).phase(phase.key).duties:
        if duty.owed_by is OwedBy.BODY:
            yield duty, None
        else:
            yield from ((duty, target.unit) for target in phase.campaign.targets)


def _id(phase: PhaseRow, duty: Duty, unit: UnitRow | None) -> UUID:
    return identity("obligation", phase.campaign.slug, duty.key, unit.code if unit else "")


def _issue(desk: Desk, phase: PhaseRow, duty: Duty, unit: UnitRow | None, events: Events) -> tuple[ObligationRow, Duty]:
    campaign, method = phase.campaign, method_of(phase.campaign)
    row = ObligationRow(
        id=_id(phase, duty, unit),
        campaign=campaign,
        phase=phase,
        unit=unit,
        key=duty.key,
        title=duty.title,
        status=OBLIGATION.move(None, Action.OBLIGATION_ISSUED),
        issued_at=desk.now,
        last_rung=-1,
        returns=0,
    )
    set_due(
        method, row, due_of(method, duty, events.seen_by(unit.id if unit else None), events, desk.office), desk.office
    )
    desk.session.add(row)
    due_on = str(row.due_on or "")
    subject = f"obligation:{row.id}"
    code = unit.code if unit else ""
    desk.record(
        campaign.slug, subject, Action.OBLIGATION_ISSUED, duty=duty.key, unit=code, due_on=due_on, reason=row.reason
    )
    return row, duty


def _letter(row: ObligationRow, duty: Duty, owed_by: str) -> Letter:
    waits_for = event_title(method_of(row.campaign), row.waits_for) if row.waits_for else ""
    return letter(
        row.campaign,
        "duty-issued",
        str(row.id),
        (duty.role, *duty.tell),
        duty_page(row),
        {
            "duty": row.title,
            "phase": row.phase.title,
            "due_on": str(row.due_on or ""),
            "owed_by": owed_by,
            "waits_for": waits_for,
            "reason": reason(steps_from_json(row.reason), event_titles(method_of(row.campaign))),
        },
        unit=row.unit,
    )
