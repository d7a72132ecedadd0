"""Where an obligation stands on its ladder: its rungs, what its conditions are judged by, and when each is reached."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, inspect, or_, select
from sqlalchemy.orm import Session

from appraisal.clock import ZONE
from appraisal.domain.ladder import Colour, Condition, Rung, Standing, awaited, colour, foot, instants, next_instant
from appraisal.domain.lifecycle import OPEN_OBLIGATION, OWED
from appraisal.method.rules import rungs
from appraisal.method.schema import Method
from appraisal.method.sequence import duties
from appraisal.operations.office import Office
from appraisal.store.campaign_tables import FiringRow, ObligationRow


def rungs_of(method: Method, duty_key: str) -> tuple[Rung, ...]:
    """The ladder of a duty; empty where the method gives it none."""
    ladder = method.duty(duty_key).ladder
    return rungs(method.ladders[ladder]) if ladder else ()


def waits_of(method: Method, duty_key: str) -> list[Condition]:
    """What the rungs of a duty's ladder wait for that do not stand at a place of it."""
    return [rung.when for rung in rungs_of(method, duty_key) if rung.when]


def last_of(method: Method, row: ObligationRow) -> int:
    """The rung that the obligation stands on: the last one dealt with, or the foot where its duty lets it start."""
    start = method.duty(row.key).climbs_from
    return max(row.last_rung, foot(rungs_of(method, row.key), start)) if start else row.last_rung


def reached(method: Method, row: ObligationRow, office: Office) -> tuple[datetime | None, ...]:
    """When each rung is reached, None where its condition does not hold; empty while there is no due date."""
    if row.due_on is None:
        return ()
    ladder = rungs_of(method, row.key)
    starts_on = row.starts_on or office.hours.day_of(row.issued_at)
    place = (office.calendar, office.rung_at, office.hours.zone)
    placed = instants(ladder, starts_on, row.due_on, *place)
    waits = waits_of(method, row.key)
    if not waits:
        return placed
    return tuple(
        one or other for one, other in zip(placed, awaited(ladder, _standing(method, row, waits), *place), strict=True)
    )


def next_look(method: Method, row: ObligationRow, last: int, office: Office) -> datetime | None:
    """When an obligation that stands on rung ``last`` must be looked at again: its next rung, or becoming overdue."""
    if row.status not in OWED or row.due_at is None:
        return None
    rung = next_instant(reached(method, row, office), last)
    overdue = row.due_at if row.overdue_at is None else None
    return min((instant for instant in (rung, overdue) if instant is not None), default=None)


def colours(session: Session, method: Method, rows: Sequence[ObligationRow]) -> dict[UUID, Colour]:
    """The card that each obligation shows; one that is settled shows none."""
    owed = {row.id: row for row in rows if row.status in OPEN_OBLIGATION and row.last_rung >= 0}
    campaigns = {row.campaign_id for row in owed.values()}
    query = select(FiringRow.obligation_id, FiringRow.rung).join(ObligationRow).where(~FiringRow.passed_over)
    fired: dict[UUID, set[int]] = {}
    if campaigns:
        mine = ObligationRow.id.in_(owed) if len(owed) == 1 else ObligationRow.campaign_id.in_(campaigns)
        for identifier, rung in session.execute(query.where(mine)):
            fired.setdefault(identifier, set()).add(rung)
    return {key: colour(rungs_of(method, row.key), fired.get(key, ())) for key, row in owed.items()}


def held_up_by(session: Session, method: Method, row: ObligationRow) -> Sequence[ObligationRow]:
    """The overdue obligations of supporting units that hold up this one (配合单位逾期)."""
    supporting = [duty.key for _, _, duty in duties(method) if duty.supports == row.key]
    if row.problem_id is None or not supporting:
        return []
    same = (ObligationRow.campaign_id == row.campaign_id, ObligationRow.problem_id == row.problem_id)
    late = (ObligationRow.status.in_(OWED), ObligationRow.overdue_at.is_not(None))
    found = select(ObligationRow).where(*same, *late, ObligationRow.key.in_(supporting))
    return session.scalars(found.order_by(ObligationRow.overdue_at, ObligationRow.id)).all()


def holds_up(session: Session, method: Method, row: ObligationRow) -> Sequence[ObligationRow]:
    """The obligations of lead units that this one supports, locked and read afresh: they must be looked at again."""
    supported = method.duty(row.key).supports
    if row.problem_id is None or supported is None:
        return []
    same = (ObligationRow.campaign_id == row.campaign_id, ObligationRow.problem_id == row.problem_id)
    found = select(ObligationRow).where(*same, ObligationRow.key == supported, ObligationRow.status.in_(OWED))
    fresh = found.order_by(ObligationRow.id).with_for_update(of=ObligationRow)
    return session.scalars(fresh.execution_options(populate_existing=True)).all()


def counted_acts(method: Method) -> frozenset[str]:
    """The acts that some rung of the method counts."""
    every = (rung.when.fired for ladder in method.ladders.values() for rung in ladder.rungs if rung.when)
    return frozenset(act for act in every if act)


def counted_with(session: Session, row: ObligationRow, act: str, at: datetime) -> Sequence[ObligationRow]:
    """The obligations whose count this firing may have made full, locked and read afresh; itself, as a rule.

    Others are among them only where two patrols, or one, fired at several of the same unit at once.
    """
    mine = select(FiringRow.obligation_id).where(FiringRow.act == act, ~FiringRow.passed_over, FiringRow.at >= at)
    found = select(ObligationRow).where(*_of_owner(row), ObligationRow.status.in_(OWED), ObligationRow.id.in_(mine))
    fresh = found.order_by(ObligationRow.id).with_for_update(of=ObligationRow)
    return session.scalars(fresh.execution_options(populate_existing=True)).all()


def _of_owner(row: ObligationRow) -> tuple[ColumnElement[bool], ...]:
    return (
        ObligationRow.campaign_id == row.campaign_id,
        ObligationRow.unit_id == row.unit_id,
        ObligationRow.panel_id == row.panel_id,
    )


def _standing(method: Method, row: ObligationRow, waits: Sequence[Condition]) -> Standing:
    """What is asked of the database is only what some rung waits for; of a row that is new there is nothing to ask."""
    session = inspect(row).session if inspect(row).persistent else None
    since = max(_movements(row))
    if session is None:
        return Standing(since, row.unmoved or 0, row.returns or 0)
    acts = {wait.fired for wait in waits if wait.fired}
    held_up = any(wait.held_up for wait in waits) and bool(held_up_by(session, method, row))
    return Standing(since, row.unmoved, row.returns, _fired(session, row, acts) if acts else {}, held_up)


def _movements(row: ObligationRow) -> Iterator[datetime]:
    """Silence starts when the date is known, and anew when the paper comes back: before that nothing was owed."""
    yield row.issued_at
    if row.starts_on:
        yield datetime.combine(row.starts_on, time(), ZONE)
    if row.moved_at:
        yield row.moved_at
    if row.returns:
        yield from (each.verdict_at or each.at for each in row.submissions)


def _fired(session: Session, row: ObligationRow, acts: set[str]) -> dict[str, int]:
    """Of each act that has fired here, how many the unit had by then; of two at one instant, one comes first."""
    real = ~FiringRow.passed_over
    own = select(FiringRow.act, func.max(FiringRow.at)).where(FiringRow.obligation_id == row.id, real)
    counts: dict[str, int] = {}
    for act, at in session.execute(own.where(FiringRow.act.in_(acts)).group_by(FiringRow.act)).all():
        earlier = or_(FiringRow.at < at, and_(FiringRow.at == at, FiringRow.obligation_id <= row.id))
        same = (ObligationRow.campaign_id == row.campaign_id, ObligationRow.unit_id == row.unit_id)
        had = (
            select(func.count()).select_from(FiringRow).join(ObligationRow, ObligationRow.id == FiringRow.obligation_id)
        )
        of_panel = ObligationRow.panel_id == row.panel_id
        counts[act] = session.scalar(had.where(*same, of_panel, FiringRow.act == act, real, earlier)) or 0
    return counts
