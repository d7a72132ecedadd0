"""Closing out a problem (销号): by hand, or by the acceptance of the last paper that was owed for it."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OBLIGATION, OPEN_OBLIGATION, PROBLEM, ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.schema import Method
from appraisal.method.words import OwedBy
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import PersonRow, PostRow


def move(desk: Desk, slug: str, row: ProblemRow, action: Action, **facts: object) -> None:
    """The only door through which the status of a problem changes."""
    row.status = PROBLEM.move(row.status, action)
    desk.record(slug, f"problem:{row.id}", action, **facts)


def close_out(desk: Desk, slug: str, row: ProblemRow, by: str) -> None:
    """Close a problem, and withdraw what is still owed for it; one that is closed stays closed.

    ``by`` is who verified it, by code or name; Refusal ``problem.own_hand`` where that is somebody of its units.
    """
    if row.status == ProblemStatus.CLOSED:
        return
    _two_hands(desk, row, by)
    move(desk, slug, row, Action.PROBLEM_CLOSED, by=by)
    row.closed_at, row.closed_by = desk.now, by
    withdraw(desk, slug, owed_for(desk.session, row), "problem closed")


def withdraw(desk: Desk, slug: str, rows: Iterable[ObligationRow], why: str) -> None:
    """Let nobody owe these any more."""
    for duty in rows:
        duty.status = OBLIGATION.move(duty.status, Action.OBLIGATION_WITHDRAWN)
        duty.next_check_at = None
        desk.record(slug, f"obligation:{duty.id}", Action.OBLIGATION_WITHDRAWN, why=why)


def accepted_for_problem(desk: Desk, accepted: ObligationRow, by: str) -> None:
    """Close the problem that an accepted paper is about, if nothing more has to be accepted for it."""
    row = accepted.problem
    if row is None or row.status != ProblemStatus.ASSIGNED:
        return
    judged = _judged(method_of(accepted.campaign), row)
    issued = set(desk.session.scalars(select(ObligationRow.key).where(ObligationRow.problem_id == row.id)))
    waiting = {duty.key for duty in owed_for(desk.session, row) if duty.id != accepted.id}
    if judged <= issued and not judged & waiting:
        close_out(desk, accepted.campaign.slug, row, by)


def _judged(method: Method, row: ProblemRow) -> set[str]:
    """The duties about a problem whose papers somebody accepts, those of the units that support it included."""
    duties = [duty for phase in method.phases for duty in phase.duties]
    owed = {OwedBy.EACH_PROBLEM, *([OwedBy.EACH_SUPPORTING] if row.supporting else [])}
    return {duty.key for duty in duties if duty.owed_by in owed and duty.accepted_by}


def owed_for(session: Session, row: ProblemRow) -> list[ObligationRow]:
    """What somebody still owes for the problem."""
    owed = select(ObligationRow).where(ObligationRow.problem_id == row.id, ObligationRow.status.in_(OPEN_OBLIGATION))
    return list(session.scalars(owed))


def _two_hands(desk: Desk, row: ProblemRow, by: str) -> None:
    own = [unit.id for unit in (row.unit, *row.supporting) if unit]
    named = (PersonRow.code == by) | (PersonRow.name == by)
    query = select(PostRow.id).join(PersonRow, PersonRow.id == PostRow.person_id)
    if desk.session.scalar(query.where(named, PostRow.unit_id.in_(own)).limit(1)) is not None:
        raise Refusal("problem.own_hand", number=row.number, by=by)
