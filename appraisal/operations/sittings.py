"""Sittings (会议): set and moved, opened and closed; how many of each class are there, and whether that is enough."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.clock import ZONE
from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import SITTING, CampaignStatus, RoundStatus, SittingStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.schema import EventDefinition, Method
from appraisal.method.words import Scope
from appraisal.operations.clerks import clerk_at
from appraisal.operations.events import set_event
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk
from appraisal.operations.planning import replan
from appraisal.operations.presence import presence_of, voters_of
from appraisal.operations.sitting_dates import content_of, may_move, note_set
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, EventRow
from appraisal.store.sitting_tables import SittingRow

LONGEST = 200
MOST_MEMBERS = 100_000
BEGINS_AT = time(9)
"""When a sitting begins, as far as dates that are counted from it care."""
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True)
class SittingDraft:
    """A sitting as it is set; ``key`` tells it from the others of its campaign.

    Without ``held_on`` it is held when its event is.  ``members`` are the numbers of all members, by class of voters.
    """

    key: str
    title: str
    held_on: date | None = None
    place: str = ""
    event: str | None = None
    members: Mapping[str, int] = field(default_factory=dict)


def set_sitting(desk: Desk, slug: str, draft: SittingDraft) -> SittingRow:
    """Set a sitting, or change one that has not closed; whatever hangs on its date is recomputed and told.

    Refuses what cannot be a sitting of the campaign, another date once it has begun, and anything once it is closed.
    The same again does nothing.
    """
    clerk_at(desk)
    campaign = running_campaign(desk.session, slug)
    _checked(desk.session, campaign, draft)
    row = desk.session.get(SittingRow, identity("sitting", slug, draft.key))
    held_on = draft.held_on or _event_day(desk, campaign, draft.event)
    if held_on is None:
        raise Refusal("sitting.undated", sitting=draft.title)
    before = content_of(row) if row else None
    if row is None:
        row = SittingRow(id=identity("sitting", slug, draft.key), campaign=campaign, key=draft.key, status="")
    else:
        _may_change(desk, row, draft, held_on)
    row.title, row.place, row.event = draft.title.strip(), draft.place.strip(), draft.event
    row.held_on, row.members = held_on, dict(draft.members)
    if content_of(row) != before:
        desk.session.add(row)
        note_set(desk, row)
        desk.session.flush()
        _spread(desk, campaign, row, moved=before is None or before["held_on"] != held_on.isoformat())
    return row


def open_sitting(desk: Desk, identifier: UUID) -> SittingRow:
    """Begin; a second time does nothing.  Refuses a sitting before its day, and one that is closed."""
    clerk_at(desk)
    row = held_sitting(desk.session, identifier)
    if row.status == SittingStatus.OPEN:
        return row
    not_closed(row)
    if desk.now.date() < row.held_on:
        raise Refusal("sitting.early", sitting=row.title, held_on=row.held_on)
    row.status, row.opened_at = SITTING.move(row.status, Action.SITTING_OPENED), desk.now
    desk.record(row.campaign.slug, f"sitting:{row.id}", Action.SITTING_OPENED, sitting=row.key)
    return row


def close_sitting(desk: Desk, identifier: UUID) -> SittingRow:
    """End it, and the item that runs; a second time does nothing.  Refused while a round is open at it."""
    clerk_at(desk)
    row = held_sitting(desk.session, identifier)
    if row.status == SittingStatus.CLOSED:
        return row
    if row.status == SittingStatus.PLANNED:
        raise Refusal("sitting.not_open", sitting=row.title)
    voting = select(RoundRow.ballot).where(RoundRow.sitting_id == row.id, RoundRow.status == RoundStatus.OPEN)
    if open_ballots := sorted(desk.session.scalars(voting)):
        method = method_of(row.campaign)
        raise Refusal(
            "sitting.round_open", sitting=row.title, ballots=[method.ballot(key).title for key in open_ballots]
        )
    for item in row.agenda:
        if item.began_at is not None and item.ended_at is None:
            item.ended_at = desk.now
    row.status, row.closed_at = SITTING.move(row.status, Action.SITTING_CLOSED), desk.now
    present = {voters: each.present for voters, each in presence_of(desk.session, row).items()}
    desk.record(row.campaign.slug, f"sitting:{row.id}", Action.SITTING_CLOSED, sitting=row.key, present=present)
    return row


def sitting_by(session: Session, identifier: UUID) -> SittingRow:
    """The sitting, or Refusal ``sitting.unknown``."""
    row = session.get(SittingRow, identifier)
    if row is None:
        raise Refusal("sitting.unknown")
    return row


def held_sitting(session: Session, identifier: UUID) -> SittingRow:
    """The same for whoever changes it: of two at once the second finds what the first has done."""
    mine = select(CampaignRow).join(SittingRow, SittingRow.campaign_id == CampaignRow.id)
    held = mine.where(SittingRow.id == identifier).with_for_update(of=CampaignRow, key_share=True)
    if session.scalar(held) is None:
        raise Refusal("sitting.unknown")
    return sitting_by(session, identifier)


def sittings_in(session: Session, campaign: CampaignRow) -> Sequence[SittingRow]:
    """The sittings of a campaign, the earliest first."""
    mine = select(SittingRow).where(SittingRow.campaign_id == campaign.id)
    return session.scalars(mine.order_by(SittingRow.held_on, SittingRow.key)).all()


def sitting_events(method: Method) -> list[EventDefinition]:
    """The events that a sitting can be the date of."""
    return [event for event in method.events if event.sitting and event.scope is Scope.BODY]


def running_campaign(session: Session, slug: str) -> CampaignRow:
    """The campaign, or Refusal ``sitting.campaign_closed``."""
    campaign = campaign_by(session, slug)
    if campaign.status != CampaignStatus.RUNNING:
        raise Refusal("sitting.campaign_closed", campaign=campaign.title)
    return campaign


def not_closed(row: SittingRow) -> None:
    """Refusal ``sitting.closed`` for one that is over."""
    if row.status == SittingStatus.CLOSED:
        raise Refusal("sitting.closed", sitting=row.title)


def _checked(session: Session, campaign: CampaignRow, draft: SittingDraft) -> None:
    method = method_of(campaign)
    if not _KEY.fullmatch(draft.key):
        raise Refusal("sitting.key", key=draft.key[:LONGEST])
    if not draft.title.strip() or max(len(draft.title), len(draft.place)) > LONGEST:
        raise Refusal("sitting.untitled", most=LONGEST)
    known = dict(voters_of(method))
    strange = sorted(set(draft.members) - set(known))
    if strange:
        raise Refusal("sitting.voters_unknown", voters=strange, known=list(known.values()))
    if any(not 0 <= number <= MOST_MEMBERS for number in draft.members.values()):
        raise Refusal("sitting.members", most=MOST_MEMBERS)
    if draft.event is None:
        return
    events = {event.key: event.title for event in sitting_events(method)}
    if draft.event not in events:
        raise Refusal("sitting.event", event=draft.event, known=list(events.values()))
    others = select(SittingRow.title).where(SittingRow.campaign_id == campaign.id, SittingRow.key != draft.key)
    taken = session.scalar(others.where(SittingRow.event == draft.event))
    if taken is not None:
        raise Refusal("sitting.event_taken", event=events[draft.event], sitting=taken)


def _may_change(desk: Desk, row: SittingRow, draft: SittingDraft, held_on: date) -> None:
    not_closed(row)
    if held_on != row.held_on:
        may_move(desk, row, held_on)
    if row.status == SittingStatus.OPEN and draft.event != row.event:
        raise Refusal("sitting.event_stands", sitting=row.title)


def _event_day(desk: Desk, campaign: CampaignRow, event: str | None) -> date | None:
    row = desk.session.get(EventRow, identity("event", campaign.slug, event, "")) if event else None
    return desk.office.hours.day_of(row.at) if row else None


def _spread(desk: Desk, campaign: CampaignRow, row: SittingRow, *, moved: bool) -> None:
    """Its event moves with it; without one, dates of the next sitting may hang on it all the same."""
    if row.event is None:
        if moved:
            replan(desk, campaign)
    elif _event_day(desk, campaign, row.event) != row.held_on:
        set_event(desk, campaign.slug, row.event, datetime.combine(row.held_on, BEGINS_AT, ZONE))
