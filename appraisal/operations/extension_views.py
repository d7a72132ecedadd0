"""More time as pages show it: on the page of the duty, on its own page for who decides, and on the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from appraisal.domain.lifecycle import OWED, CampaignStatus, PetitionStatus
from appraisal.domain.refusal import Refusal
from appraisal.notices.recipients import holders_of, names
from appraisal.operations.desks import STAFF, DutyCard, card, holds
from appraisal.operations.extensions import Offer, is_offered, latest_for, offer_of, petition_by, petitions_of
from appraisal.operations.loading import method_of, obligation_by
from appraisal.operations.occurred import EXTENSION
from appraisal.operations.office import Office
from appraisal.operations.seats import place_of
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.rectification_tables import PetitionRow
from appraisal.store.register_tables import PersonRow


@dataclass(frozen=True)
class PetitionLine:
    """A petition for more time, and what was decided."""

    id: UUID
    unit: str
    duty: str
    campaign: str
    before: date | None
    until: date | None
    reason: str
    status: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    remarks: str


@dataclass(frozen=True)
class ExtensionPart:
    """What the page of a duty says of more time: what may be asked for, by whom it is granted, what was asked."""

    offer: Offer
    consent: str
    may_ask: bool
    petitions: tuple[PetitionLine, ...]


@dataclass(frozen=True)
class PetitionPaper:
    """A petition on its own page, for those whom it concerns; ``two_hands`` is False for whoever asked."""

    line: PetitionLine
    card: DutyCard
    slug: str
    deciders: str
    latest: date | None
    earlier: tuple[PetitionLine, ...]
    may_decide: bool
    two_hands: bool
    basis: str


def extension_part(
    session: Session, office: Office, identifier: UUID, person: PersonRow, now: datetime
) -> ExtensionPart | None:
    """What the page of the duty shows; None where it cannot be extended and never was."""
    row = obligation_by(session, identifier)
    method, petitions = method_of(row.campaign), petitions_of(session, row)
    if method.extension is None or not (petitions or (is_offered(row) and row.status in OWED)):
        return None
    mine = row.status in OWED and holds(session, person, [place_of(row, method.duty(row.key).role)], now.date())
    consent = _deciders(session, row, method.extension.consent, now)
    return ExtensionPart(offer_of(session, office, row, now), consent, mine, _lines(session, petitions))


def petition_paper(
    session: Session, office: Office, identifier: UUID, person: PersonRow, now: datetime
) -> PetitionPaper:
    """The petition, for who decides, who owes the duty and is told of it, and the office; refused to everybody else."""
    petition = petition_by(session, identifier)
    row = obligation_by(session, petition.obligation_id) if petition.obligation_id else None
    if row is None:
        raise Refusal("extension.unknown")
    method = method_of(row.campaign)
    duty, decider = method.duty(row.key), place_of(row, petition.role)
    concerned = [place_of(row, role) for role in (duty.role, *duty.tell)]
    if not holds(session, person, [decider, *concerned, (STAFF, None)], now.date()):
        raise Refusal("extension.paper.not_yours", duty=row.title, unit=row.owner)
    lines = _lines(session, petitions_of(session, row))
    waits = petition.status == PetitionStatus.ASKED
    return PetitionPaper(
        next(line for line in lines if line.id == petition.id),
        card(row, now),
        row.campaign.slug,
        _deciders(session, row, petition.role, now),
        latest_for(session, office, row) if waits else None,
        tuple(line for line in lines if line.id != petition.id),
        waits and holds(session, person, [decider], now.date()),
        petition.asked_by != person.code,
        method.extension.basis if method.extension else "",
    )


def petitions_on_desk(session: Session, person: PersonRow, now: datetime) -> tuple[PetitionLine, ...]:
    """The petitions for more time that wait for the person, the oldest first."""
    waiting = (
        select(PetitionRow)
        .join(PetitionRow.obligation)
        .join(CampaignRow, CampaignRow.id == PetitionRow.campaign_id)
        .where(PetitionRow.kind == EXTENSION, PetitionRow.status == PetitionStatus.ASKED)
        .where(CampaignRow.status == CampaignStatus.RUNNING, ObligationRow.status.in_(OWED))
        .options(joinedload(PetitionRow.obligation).joinedload(ObligationRow.campaign))
        .order_by(PetitionRow.asked_at, PetitionRow.id)
    )
    rows = [(row, place_of(row.obligation, row.role)) for row in session.scalars(waiting) if row.obligation]
    held = holders_of(session, {place for _, place in rows}, now.date())
    mine = [row for row, place in rows if any(found.person.id == person.id for found in held[place])]
    return _lines(session, [row for row in mine if row.asked_by != person.code])


def _deciders(session: Session, row: ObligationRow, role: str, now: datetime) -> str:
    """The people who decide, or their role while nobody holds it."""
    place = place_of(row, role)
    return names(holders_of(session, [place], now.date())[place]) or method_of(row.campaign).role(role).title


def _lines(session: Session, rows: Sequence[PetitionRow]) -> tuple[PetitionLine, ...]:
    codes = {code for row in rows for code in (row.asked_by, row.decided_by) if code}
    people = select(PersonRow.code, PersonRow.name).where(PersonRow.code.in_(codes))
    called = dict(session.execute(people).all()) if codes else {}
    return tuple(
        PetitionLine(
            row.id,
            row.unit.name if row.unit else "",
            row.obligation.title if row.obligation else "",
            row.obligation.campaign.title if row.obligation else "",
            row.before,
            row.until,
            row.reason,
            row.status,
            called.get(row.asked_by, row.asked_by),
            row.asked_at,
            called.get(row.decided_by or "", row.decided_by or ""),
            row.decided_at,
            row.remarks or "",
        )
        for row in rows
    )
