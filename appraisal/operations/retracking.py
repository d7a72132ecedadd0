"""A problem on another track, or supported by other units: what is not owed any more is withdrawn, the rest issued."""

from sqlalchemy import select

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OBLIGATION, OPEN_OBLIGATION, ProblemStatus
from appraisal.method.duties import Duty
from appraisal.method.schema import Method
from appraisal.method.words import OwedBy
from appraisal.operations.closing_out import less_is_owed
from appraisal.operations.issuing import issue_for_problems
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.tracks import is_on_track
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.problem_tables import ProblemRow


def resettle(desk: Desk, campaign: CampaignRow, row: ProblemRow) -> None:
    """Let be owed for an assigned problem what its track asks of its units, and no more; what is settled stays so."""
    if row.status != ProblemStatus.ASSIGNED:
        return
    method = method_of(campaign)
    owed = select(ObligationRow).where(ObligationRow.problem_id == row.id, ObligationRow.status.in_(OPEN_OBLIGATION))
    for duty in desk.session.scalars(owed.order_by(ObligationRow.issued_at, ObligationRow.key)):
        if why := _overtaken(method.duty(duty.key), method, duty, row):
            duty.status = OBLIGATION.move(duty.status, Action.OBLIGATION_WITHDRAWN)
            duty.next_check_at = None
            desk.record(campaign.slug, f"obligation:{duty.id}", Action.OBLIGATION_WITHDRAWN, why=why)
    desk.session.flush()
    issue_for_problems(desk, campaign, [row])
    less_is_owed(desk, row)


def _overtaken(duty: Duty, method: Method, owed: ObligationRow, row: ProblemRow) -> str:
    """Why it is not owed any more; empty where it is."""
    if not is_on_track(method, duty, row):
        return "another track"
    supports = duty.owed_by is OwedBy.EACH_SUPPORTING
    return "supports no more" if supports and owed.unit not in row.supporting else ""
