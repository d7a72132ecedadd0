"""Events: what happened in a campaign or a date that staff set, and everything that hangs on it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from appraisal.domain.facts import Action
from appraisal.domain.refusal import Refusal
from appraisal.method.rules import date_anchors
from appraisal.method.schema import Method
from appraisal.method.words import Scope
from appraisal.operations.loading import campaign_by, method_of, target_by
from appraisal.operations.naming import event_title
from appraisal.operations.office import Desk
from appraisal.operations.planning import replan
from appraisal.operations.sitting_dates import follow_events
from appraisal.operations.telling import letter, tell
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, EventRow
from appraisal.store.register_tables import UnitRow


def happen(desk: Desk, campaign: CampaignRow, names: Iterable[str], at: datetime, unit: UnitRow | None = None) -> bool:
    """Record events (or move those that are set), recompute what hangs on them, send the copies.

    Returns whether anything was new; the same events at the same instant do nothing the second time.
    """
    fresh = [name for name in names if _record(desk, campaign, name, at, unit)]
    if fresh:
        desk.session.flush()
        if unit is None:
            follow_events(desk, campaign, fresh, at)
        if not date_anchors(method_of(campaign)).isdisjoint(fresh):
            replan(desk, campaign, unit)
        _copy(desk, campaign, fresh, unit)
    return bool(fresh)


def set_event(desk: Desk, slug: str, name: str, at: datetime, unit: str | None = None) -> bool:
    """Staff set or move a date that the method leaves to them (a sitting, a decided date).

    Refuses an event that the method does not declare, a unit where the event is the body's, and one not appraised.
    """
    campaign = campaign_by(desk.session, slug)
    method = method_of(campaign)
    known = settable(method)
    if name not in known:
        raise Refusal("event.unknown", event=name, known=sorted(known))
    if (known[name] is Scope.UNIT) != (unit is not None):
        raise Refusal("event.scope", event=event_title(method, name), scope=str(known[name]))
    return happen(desk, campaign, [name], at, target_by(campaign, unit) if unit else None)


def settable(method: Method) -> dict[str, Scope]:
    """The events that staff may set, with their scope."""
    declared = {event.key: event.scope for event in method.events}
    duties = {f"{duty.key}.decided" for phase in method.phases for duty in phase.duties if duty.due.at == "decided"}
    phases = {f"phase.{phase.key}.decided" for phase in method.phases if phase.closes.at == "decided"}
    return declared | dict.fromkeys(duties | phases, Scope.BODY)


def _record(desk: Desk, campaign: CampaignRow, name: str, at: datetime, unit: UnitRow | None) -> bool:
    unit_id: UUID | None = unit.id if unit else None
    key = identity("event", campaign.slug, name, unit.code if unit else "")
    row = desk.session.get(EventRow, key)
    if row is not None and row.at == at:
        return False
    before = row.at.isoformat() if row else ""
    if row is None:
        row = EventRow(id=key, campaign_id=campaign.id, unit_id=unit_id, name=name, at=at, recorded_at=desk.now)
        desk.session.add(row)
    row.at, row.recorded_at = at, desk.now
    action = Action.EVENT_MOVED if before else Action.EVENT_SET
    at_text = {"at": at.isoformat(), "before": before}
    desk.record(campaign.slug, f"event:{key}", action, event=name, unit=unit.code if unit else "", **at_text)
    return True


def _copy(desk: Desk, campaign: CampaignRow, names: list[str], unit: UnitRow | None) -> None:
    method = method_of(campaign)
    copies = [copy for copy in method.copies if copy.on in names]
    key = unit.code if unit else ""
    tell(
        desk,
        campaign,
        [
            letter(
                campaign,
                "copy",
                f"{copy.on}/{key}/{desk.now.date()}",
                copy.to,
                f"/campaigns/{campaign.slug}",
                {"what": event_title(method, copy.on)},
                owner=unit,
            )
            for copy in copies
        ],
    )
