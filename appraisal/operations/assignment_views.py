"""Letters of assignment as pages show them: all of a campaign, and one with its problems, signing and objections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import OWED, ObligationStatus, PetitionStatus, ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.words import Act
from appraisal.operations.desks import holds, is_staff
from appraisal.operations.letters import LEADS, letter_by, letters_of, letters_with
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.objections import objection_due, objections_to, rules
from appraisal.operations.office import Office
from appraisal.operations.reassigning import OBJECTION
from appraisal.operations.seats import place_of
from appraisal.operations.unit_posts import answers_for
from appraisal.store.assignment_tables import AssignmentItemRow, AssignmentRow
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import PetitionRow
from appraisal.store.register_tables import PersonRow


@dataclass(frozen=True)
class LetterLine:
    """A letter in a list: what it speaks of, what is owed for it, and how many objections wait for a ruling."""

    row: AssignmentRow
    numbers: Sequence[int]
    duties: Sequence[ObligationRow]
    objections: int


@dataclass(frozen=True)
class ItemView:
    """A problem in a letter; ``dues`` are what the unit of the letter owes for it."""

    problem: ProblemRow
    leads: bool
    gone: bool
    dues: Sequence[ObligationRow]
    objection: PetitionRow | None
    may_object: bool
    may_rule: bool
    may_move: bool


@dataclass(frozen=True)
class LetterView:
    """A letter as somebody reads it; ``until`` is the last day for objections, where there are any.

    Whoever is not ``answering`` for the unit objects, as the office, in its place.
    """

    campaign: CampaignRow
    row: AssignmentRow
    items: Sequence[ItemView]
    duties: Sequence[ObligationRow]
    signable: frozenset[UUID]
    until: date | None
    staff: bool
    answering: bool


def letters_listed(session: Session, slug: str) -> tuple[CampaignRow, list[LetterLine]]:
    """Every letter of the campaign, the newest number first."""
    campaign = campaign_by(session, slug)
    letters = letters_of(session, campaign)
    ids = [row.id for row in letters]
    owed: dict[UUID | None, list[ObligationRow]] = {}
    for row in session.scalars(select(ObligationRow).where(ObligationRow.assignment_id.in_(ids))):
        owed.setdefault(row.assignment_id, []).append(row)
    asked = _asked(session, campaign)
    return campaign, [_line(row, owed.get(row.id, []), asked) for row in reversed(letters)]


def letter_view(session: Session, office: Office, identifier: UUID, person: PersonRow, now: datetime) -> LetterView:
    """The letter, for the office, its unit, and whoever rules on objections; Refusal ``assignment.not_yours``."""
    campaign, row = letter_by(session, identifier)
    on = now.date()
    staff, ruling = is_staff(session, person, on), rules(session, campaign, person, on)
    answering = answers_for(session, campaign, person, row.unit, on)
    if not (staff or ruling or answering):
        raise Refusal("assignment.not_yours")
    due = objection_due(office, campaign, row)
    in_time = due is not None and now < due.due_at
    reader = _Reader(staff, ruling and not answering, (answering or staff) and in_time)
    said, owed = objections_to(session, row), _owed(session, row)
    duties = [each for each in owed if each.assignment_id == row.id]
    items = [_item(row, item, reader, owed, said.get(item.problem_id)) for item in row.items]
    signable = frozenset(each.id for each in duties if _may_sign(session, each, person, on))
    return LetterView(campaign, row, items, duties, signable, due.due_on if due else None, staff, answering)


@dataclass(frozen=True)
class _Reader:
    staff: bool
    ruling: bool
    objecting: bool


def letters_about(
    session: Session, campaign: CampaignRow, problem: ProblemRow, person: PersonRow, on: date
) -> list[AssignmentRow]:
    """The letters that speak of the problem, as far as the person may read them, the newest first."""
    everything = is_staff(session, person, on) or rules(session, campaign, person, on)
    sent = letters_with(session, problem)
    return [each for each in sent if everything or answers_for(session, campaign, person, each.unit, on)]


def _item(
    row: AssignmentRow,
    item: AssignmentItemRow,
    reader: _Reader,
    owed: Sequence[ObligationRow],
    said: PetitionRow | None,
) -> ItemView:
    problem, leads = item.problem, item.part == LEADS
    here = problem.unit is row.unit if leads else row.unit in problem.supporting
    open_here = leads and here and problem.status == ProblemStatus.ASSIGNED
    waits = said is not None and said.status == PetitionStatus.ASKED
    dues = [each for each in owed if each.problem_id == problem.id]
    may_object = open_here and said is None and reader.objecting
    may_rule, may_move = waits and reader.ruling, open_here and reader.staff
    return ItemView(problem, leads, not here, dues, said, may_object, may_rule, may_move)


def _owed(session: Session, row: AssignmentRow) -> list[ObligationRow]:
    """What the unit owes for the letter and for its problems; what was withdrawn is owed no more."""
    problems = [item.problem_id for item in row.items]
    about = (ObligationRow.assignment_id == row.id) | ObligationRow.problem_id.in_(problems)
    standing = ObligationRow.status != ObligationStatus.WITHDRAWN
    query = select(ObligationRow).where(about, standing, ObligationRow.unit_id == row.unit_id)
    return list(session.scalars(query.order_by(ObligationRow.due_on, ObligationRow.title)))


def _may_sign(session: Session, row: ObligationRow, person: PersonRow, on: date) -> bool:
    duty = method_of(row.campaign).duty(row.key)
    signs = duty.does is Act.ACKNOWLEDGE and row.status in OWED
    return signs and holds(session, person, [place_of(row, duty.role)], on)


def _asked(session: Session, campaign: CampaignRow) -> set[tuple[UUID | None, UUID | None]]:
    waiting = (PetitionRow.kind == OBJECTION, PetitionRow.status == PetitionStatus.ASKED)
    columns = select(PetitionRow.unit_id, PetitionRow.problem_id).where(PetitionRow.campaign_id == campaign.id)
    return {(unit, problem) for unit, problem in session.execute(columns.where(*waiting))}


def _line(
    row: AssignmentRow, duties: Sequence[ObligationRow], asked: set[tuple[UUID | None, UUID | None]]
) -> LetterLine:
    waiting = sum((row.unit_id, item.problem_id) in asked for item in row.items)
    return LetterLine(row, [item.problem.number for item in row.items], duties, waiting)
