"""Opening a problem again: returned before it was closed out, closed in part, or relapsed after (反弹)."""

from datetime import date, timedelta

from sqlalchemy import select

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import CampaignStatus, ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.words import OwedBy, Scope
from appraisal.notices.recipients import absent
from appraisal.operations.closing_out import closing_of, missing_agreements, move, second_hand, two_hands, withdraw_owed
from appraisal.operations.closing_steps import add_step, round_of
from appraisal.operations.desks import STAFF, is_staff
from appraisal.operations.issuing import issue_again
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk
from appraisal.operations.panel_access import own_panels
from appraisal.operations.problems import problem_by
from appraisal.operations.telling import letter, tell
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import PersonRow


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
    _send_back(desk, campaign, row, code, reason.strip(), due_on, absent([returner], code))
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
    _send_back(desk, campaign, row, code, said["remaining"], due_on, behalf)
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


def relapse(
    desk: Desk, campaign: CampaignRow, row: ProblemRow, by: str, reason: str, due_on: date | None = None
) -> None:
    """Open a problem again that has come back, issue anew what is owed for it, and tell the unit, the panel, the office.

    One that is not closed any more stays as it is: two who look back may find the same relapse.
    """
    if row.status in (ProblemStatus.ASSIGNED, ProblemStatus.VERIFIED):
        return
    if campaign.status == CampaignStatus.CLOSED:
        raise Refusal("problem.campaign_closed", number=row.number, campaign=campaign.title)
    new_date = _new_date(desk, row, due_on)
    move(desk, campaign.slug, row, Action.PROBLEM_REOPENED, by=by, reason=reason, due_on=str(new_date or ""))
    row.due_on, row.closed_at, row.closed_by, row.reopened = new_date, None, None, row.reopened + 1
    add_step(desk, row, "reopened", by, reason)
    withdraw_owed(desk, campaign.slug, row, "problem reopened")
    issue_again(desk, campaign, row)
    _tell(desk, campaign, row, "problem-reopened", reason)


def _send_back(
    desk: Desk,
    campaign: CampaignRow,
    row: ProblemRow,
    by: str,
    reason: str,
    due_on: date | None,
    behalf: str | None,
) -> None:
    new_date = _new_date(desk, row, due_on)
    facts = {"by": by, "reason": reason, "due_on": str(new_date or "")}
    move(desk, campaign.slug, row, Action.PROBLEM_RETURNED, behalf, **facts)
    row.due_on = new_date
    add_step(desk, row, "returned", by, reason)
    issue_again(desk, campaign, row)
    _tell(desk, campaign, row, "problem-returned", reason)


def _new_date(desk: Desk, row: ProblemRow, wanted: date | None) -> date | None:
    today = desk.office.hours.day_of(desk.now)
    if wanted is not None:
        if wanted < today:
            raise Refusal("problem.date_past", number=row.number, due_on=wanted.isoformat())
        return wanted
    if row.due_on is None or row.due_on >= today:
        return row.due_on
    began = desk.office.hours.day_of(row.assigned_at or row.recorded_at)
    return today + max(row.due_on - began, timedelta())


def _may_reopen(desk: Desk, campaign: CampaignRow, row: ProblemRow, by: str) -> None:
    person = desk.session.scalar(select(PersonRow).where(PersonRow.code == by))
    if person is not None:
        on = desk.now.date()
        panels = own_panels(desk.session, campaign, person, on)
        covered = {covering.unit_id for panel in panels for covering in panel.coverage}
        if is_staff(desk.session, person, on) or row.unit_id in covered:
            return
    raise Refusal("problem.not_reopener", number=row.number, by=by)


def _tell(desk: Desk, campaign: CampaignRow, row: ProblemRow, template: str, reason: str) -> None:
    """Its unit and the panels over it, and the office."""
    method, page = method_of(campaign), f"/problems/{row.id}"
    facts = {"number": row.number, "title": row.title, "reason": reason, "due_on": str(row.due_on or "")}
    key = f"{row.number}/{round_of(desk.session, row)}"
    duties = [duty for phase in method.phases for duty in phase.duties if duty.owed_by is OwedBy.EACH_PROBLEM]
    roles = dict.fromkeys(role for duty in duties for role in (duty.role, *duty.tell))
    told = [role for role in roles if method.role(role).scope is not Scope.BODY]
    told += [role.key for role in method.roles if role.scope is Scope.PANEL and role.key not in told]
    tell(desk, campaign, [letter(campaign, template, key, (*told, STAFF), page, facts, owner=row.unit)])
