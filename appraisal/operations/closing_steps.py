"""The course of a problem towards its end (销号), step by step, and how often it was sent back or came back."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from appraisal.domain.lifecycle import ProblemStatus
from appraisal.method.duties import Duty
from appraisal.method.words import OwedBy
from appraisal.operations.office import Desk
from appraisal.store.base import identity
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import CloseOutRow


def add_step(
    desk: Desk,
    row: ProblemRow,
    kind: str,
    by: str,
    text: str = "",
    *,
    remaining: str = "",
    manner: str | None = None,
    verified_on: date | None = None,
) -> CloseOutRow:
    """Put the next step on the course of the problem."""
    mine = CloseOutRow.problem_id == row.id
    position = desk.session.scalar(select(func.count()).select_from(CloseOutRow).where(mine)) or 0
    step = CloseOutRow(
        id=identity("close_out", row.id, position),
        problem_id=row.id,
        position=position,
        kind=kind,
        manner=manner,
        verified_on=verified_on,
        text=text,
        remaining=remaining,
        by=by,
        at=desk.now,
    )
    desk.session.add(step)
    desk.session.flush()
    return step


def steps_of(session: Session, row: ProblemRow) -> list[CloseOutRow]:
    """The course of the problem, the first step first."""
    query = select(CloseOutRow).where(CloseOutRow.problem_id == row.id).order_by(CloseOutRow.position)
    return list(session.scalars(query))


def last_of(session: Session, row: ProblemRow, kind: str) -> CloseOutRow | None:
    """The last step of that kind."""
    return next((step for step in reversed(steps_of(session, row)) if step.kind == kind), None)


def round_of(session: Session, row: ProblemRow) -> int:
    """The how-manieth closing of the problem this is: one more for each return and each relapse."""
    return 1 + row.reopened + returns_of(session, row.campaign_id).get(row.id, 0)


def times_of(duty: Duty, row: ProblemRow, returned: int) -> int:
    """The how-manieth time a duty about the problem is owed: anew after each relapse, a judged one after each return.

    Whoever looks back, looks back at each closing.  ``returned`` is how often it was returned.
    """
    judged = duty.owed_by is OwedBy.EACH_PROBLEM and duty.accepted_by is not None
    return 1 + row.reopened + (returned if judged else 0)


def returns_of(session: Session, campaign_id: UUID) -> Mapping[UUID, int]:
    """How often each problem of the campaign was returned; those that were not are left out."""
    counted = select(CloseOutRow.problem_id, func.count()).join(ProblemRow, ProblemRow.id == CloseOutRow.problem_id)
    those = counted.where(ProblemRow.campaign_id == campaign_id, CloseOutRow.kind == "returned")
    return dict(session.execute(those.group_by(CloseOutRow.problem_id)).all())


def is_closed_in_part() -> ColumnElement[bool]:
    """Of a problem, that a part was closed out since it was last closed out, or opened again, as a whole, and the rest
    still goes on."""
    part, later = aliased(CloseOutRow), aliased(CloseOutRow)
    whole = exists().where(
        later.problem_id == part.problem_id, later.position > part.position, later.kind.in_(("closed", "reopened"))
    )
    closed = exists().where(part.problem_id == ProblemRow.id, part.kind == "part_closed", ~whole)
    return and_(ProblemRow.status.in_((ProblemStatus.ASSIGNED, ProblemStatus.VERIFIED)), closed)


def part_closed(session: Session, row: ProblemRow) -> str:
    """What was closed out as the rest went back to the unit just now; empty where all of it went back."""
    steps = steps_of(session, row)[-2:]
    return steps[0].text if [step.kind for step in steps] == ["part_closed", "returned"] else ""


def returned_since(session: Session, row: ProblemRow) -> int:
    """How often its closing was returned since it was assigned or came back last; closing a part is no failure."""
    count = 0
    for before, step in pairwise([None, *steps_of(session, row)]):
        if step and step.kind == "reopened":
            count = 0
        elif step and step.kind == "returned" and not (before and before.kind == "part_closed"):
            count += 1
    return count
