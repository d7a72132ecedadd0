"""Reading where campaigns stand."""

from datetime import datetime

from appraisal import clock
from appraisal.domain.lifecycle import CampaignStatus
from appraisal.operations import overview
from appraisal.operations.overview import Overview
from tasks.step import office, step


@step("查看评议活动")
def overview_now(campaign: str) -> tuple[Overview, datetime]:
    """Where a campaign stands, and when that was."""
    now = clock.now()
    with office().store.reading() as session:
        return overview.overview(session, campaign, now), now


def running_campaigns() -> list[str]:
    """The campaigns that run."""
    with office().store.reading() as session:
        found = overview.campaigns(session)
    return [slug for slug, _, status, _ in found if status == CampaignStatus.RUNNING]
