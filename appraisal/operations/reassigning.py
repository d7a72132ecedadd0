"""Taking an assigned problem back from its lead unit and giving it to another (改交办)."""

from sqlalchemy import select

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OPEN_OBLIGATION, PETITION, PetitionStatus, ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.operations.assigning import give
from appraisal.operations.classifying import default_leader
from appraisal.operations.clerks import PERSON
from appraisal.operations.closing_out import move, owed_for, withdraw
from appraisal.operations.letters import letters_with
from appraisal.operations.loading import campaign_by, method_of, unit_by
from appraisal.operations.office import Desk
from appraisal.operations.problems import problem_by
from appraisal.operations.telling import letter, tell
from appraisal.operations.unit_posts import answering_roles
from appraisal.store.assignment_tables import AssignmentRow
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import PetitionRow
from appraisal.store.register_tables import UnitRow

WHY = "problem taken back"
OBJECTION = "objection"


def reassign(desk: Desk, slug: str, number: int, to_unit: str, why: str) -> ProblemRow:
    """Give an assigned problem to another lead unit, with a letter of its own; the unit that has it already keeps it.

    What the old unit owes for it is withdrawn, and units that support it follow the dates of the new one.  A unit that
    supported the problem and now leads on it supports it no more.  Refusal ``reassign.no_reason``,
    ``reassign.not_assigned``, ``unit.unknown``, and whatever ``assign`` refuses.
    """
    campaign = campaign_by(desk.session, slug)
    row, unit = problem_by(desk.session, slug, number), unit_by(desk.session, to_unit)
    if row.status == ProblemStatus.ASSIGNED and row.unit is unit:
        return row
    if row.status != ProblemStatus.ASSIGNED or row.unit is None:
        raise Refusal("reassign.not_assigned", number=number, status=row.status)
    if not why.strip():
        raise Refusal("reassign.no_reason", number=number)
    old = row.unit
    _take_back(desk, campaign, row, unit, why.strip())
    row.unit, row.leader = unit, default_leader(desk, method_of(campaign), unit)
    row.supporting = [each for each in row.supporting if each is not unit]
    (sent,) = give(desk, campaign, [row], [unit], again=True)
    _grant_what_was_asked(desk, campaign, row, unit, why.strip())
    _tell(desk, campaign, row, old, sent, why.strip())
    return row


def _take_back(desk: Desk, campaign: CampaignRow, row: ProblemRow, unit: UnitRow, why: str) -> None:
    facts = {"unit": row.unit.code if row.unit else "", "to": unit.code, "why": why}
    move(desk, campaign.slug, row, Action.PROBLEM_TAKEN_BACK, **facts)
    owed = [each for each in owed_for(desk.session, row) if each.unit_id in (row.unit_id, unit.id)]
    empty = owed_for_empty_letters(desk, row, row.unit) if row.unit else []
    withdraw(desk, campaign.slug, [*owed, *empty], WHY)


def _grant_what_was_asked(desk: Desk, campaign: CampaignRow, row: ProblemRow, unit: UnitRow, why: str) -> None:
    """An objection that nobody has ruled on is granted when the problem goes to another unit."""
    asked = (PetitionRow.kind == OBJECTION, PetitionRow.status == PetitionStatus.ASKED)
    for petition in desk.session.scalars(select(PetitionRow).where(PetitionRow.problem_id == row.id, *asked)):
        grant(desk, campaign, petition, unit, desk.work.actor.removeprefix(PERSON), why)


def grant(
    desk: Desk, campaign: CampaignRow, row: PetitionRow, unit: UnitRow, by: str, why: str, behalf: str | None = None
) -> None:
    """Grant an objection: the problem goes to that unit."""
    row.status = PETITION.move(row.status, Action.PETITION_GRANTED)
    row.decided_by, row.decided_at, row.remarks, row.to_unit = by, desk.now, why, unit
    facts = {"by": by, "remarks": why, "to": unit.code}
    desk.record(campaign.slug, f"petition:{row.id}", Action.PETITION_GRANTED, behalf, **facts)


def owed_for_empty_letters(desk: Desk, row: ProblemRow, unit: UnitRow) -> list[ObligationRow]:
    """What the unit that a problem leaves owes for a letter that speaks of nothing else which is still its own."""
    old = [sent for sent in letters_with(desk.session, row) if sent.unit_id == unit.id]
    others = {sent.id: [item.problem for item in sent.items if item.problem is not row] for sent in old}
    empty = [sent.id for sent in old if not any(_is_of(each, sent) for each in others[sent.id])]
    owed = (ObligationRow.assignment_id.in_(empty), ObligationRow.status.in_(OPEN_OBLIGATION))
    return list(desk.session.scalars(select(ObligationRow).where(*owed))) if empty else []


def _is_of(row: ProblemRow, sent: AssignmentRow) -> bool:
    return sent.unit in (row.unit, *row.supporting)


def _tell(desk: Desk, campaign: CampaignRow, row: ProblemRow, old: UnitRow, sent: AssignmentRow, why: str) -> None:
    """The unit that had it and those that support it hear where it went; the new one has its letter."""
    facts = {"problem": row.number, "title": row.title, "old": old.name, "new": sent.unit.name, "why": why}
    roles = answering_roles(method_of(campaign))
    page = f"/campaigns/{campaign.slug}/problems"
    letters = [
        letter(campaign, "problem-moved", f"{sent.id}/{unit.code}", roles, page, facts, owner=unit, about=row)
        for unit in (old, *row.supporting)
    ]
    tell(desk, campaign, letters)
