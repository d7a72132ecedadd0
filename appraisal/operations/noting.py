"""Putting on the ledger that opinions came in, so that it does not tell when: a day at a time, in the order of keys.

An opinion that somebody handles on its first day is noted just before; that it came is known then anyway.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from appraisal.clock import ZONE
from appraisal.domain.facts import Action, Fact
from appraisal.domain.lifecycle import OpinionStatus
from appraisal.operations.office import Desk
from appraisal.operations.photos import renew
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.opinion_tables import OpinionRow

BATCH = 500


def note_received(desk: Desk, limit: int = BATCH) -> int:
    """Note what came in before today; at most ``limit`` opinions a transaction, returns how many.

    Their photos get new files, for the file system knows when a file was made.
    """
    waiting = select(OpinionRow).where(~OpinionRow.noted, OpinionRow.received_on < desk.now.date())
    rows = desk.session.scalars(waiting.order_by(OpinionRow.id).limit(limit).with_for_update(of=OpinionRow)).all()
    for row in rows:
        note_one(desk, row)
        renew(desk.office, row.photos, row.received_on)
    return len(rows)


def note_one(desk: Desk, row: OpinionRow) -> None:
    """Note one opinion unless it is noted; to be called before any other fact about it is recorded."""
    if row.noted:
        return
    campaign = desk.session.get_one(CampaignRow, row.campaign_id)
    action = Action.OPINION_HELD if row.status == OpinionStatus.HELD else Action.OPINION_RECEIVED
    facts = {"text": row.text_digest, "unit": row.unit.code if row.unit else "", "aspect": row.aspect or ""}
    facts |= {"received_on": str(row.received_on), "source": row.source, "why": row.why_held or ""}
    over = min(_end_of(row.received_on), desk.now)
    desk.work.record(campaign.slug, Fact(f"opinion:{row.id}", action, facts), over)
    row.noted = True


def _end_of(day: date) -> datetime:
    """24:00 of the day: all that is known of when it came."""
    return datetime.combine(day + timedelta(days=1), time(), ZONE)
