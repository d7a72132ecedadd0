"""Numbered letters that press a matter (批示、督办单、约谈通知、通报 …): given once, told, answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from appraisal.domain.facts import Action
from appraisal.domain.ladder import Rung
from appraisal.domain.lifecycle import OPEN_OBLIGATION, OPEN_PROBLEM, CampaignStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.faults import words
from appraisal.method.rectification import OrderRule
from appraisal.method.schema import Method
from appraisal.method.words import Moment, OrderKind, OwedBy, RungAct
from appraisal.notices.wording import phrase
from appraisal.operations.issuing import issue_for_order
from appraisal.operations.loading import campaign_by, method_of, unit_by
from appraisal.operations.office import Desk
from appraisal.operations.order_views import called, giver, order_page, rule_for
from appraisal.operations.problems import problem_by
from appraisal.operations.rung_words import costs, waits_for
from appraisal.operations.telling import letter, tell
from appraisal.operations.unit_posts import answering_roles
from appraisal.store.assignment_tables import OrderRow
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.numbering import number_orders
from appraisal.store.panel_tables import PanelRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow

_BY_RUNG = {RungAct(kind): kind for kind in OrderKind if kind in ("supervise", "list", "summon", "circular")}
_WITHOUT_UNIT = frozenset({OrderKind.CIRCULAR, OrderKind.REPORT_UP})
_OF_WHAT_IS_OWED = frozenset({OrderKind.SUPERVISE, OrderKind.LIST, OrderKind.REPORT_UP})


@dataclass(frozen=True)
class Order:
    """What is pressed: upon which unit, in which words, ``by`` whom (a name or a code), on which problem or duty.

    Without ``unit`` it is the one that owes the duty or leads on the problem.
    """

    kind: OrderKind
    text: str
    unit: str = ""
    by: str = ""
    due_on: date | None = None
    problem: int | None = None
    about: UUID | None = None


@dataclass(frozen=True)
class _Pressed:
    """The same with what it names found."""

    order: Order
    unit: UnitRow | None
    problem: ProblemRow | None
    about: ObligationRow | None
    by: str
    rung: Rung | None = None

    def identity(self, slug: str) -> UUID:
        order, unit = self.order, self.unit.code if self.unit else ""
        number = self.problem.number if self.problem else None
        return identity("order", slug, order.kind, unit, order.text, self.by, order.due_on, number, order.about)


def give(desk: Desk, slug: str, order: Order) -> OrderRow:
    """Give an order: number it, tell the unit and those who get a copy, issue what answers it; twice is once.

    By the office, or by whoever holds a role that the method lets give this kind, and then in their own name.
    Refuses one without words, an instruction of nobody, one that presses nobody or what is done with, a day that
    has passed, and none at all where a duty is counted from it; and whatever belongs to another unit or campaign.
    """
    campaign = campaign_by(desk.session, slug)
    recorder, by = giver(desk, campaign, order.kind, order.by.strip())
    pressed = _pressed(desk, campaign, order, by)
    known = desk.session.get(OrderRow, pressed.identity(slug))
    if known is not None:
        return known
    _may_be_given(desk, campaign, pressed)
    return _put(desk, campaign, pressed.identity(slug), pressed, recorder)


def kind_by_rung(method: Method, rung: Rung) -> OrderKind | None:
    """The letter by which a rung supervises, lists, summons or tells all, where the method keeps such letters."""
    kind = _BY_RUNG.get(RungAct(rung.act))
    return kind if kind and rule_for(method, kind) else None


def raise_by_rung(desk: Desk, campaign: CampaignRow, row: ObligationRow, position: int, rung: Rung) -> OrderRow | None:
    """The letter of a rung that supervises, lists, summons or tells all: once for each obligation and rung.

    It takes the place of the rung's own letter, so that whoever the rung tells gets it too.
    None where the rung does something else, or the method keeps no letters of this kind.
    """
    kind = kind_by_rung(method_of(campaign), rung)
    if kind is None:
        return None
    key = identity("order", campaign.slug, kind, f"rung={position}", row.id)
    known = desk.session.get(OrderRow, key)
    if known is not None:
        return known
    today = desk.office.hours.day_of(desk.now)
    late = (today - row.due_on).days if row.due_on else 0
    facts = {"duty": row.title, "owner": row.owner, "due_on": str(row.due_on or ""), "late": late}
    text = phrase(f"order.by_rung.{kind}", why=waits_for(rung), **facts)
    pressed = _Pressed(Order(kind, text, about=row.id), row.unit, row.problem, row, "", rung)
    return _put(desk, campaign, key, pressed, desk.work.actor, position)


def _pressed(desk: Desk, campaign: CampaignRow, order: Order, by: str) -> _Pressed:
    about = desk.session.get(ObligationRow, order.about) if order.about else None
    if order.about and (about is None or about.campaign_id != campaign.id):
        raise Refusal("obligation.unknown")
    problem = problem_by(desk.session, campaign.slug, order.problem) if order.problem is not None else None
    unit = unit_by(desk.session, order.unit) if order.unit else None
    unit = unit or (about.unit if about else problem.unit if problem else None)
    if about and unit is not about.unit:
        raise Refusal("order.other_unit", what=about.title, unit=unit.name if unit else "")
    if problem and unit and unit not in (problem.unit, *problem.supporting):
        raise Refusal("order.other_unit", what=problem.title, unit=unit.name)
    tidy = Order(order.kind, order.text.strip(), order.unit, by, order.due_on, order.problem, order.about)
    return _Pressed(tidy, unit, problem or (about.problem if about else None), about, by)


def _may_be_given(desk: Desk, campaign: CampaignRow, pressed: _Pressed) -> None:
    order, today = pressed.order, desk.office.hours.day_of(desk.now)
    if campaign.status == CampaignStatus.CLOSED:
        raise Refusal("order.campaign_closed", campaign=campaign.title)
    if not order.text:
        raise Refusal("order.no_text")
    if order.kind is OrderKind.INSTRUCT and not pressed.by:
        raise Refusal("order.no_leader")
    if order.due_on and order.due_on < today:
        raise Refusal("order.due_past", due_on=order.due_on, today=today)
    _has_somebody(campaign, pressed)
    if order.kind in _OF_WHAT_IS_OWED:
        _is_owed(pressed)
    if pressed.unit and not order.due_on and needs_date(method_of(campaign), order.kind):
        raise Refusal("order.no_due", kind=words(f"OrderKind.{order.kind}"))


def _has_somebody(campaign: CampaignRow, pressed: _Pressed) -> None:
    kind = pressed.order.kind
    if pressed.unit is None and pressed.about is None and kind not in _WITHOUT_UNIT:
        raise Refusal("order.no_unit", kind=words(f"OrderKind.{kind}"))
    if (pressed.unit is None and pressed.about is None) or kind is OrderKind.REPORT_UP:
        rule = rule_for(method_of(campaign), kind)
        if rule is None or not rule.tell:
            raise Refusal("order.nobody_told", kind=words(f"OrderKind.{kind}"))


def _is_owed(pressed: _Pressed) -> None:
    if pressed.about and pressed.about.status not in OPEN_OBLIGATION:
        raise Refusal("order.settled", what=pressed.about.title, kind=words(f"OrderKind.{pressed.order.kind}"))
    if pressed.problem and pressed.problem.status not in OPEN_PROBLEM:
        raise Refusal("order.settled", what=pressed.problem.title, kind=words(f"OrderKind.{pressed.order.kind}"))


def needs_date(method: Method, kind: OrderKind) -> bool:
    """Whether what answers it is owed by the day that the order itself names."""
    duties = [duty for phase in method.phases for duty in phase.duties if duty.owed_by is OwedBy.EACH_ORDER]
    return any(kind in duty.answers and duty.due.at is Moment.DECIDED for duty in duties)


def _put(
    desk: Desk, campaign: CampaignRow, key: UUID, pressed: _Pressed, recorder: str, rung: int | None = None
) -> OrderRow:
    order = pressed.order
    number = _next_number(desk, campaign, order.kind)
    row = OrderRow(
        id=key,
        campaign_id=campaign.id,
        kind=order.kind,
        number=number,
        mark=_mark(desk, campaign, order.kind, number),
        unit=pressed.unit,
        problem=pressed.problem,
        about_id=order.about,
        rung=rung,
        text=order.text,
        due_on=order.due_on,
        given_by=pressed.by,
        given_at=desk.now,
        recorded_by=recorder,
    )
    desk.session.add(row)
    desk.session.flush()
    desk.record(campaign.slug, f"order:{row.id}", Action.ORDER_GIVEN, **_facts(row))
    _tell(desk, campaign, row, pressed)
    issue_for_order(desk, campaign, row)
    return row


def _next_number(desk: Desk, campaign: CampaignRow, kind: OrderKind) -> int:
    number_orders(desk.session)
    mine = (OrderRow.campaign_id == campaign.id, OrderRow.kind == kind)
    return (desk.session.scalar(select(func.max(OrderRow.number)).where(*mine)) or 0) + 1


def _mark(desk: Desk, campaign: CampaignRow, kind: OrderKind, number: int) -> str:
    rule = rule_for(method_of(campaign), kind)
    mark = rule.mark if rule else phrase(f"order.mark.{kind}")
    return phrase("document.mark", mark=mark, year=desk.office.hours.day_of(desk.now).year, number=number)


def _facts(row: OrderRow) -> dict[str, object]:
    facts = {"kind": row.kind, "number": row.number, "mark": row.mark}
    more = {
        "unit": row.unit.code if row.unit else "",
        "problem": row.problem.number if row.problem else "",
        "about": str(row.about_id or ""),
        "rung": "" if row.rung is None else row.rung,
        "due_on": str(row.due_on or ""),
        "by": row.given_by,
    }
    return {**facts, **{name: value for name, value in more.items() if value != ""}}


def _tell(desk: Desk, campaign: CampaignRow, row: OrderRow, pressed: _Pressed) -> None:
    """Whoever answers it and whoever gets a copy; what goes up goes to the latter alone."""
    method = method_of(campaign)
    roles = list(dict.fromkeys(_told(method, row, pressed, rule_for(method, row.kind))))
    if not roles:
        return
    owner: UnitRow | PanelRow | None = row.unit or (pressed.about.panel if pressed.about else None)
    facts = {
        "kind": words(f"OrderKind.{row.kind}"),
        "mark": row.mark,
        "text": row.text,
        "by": called(desk.session, row.given_by),
        "due_on": str(row.due_on or ""),
        "problem": f"{row.problem.number}. {row.problem.title}" if row.problem else "",
        "notes": costs(pressed.rung) if pressed.rung else [],
    }
    key, page, about = str(row.id), order_page(row.id), row.problem
    paper = letter(campaign, "order-given", key, roles, page, facts, owner=owner, about=about, urgent=True)
    tell(desk, campaign, [paper])


def _told(method: Method, row: OrderRow, pressed: _Pressed, rule: OrderRule | None) -> Iterator[str]:
    if row.kind != OrderKind.REPORT_UP:
        if row.unit:
            yield from answering_roles(method)
        elif pressed.about:
            yield method.duty(pressed.about.key).role
    yield from pressed.rung.tell if pressed.rung else ()
    yield from rule.tell if rule else ()
