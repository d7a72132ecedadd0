"""Objections (交办有误): a unit says that a problem was wrongly addressed to it, and the role that rules decides."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.domain.deadlines import Due, compute
from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import PETITION, PetitionStatus, ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.method import duties
from appraisal.method.rectification import Objection
from appraisal.method.rules import due_rule
from appraisal.method.sequence import ASSIGNED
from appraisal.notices.recipients import absent, holders
from appraisal.operations.assigning import assignment_page
from appraisal.operations.desks import is_staff
from appraisal.operations.letters import LEADS, letter_by
from appraisal.operations.loading import method_of, unit_by
from appraisal.operations.office import Desk, Office
from appraisal.operations.reassigning import OBJECTION, grant, reassign
from appraisal.operations.telling import letter, tell
from appraisal.operations.unit_posts import answering_roles, answers_for
from appraisal.store.assignment_tables import AssignmentRow
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import PetitionRow
from appraisal.store.register_tables import PersonRow


@dataclass(frozen=True)
class Ruling:
    """What is decided on an objection: upheld with a new lead unit, or dismissed with a reason."""

    granted: bool
    to_unit: str = ""
    remarks: str = ""


def object_to(
    desk: Desk, identifier: UUID, number: int, person: PersonRow, reason: str, *, offline: bool = False
) -> PetitionRow:
    """Say that a problem in a letter was wrongly addressed to its unit; said twice it is one objection.

    ``offline`` is the office entering what the unit said on paper.  The clocks of signing and of rectification go on
    meanwhile.  Refusal ``objection.not_in_method``, ``objection.not_yours``, ``objection.not_in_letter``,
    ``objection.ruled_already``, ``objection.gone``, ``objection.too_late``, ``objection.no_reason``.
    """
    campaign, sent = letter_by(desk.session, identifier)
    entering = offline and is_staff(desk.session, person, desk.now.date())
    if not entering and not answers_for(desk.session, campaign, person, sent.unit, desk.now.date()):
        raise Refusal("objection.not_yours", unit=sent.unit.name)
    rule, problem = _rule_of(campaign), _problem_in(sent, number)
    known = desk.session.get(PetitionRow, _identity(sent, problem))
    if known is not None:
        return _once(known, problem)
    _may_object(desk, campaign, sent, problem, reason)
    row = PetitionRow(
        id=_identity(sent, problem),
        campaign_id=campaign.id,
        kind=OBJECTION,
        position=_next_position(desk.session, problem),
        unit=sent.unit,
        problem=problem,
        reason=reason.strip(),
        role=rule.ruled_by,
        status=PETITION.move(None, Action.PETITION_ASKED),
        asked_by=person.code,
        asked_at=desk.now,
    )
    desk.session.add(row)
    facts = {"kind": OBJECTION, "unit": sent.unit.code, "problem": problem.number, "assignment": sent.mark}
    facts |= {"by": person.code, "offline": offline}
    desk.record(campaign.slug, f"petition:{row.id}", Action.PETITION_ASKED, **facts, reason=row.reason)
    about = {"mark": sent.mark, "problem": problem.number, "title": problem.title, "reason": row.reason}
    page = assignment_page(sent)
    told = letter(campaign, "objection-raised", str(row.id), (row.role,), page, {**about, "unit": sent.unit.name})
    tell(desk, campaign, [told], bundled=False)
    return row


def rule_on(desk: Desk, identifier: UUID, number: int, person: PersonRow, ruling: Ruling) -> PetitionRow:
    """Decide on the objection to a problem in a letter; what is decided stays so.

    Where it is granted the problem goes to the unit named, with a letter of its own.  Refusal ``objection.unknown``,
    ``objection.ruling.not_yours``, ``objection.ruling.own_hand``, ``objection.ruling.no_reason``,
    ``objection.ruling.no_unit``, ``objection.ruling.same_unit``, and whatever ``reassign`` refuses.
    """
    campaign, sent = letter_by(desk.session, identifier)
    row = desk.session.get(PetitionRow, _identity(sent, _problem_in(sent, number)))
    if row is None or row.problem is None:
        raise Refusal("objection.unknown")
    behalf = _may_rule(desk, campaign, sent, row, person)
    if row.status != PetitionStatus.ASKED:
        return row
    _complete(desk, sent, ruling)
    remarks = ruling.remarks.strip()
    if ruling.granted:
        unit = unit_by(desk.session, ruling.to_unit)
        grant(desk, campaign, row, unit, person.code, remarks, behalf)
        reassign(desk, campaign.slug, row.problem.number, unit.code, remarks or row.reason)
    else:
        row.status = PETITION.move(row.status, Action.PETITION_REFUSED)
        row.decided_by, row.decided_at, row.remarks = person.code, desk.now, remarks
        facts = {"by": person.code, "remarks": remarks}
        desk.record(campaign.slug, f"petition:{row.id}", Action.PETITION_REFUSED, behalf, **facts)
    _tell_ruling(desk, campaign, sent, row)
    return row


def objection_due(office: Office, campaign: CampaignRow, sent: AssignmentRow) -> Due | None:
    """Until when the letter may be objected to; None where the method knows no objection."""
    method = method_of(campaign)
    rule = method.assignment.objection if method.assignment else None
    if rule is None:
        return None
    counted = due_rule(duties.Due(after=ASSIGNED, within=rule.within), method.calendar, rule.basis)
    found = compute(counted, {ASSIGNED: sent.sent_at}, office.calendar, office.hours)
    return found if isinstance(found, Due) else None


def objections_to(session: Session, sent: AssignmentRow) -> dict[UUID, PetitionRow]:
    """The objections to a letter, by the ids of their problems."""
    ids = [_identity(sent, item.problem) for item in sent.items]
    rows = session.scalars(select(PetitionRow).where(PetitionRow.id.in_(ids)))
    return {row.problem_id: row for row in rows if row.problem_id}


def rules(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> bool:
    """Whether the person holds the role that rules on objections, or stands in for somebody who does."""
    assignment = method_of(campaign).assignment
    if assignment is None or assignment.objection is None:
        return False
    found = holders(session, assignment.objection.ruled_by, None, on)
    return any(each.person.id == person.id for each in found)


def _rule_of(campaign: CampaignRow) -> Objection:
    assignment = method_of(campaign).assignment
    if assignment is None or assignment.objection is None:
        raise Refusal("objection.not_in_method", campaign=campaign.title)
    return assignment.objection


def _problem_in(sent: AssignmentRow, number: int) -> ProblemRow:
    for item in sent.items:
        if item.problem.number == number and item.part == LEADS:
            return item.problem
    raise Refusal("objection.not_in_letter", number=number, mark=sent.mark, unit=sent.unit.name)


def _once(known: PetitionRow, problem: ProblemRow) -> PetitionRow:
    if known.status != PetitionStatus.ASKED:
        unit = known.unit.name if known.unit else ""
        raise Refusal("objection.ruled_already", unit=unit, number=problem.number, status=known.status)
    return known


def _may_object(desk: Desk, campaign: CampaignRow, sent: AssignmentRow, problem: ProblemRow, reason: str) -> None:
    if problem.unit is not sent.unit or problem.status != ProblemStatus.ASSIGNED:
        raise Refusal("objection.gone", number=problem.number, unit=sent.unit.name)
    due = objection_due(desk.office, campaign, sent)
    if due and desk.now >= due.due_at:
        raise Refusal("objection.too_late", mark=sent.mark, due_on=due.due_on)
    if not reason.strip():
        raise Refusal("objection.no_reason", number=problem.number)


def _may_rule(
    desk: Desk, campaign: CampaignRow, sent: AssignmentRow, row: PetitionRow, person: PersonRow
) -> str | None:
    """Whom the person stands in for; nobody rules on what their own unit asks."""
    found = holders(desk.session, row.role, None, desk.now.date())
    if not any(each.person.id == person.id for each in found):
        raise Refusal("objection.ruling.not_yours", role=method_of(campaign).role(row.role).title)
    if person.code == row.asked_by or answers_for(desk.session, campaign, person, sent.unit, desk.now.date()):
        raise Refusal("objection.ruling.own_hand", unit=sent.unit.name)
    return absent(found, person.code)


def _complete(desk: Desk, sent: AssignmentRow, ruling: Ruling) -> None:
    if not ruling.granted and not ruling.remarks.strip():
        raise Refusal("objection.ruling.no_reason")
    if ruling.granted and not ruling.to_unit:
        raise Refusal("objection.ruling.no_unit")
    if ruling.granted and unit_by(desk.session, ruling.to_unit) is sent.unit:
        raise Refusal("objection.ruling.same_unit", unit=sent.unit.name)


def _tell_ruling(desk: Desk, campaign: CampaignRow, sent: AssignmentRow, row: PetitionRow) -> None:
    problem = _problem_in(sent, row.problem.number if row.problem else 0)
    facts = {"problem": problem.number, "title": problem.title, "granted": row.to_unit is not None}
    facts |= {"to_unit": row.to_unit.name if row.to_unit else "", "remarks": row.remarks or ""}
    roles, page = answering_roles(method_of(campaign)), assignment_page(sent)
    key, unit = str(row.id), sent.unit
    tell(desk, campaign, [letter(campaign, "objection-ruled", key, roles, page, facts, owner=unit, about=problem)])


def _identity(sent: AssignmentRow, problem: ProblemRow) -> UUID:
    return identity("petition", OBJECTION, sent.id, problem.number)


def _next_position(session: Session, problem: ProblemRow) -> int:
    mine = (PetitionRow.kind == OBJECTION, PetitionRow.problem_id == problem.id)
    return (session.scalar(select(func.max(PetitionRow.position)).where(*mine)) or 0) + 1
