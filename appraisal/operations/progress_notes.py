"""What is kept of the progress (进展) of a problem, and what it does to all that is still owed for it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OPEN_OBLIGATION
from appraisal.domain.refusal import Refusal
from appraisal.method.duties import Duty
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.planning import watch
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import ProgressRow
from appraisal.store.register_tables import UnitRow


def checked_percent(percent: int | None) -> int:
    """A percentage from 0 to 100, or a refusal."""
    if percent is None:
        raise Refusal("progress.no_percent")
    if not 0 <= percent <= 100:
        raise Refusal("progress.not_percent", percent=percent)
    return percent


def asked_percent(duty: Duty, percent: int | None) -> int | None:
    """The percentage that goes with a paper, where the duty asks how far the problem is; none with any other."""
    if duty.progress:
        return checked_percent(percent)
    if percent is not None:
        raise Refusal("progress.not_asked", duty=duty.title)
    return None


def note_progress(
    desk: Desk,
    campaign: CampaignRow,
    problem: ProblemRow,
    unit: UnitRow,
    percent: int,
    text: str,
    by: str,
    about: ObligationRow | None = None,
) -> ProgressRow:
    """Keep what a unit reports of a problem, and let everything it still owes for it know.

    The problem is as far as its lead unit says; a supporting unit speaks of its own part.  A report that is not above
    the one before counts as unmoved; the first one cannot.
    """
    before = last_report(desk.session, problem, unit)
    position = _next(desk, problem)
    row = ProgressRow(
        id=identity("progress", problem.id, position),
        problem_id=problem.id,
        unit=unit,
        obligation_id=about.id if about else None,
        position=position,
        percent=percent,
        text=text,
        by=by,
        at=desk.now,
    )
    desk.session.add(row)
    problem.moved_at = desk.now
    problem.version += 1
    if problem.unit_id == unit.id:
        problem.percent = percent
    stands_still = before is not None and percent <= before.percent
    for owed in _owed(desk, problem, unit, about):
        owed.moved_at = desk.now
        owed.unmoved = owed.unmoved + 1 if stands_still else 0
        watch(method_of(campaign), owed, desk.office)
    facts = {"unit": unit.code, "percent": percent, "before": before.percent if before else 0, "by": by}
    desk.record(campaign.slug, f"problem:{problem.id}", Action.PROBLEM_PROGRESSED, text=text, **facts)
    return row


def last_report(session: Session, problem: ProblemRow, unit: UnitRow) -> ProgressRow | None:
    """What the unit reported of the problem last."""
    theirs = (ProgressRow.problem_id == problem.id, ProgressRow.unit_id == unit.id)
    return session.scalar(select(ProgressRow).where(*theirs).order_by(ProgressRow.position.desc()).limit(1))


def _next(desk: Desk, problem: ProblemRow) -> int:
    last = select(func.max(ProgressRow.position)).where(ProgressRow.problem_id == problem.id)
    found = desk.session.scalar(last)
    return 0 if found is None else found + 1


def _owed(desk: Desk, problem: ProblemRow, unit: UnitRow, about: ObligationRow | None) -> list[ObligationRow]:
    """What the unit still owes for the problem, and what it has just handed in."""
    theirs = (ObligationRow.problem_id == problem.id, ObligationRow.unit_id == unit.id)
    query = select(ObligationRow).where(*theirs, ObligationRow.status.in_(OPEN_OBLIGATION))
    rows = {row.id: row for row in desk.session.scalars(query)}
    if about is not None:
        rows[about.id] = about
    return list(rows.values())
