"""Whose hands an opinion goes through: who drafts it, who approves it, who may read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import ReviewOpinionStatus
from appraisal.domain.refusal import Refusal
from appraisal.notices.recipients import Place, Recipient, absent, holders, holders_of
from appraisal.operations.clerks import PERSON, clerk_at
from appraisal.operations.desks import is_staff
from appraisal.operations.identity import person_by_register_code
from appraisal.operations.office import Desk
from appraisal.operations.problem_list import units_of
from appraisal.operations.review_opinion_list import clause_of
from appraisal.operations.seats import seat
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.register_tables import PersonRow, UnitRow
from appraisal.store.sitting_tables import ReviewOpinionRow

Hand = tuple[str, str | None]
"""Whoever acts, by code, and whom they stand in for as the ledger names people."""


@dataclass(frozen=True)
class Hands:
    """What somebody may do, by the ids of units."""

    staff: bool
    drafts: frozenset[UUID]
    approves: frozenset[UUID]


def drafting_place(campaign: CampaignRow, unit: UnitRow) -> Place | None:
    """Where the role is held that drafts the opinion on the unit besides the office."""
    role = clause_of(campaign).drafted_by
    return (role, seat(campaign, role, unit)) if role else None


def approving_place(campaign: CampaignRow, unit: UnitRow) -> Place:
    """Where the role is held that approves the opinion on the unit."""
    role = clause_of(campaign).approved_by
    return role, seat(campaign, role, unit)


def drafter_at(desk: Desk, campaign: CampaignRow, unit: UnitRow) -> Hand:
    """Whoever drafts at this desk; Refusal ``review_opinion.drafting.not_yours`` for anybody else."""
    actor = desk.work.actor
    if not actor.startswith(PERSON):
        return clerk_at(desk), None
    person = person_by_register_code(desk.session, actor.removeprefix(PERSON))
    drafters = _held(desk.session, drafting_place(campaign, unit), desk.now.date())
    if not _among(drafters, person) and not is_staff(desk.session, person, desk.now.date()):
        raise Refusal("review_opinion.drafting.not_yours", unit=unit.name)
    return person.code, absent(drafters, person.code)


def approver(desk: Desk, row: ReviewOpinionRow, person: PersonRow) -> Hand:
    """The hand that approves: another than the one that drafted.

    Refusal ``review_opinion.approving.not_yours``, ``review_opinion.two_hands``.
    """
    approvers = _held(desk.session, approving_place(row.campaign, row.unit), desk.now.date())
    if not _among(approvers, person):
        raise Refusal("review_opinion.approving.not_yours", unit=row.unit.name)
    if row.drafted_by == person.code:
        raise Refusal("review_opinion.two_hands", unit=row.unit.name)
    return person.code, absent(approvers, person.code)


def hands_of(session: Session, campaign: CampaignRow, units: Iterable[UnitRow], person: PersonRow, on: date) -> Hands:
    """On which of the units the person drafts (for the office, or by the method), and on which they approve."""
    asked = list(units)
    staff = is_staff(session, person, on)
    drafting = {unit.id: drafting_place(campaign, unit) for unit in asked}
    approving = {unit.id: approving_place(campaign, unit) for unit in asked}
    places = {place for place in (*drafting.values(), *approving.values()) if place}
    held = {place for place, found in holders_of(session, places, on).items() if _among(found, person)}
    return Hands(
        staff,
        frozenset(unit for unit, place in drafting.items() if staff or place in held),
        frozenset(unit for unit, place in approving.items() if place in held),
    )


def may_read(session: Session, row: ReviewOpinionRow, person: PersonRow, on: date) -> bool:
    """Drafters and approvers read every version; those of the unit the one that was delivered."""
    hands = hands_of(session, row.campaign, [row.unit], person, on)
    if row.unit_id in hands.drafts | hands.approves:
        return True
    theirs = units_of(session, row.campaign, person, on, {row.unit_id})
    return row.status == ReviewOpinionStatus.DELIVERED and bool(theirs)


def _held(session: Session, place: Place | None, on: date) -> list[Recipient]:
    return holders(session, *place, on) if place else []


def _among(found: list[Recipient], person: PersonRow) -> bool:
    return any(each.person.id == person.id for each in found)
