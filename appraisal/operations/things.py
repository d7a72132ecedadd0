"""What was done about one problem or one letter, where the dates of other duties about the same wait for it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import ObligationStatus
from appraisal.method.duties import Duty
from appraisal.method.sequence import done, linked
from appraisal.method.words import OwedBy
from appraisal.operations.loading import method_of
from appraisal.store.assignment_tables import AssignmentItemRow, AssignmentRow
from appraisal.store.campaign_tables import CampaignRow, ObligationRow, SubmissionRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow

Thing = tuple[UUID, UUID | None]
"""A problem or a letter, and the unit that did something about it; None for the lead unit of a problem."""


@dataclass(frozen=True)
class Issued:
    """An obligation: its duty, what it is about, whose it is, when it was settled and a paper was last handed in."""

    key: str
    problem: UUID | None
    letter: UUID | None
    unit: UUID | None
    settled_at: datetime | None
    handed_in_at: datetime | None


def done_about_things(session: Session, campaign: CampaignRow) -> dict[Thing, dict[str, datetime]]:
    """What has happened, by problem and by letter; of what is owed anew only what was issued last counts."""
    method = method_of(campaign)
    keys, found = linked(method), dict[Thing, dict[str, datetime]]()
    if not keys:
        return found
    letters = _in_letters(session, campaign)
    for row in _issued(session, campaign, keys):
        duty = method.duty(row.key)
        for thing in _things(row, duty, letters):
            forget(found, thing, duty)
            found.setdefault(thing, {}).update(_happened(row, duty))
    return found


def things_about(problem: ProblemRow | None, letter: AssignmentRow | None, unit: UnitRow | None) -> list[Thing]:
    """What an obligation of the unit is about: what anybody did about it, and then what the unit itself did."""
    about = [each.id for each in (problem, letter) if each]
    return [(each, whose) for each in about for whose in (None, unit.id if unit else None)]


def forget(things: dict[Thing, dict[str, datetime]], thing: Thing, duty: Duty) -> None:
    """What is owed anew about it has not been done yet."""
    for name in done(duty):
        things.get(thing, {}).pop(name, None)


def problems_about(session: Session, row: ObligationRow) -> Collection[UUID]:
    """The problems that an obligation is about: its own, or those in its letter."""
    if row.assignment_id is None:
        return [row.problem_id] if row.problem_id else []
    items = select(AssignmentItemRow.problem_id).where(AssignmentItemRow.assignment_id == row.assignment_id)
    return session.scalars(items).all()


def _issued(session: Session, campaign: CampaignRow, keys: Collection[str]) -> Iterator[Issued]:
    """The obligations under these duties that stand, the first issued first."""
    papers = select(func.max(SubmissionRow.at)).where(SubmissionRow.obligation_id == ObligationRow.id)
    whose = (ObligationRow.key, ObligationRow.problem_id, ObligationRow.assignment_id, ObligationRow.unit_id)
    theirs = (ObligationRow.campaign_id == campaign.id, ObligationRow.key.in_(keys))
    standing = ObligationRow.status != ObligationStatus.WITHDRAWN
    query = select(*whose, ObligationRow.settled_at, papers.scalar_subquery()).where(*theirs, standing)
    for found in session.execute(query.order_by(ObligationRow.issued_at, ObligationRow.times)):
        yield Issued(*found)


def _things(issued: Issued, duty: Duty, letters: Mapping[UUID, Sequence[UUID]]) -> list[Thing]:
    """What a lead unit does about a problem counts for all that is owed for it, other things for the unit alone."""
    if issued.letter:
        return [(thing, issued.unit) for thing in (issued.letter, *letters.get(issued.letter, ()))]
    whose = issued.unit if duty.owed_by is OwedBy.EACH_SUPPORTING else None
    return [(issued.problem, whose)] if issued.problem else []


def _happened(issued: Issued, duty: Duty) -> dict[str, datetime]:
    handed_in = f"{duty.key}.submitted"
    at = {name: issued.handed_in_at if name == handed_in else issued.settled_at for name in done(duty)}
    return {name: when for name, when in at.items() if when}


def _in_letters(session: Session, campaign: CampaignRow) -> dict[UUID, list[UUID]]:
    """The problems in each letter."""
    columns = select(AssignmentItemRow.assignment_id, AssignmentItemRow.problem_id).join(
        AssignmentRow, AssignmentRow.id == AssignmentItemRow.assignment_id
    )
    found: dict[UUID, list[UUID]] = {}
    for letter, problem in session.execute(columns.where(AssignmentRow.campaign_id == campaign.id)):
        found.setdefault(letter, []).append(problem)
    return found
