"""Reporting progress (进展) of a problem at any time, whether a report is owed just then or not."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import ObligationStatus, ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.operations.duties import By, hand_in
from appraisal.operations.loading import campaign_by, unit_by
from appraisal.operations.measures import acts_for, is_of
from appraisal.operations.office import Desk
from appraisal.operations.papers import Paper, StoredFile
from appraisal.operations.periods import due_periods, may_hand_in, needs_evidence
from appraisal.operations.problems import problem_by
from appraisal.operations.progress_notes import checked_percent, last_report, note_progress
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import ProgressRow
from appraisal.store.register_tables import UnitRow


def report(
    desk: Desk,
    slug: str,
    number: int,
    by: By,
    percent: int | None,
    text: str,
    unit: str | None = None,
    files: Sequence[StoredFile] = (),
) -> ProgressRow:
    """Report how far a problem is, for its lead unit or for a ``unit`` that supports; the same again does nothing.

    Where the unit owes a report for the period just then, this is that report, handed in as on the page of the duty by
    whoever may hand it in there; ``obligation_id`` of what is returned says so.  Less than was reported before may be
    said.  Refuses a problem that is not assigned, no percentage or one that is none, a report without words, files
    where no period takes any, and whoever does not act for the unit.
    """
    campaign, problem = campaign_by(desk.session, slug), problem_by(desk.session, slug, number)
    owner = unit_by(desk.session, unit) if unit else problem.unit
    if owner is None or not is_of(owner, problem):
        raise Refusal("measure.not_its_problem", number=number, unit=owner.name if owner else "")
    acts_for(desk, campaign, owner, by)
    paper = Paper(text.strip(), files, checked_percent(percent))
    if not paper.text:
        raise Refusal("progress.no_text", number=number)
    last, due = last_report(desk.session, problem, owner), _handed_in(desk, problem, owner, by, paper)
    if last and _is_said_already(desk, last, paper, due):
        return last
    if problem.status != ProblemStatus.ASSIGNED:
        raise Refusal("measure.not_assigned", number=number, status=problem.status)
    if not due:
        if files:
            raise Refusal("progress.no_period_for_files", number=number)
        return note_progress(desk, campaign, problem, owner, paper.percent or 0, paper.text, by.person.code)
    hand_in(desk, due, by, paper)
    desk.session.flush()
    about = select(ProgressRow).where(ProgressRow.obligation_id == due[0].id).order_by(ProgressRow.position.desc())
    return desk.session.scalars(about.limit(1)).one()


def is_lower(session: Session, report: ProgressRow) -> bool:
    """Whether a report says less than the one before it of the same unit."""
    theirs = (ProgressRow.problem_id == report.problem_id, ProgressRow.unit_id == report.unit_id)
    before = select(ProgressRow.percent).where(*theirs, ProgressRow.position < report.position)
    last = session.scalar(before.order_by(ProgressRow.position.desc()).limit(1))
    return last is not None and report.percent < last


def _handed_in(desk: Desk, problem: ProblemRow, owner: UnitRow, by: By, paper: Paper) -> list[ObligationRow]:
    """The periods that this report is handed in for: by whoever may, and its files for one that asks for evidence."""
    due = due_periods(desk.session, problem, owner, desk.now)
    mine = [row for row in due if by.offline or may_hand_in(desk.session, row, by.person, desk.now)]
    proven = [row for row in mine if needs_evidence(row)] if paper.files else []
    return [*proven[:1], *(row for row in mine if not needs_evidence(row))]


def _is_said_already(desk: Desk, last: ProgressRow, paper: Paper, due: Sequence[ObligationRow]) -> bool:
    """Whether the last report says this today; not where a period waits for it that did not when it was made."""
    day_of = desk.office.hours.day_of
    if (last.percent, last.text) != (paper.percent, paper.text) or day_of(last.at) != day_of(desk.now):
        return False
    about = desk.session.get(ObligationRow, last.obligation_id) if last.obligation_id else None
    returned = about is not None and about.status == ObligationStatus.RETURNED
    return not due or (about is not None and not returned)
