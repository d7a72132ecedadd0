"""What must hold of the rungs of every obligation, found out by other ways than the patrol's own."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from appraisal.clock import ZONE
from appraisal.domain.calendar import Calendar
from appraisal.domain.facts import Action
from appraisal.domain.ladder import Condition, Offset, Rung
from appraisal.domain.lifecycle import (
    OPEN_OBLIGATION,
    OWED,
    CampaignStatus,
    ObligationStatus,
    PhaseStatus,
    ProblemStatus,
)
from appraisal.method.schema import Method
from appraisal.method.words import OwedBy
from appraisal.operations.ladders import rungs_of
from appraisal.operations.office import Office
from appraisal.operations.tracks import is_on_track
from appraisal.store.assignment_tables import OrderRow
from appraisal.store.campaign_tables import CampaignRow, FiringRow, ObligationRow, PhaseRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.record_tables import LedgerRow, OutboxRow

RUNG_AT = time(9, 0)
DONE_WITH = {ProblemStatus.CLOSED, ProblemStatus.HANDED_ON, ProblemStatus.MERGED, ProblemStatus.DROPPED}


class Rungs:
    """The obligations of a campaign and what has fired at them, read at one instant."""

    def __init__(self, session: Session, office: Office, method: Method, now: datetime) -> None:
        self.calendar, self.method, self.now = office.calendar, method, now
        query = select(ObligationRow).options(selectinload(ObligationRow.submissions))
        self.rows = {row.id: row for row in session.scalars(query)}
        self.fired: dict[UUID, dict[int, FiringRow]] = {key: {} for key in self.rows}
        for firing in session.scalars(select(FiringRow)):
            self.fired[firing.obligation_id][firing.rung] = firing
        self.statuses = {key: row.status for key, row in self.rows.items()}

    def keys(self) -> set[tuple[UUID, int]]:
        return {(key, rung) for key, rungs in self.fired.items() for rung in rungs}

    def check_standing(self) -> None:
        """Every ladder is climbed without a gap, and nothing is watched that is not owed."""
        for key, row in self.rows.items():
            assert sorted(self.fired[key]) == list(range(self._foot(row), row.last_rung + 1)), row.title
            assert row.status in OWED or row.next_check_at is None, row.title

    def check_after(self, before: "Rungs") -> None:
        """After a patrol nothing that is due is left, and nothing has fired at what was not owed."""
        for key, _ in self.keys() - before.keys():
            assert {before.statuses[key], self.statuses[key]} <= OWED
        assert before.keys() <= self.keys()
        for key, row in self.rows.items():
            if row.status in OWED and row.due_on is not None and row.due_at is not None:
                lost = [rung for rung in self._due(row) if rung >= self._foot(row) and rung not in self.fired[key]]
                assert lost == [], row.title
                assert self.now < row.due_at or row.overdue_at is not None, row.title

    def _foot(self, row: ObligationRow) -> int:
        start = self.method.duty(row.key).climbs_from
        acts = [rung.act for rung in rungs_of(self.method, row.key)]
        return acts.index(start) if start else 0

    def _due(self, row: ObligationRow) -> list[int]:
        """The rungs whose instant has passed: a rung is never reached before a placed one below it."""
        due, below = [], datetime.min.replace(tzinfo=ZONE)
        for position, rung in enumerate(rungs_of(self.method, row.key)):
            if rung.offset is None:
                reached = self._holds(row, rung)
            else:
                below = max(below, self._placed(row, rung.offset))
                reached = below <= self.now
            due += [position] if reached else []
        return due

    def _placed(self, row: ObligationRow, offset: Offset) -> datetime:
        assert row.due_on is not None
        starts_on = row.starts_on or row.issued_at.astimezone(ZONE).date()
        match offset.unit:
            case "d" | "w":
                day = row.due_on + timedelta(days=offset.count * (7 if offset.unit == "w" else 1))
            case "%":
                day = row.due_on + timedelta(days=round((row.due_on - starts_on).days * offset.count / 100))
            case _:
                day = _working(row.due_on, offset.count, self.calendar)
        return datetime.combine(day, RUNG_AT, ZONE)

    def _holds(self, row: ObligationRow, rung: Rung) -> bool:
        when = rung.when
        assert when is not None
        if when.silent:
            return self._silent_since(row) + timedelta(days=when.silent.count) <= self.now
        if when.unmoved:
            return row.unmoved >= when.unmoved
        if when.returned:
            return row.returns >= when.returned
        return self._full(row, when) if when.fired else self._held_up(row)

    def _silent_since(self, row: ObligationRow) -> datetime:
        back = [each.verdict_at or each.at for each in row.submissions] if row.returns else []
        last = max([row.issued_at, *([row.moved_at] if row.moved_at else []), *back])
        return datetime.combine(last.astimezone(ZONE).date(), RUNG_AT, ZONE)

    def _full(self, row: ObligationRow, when: Condition) -> bool:
        """Whether this obligation made the count of its unit full."""
        fired = [
            (each.at, key)
            for key, rungs in self.fired.items()
            for each in rungs.values()
            if each.act == when.fired and not each.passed_over and self._same_owner(row, self.rows[key])
        ]
        own = max((each for each in fired if each[1] == row.id), default=None)
        return own is not None and sum(each <= own for each in fired) >= when.times

    def _same_owner(self, one: ObligationRow, other: ObligationRow) -> bool:
        return (one.unit_id, one.panel_id) == (other.unit_id, other.panel_id)

    def _held_up(self, row: ObligationRow) -> bool:
        helping = {duty.key for phase in self.method.phases for duty in phase.duties if duty.supports == row.key}
        return any(
            each.key in helping and each.problem_id == row.problem_id and each.status in OWED and each.overdue_at
            for each in self.rows.values()
        )


def _working(day: date, count: int, calendar: Calendar) -> date:
    step = timedelta(days=1 if count > 0 else -1)
    while count:
        day += step
        if calendar.is_working(day):
            count -= 1 if step.days > 0 else -1
    return day


def check_ledger_of_rungs(session: Session) -> None:
    """The ledger has each rung that was dealt with, once."""
    rungs = (Action.OBLIGATION_RUNG_FIRED, Action.OBLIGATION_RUNG_PASSED)
    query = select(LedgerRow.action, LedgerRow.subject).where(LedgerRow.action.in_(rungs))
    told = Counter((action, subject) for action, subject in session.execute(query))
    kept: Counter[tuple[str, str]] = Counter()
    for firing in session.scalars(select(FiringRow)):
        kept[rungs[firing.passed_over], f"obligation:{firing.obligation_id}"] += 1
    assert told == kept


def check_letters(session: Session) -> None:
    """Whoever is to hear of a rung has a letter about it, or the numbered letter that takes its place."""
    letters = {key.partition(":")[0].partition("/")[2] for key in session.scalars(select(OutboxRow.key))}
    ordered = select(OrderRow.about_id, OrderRow.rung, OrderRow.id).where(OrderRow.rung.is_not(None))
    orders = {(about, rung): f"order-given/{order}" for about, rung, order in session.execute(ordered)}
    for firing in session.scalars(select(FiringRow).where(~FiringRow.passed_over)):
        own = f"rung-{firing.act}/{firing.obligation_id}/{firing.rung}"
        assert orders.get((firing.obligation_id, firing.rung), own) in letters, own


def check_owed(session: Session, method: Method) -> None:
    """What is done with is owed by nobody, except that somebody looks back at what is closed; the rest is owed."""
    open_ones = select(ObligationRow, ProblemRow).join(ProblemRow, ProblemRow.id == ObligationRow.problem_id)
    for row, problem in session.execute(open_ones.where(ObligationRow.status.in_(OPEN_OBLIGATION))):
        if problem.status in DONE_WITH:
            assert method.duty(row.key).owed_by is OwedBy.EACH_CLOSED, row.title
    if session.scalars(select(CampaignRow)).one().status == CampaignStatus.CLOSED:
        assert session.scalars(select(ObligationRow.title).where(ObligationRow.status.in_(OPEN_OBLIGATION))).all() == []
        return
    for problem in session.scalars(select(ProblemRow).where(ProblemRow.status == ProblemStatus.ASSIGNED)):
        _check_assigned(session, method, problem)


def _check_assigned(session: Session, method: Method, problem: ProblemRow) -> None:
    """Every unit of an assigned problem owes its part, or has done it; and something is still to be accepted."""
    rows = session.scalars(select(ObligationRow).where(ObligationRow.problem_id == problem.id)).all()
    owed = {(row.key, row.unit_id) for row in rows if row.status != ObligationStatus.WITHDRAWN}
    closed = set(session.scalars(select(PhaseRow.key).where(PhaseRow.status == PhaseStatus.CLOSED)))
    judged = False
    for phase in method.phases:
        for duty in phase.duties if phase.key not in closed else ():
            if duty.rhythm or not is_on_track(method, duty, problem):
                continue
            lead = [problem.unit] if duty.owed_by is OwedBy.EACH_PROBLEM else []
            units = list(problem.supporting) if duty.owed_by is OwedBy.EACH_SUPPORTING else lead
            assert {(duty.key, unit.id if unit else None) for unit in units} <= owed, (problem.title, duty.key)
            judged = judged or bool(units and duty.accepted_by)
    waiting = [row for row in rows if row.status in OPEN_OBLIGATION and method.duty(row.key).accepted_by]
    assert waiting or not judged, f"{problem.title} waits for nothing"
