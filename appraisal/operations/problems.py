"""Problems put to a unit: recorded by the office, closed out by somebody other than the unit."""

from sqlalchemy import select

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import PROBLEM, ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.operations.loading import campaign_by, target_by
from appraisal.operations.office import Desk
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, ProblemRow
from appraisal.store.register_tables import UnitRow


def record_problem(desk: Desk, slug: str, unit: str, title: str, aim: str) -> ProblemRow:
    """Put a problem to an appraised unit; the same title for the same unit is the same problem."""
    campaign = campaign_by(desk.session, slug)
    target = target_by(campaign, unit)
    if not title.strip() or not aim.strip():
        raise Refusal("problem.incomplete", unit=target.name)
    known = _problems_of(desk, campaign, target)
    same = [problem for problem in known if problem.title == title.strip()]
    if same:
        return same[0]
    number = len(known) + 1
    row = ProblemRow(
        id=identity("problem", slug, target.code, number),
        campaign_id=campaign.id,
        unit=target,
        number=number,
        title=title.strip(),
        aim=aim.strip(),
        status=PROBLEM.move(None, Action.PROBLEM_RECORDED),
        recorded_at=desk.now,
    )
    desk.session.add(row)
    desk.record(slug, f"problem:{row.id}", Action.PROBLEM_RECORDED, unit=target.code, number=number, title=row.title)
    return row


def close_problem(desk: Desk, slug: str, unit: str, number: int, by: str) -> ProblemRow:
    """Close out a problem (销号); one that is closed stays closed."""
    campaign = campaign_by(desk.session, slug)
    target = target_by(campaign, unit)
    known = _problems_of(desk, campaign, target)
    if not 1 <= number <= len(known):
        raise Refusal("problem.unknown", unit=target.name, number=number)
    row = known[number - 1]
    if row.status == ProblemStatus.CLOSED:
        return row
    row.status = PROBLEM.move(row.status, Action.PROBLEM_CLOSED)
    row.closed_at, row.closed_by = desk.now, by
    desk.record(slug, f"problem:{row.id}", Action.PROBLEM_CLOSED, by=by)
    return row


def _problems_of(desk: Desk, campaign: CampaignRow, unit: UnitRow) -> list[ProblemRow]:
    query = select(ProblemRow).where(ProblemRow.campaign_id == campaign.id, ProblemRow.unit_id == unit.id)
    return list(desk.session.scalars(query.order_by(ProblemRow.number)))
