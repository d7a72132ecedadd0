"""每日简报: what the panels reported of a working day, for the leaders it goes to and the office."""

from datetime import date

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.operations.loading import campaign_by
from appraisal.operations.panel_access import may_read_briefs
from appraisal.operations.roundups import briefs_of, days_with_briefs, in_words
from appraisal.store.campaign_tables import CampaignRow
from portal.paging import paged
from portal.visits import Here, Visit

router = APIRouter(prefix="/campaigns/{slug}/briefs")


@router.get("")
def listed(slug: str, here: Here, page: int = 1) -> Response:
    with here.reading() as session:
        campaign = _campaign(session, here, slug)
        days = paged(days_with_briefs(session, slug, here.office.calendar), page)
        title = campaign.title
    return here.show("roundups", None, slug=slug, campaign=title, days=days)


@router.get("/{day}")
def show(slug: str, day: date, here: Here) -> Response:
    with here.reading() as session:
        campaign = _campaign(session, here, slug)
        briefs = briefs_of(session, slug, day, here.office.calendar)
        shown = [(brief, [(each.panel, in_words(each)) for each in brief.doings]) for brief in briefs]
        title = campaign.title
    here.note_reading(f"/campaigns/{slug}/briefs/{day}")
    return here.show("roundup", None, slug=slug, campaign=title, day=day, briefs=shown)


def _campaign(session: Session, here: Visit, slug: str) -> CampaignRow:
    campaign = campaign_by(session, slug)
    if not may_read_briefs(session, campaign, here.person, here.now.date()):
        raise Refusal("roundup.not_yours")
    return campaign
