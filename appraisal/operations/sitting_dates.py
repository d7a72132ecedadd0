"""The date of a sitting: where it has an event of the method, the two are one and move together."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import SITTING, SittingStatus
from appraisal.domain.refusal import Refusal
from appraisal.operations.office import Desk
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.sitting_tables import AttendeeRow, SittingRow
from appraisal.store.types import JsonObject


def follow_events(desk: Desk, campaign: CampaignRow, names: Collection[str], at: datetime) -> None:
    """Events of the body have moved: so have the sittings that they stand for."""
    day = desk.office.hours.day_of(at)
    theirs = select(SittingRow).where(SittingRow.campaign_id == campaign.id, SittingRow.event.in_(names))
    for row in desk.session.scalars(theirs):
        if row.held_on != day:
            may_move(desk, row, day)
            row.held_on = day
            note_set(desk, row)


def may_move(desk: Desk, row: SittingRow, day: date) -> None:
    """Refuse to move what has begun (``sitting.date_stands``), or where somebody is there already."""
    if row.status != SittingStatus.PLANNED:
        raise Refusal("sitting.date_stands", sitting=row.title, held_on=row.held_on, wanted=day)
    there = select(AttendeeRow.id).where(AttendeeRow.sitting_id == row.id, AttendeeRow.came_at.is_not(None)).limit(1)
    if desk.session.scalar(there) is not None:
        raise Refusal("sitting.people_there", sitting=row.title, held_on=row.held_on, wanted=day)


def note_set(desk: Desk, row: SittingRow) -> None:
    """Put on the ledger what the sitting is now."""
    row.status = SITTING.move(row.status or None, Action.SITTING_SET)
    desk.record(row.campaign.slug, f"sitting:{row.id}", Action.SITTING_SET, **content_of(row))


def content_of(row: SittingRow) -> JsonObject:
    """What was decided on a sitting, for the ledger and to know the same again."""
    names = ("key", "title", "place", "event", "members")
    return {name: getattr(row, name) for name in names} | {"held_on": row.held_on.isoformat()}
