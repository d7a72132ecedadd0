"""What a list shows of a problem besides its status: supervision, light, a part closed out, who is waited for.

A fixed number of statements, however many problems are asked about.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, lazyload

from appraisal.domain.ladder import Colour
from appraisal.domain.lifecycle import OPEN_OBLIGATION, OPEN_PROBLEM, OWED
from appraisal.domain.supervision import Supervision
from appraisal.method.schema import Method
from appraisal.method.sequence import supporting
from appraisal.method.words import OrderKind
from appraisal.operations.closing_steps import is_closed_in_part
from appraisal.operations.ladders import colours
from appraisal.operations.supervision import supervision_of_problems
from appraisal.store.assignment_tables import OrderRow
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.problem_tables import ProblemRow

_GRAVER = list(Colour)


class Marked(StrEnum):
    """What a list may be narrowed to in the place of a status."""

    PARTIAL = "partial"
    SUPERVISED = "supervised"
    REPORTED_UP = "reported_up"
    HELD_UP = "held_up"


@dataclass(frozen=True)
class Marks:
    """How a problem stands besides its status.

    ``partial`` since a part is closed out and the rest is not; ``reported_up`` while whoever it was put before has not
    answered; ``waits_for`` names the supporting units that are late.
    """

    supervision: Supervision = Supervision.NONE
    colour: Colour = Colour.NONE
    partial: bool = False
    reported_up: bool = False
    waits_for: tuple[str, ...] = ()

    def has(self, mark: str) -> bool:
        """Whether it is among what the list is narrowed to."""
        match mark:
            case Marked.PARTIAL:
                return self.partial
            case Marked.SUPERVISED:
                return self.supervision is not Supervision.NONE
            case Marked.REPORTED_UP:
                return self.reported_up
            case _:
                return bool(self.waits_for)


UNMARKED = Marks()


def marks_of(session: Session, method: Method, rows: Sequence[ProblemRow]) -> dict[UUID, Marks]:
    """The marks of each of the problems."""
    open_ones = {row.id for row in rows if row.status in OPEN_PROBLEM}
    if not open_ones:
        return {row.id: UNMARKED for row in rows}
    pressed, partial = supervision_of_problems(session, open_ones), closed_in_part(session, rows)
    above, lights = waiting_above(session, open_ones), _lights(session, method, open_ones)
    late = _late_supporters(session, method, open_ones)
    return {
        row.id: Marks(
            pressed.get(row.id, Supervision.NONE),
            lights.get(row.id, Colour.NONE),
            row.id in partial,
            row.id in above,
            late.get(row.id, ()),
        )
        for row in rows
    }


def closed_in_part(session: Session, rows: Sequence[ProblemRow]) -> set[UUID]:
    """Those of which a part was closed out and the rest still goes on."""
    mine = ProblemRow.id.in_([row.id for row in rows])
    return set(session.scalars(select(ProblemRow.id).where(mine, is_closed_in_part())))


def waiting_above(session: Session, open_ones: Collection[UUID]) -> set[UUID]:
    """Those that were reported up (向上反映) with no instruction (批示) about them since."""
    kinds = (OrderKind.REPORT_UP, OrderKind.INSTRUCT)
    orders = select(OrderRow.problem_id, OrderRow.kind, func.max(OrderRow.given_at))
    query = orders.where(OrderRow.problem_id.in_(open_ones), OrderRow.kind.in_(kinds))
    asked: dict[UUID | None, datetime] = {}
    answered: dict[UUID | None, datetime] = {}
    for problem, kind, at in session.execute(query.group_by(OrderRow.problem_id, OrderRow.kind)):
        (asked if kind == OrderKind.REPORT_UP else answered)[problem] = at
    return {problem for problem, at in asked.items() if problem and (problem not in answered or answered[problem] < at)}


def gravest(lights: Iterable[Colour]) -> Colour:
    """The card that counts among several."""
    return max(lights, key=_GRAVER.index, default=Colour.NONE)


def _lights(session: Session, method: Method, problems: Collection[UUID]) -> dict[UUID, Colour]:
    """The gravest card that anything owed for a problem shows."""
    lit = (ObligationRow.status.in_(OPEN_OBLIGATION), ObligationRow.last_rung >= 0)
    query = select(ObligationRow).where(ObligationRow.problem_id.in_(problems), *lit)
    rows = session.scalars(query.options(lazyload("*"))).all()
    shown = colours(session, method, rows) if rows else {}
    by_problem: defaultdict[UUID, list[Colour]] = defaultdict(list)
    for row in rows:
        if row.problem_id:
            by_problem[row.problem_id].append(shown.get(row.id, Colour.NONE))
    return {problem: gravest(found) for problem, found in by_problem.items()}


def _late_supporters(session: Session, method: Method, problems: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    keys = supporting(method)
    if not keys:
        return {}
    late = (ObligationRow.status.in_(OWED), ObligationRow.overdue_at.is_not(None), ObligationRow.key.in_(keys))
    query = select(ObligationRow).where(ObligationRow.problem_id.in_(problems), *late)
    found: defaultdict[UUID, dict[str, None]] = defaultdict(dict)
    for row in session.scalars(query.order_by(ObligationRow.overdue_at, ObligationRow.id)):
        if row.problem_id:
            found[row.problem_id][row.owner] = None
    return {problem: tuple(names) for problem, names in found.items()}
