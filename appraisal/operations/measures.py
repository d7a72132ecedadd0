"""Measures (整改措施): what a unit does about its problems; one measure may serve several of them."""

from collections.abc import Sequence

from sqlalchemy import func, select

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import ProblemStatus
from appraisal.domain.measures import Measure, Milestone, tidied
from appraisal.domain.refusal import Refusal
from appraisal.operations.desks import is_staff
from appraisal.operations.duties import By
from appraisal.operations.loading import campaign_by, unit_by
from appraisal.operations.office import Desk
from appraisal.operations.problems import problem_by
from appraisal.operations.unit_posts import answers_for
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import MeasureRow, MilestoneRow
from appraisal.store.register_tables import PersonRow, UnitRow


def set_measure(
    desk: Desk, slug: str, unit: str, measure: Measure, by: By, number: int | None = None, seen: int | None = None
) -> MeasureRow:
    """Put a measure on the list of a unit or, given its ``number``, change it; the same again does nothing.

    ``seen`` is the version that was read.  Refuses problems that are not assigned to the unit, a measure that was
    dropped or that somebody changed since, and whoever does not act for the unit.
    """
    campaign, owner = campaign_by(desk.session, slug), unit_by(desk.session, unit)
    acts_for(desk, campaign, owner, by)
    wanted = tidied(measure, desk.office.hours.day_of(desk.now))
    row = measure_by(desk, campaign, owner, number) if number is not None else _same(desk, campaign, owner, wanted)
    if row is not None and measure_of(row) == wanted and not row.dropped:
        return row
    problems = _problems(desk, slug, owner, wanted, row)
    if row is None:
        row = _new(desk, campaign, owner)
    else:
        _is_what_was_read(desk, row, seen)
        row.version += 1
    row.problems, row.text, row.leader, row.due_on = problems, wanted.text, wanted.leader, wanted.due_on
    row.percent, row.done_on, row.by, row.at = wanted.percent, wanted.done_on, by.person.code, desk.now
    _set_milestones(desk, row, wanted.milestones)
    facts = {"unit": owner.code, "number": row.number, "version": row.version, "problems": list(wanted.problems)}
    said = {
        "text": row.text,
        "percent": row.percent,
        "due_on": str(row.due_on or ""),
        "done_on": str(row.done_on or ""),
    }
    desk.record(slug, f"measure:{row.id}", Action.MEASURE_SET, offline=by.offline, **facts, **said)
    return row


def drop_measure(
    desk: Desk, slug: str, unit: str, number: int, reason: str, by: By, seen: int | None = None
) -> MeasureRow:
    """Give a measure up, with the reason; it stays readable, and one that is given up stays so."""
    campaign, owner = campaign_by(desk.session, slug), unit_by(desk.session, unit)
    acts_for(desk, campaign, owner, by)
    row = measure_by(desk, campaign, owner, number)
    if row.dropped:
        return row
    if not reason.strip():
        raise Refusal("measure.drop_needs_reason", number=number)
    _is_what_was_read(desk, row, seen)
    row.dropped, row.version, row.by, row.at = True, row.version + 1, by.person.code, desk.now
    facts = {"unit": owner.code, "number": number, "version": row.version, "reason": reason.strip()}
    desk.record(slug, f"measure:{row.id}", Action.MEASURE_DROPPED, offline=by.offline, **facts)
    return row


def measure_by(desk: Desk, campaign: CampaignRow, unit: UnitRow, number: int) -> MeasureRow:
    """The measure of that number on the list of the unit, or Refusal ``measure.unknown``."""
    theirs = (MeasureRow.campaign_id == campaign.id, MeasureRow.unit_id == unit.id)
    row = desk.session.scalar(select(MeasureRow).where(*theirs, MeasureRow.number == number))
    if row is None:
        raise Refusal("measure.unknown", unit=unit.name, number=number)
    return row


def measure_of(row: MeasureRow) -> Measure:
    """The measure as it stands, to be changed."""
    steps = tuple(Milestone(each.title, each.due_on, each.reached_on) for each in row.milestones)
    numbers = tuple(sorted(problem.number for problem in row.problems))
    return Measure(numbers, row.text, row.leader, row.due_on, row.percent, row.done_on, steps)


def acts_for(desk: Desk, campaign: CampaignRow, unit: UnitRow, by: By) -> None:
    """Refuse whoever neither answers for the unit nor is the office entering what came on paper."""
    today = desk.now.date()
    if by.offline and is_staff(desk.session, by.person, today):
        return
    if not answers_for(desk.session, campaign, by.person, unit, today):
        raise Refusal("measure.not_yours", unit=unit.name)


def is_of(unit: UnitRow, problem: ProblemRow) -> bool:
    """Whether the unit leads on the problem or supports."""
    return unit.id in {each.id for each in (problem.unit, *problem.supporting) if each}


def _same(desk: Desk, campaign: CampaignRow, unit: UnitRow, wanted: Measure) -> MeasureRow | None:
    theirs = (MeasureRow.campaign_id == campaign.id, MeasureRow.unit_id == unit.id, ~MeasureRow.dropped)
    rows = desk.session.scalars(select(MeasureRow).where(*theirs, MeasureRow.text == wanted.text))
    return next((row for row in rows if measure_of(row) == wanted), None)


def _problems(desk: Desk, slug: str, unit: UnitRow, wanted: Measure, row: MeasureRow | None) -> list[ProblemRow]:
    """Those the measure is to serve; one that it serves already may have been closed in the meantime."""
    served = {each.id for each in row.problems} if row else set()
    problems = [problem_by(desk.session, slug, number) for number in wanted.problems]
    for problem in problems:
        if not is_of(unit, problem):
            raise Refusal("measure.not_its_problem", number=problem.number, unit=unit.name)
        if problem.id not in served and problem.status != ProblemStatus.ASSIGNED:
            raise Refusal("measure.not_assigned", number=problem.number, status=problem.status)
    return problems


def _is_what_was_read(desk: Desk, row: MeasureRow, seen: int | None) -> None:
    if row.dropped:
        raise Refusal("measure.dropped", number=row.number)
    if seen is not None and seen != row.version:
        name = desk.session.scalar(select(PersonRow.name).where(PersonRow.code == row.by))
        raise Refusal("measure.changed", number=row.number, by=name or row.by)


def _new(desk: Desk, campaign: CampaignRow, unit: UnitRow) -> MeasureRow:
    theirs = (MeasureRow.campaign_id == campaign.id, MeasureRow.unit_id == unit.id)
    number = (desk.session.scalar(select(func.max(MeasureRow.number)).where(*theirs)) or 0) + 1
    key = identity("measure", campaign.slug, unit.code, number)
    row = MeasureRow(id=key, campaign_id=campaign.id, unit=unit, number=number, version=1, dropped=False)
    desk.session.add(row)
    return row


def _set_milestones(desk: Desk, row: MeasureRow, steps: Sequence[Milestone]) -> None:
    """Steps have their place for a key, so the old ones are gone before the new ones come."""
    if row.milestones:
        row.milestones.clear()
    desk.session.flush()
    row.milestones = [
        MilestoneRow(position=position, title=step.title, due_on=step.due_on, reached_on=step.reached_on)
        for position, step in enumerate(steps)
    ]
    desk.session.flush()
