"""Reporting progress (进展) of a problem at any time, whether a report is owed just then or not."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.operations.duties import By
from appraisal.operations.loading import campaign_by, unit_by
from appraisal.operations.measures import acts_for, is_of
from appraisal.operations.office import Desk
from appraisal.operations.problems import problem_by
from appraisal.operations.progress_notes import checked_percent, last_report, note_progress
from appraisal.store.rectification_tables import ProgressRow


def report(
    desk: Desk, slug: str, number: int, by: By, percent: int | None, text: str, unit: str | None = None
) -> ProgressRow:
    """Report how far a problem is, for its lead unit or for a ``unit`` that supports; the same again does nothing.

    Less than was reported before may be said.  Refuses a problem that is not assigned, no percentage or one that is
    none, a report without words, and whoever does not act for the unit.
    """
    campaign, problem = campaign_by(desk.session, slug), problem_by(desk.session, slug, number)
    owner = unit_by(desk.session, unit) if unit else problem.unit
    if owner is None or not is_of(owner, problem):
        raise Refusal("measure.not_its_problem", number=number, unit=owner.name if owner else "")
    acts_for(desk, campaign, owner, by)
    reported, words = checked_percent(percent), text.strip()
    if not words:
        raise Refusal("progress.no_text", number=number)
    last = last_report(desk.session, problem, owner)
    today = desk.office.hours.day_of(desk.now)
    if last and (last.percent, last.text) == (reported, words) and desk.office.hours.day_of(last.at) == today:
        return last
    if problem.status != ProblemStatus.ASSIGNED:
        raise Refusal("measure.not_assigned", number=number, status=problem.status)
    return note_progress(desk, campaign, problem, owner, reported, words, by.person.code)


def is_lower(session: Session, report: ProgressRow) -> bool:
    """Whether a report says less than the one before it of the same unit."""
    theirs = (ProgressRow.problem_id == report.problem_id, ProgressRow.unit_id == report.unit_id)
    before = select(ProgressRow.percent).where(*theirs, ProgressRow.position < report.position)
    last = session.scalar(before.order_by(ProgressRow.position.desc()).limit(1))
    return last is not None and report.percent < last
