"""Reading where campaigns stand."""

from datetime import datetime

from appraisal import clock
from appraisal.domain.lifecycle import CampaignStatus
from appraisal.operations import overview
from appraisal.operations.loading import campaign_by
from appraisal.operations.overview import Overview
from appraisal.operations.stalls import StallLine, StallsSought, stalled
from tasks.step import office, step


@step("查看评议活动")
def overview_now(campaign: str) -> tuple[Overview, datetime]:
    """Where a campaign stands, and when that was."""
    now = clock.now()
    with office().store.reading() as session:
        return overview.overview(session, campaign, now), now


@step("查看停滞事项")
def stalled_now(campaign: str) -> tuple[str, list[StallLine], datetime]:
    """The title of a campaign, what is stalled in it, and when that was."""
    now, sought = clock.now(), StallsSought(campaign)
    with office().store.reading() as session:
        return campaign_by(session, campaign).title, stalled(session, office(), now, sought), now


def running_campaigns() -> list[str]:
    """The campaigns that run."""
    with office().store.reading() as session:
        found = overview.campaigns(session)
    return [slug for slug, _, status, _ in found if status == CampaignStatus.RUNNING]
