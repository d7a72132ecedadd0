"""Opening a problem again: returned before it was closed out, closed in part, or relapsed after (反弹)."""

from datetime import date

from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.notices.recipients import Place, Recipient, absent, holders_of
from appraisal.operations.closing_out import closing_of, missing_agreements, second_hand, two_hands
from appraisal.operations.closing_steps import add_step
from appraisal.operations.desks import STAFF
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk
from appraisal.operations.panel_checks import panel_roles
from appraisal.operations.problems import problem_by
from appraisal.operations.relapsing import relapse, send_back
from appraisal.operations.seats import looks_after
from appraisal.operations.telling import panels_of
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import ProblemRow


def return_problem(desk: Desk, slug: str, number: int, by: str, reason: str, due_on: date | None = None) -> ProblemRow:
    """Send back a problem that is verified, with a reason: what was accepted stays settled, and is owed once more.

    ``due_on`` is a new day for it; without one a day that has passed moves on by as long as there was.
    Refuses as closing out does, and without a reason (``problem.return_needs_reason``).
    """
    row, campaign = problem_by(desk.session, slug, number), campaign_by(desk.session, slug)
    closing = closing_of(campaign)
    if closing is None:
        raise Refusal("problem.no_second_hand", number=number)
    if not reason.strip():
        raise Refusal("problem.return_needs_reason", number=number)
    returner = second_hand(desk, campaign, row, closing, by)
    code = returner.person.code
    send_back(desk, campaign, row, code, reason.strip(), due_on, absent([returner], code))
    return row


def close_part(
    desk: Desk, slug: str, number: int, by: str, closed: str, remaining: str, due_on: date | None = None
) -> ProblemRow:
    """Close out a part of a problem that is verified (部分销号); what remains goes back to the unit.

    Refuses as closing out does, where the method has no partial closing (``problem.no_partial``), and without saying
    what is closed and what remains (``problem.part_incomplete``).
    """
    row, campaign = problem_by(desk.session, slug, number), campaign_by(desk.session, slug)
    closing = closing_of(campaign)
    if closing is None or not closing.partial:
        raise Refusal("problem.no_partial", number=number)
    if not closed.strip() or not remaining.strip():
        raise Refusal("problem.part_incomplete", number=number)
    closer = second_hand(desk, campaign, row, closing, by)
    missing = missing_agreements(desk.session, campaign, row, closing)
    if missing:
        raise Refusal("problem.not_agreed", number=number, roles=missing)
    code, behalf = closer.person.code, absent([closer], closer.person.code)
    said = {"closed": closed.strip(), "remaining": remaining.strip()}
    desk.record(slug, f"problem:{row.id}", Action.PROBLEM_PART_CLOSED, behalf, by=code, **said)
    add_step(desk, row, "part_closed", code, said["closed"], remaining=said["remaining"])
    send_back(desk, campaign, row, code, said["remaining"], due_on, behalf)
    return row


def reopen(desk: Desk, slug: str, number: int, by: str, reason: str, due_on: date | None = None) -> ProblemRow:
    """Open a closed problem again because it has come back; one that is under way again stays so.

    ``by`` is the code of somebody of the office or of a panel over its unit; never of its units (``problem.own_hand``).
    """
    row, campaign = problem_by(desk.session, slug, number), campaign_by(desk.session, slug)
    if not reason.strip():
        raise Refusal("problem.reopen_needs_reason", number=number)
    two_hands(desk, row, by)
    _may_reopen(desk, campaign, row, by)
    if row.status in (ProblemStatus.ASSIGNED, ProblemStatus.VERIFIED) and row.reopened:
        return row
    relapse(desk, campaign, row, by, reason.strip(), due_on)
    return row


def reopeners(session: Session, campaign: CampaignRow, row: ProblemRow, on: date) -> list[Recipient]:
    """Whoever may open the problem again that day: the office, and the panels whose matter it is."""
    panels = [panel for panel in panels_of(session, campaign) if looks_after(campaign, panel, row)]
    sitting: list[Place] = [(role, panel.id) for panel in panels for role in panel_roles(method_of(campaign))]
    return [each for held in holders_of(session, [(STAFF, None), *sitting], on).values() for each in held]


def _may_reopen(desk: Desk, campaign: CampaignRow, row: ProblemRow, by: str) -> None:
    if by not in {each.person.code for each in reopeners(desk.session, campaign, row, desk.now.date())}:
        raise Refusal("problem.not_reopener", number=row.number, by=by)
