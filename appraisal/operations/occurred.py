"""What has happened in a campaign, to a unit or to one obligation: the events that dates are counted from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.clock import ZONE
from appraisal.domain.deadlines import Extended
from appraisal.domain.lifecycle import ObligationStatus, PetitionStatus
from appraisal.method.duties import Duty
from appraisal.method.schema import Method
from appraisal.method.sequence import done, linked, supported
from appraisal.method.words import OwedBy
from appraisal.operations.loading import method_of
from appraisal.operations.office import Office
from appraisal.operations.things import Thing, done_about_things, things_about
from appraisal.operations.tracks import is_on_track
from appraisal.store.campaign_tables import CampaignRow, EventRow, ObligationRow
from appraisal.store.rectification_tables import PetitionRow
from appraisal.store.sitting_tables import SittingRow

EXTENSION = "extension"
"""The kind of a petition for more time."""


@dataclass(frozen=True)
class Events:
    """What has happened in a campaign: in the body, and to each unit; and the days of sittings that are no event.

    ``extensions`` has the last time that each obligation was extended, ``leads`` the day by which the lead unit of a
    problem owes each duty that others support, ``things`` what was done about one problem or one letter.
    """

    body: dict[str, datetime] = field(default_factory=dict)
    units: dict[object, dict[str, datetime]] = field(default_factory=dict)
    sittings: list[date] = field(default_factory=list)
    extensions: dict[UUID, Extended] = field(default_factory=dict)
    leads: dict[tuple[object, str], date] = field(default_factory=dict)
    things: dict[Thing, dict[str, datetime]] = field(default_factory=dict)

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
    events.extensions.update(_extensions(session, campaign))
    events.leads.update(_leads(session, campaign))
    events.things.update(done_about_things(session, campaign))
    return events


def seen_by_row(method: Method, row: ObligationRow, events: Events) -> dict[str, datetime]:
    """What counts for one obligation: what its unit has seen, and before that what happened to its problem or letter.

    What is done anew about each problem or letter counts for that one alone, never for another of the same unit.
    """
    unit_id = row.unit.id if row.unit else None  # A row that is not flushed yet has its unit, but not the key of it.
    hidden = {name for duty in _done_anew(method, row) for name in done(duty)}
    seen = {name: at for name, at in events.seen_by(unit_id).items() if name not in hidden}
    for thing in things_about(row.problem, None if row.problem else row.assignment, row.unit):
        seen |= events.things.get(thing, {})
    return seen | own_events(method, row, events)


def _done_anew(method: Method, row: ObligationRow) -> Iterator[Duty]:
    """The duties others wait for that are owed for this very problem or letter too."""
    for duty in map(method.duty, sorted(linked(method))):
        match duty.owed_by:
            case OwedBy.EACH_ASSIGNMENT if row.problem or row.assignment:
                yield duty
            case OwedBy.EACH_PROBLEM if row.problem and is_on_track(method, duty, row.problem):
                yield duty
            case OwedBy.EACH_SUPPORTING if method.duty(row.key).owed_by is OwedBy.EACH_SUPPORTING:
                yield duty


def _extensions(session: Session, campaign: CampaignRow) -> dict[UUID, Extended]:
    """The last extension of every obligation, with how many there were."""
    method, found = method_of(campaign), dict[UUID, Extended]()
    if method.extension is None:
        return found
    granted = (PetitionRow.kind == EXTENSION, PetitionRow.status == PetitionStatus.GRANTED)
    query = select(PetitionRow).where(PetitionRow.campaign_id == campaign.id, *granted)
    for row in session.scalars(query.order_by(PetitionRow.obligation_id, PetitionRow.position)):
        if row.obligation_id and row.until:
            before = found.get(row.obligation_id)
            number = before.number + 1 if before else 1
            found[row.obligation_id] = Extended(row.until, method.role(row.role).title, number)
    return found


def _leads(session: Session, campaign: CampaignRow) -> Iterator[tuple[tuple[object, str], date]]:
    """Of a problem that was put to another unit, or owed anew, what was issued last counts."""
    keys = supported(method_of(campaign))
    if keys:
        columns = select(ObligationRow.problem_id, ObligationRow.key, ObligationRow.due_on)
        theirs = (ObligationRow.campaign_id == campaign.id, ObligationRow.key.in_(keys))
        standing = (ObligationRow.due_on.is_not(None), ObligationRow.status != ObligationStatus.WITHDRAWN)
        query = columns.where(*theirs, *standing).order_by(ObligationRow.issued_at, ObligationRow.times)
        for problem, key, due_on in session.execute(query):
            if due_on:
                yield (problem, key), due_on


def sittings_of(method: Method, events: Events, office: Office) -> list[date]:
    """The days of the sittings that are set so far."""
    keys = {event.key for event in method.events if event.sitting}
    of_events = {office.hours.day_of(at) for name, at in events.body.items() if name in keys}
    return sorted({*of_events, *events.sittings})


def own_events(method: Method, row: ObligationRow, events: Events) -> dict[str, datetime]:
    """What happened to this obligation alone: of a period, to its panel, or to the problem or letter it is about.

    A supporting unit has its date from that of the lead unit.
    """
    own: dict[str, datetime] = {}
    if row.period or row.panel or row.problem or row.order or row.assignment:
        own[f"{row.key}.issued"] = _midnight(row.period) if row.period else row.issued_at
    if row.problem and row.problem.assigned_at:
        own["problem.assigned"] = row.issued_at if (row.times or 1) > 1 else row.problem.assigned_at
    if row.problem and row.problem.closed_at:
        own["problem.closed"] = row.problem.closed_at
    if row.problem and row.problem.due_on:
        # The date of the problem follows what was granted; the reason is told from the date before.
        own[f"{row.key}.decided"] = _midnight((row.extended_on and row.first_due_on) or row.problem.due_on)
    if row.order:
        own["order.given"] = row.order.given_at
    if row.order and row.order.due_on:
        own[f"{row.key}.decided"] = _midnight(row.order.due_on)
    if row.assignment:
        own["problem.assigned"] = row.assignment.sent_at
    lead = method.duty(row.key).supports
    if row.problem and lead and (due_on := events.leads.get((row.problem.id, lead))):
        own[f"{lead}.due"] = _midnight(due_on)
    return own


def keep_lead(events: Events, row: ObligationRow) -> None:
    """Let the units that support this obligation see its date as it now stands."""
    if row.problem and row.due_on:
        events.leads[row.problem.id, row.key] = row.due_on
    elif row.problem:
        events.leads.pop((row.problem.id, row.key), None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), ZONE)
