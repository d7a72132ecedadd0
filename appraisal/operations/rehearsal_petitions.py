"""What comes up on the way in a rehearsal, once each: an instruction (批示), an objection, and more time (延期)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import OWED, PetitionStatus, PhaseStatus, ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.schema import Method
from appraisal.method.sequence import duties
from appraisal.method.words import OrderKind
from appraisal.notices.recipients import Recipient, holders
from appraisal.notices.wording import phrase
from appraisal.operations import extensions, objections, orders
from appraisal.operations.duties import By
from appraisal.operations.loading import campaign_by, method_of, obligation_by
from appraisal.operations.objections import Ruling
from appraisal.operations.occurred import EXTENSION
from appraisal.operations.office import Desk
from appraisal.operations.order_views import orders_of, rule_for
from appraisal.operations.orders import Order, needs_date
from appraisal.operations.reassigning import OBJECTION
from appraisal.operations.rehearsal_problems import acting, speaks_of_problems
from appraisal.operations.seats import place_of
from appraisal.operations.unit_posts import answering_roles
from appraisal.store.assignment_tables import AssignmentRow
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import PetitionRow
from appraisal.store.register_tables import UnitRow

WEEK = timedelta(days=7)


def to_instruct(desk: Desk, campaign: CampaignRow) -> Iterator[tuple[str, date]]:
    """The problem or the unit upon which a leader gives an instruction, and a week later than it began."""
    method = method_of(campaign)
    if not _instructs(method) or orders_of(desk.session, campaign, OrderKind.INSTRUCT):
        return
    if any(speaks_of_problems(phase) for phase in method.phases) and method.problems:
        row = _first_assigned(desk.session, campaign)
        if row is not None and row.assigned_at:
            yield str(row.number), desk.office.hours.day_of(row.assigned_at) + WEEK
        return
    phase = next(row for row in campaign.phases if _answers_in(method, row.key))
    if campaign.targets and phase.status == PhaseStatus.OPEN and phase.opens_on:
        yield "", phase.opens_on + WEEK


def to_object(desk: Desk, campaign: CampaignRow, late: Collection[str]) -> Iterator[tuple[AssignmentRow, ProblemRow]]:
    """The first letter, and the first problem in it, that a unit objects to; not one that is late with everything.

    That a letter can be objected to no more leaves it alone.
    """
    assignment = method_of(campaign).assignment
    if assignment is None or assignment.objection is None or petitions(desk.session, campaign, OBJECTION):
        return
    letters = select(AssignmentRow).where(AssignmentRow.campaign_id == campaign.id).order_by(AssignmentRow.number)
    for sent in desk.session.scalars(letters):
        mine = [item.problem for item in sent.items if item.problem.unit is sent.unit]
        open_ones = [row for row in mine if row.status == ProblemStatus.ASSIGNED]
        due = objections.objection_due(desk.office, campaign, sent)
        if sent.unit.code not in late and open_ones and (due is None or desk.now < due.due_at):
            yield sent, open_ones[0]
            return


def to_extend(
    desk: Desk, campaign: CampaignRow, late: Collection[str], days_before: int
) -> Iterator[tuple[ObligationRow, date]]:
    """The first duty that may be extended, best one for a problem, and the day on which more time is asked for."""
    if method_of(campaign).extension is None or petitions(desk.session, campaign, EXTENSION):
        return
    owed = (ObligationRow.campaign_id == campaign.id, ObligationRow.status.in_(OWED), ObligationRow.due_on.is_not(None))
    rows = desk.session.scalars(select(ObligationRow).where(*owed).order_by(ObligationRow.due_on, ObligationRow.id))
    ahead = WEEK + timedelta(days=days_before)
    first: dict[str, tuple[ObligationRow, date]] = {}
    for row in rows:
        if not row.due_on or row.due_on <= desk.office.hours.day_of(row.issued_at) + ahead + WEEK:
            continue
        if row.unit and row.unit.code not in late and extensions.is_offered(row):
            first.setdefault(row.key, (row, row.due_on - ahead))
    for row, at_best in sorted(first.values(), key=lambda each: each[0].problem_id is None):
        limits = extensions.offer_of(desk.session, desk.office, row, desk.now).limits
        if limits is not None:
            yield row, min(limits.ask_by, at_best)
            return


def petitions(session: Session, campaign: CampaignRow, kind: str) -> Sequence[PetitionRow]:
    """The petitions of that kind."""
    mine = (PetitionRow.campaign_id == campaign.id, PetitionRow.kind == kind)
    return session.scalars(select(PetitionRow).where(*mine).order_by(PetitionRow.asked_at)).all()


def undecided(session: Session, campaign: CampaignRow) -> Iterator[tuple[PetitionRow, datetime]]:
    """What somebody waits for, and since when."""
    waiting = [each for kind in (EXTENSION, OBJECTION) for each in petitions(session, campaign, kind)]
    yield from ((row, row.asked_at) for row in waiting if row.status == PetitionStatus.ASKED)


def instruct(desk: Desk, slug: str, number: str) -> None:
    """Give the instruction as whoever may give one, else as the office records it."""
    campaign = campaign_by(desk.session, slug)
    method, kind = method_of(campaign), OrderKind.INSTRUCT
    due_on = desk.office.calendar.next_working(desk.now.date() + 2 * WEEK) if needs_date(method, kind) else None
    rule, unit = rule_for(method, kind), "" if number else campaign.targets[0].unit.code
    leaders = [each for role in (rule.given_by if rule else []) for each in _holding(desk, role)]
    by = leaders[0].person.name if leaders else phrase("rehearsal.leader")
    order = Order(kind, phrase("rehearsal.instruction"), unit, by, due_on, int(number) if number else None)
    if not leaders:
        orders.give(desk, slug, order)
        return
    with acting(desk, leaders[0].person.code):
        orders.give(desk, slug, order)


def object_to(desk: Desk, slug: str, letter: str, number: str) -> None:
    """Say that the problem was wrongly addressed."""
    campaign, sent = campaign_by(desk.session, slug), desk.session.get_one(AssignmentRow, UUID(letter))
    found = [each for role in answering_roles(method_of(campaign)) for each in _holding(desk, role, sent.unit)]
    if not found:
        raise Refusal("rehearsal.no_holder", duty=phrase("rehearsal.objection"), unit=sent.unit.name)
    objections.object_to(desk, sent.id, int(number), found[0].person, phrase("rehearsal.objection"))


def ask_for_time(desk: Desk, identifier: str) -> None:
    """A week more, or as much as may be asked for."""
    row = obligation_by(desk.session, UUID(identifier))
    found = holders(desk.session, *place_of(row, method_of(row.campaign).duty(row.key).role), desk.now.date())
    limits = extensions.offer_of(desk.session, desk.office, row, desk.now).limits
    if not found or row.due_on is None or limits is None:
        raise Refusal("rehearsal.no_holder", duty=row.title, unit=row.owner)
    until = min(desk.office.calendar.next_working(row.due_on + WEEK), limits.latest)
    extensions.ask(desk, row.id, By(found[0].person), until, phrase("rehearsal.extension"))


def consent(desk: Desk, slug: str, identifier: str) -> None:
    """Grant more time; rule on an objection: another unit gets the problem where there is a third one."""
    row, campaign = desk.session.get_one(PetitionRow, UUID(identifier)), campaign_by(desk.session, slug)
    if row.kind == EXTENSION:
        deciders = [each.person for each in extensions.deciders(desk.session, row, desk.now.date())]
        other = next((person for person in deciders if person.code != row.asked_by), None)
        if other is None:
            raise Refusal("rehearsal.no_decider", role=method_of(campaign).role(row.role).title)
        extensions.decide(desk, row.id, By(other), granted=True)
        return
    _rule(desk, campaign, row)


def _rule(desk: Desk, campaign: CampaignRow, row: PetitionRow) -> None:
    problem, found = row.problem, _holding(desk, row.role)
    if problem is None or not found:
        raise Refusal("rehearsal.no_decider", role=method_of(campaign).role(row.role).title)
    own = (AssignmentRow.campaign_id == campaign.id, AssignmentRow.unit_id == row.unit_id)
    letters = select(AssignmentRow).where(*own)
    sent = next(each for each in desk.session.scalars(letters) if problem in [item.problem for item in each.items])
    others = [target.unit for target in campaign.targets if target.unit not in (problem.unit, *problem.supporting)]
    to_unit = others[0].code if others else ""
    ruling = Ruling(granted=bool(others), to_unit=to_unit, remarks=phrase("rehearsal.ruling", granted=bool(others)))
    objections.rule_on(desk, sent.id, problem.number, found[0].person, ruling)


def _first_assigned(session: Session, campaign: CampaignRow) -> ProblemRow | None:
    those = (ProblemRow.campaign_id == campaign.id, ProblemRow.assigned_at.is_not(None))
    return session.scalar(select(ProblemRow).where(*those).order_by(ProblemRow.number).limit(1))


def _instructs(method: Method) -> bool:
    answered = any(OrderKind.INSTRUCT in duty.answers for _, _, duty in duties(method))
    return answered or rule_for(method, OrderKind.INSTRUCT) is not None


def _answers_in(method: Method, phase: str) -> bool:
    """The phase in which an instruction is answered or, where none is, the last."""
    answering = [where.key for _, where, duty in duties(method) if OrderKind.INSTRUCT in duty.answers]
    return phase == (answering[0] if answering else method.phases[-1].key)


def _holding(desk: Desk, role: str, unit: UnitRow | None = None) -> list[Recipient]:
    return holders(desk.session, role, unit.id if unit else None, desk.now.date())
