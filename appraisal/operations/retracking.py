"""A problem that goes to another track: what is no longer owed for it is withdrawn, what now is owed is issued."""

from sqlalchemy import select

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OBLIGATION, OPEN_OBLIGATION, ProblemStatus
from appraisal.operations.issuing import issue_for_problems
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.tracks import is_on_track
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.problem_tables import ProblemRow


def resettle(desk: Desk, campaign: CampaignRow, row: ProblemRow) -> None:
    """Let be owed for an assigned problem what its track asks for and nothing else; what is settled stays so."""
    if row.status != ProblemStatus.ASSIGNED:
        return
    method = method_of(campaign)
    owed = select(ObligationRow).where(ObligationRow.problem_id == row.id, ObligationRow.status.in_(OPEN_OBLIGATION))
    for duty in desk.session.scalars(owed.order_by(ObligationRow.issued_at, ObligationRow.key)):
        if not is_on_track(method, method.duty(duty.key), row):
            duty.status = OBLIGATION.move(duty.status, Action.OBLIGATION_WITHDRAWN)
            duty.next_check_at = None
            desk.record(campaign.slug, f"obligation:{duty.id}", Action.OBLIGATION_WITHDRAWN, why="another track")
    desk.session.flush()
    issue_for_problems(desk, campaign, [row])
