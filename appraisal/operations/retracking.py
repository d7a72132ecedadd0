"""A problem that goes to another track: what is no longer owed for it is withdrawn, what now is owed is issued."""

from appraisal.domain.lifecycle import ProblemStatus
from appraisal.operations.closing_out import less_is_owed, owed_for, withdraw
from appraisal.operations.issuing import issue_for_problems
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.tracks import is_on_track
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import ProblemRow

WHY = "another track"


def resettle(desk: Desk, campaign: CampaignRow, row: ProblemRow) -> None:
    """Let be owed for an assigned problem what its track asks for and nothing else; what is settled stays so."""
    if row.status != ProblemStatus.ASSIGNED:
        return
    method = method_of(campaign)
    astray = [duty for duty in owed_for(desk.session, row) if not is_on_track(method, method.duty(duty.key), row)]
    withdraw(desk, campaign.slug, astray, WHY)
    desk.session.flush()
    issue_for_problems(desk, campaign, [row])
    less_is_owed(desk, row)
