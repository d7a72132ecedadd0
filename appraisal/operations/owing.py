"""Who owes what in a phase: units, panels and the body; for problems, letters of assignment, orders and look-backs."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.domain.digest import digest
from appraisal.domain.lifecycle import OPEN_OBLIGATION, ObligationStatus, PhaseStatus, ProblemStatus
from appraisal.domain.sampling import drawn, share_of
from appraisal.method.duties import Duty
from appraisal.method.sequence import applies
from appraisal.method.words import OwedBy, PhaseKind
from appraisal.notices.wording import phrase
from appraisal.operations.closing_steps import returns_of, times_of
from appraisal.operations.letters import letters_of
from appraisal.operations.loading import method_of
from appraisal.operations.occurred import events_of
from appraisal.operations.office import Desk
from appraisal.operations.telling import panels_of
from appraisal.operations.tracks import is_on_track
from appraisal.store.assignment_tables import AssignmentRow, OrderRow
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ConsequenceRow, ObligationRow, PhaseRow
from appraisal.store.panel_tables import PanelRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow

Turn = tuple[str, UUID | None, UUID | None, int]


@dataclass(frozen=True)
class Owed:
    """A duty and whoever owes it: a unit, a panel or (with neither) the body; about a problem, a letter or a period.

    ``times`` counts how often a consequence, a return or a relapse has called for it, ``turn`` how often it was
    withdrawn before.
    """

    duty: Duty
    unit: UnitRow | None = None
    panel: PanelRow | None = None
    problem: ProblemRow | None = None
    assignment: AssignmentRow | None = None
    period: date | None = None
    times: int = 1
    turn: int = 0
    order: OrderRow | None = None

    @property
    def shared(self) -> bool:
        """Whether there is one obligation for each unit, or one for the body, and no more."""
        return not (self.panel or self.problem or self.assignment or self.order or self.period)

    def identity(self, slug: str) -> UUID:
        """The id of the obligation: the same thing owed twice is one."""
        parts = {
            "panel": self.panel and self.panel.key,
            "problem": self.problem and self.problem.number,
            "assignment": self.assignment and self.assignment.number,
            "period": self.period,
            "order": self.order and self.order.id,
            "times": self.times if self.times > 1 else None,
            "turn": self.turn,
        }
        more = [f"{kind}={part}" for kind, part in parts.items() if part]
        return identity("obligation", slug, self.duty.key, self.unit.code if self.unit else "", *more)

    @property
    def title(self) -> str:
        """What the obligation is called."""
        duty, again = self.duty.title, self.times > 1
        if self.period:
            duty = phrase("duty.of_period", duty=duty, period=self.period)
        if self.order:
            return phrase("duty.of_order", duty=duty, mark=self.order.mark)
        if self.problem:
            about = {"number": self.problem.number, "title": self.problem.title}
            if again:
                return phrase("duty.about_problem_again", duty=duty, times=self.times, **about)
            return phrase("duty.about_problem", duty=duty, **about)
        if self.assignment:
            return phrase("duty.about_assignment", duty=duty, mark=self.assignment.mark)
        if again:
            return phrase("duty.called_for_again", duty=duty, times=self.times)
        return duty


def owed_in(desk: Desk, phase: PhaseRow) -> Iterator[Owed]:
    """What is owed in a phase and does not come back period by period, whether it is called for or not."""
    yield from (Owed(duty) for duty in _duties(phase, OwedBy.BODY))
    for duty in _duties(phase, OwedBy.EACH_UNIT):
        yield from (Owed(duty, target.unit) for target in phase.campaign.targets)
    for duty in _duties(phase, OwedBy.EACH_PANEL):
        yield from (Owed(duty, panel=panel) for panel in panels_of(desk.session, phase.campaign))
    yield from owed_for_problems(desk, phase, assigned_problems(desk.session, phase))
    if _duties(phase, OwedBy.EACH_ASSIGNMENT):
        yield from owed_for_letters(phase, letters_of(desk.session, phase.campaign))
    if _duties(phase, OwedBy.EACH_ORDER):
        those = select(OrderRow).where(OrderRow.campaign_id == phase.campaign_id)
        yield from owed_for_orders(phase, desk.session.scalars(those.order_by(OrderRow.given_at, OrderRow.id)))
    yield from owed_for_closed(desk, phase)


def owed_for_problems(desk: Desk, phase: PhaseRow, problems: Sequence[ProblemRow]) -> list[Owed]:
    """What the lead unit owes for each problem on its track, and what the units that support it owe."""
    if _asks_later(phase):
        return []
    leading, supporting = _duties(phase, OwedBy.EACH_PROBLEM), _duties(phase, OwedBy.EACH_SUPPORTING)
    pairs = [
        (row, unit, duties)
        for row in problems
        for unit, duties in ((row.unit, leading), *((each, supporting) for each in row.supporting))
    ]
    return about_problems(desk, phase, pairs) if leading or supporting else []


def _asks_later(phase: PhaseRow) -> bool:
    """An evaluation asks about the projects that are not done when it opens; before, nobody knows which those are."""
    kind = method_of(phase.campaign).phase(phase.key).kind
    return kind is PhaseKind.EVALUATE and phase.status == PhaseStatus.PLANNED


def about_problems(
    desk: Desk, phase: PhaseRow, asked: Iterable[tuple[ProblemRow, UnitRow | None, Sequence[Duty]]]
) -> list[Owed]:
    """The duties about each problem that fit its track: once more for one that came back, anew after a withdrawal."""
    method, pairs = method_of(phase.campaign), list(asked)
    returned = returns_of(desk.session, phase.campaign_id)
    withdrawn = _withdrawn(desk.session, {row.id for row, _, _ in pairs})
    return [
        Owed(duty, unit, problem=row, times=times, turn=withdrawn[duty.key, unit.id if unit else None, row.id, times])
        for row, unit, duties in pairs
        for duty in duties
        if is_on_track(method, duty, row)
        for times in (times_of(duty, row, returned.get(row.id, 0)),)
    ]


def _withdrawn(session: Session, problems: Collection[UUID]) -> Counter[Turn]:
    """How often each duty about the problems was withdrawn from a unit."""
    turn = (ObligationRow.key, ObligationRow.unit_id, ObligationRow.problem_id, ObligationRow.times)
    those = (ObligationRow.problem_id.in_(problems), ObligationRow.period.is_(None))
    query = select(*turn).where(*those, ObligationRow.status == ObligationStatus.WITHDRAWN)
    return Counter((key, unit, problem, times) for key, unit, problem, times in session.execute(query))


def owed_for_letters(phase: PhaseRow, letters: Sequence[AssignmentRow]) -> list[Owed]:
    """What the unit owes for each letter of assignment, such as signing for it."""
    duties = _duties(phase, OwedBy.EACH_ASSIGNMENT)
    return [Owed(duty, letter.unit, assignment=letter) for letter in letters for duty in duties]


def owed_for_orders(phase: PhaseRow, orders: Iterable[OrderRow]) -> list[Owed]:
    """What is owed for each order; of one that presses no unit, nothing."""
    duties = _duties(phase, OwedBy.EACH_ORDER)
    pressing = [order for order in orders if order.unit]
    return [Owed(duty, each.unit, order=each) for each in pressing for duty in duties if each.kind in duty.answers]


def owed_for_closed(desk: Desk, phase: PhaseRow) -> list[Owed]:
    """What whoever looks back owes for the problems that are closed out by now."""
    return [each for duty in _duties(phase, OwedBy.EACH_CLOSED) for each in _looking_back(desk, phase, duty)]


def _looking_back(desk: Desk, phase: PhaseRow, duty: Duty) -> list[Owed]:
    """Everything that is closed out and on the tracks of the duty or, where it takes a sample, what is drawn of it.

    Drawn by the order of a hash: whoever draws again draws the same, and what was drawn stays so when more is closed.
    """
    closed = (ProblemRow.campaign_id == phase.campaign_id, ProblemRow.status == ProblemStatus.CLOSED)
    rows = desk.session.scalars(select(ProblemRow).where(*closed).order_by(ProblemRow.number)).all()
    owed = called_for(desk, phase, about_problems(desk, phase, [(row, row.unit, [duty]) for row in rows]))
    if duty.sample is None:
        return owed
    mine = (ObligationRow.phase_id == phase.id, ObligationRow.key == duty.key)
    issued = set(desk.session.scalars(select(ObligationRow.id).where(*mine)))
    numbered = {each.problem.number: each for each in owed if each.problem}
    slug = phase.campaign.slug
    before = {number for number, each in numbered.items() if each.identity(slug) in issued}
    chosen = drawn(numbered, before, share_of(duty.sample), lambda number: digest((slug, duty.key, number)))
    return [numbered[number] for number in chosen]


def called_for(desk: Desk, phase: PhaseRow, owed: Iterable[Owed]) -> list[Owed]:
    """Those that are owed by everybody, and of those that hang on a consequence the ones for which it was found."""
    listed = list(owed)
    if not any(each.duty.only_if for each in listed):
        return listed
    found = events_of(desk.session, phase.campaign).units
    return [
        _numbered(desk, phase, each)
        for each in listed
        if each.duty.only_if is None or (each.unit and applies(each.duty.only_if) in found.get(each.unit.id, {}))
    ]


def _numbered(desk: Desk, phase: PhaseRow, owed: Owed) -> Owed:
    """Owed once more where the consequence was found anew after the unit had done with it."""
    if owed.duty.only_if is None or owed.unit is None or owed.duty.rhythm or owed.problem:
        return owed
    mine = (ObligationRow.phase_id == phase.id, ObligationRow.key == owed.duty.key)
    rows = desk.session.scalars(select(ObligationRow).where(*mine, ObligationRow.unit_id == owed.unit.id)).all()
    latest = found_at(desk.session, phase, owed.duty.only_if, owed.unit)
    done = all(row.status not in OPEN_OBLIGATION and latest and row.issued_at < latest for row in rows)
    return replace(owed, times=len(rows) + done if rows else 1)


def found_at(session: Session, phase: PhaseRow, consequence: str, unit: UnitRow) -> datetime | None:
    """When the consequence was last found for the unit."""
    mine = (ConsequenceRow.campaign_id == phase.campaign_id, ConsequenceRow.key == consequence)
    return session.scalar(select(func.max(ConsequenceRow.found_at)).where(*mine, ConsequenceRow.unit_id == unit.id))


def assigned_problems(session: Session, phase: PhaseRow) -> Sequence[ProblemRow]:
    """The problems of the campaign that are assigned and not closed out, in the order of their numbers."""
    those = (ProblemRow.campaign_id == phase.campaign_id, ProblemRow.status == ProblemStatus.ASSIGNED)
    return session.scalars(select(ProblemRow).where(*those).order_by(ProblemRow.number)).all()


def _duties(phase: PhaseRow, owed_by: OwedBy) -> list[Duty]:
    duties = method_of(phase.campaign).phase(phase.key).duties
    return [duty for duty in duties if duty.owed_by is owed_by and duty.rhythm is None]
