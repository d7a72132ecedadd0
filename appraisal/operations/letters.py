"""Letters of assignment (交办函): their numbers, and how often a unit was given a problem."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk
from appraisal.store.assignment_tables import AssignmentItemRow, AssignmentRow
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow

LEADS, SUPPORTS = "leads", "supports"


def letters_of(session: Session, campaign: CampaignRow) -> Sequence[AssignmentRow]:
    """The letters of a campaign in the order of their numbers."""
    query = select(AssignmentRow).where(AssignmentRow.campaign_id == campaign.id)
    return session.scalars(query.order_by(AssignmentRow.number)).all()


def write_letters(
    desk: Desk, campaign: CampaignRow, rows: Sequence[ProblemRow], units: Iterable[UnitRow], *, again: bool = False
) -> list[AssignmentRow]:
    """One letter to each of the units with its part in these problems, numbered on from the last of the campaign."""
    last = select(func.max(AssignmentRow.number)).where(AssignmentRow.campaign_id == campaign.id)
    first = (desk.session.scalar(last) or 0) + 1
    letters = [_write(desk, campaign, rows, unit, first + at, again=again) for at, unit in enumerate(units)]
    desk.session.flush()
    return letters


def _write(
    desk: Desk, campaign: CampaignRow, rows: Sequence[ProblemRow], unit: UnitRow, number: int, *, again: bool
) -> AssignmentRow:
    parts = [(row, LEADS) for row in rows if row.unit is unit]
    parts += [(row, SUPPORTS) for row in rows if unit in row.supporting]
    items = [AssignmentItemRow(problem=row, position=at, part=part) for at, (row, part) in enumerate(parts)]
    letter = AssignmentRow(
        id=identity("assignment", campaign.slug, number),
        campaign_id=campaign.id,
        unit=unit,
        number=number,
        mark=_mark(desk, campaign, number),
        again=again,
        sent_at=desk.now,
        sent_by=desk.work.actor,
        items=items,
    )
    desk.session.add(letter)
    facts = {"mark": letter.mark, "unit": unit.code, "problems": [row.number for row, _ in parts], "again": again}
    desk.record(campaign.slug, f"assignment:{letter.id}", Action.ASSIGNMENT_SENT, **facts)
    return letter


def _mark(desk: Desk, campaign: CampaignRow, number: int) -> str:
    rule = method_of(campaign).assignment
    mark = rule.mark if rule else phrase("assignment.default_mark")
    return phrase("document.mark", mark=mark, year=desk.office.hours.day_of(desk.now).year, number=number)


def letters_with(session: Session, problem: ProblemRow) -> Sequence[AssignmentRow]:
    """The letters that speak of a problem, the newest first."""
    query = select(AssignmentRow).join(AssignmentItemRow, AssignmentItemRow.assignment_id == AssignmentRow.id)
    return session.scalars(
        query.where(AssignmentItemRow.problem_id == problem.id).order_by(AssignmentRow.number.desc())
    ).all()


def letter_by(session: Session, identifier: UUID) -> tuple[CampaignRow, AssignmentRow]:
    """A letter and its campaign, held where somebody writes, or Refusal ``assignment.unknown``."""
    row = session.get(AssignmentRow, identifier)
    if row is None:
        raise Refusal("assignment.unknown")
    slug = session.scalar(select(CampaignRow.slug).where(CampaignRow.id == row.campaign_id))
    return campaign_by(session, str(slug)), row
