"""Whether a duty or a problem is supervised or listed, computed from the orders about what is still owed."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import OPEN_OBLIGATION, OPEN_PROBLEM
from appraisal.domain.supervision import Supervision, supervision
from appraisal.method.words import OrderKind
from appraisal.store.assignment_tables import OrderRow
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.problem_tables import ProblemRow

_KINDS = (OrderKind.SUPERVISE, OrderKind.LIST)


def supervision_of(session: Session, obligations: Collection[UUID]) -> dict[UUID, Supervision]:
    """Each of the obligations with its supervision: by an order about itself, or about the problem it is about."""
    mine = (OrderRow.kind.in_(_KINDS), ObligationRow.id.in_(obligations), ObligationRow.status.in_(OPEN_OBLIGATION))
    about = select(ObligationRow.id, OrderRow.kind).join(OrderRow, OrderRow.about_id == ObligationRow.id).where(*mine)
    through = (
        select(ObligationRow.id, OrderRow.kind)
        .join(OrderRow, OrderRow.problem_id == ObligationRow.problem_id)
        .where(*mine, OrderRow.about_id.is_(None))
    )
    return _gravest(session, obligations, (about, through))


def supervision_of_problems(session: Session, problems: Collection[UUID]) -> dict[UUID, Supervision]:
    """Each of the problems with its supervision: by an order about it while it is open, or about a duty for it."""
    itself = (
        select(ProblemRow.id, OrderRow.kind)
        .join(OrderRow, OrderRow.problem_id == ProblemRow.id)
        .where(ProblemRow.id.in_(problems), ProblemRow.status.in_(OPEN_PROBLEM))
        .where(OrderRow.kind.in_(_KINDS), OrderRow.about_id.is_(None))
    )
    duties = (
        select(ObligationRow.problem_id, OrderRow.kind)
        .join(OrderRow, OrderRow.about_id == ObligationRow.id)
        .where(ObligationRow.problem_id.in_(problems), ObligationRow.status.in_(OPEN_OBLIGATION))
        .where(OrderRow.kind.in_(_KINDS))
    )
    return _gravest(session, problems, (itself, duties))


def _gravest(
    session: Session, asked: Iterable[UUID], queries: Iterable[Select[UUID, str] | Select[UUID | None, str]]
) -> dict[UUID, Supervision]:
    kinds: defaultdict[UUID | None, list[str]] = defaultdict(list)
    for query in queries:
        for identifier, kind in session.execute(query):
            kinds[identifier].append(kind)
    return {identifier: supervision(kinds[identifier]) for identifier in asked}
