"""Putting a problem back to its unit with everything owed anew: it was returned, or it has come back (反弹)."""

from datetime import date, timedelta

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import CampaignStatus, ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.words import OwedBy, Scope
from appraisal.operations.closing_out import move, owed_for, withdraw
from appraisal.operations.closing_steps import add_step, round_of
from appraisal.operations.desks import STAFF
from appraisal.operations.issuing import issue_again
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.telling import letter, tell
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import ProblemRow


def relapse(
    desk: Desk, campaign: CampaignRow, row: ProblemRow, by: str, reason: str, due_on: date | None = None
) -> None:
    """Open a problem again that has come back, issue anew what is owed for it, and tell unit, panel and office.

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
    withdraw(desk, campaign.slug, owed_for(desk.session, row), "problem reopened")
    issue_again(desk, campaign, row)
    _tell(desk, campaign, row, "problem-reopened", reason)


def send_back(
    desk: Desk,
    campaign: CampaignRow,
    row: ProblemRow,
    by: str,
    reason: str,
    due_on: date | None,
    behalf: str | None,
) -> None:
    """Put a problem that is verified back to its unit: what somebody accepted is owed once more."""
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


def _tell(desk: Desk, campaign: CampaignRow, row: ProblemRow, template: str, reason: str) -> None:
    """Its unit and the panels over it, and the office."""
    method, page = method_of(campaign), f"/problems/{row.id}"
    facts = {"problem": row.number, "title": row.title, "reason": reason, "due_on": str(row.due_on or "")}
    key = f"{row.number}/{round_of(desk.session, row)}"
    duties = [duty for phase in method.phases for duty in phase.duties if duty.owed_by is OwedBy.EACH_PROBLEM]
    roles = dict.fromkeys(role for duty in duties for role in (duty.role, *duty.tell))
    told = [role for role in roles if method.role(role).scope is not Scope.BODY]
    told += [role.key for role in method.roles if role.scope is Scope.PANEL and role.key not in told]
    tell(desk, campaign, [letter(campaign, template, key, (*told, STAFF), page, facts, owner=row.unit)])
