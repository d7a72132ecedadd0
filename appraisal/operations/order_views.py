"""Orders as they are read and by whom they may be given: the list of a campaign, one letter, its answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from appraisal.domain.refusal import Refusal
from appraisal.method.rectification import OrderRule
from appraisal.method.schema import Method
from appraisal.method.words import OrderKind
from appraisal.notices.recipients import Place
from appraisal.operations.clerks import PERSON, clerk_at
from appraisal.operations.desks import holds, is_staff
from appraisal.operations.identity import person_by_register_code
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk
from appraisal.operations.seats import place_of, seat
from appraisal.operations.unit_posts import answers_for
from appraisal.store.assignment_tables import OrderRow
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.problem_tables import SummonsRow
from appraisal.store.register_tables import PersonRow


@dataclass(frozen=True)
class OrderView:
    """An order with whose it is, what it presses, the duties that answer it, and the talks that it called for."""

    row: OrderRow
    campaign: CampaignRow
    by: str
    about: ObligationRow | None
    answers: Sequence[ObligationRow]
    summonses: Sequence[SummonsRow]


def rule_for(method: Method, kind: str) -> OrderRule | None:
    """What the method says about letters of this kind; None where it keeps none."""
    return next((rule for rule in method.orders if rule.kind == kind), None)


def giver(desk: Desk, campaign: CampaignRow, kind: OrderKind, by: str) -> tuple[str, str]:
    """Who records an order and whose it is: whoever may give it by a role gives it in their own name alone."""
    actor = desk.work.actor
    if actor.startswith(PERSON):
        person = person_by_register_code(desk.session, actor.removeprefix(PERSON))
        on = desk.now.date()
        if not is_staff(desk.session, person, on) and kind in givable(desk.session, campaign, person, on):
            return person.code, person.code
    return clerk_at(desk), by


def givable(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> list[OrderKind]:
    """The kinds of orders that the person may give; the office records every kind."""
    if is_staff(session, person, on):
        return list(OrderKind)
    rules = method_of(campaign).orders
    return [rule.kind for rule in rules if holds(session, person, [(role, None) for role in rule.given_by], on)]


def orders_of(session: Session, campaign: CampaignRow, kind: str = "") -> list[OrderRow]:
    """The orders of the campaign, of one kind or of all, the newest first."""
    query = select(OrderRow).where(OrderRow.campaign_id == campaign.id)
    chosen = query.where(OrderRow.kind == kind) if kind else query
    return list(session.scalars(chosen.order_by(OrderRow.given_at.desc(), OrderRow.kind, OrderRow.number.desc())))


def order_numbered(session: Session, slug: str, kind: OrderKind, number: int) -> OrderRow:
    """The order of that kind and number, or Refusal ``order.unknown_number``."""
    mine = (OrderRow.campaign_id == campaign_by(session, slug).id, OrderRow.kind == kind, OrderRow.number == number)
    row = session.scalar(select(OrderRow).where(*mine))
    if row is None:
        raise Refusal("order.unknown_number", kind=kind, number=number)
    return row


def order_view(session: Session, identifier: UUID, person: PersonRow, on: date) -> OrderView:
    """One order, for the office, whoever it presses, and whoever gives or is told of such; Refusal otherwise."""
    row = session.get(OrderRow, identifier)
    if row is None:
        raise Refusal("order.unknown")
    campaign = session.get_one(CampaignRow, row.campaign_id)
    about = session.get(ObligationRow, row.about_id) if row.about_id else None
    if not _may_read(session, campaign, row, about, person, on):
        raise Refusal("order.not_yours")
    answers = session.scalars(
        select(ObligationRow).where(ObligationRow.order_id == row.id).order_by(ObligationRow.issued_at)
    )
    talks = session.scalars(select(SummonsRow).where(SummonsRow.order_id == row.id).order_by(SummonsRow.number))
    return OrderView(row, campaign, called(session, row.given_by), about, answers.all(), talks.all())


def orders_on(session: Session, obligation: ObligationRow) -> list[OrderRow]:
    """The letters that a duty answers or is pressed by, the newest first; what went up is not for those it is about."""
    on_it = or_(OrderRow.about_id == obligation.id, OrderRow.id == obligation.order_id)
    query = select(OrderRow).where(on_it, OrderRow.kind != OrderKind.REPORT_UP)
    return list(session.scalars(query.order_by(OrderRow.given_at.desc())))


def orders_about(session: Session, problem: UUID, *, staff: bool) -> list[OrderRow]:
    """The letters about a problem and what is owed for it, the newest first; what went up is for the office alone."""
    query = select(OrderRow).where(OrderRow.problem_id == problem)
    shown = query if staff else query.where(OrderRow.kind != OrderKind.REPORT_UP)
    return list(session.scalars(shown.order_by(OrderRow.given_at.desc(), OrderRow.number.desc())))


def may_report_up(method: Method) -> bool:
    """Whether the method says before whom a matter is put that needs a higher level (向上反映)."""
    rule = rule_for(method, OrderKind.REPORT_UP)
    return rule is not None and bool(rule.tell)


def order_page(identifier: UUID) -> str:
    """Where an order is read."""
    return f"/orders/{identifier}"


def called(session: Session, code_or_name: str) -> str:
    """The name of whoever is on the register by this code; whatever else was written is a name."""
    return session.scalar(select(PersonRow.name).where(PersonRow.code == code_or_name)) or code_or_name


def _may_read(
    session: Session,
    campaign: CampaignRow,
    row: OrderRow,
    about: ObligationRow | None,
    person: PersonRow,
    on: date,
) -> bool:
    if is_staff(session, person, on) or person.code == row.given_by:
        return True
    if row.unit and row.kind != OrderKind.REPORT_UP and answers_for(session, campaign, person, row.unit, on):
        return True
    return holds(session, person, list(_places(campaign, row, about)), on)


def _places(campaign: CampaignRow, row: OrderRow, about: ObligationRow | None) -> Iterator[Place]:
    method = method_of(campaign)
    panel = about.panel if about else None
    rule = rule_for(method, row.kind)
    for role in (*rule.tell, *rule.given_by) if rule else ():
        yield role, seat(campaign, role, row.unit, panel, row.problem)
    if about and row.rung is not None and (ladder := method.duty(about.key).ladder):
        yield from (place_of(about, role) for role in method.ladders[ladder].rungs[row.rung].tell)
    if about and about.unit is None:
        yield place_of(about, method.duty(about.key).role)
