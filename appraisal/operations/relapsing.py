"""Putting a problem back to its unit with everything owed anew: it was returned, or it has come back (反弹)."""

from datetime import date, timedelta

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import CampaignStatus, ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.operations.closing_out import move, owed_for, tell_concerned, withdraw
from appraisal.operations.closing_steps import add_step, part_closed, returned_since
from appraisal.operations.desks import STAFF
from appraisal.operations.issuing import issue_for_problems
from appraisal.operations.office import Desk
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
    _goes_on(campaign, row)
    new_date = _new_date(desk, row, due_on)
    move(desk, campaign.slug, row, Action.PROBLEM_REOPENED, by=by, reason=reason, due_on=str(new_date or ""))
    row.due_on, row.closed_at, row.closed_by, row.reopened = new_date, None, None, row.reopened + 1
    add_step(desk, row, "reopened", by, reason)
    withdraw(desk, campaign.slug, owed_for(desk.session, row), "problem reopened")
    issue_for_problems(desk, campaign, [row])
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
    _goes_on(campaign, row)
    new_date = _new_date(desk, row, due_on)
    facts = {"by": by, "reason": reason, "due_on": str(new_date or "")}
    move(desk, campaign.slug, row, Action.PROBLEM_RETURNED, behalf, **facts)
    row.due_on = new_date
    add_step(desk, row, "returned", by, reason)
    issue_for_problems(desk, campaign, [row])
    part = part_closed(desk.session, row)
    _tell(desk, campaign, row, "problem-returned", reason, closed=part, times=returned_since(desk.session, row))


def _goes_on(campaign: CampaignRow, row: ProblemRow) -> None:
    """Nothing is owed any more in a campaign that is closed, and nobody chases it."""
    if campaign.status == CampaignStatus.CLOSED:
        raise Refusal("problem.campaign_closed", number=row.number, campaign=campaign.title)


def _new_date(desk: Desk, row: ProblemRow, wanted: date | None) -> date | None:
    today = desk.office.hours.day_of(desk.now)
    if wanted is not None:
        if wanted < today:
            raise Refusal("problem.date_past", number=row.number, due_on=wanted.isoformat())
        return wanted
    if row.due_on is None or row.due_on >= today:
        return row.due_on
    began = desk.office.hours.day_of(row.assigned_at or row.recorded_at)
    return desk.office.calendar.next_working(today + max(row.due_on - began, timedelta()))


def _tell(desk: Desk, campaign: CampaignRow, row: ProblemRow, template: str, reason: str, **facts: object) -> None:
    """Its unit and the panels over it, and the office."""
    about = {"problem": row.number, "title": row.title, "reason": reason, "due_on": str(row.due_on or "")}
    tell_concerned(desk, campaign, row, template, about | facts, STAFF)
