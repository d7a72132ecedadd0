"""What lies on one person's desk: what they owe, what they have to accept, what they have to approve."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from appraisal.domain.lifecycle import CampaignStatus, ObligationStatus, PhaseStatus
from appraisal.domain.timeliness import Timeliness, light
from appraisal.notices.post import SENT
from appraisal.notices.recipients import Place, Recipient, holders_of
from appraisal.operations.briefs import brief_of
from appraisal.operations.loading import method_of
from appraisal.operations.naming import event_title
from appraisal.operations.seats import place_of
from appraisal.store.campaign_tables import CampaignRow, ObligationRow, PhaseRow
from appraisal.store.record_tables import OutboxRow
from appraisal.store.register_tables import PersonRow

STAFF = "office"
"""The role that may look at everything and enter what came on paper."""

Held = Mapping[Place, Sequence[Recipient]]


@dataclass(frozen=True)
class DutyCard:
    """A duty as a list shows it; ``acting_for`` names whom somebody stands in for."""

    id: UUID
    campaign: str
    phase: str
    title: str
    unit: str
    status: str
    light: Timeliness
    due_on: date | None
    due_at: datetime | None
    provisional: bool
    waits_for: str
    acting_for: str = ""


@dataclass(frozen=True)
class ApprovalCard:
    """The closing of an open phase that somebody has to approve; ``obstacles`` counts what stands in the way."""

    slug: str
    campaign: str
    key: str
    phase: str
    closes_on: date | None
    obstacles: int


@dataclass(frozen=True)
class DeskView:
    """Everything on one desk."""

    owed: tuple[DutyCard, ...]
    to_accept: tuple[DutyCard, ...]
    to_approve: tuple[ApprovalCard, ...]


def desk_of(session: Session, person: PersonRow, now: datetime) -> DeskView:
    """The desk of a person; duties are read and their holders found in a few statements, however many there are."""
    rows = _duties(session)
    phases = _open_phases(session)
    held = holders_of(session, {place for row in rows for place in _hands(row)} | _consents(phases), now.date())
    owed = [(row, mine) for row in rows if (mine := _mine(held, _doer(row), person))]
    submitted = [row for row in rows if row.status == ObligationStatus.SUBMITTED]
    judged = [(row, mine) for row in submitted if (mine := _mine(held, _acceptor(row), person))]
    return DeskView(
        tuple(card(row, now, mine) for row, mine in sorted(owed, key=_urgency)),
        tuple(card(row, now, mine) for row, mine in sorted(judged, key=_urgency)),
        tuple(_approval(session, phase) for phase in phases if _mine(held, _consent(phase), person)),
    )


def holds(session: Session, person: PersonRow, places: Collection[Place], on: date) -> bool:
    """Whether the person holds one of the roles on that day, or stands in for somebody who does."""
    held = holders_of(session, places, on) if places else {}
    return any(_mine(held, place, person) for place in held)


def is_staff(session: Session, person: PersonRow, on: date) -> bool:
    """Whether the person works in the office that runs the appraisal."""
    return holds(session, person, [(STAFF, None)], on)


def unread(session: Session, person_id: UUID, page: str) -> bool:
    """Whether a message that went out to the person and points to the page has not been read yet."""
    theirs = (OutboxRow.person_id == person_id, OutboxRow.page == page, OutboxRow.status == SENT)
    return session.scalar(select(OutboxRow.id).where(*theirs, OutboxRow.read_at.is_(None)).limit(1)) is not None


def card(row: ObligationRow, now: datetime, mine: Recipient | None = None) -> DutyCard:
    """The card of one duty."""
    waits_for = event_title(method_of(row.campaign), row.waits_for) if row.waits_for else ""
    return DutyCard(
        row.id,
        row.campaign.title,
        row.phase.title,
        row.title,
        row.owner,
        row.status,
        light(row.status, row.due_at, now),
        row.due_on,
        row.due_at,
        row.provisional,
        waits_for,
        mine.acting_for.name if mine and mine.acting_for else "",
    )


def _duties(session: Session) -> Sequence[ObligationRow]:
    running = (
        select(ObligationRow)
        .join(ObligationRow.campaign)
        .where(CampaignRow.status == CampaignStatus.RUNNING, ObligationRow.status != ObligationStatus.WITHDRAWN)
        .options(joinedload(ObligationRow.phase), joinedload(ObligationRow.campaign).joinedload(CampaignRow.edition))
    )
    return session.scalars(running).all()


def _open_phases(session: Session) -> Sequence[PhaseRow]:
    query = select(PhaseRow).join(PhaseRow.campaign).where(PhaseRow.status == PhaseStatus.OPEN)
    return session.scalars(query.order_by(CampaignRow.slug, PhaseRow.position)).all()


def _doer(row: ObligationRow) -> Place:
    return place_of(row, method_of(row.campaign).duty(row.key).role)


def _acceptor(row: ObligationRow) -> Place | None:
    role = method_of(row.campaign).duty(row.key).accepted_by
    return place_of(row, role) if role else None


def _hands(row: ObligationRow) -> list[Place]:
    return [place for place in (_doer(row), _acceptor(row)) if place]


def _consent(phase: PhaseRow) -> Place | None:
    closing = method_of(phase.campaign).phase(phase.key).closing
    return (closing.by, None) if closing else None


def _consents(phases: Sequence[PhaseRow]) -> set[Place]:
    return {place for phase in phases if (place := _consent(phase))}


def _mine(held: Held, place: Place | None, person: PersonRow) -> Recipient | None:
    found = held.get(place, ()) if place else ()
    return next((recipient for recipient in found if recipient.person.id == person.id), None)


def _approval(session: Session, phase: PhaseRow) -> ApprovalCard:
    brief = brief_of(session, phase)
    place = (phase.campaign.slug, phase.campaign.title, phase.key, phase.title)
    return ApprovalCard(*place, phase.closes_on, len(brief.obstacles))


def _urgency(owed: tuple[ObligationRow, Recipient]) -> tuple[bool, str, str, str]:
    row, _ = owed
    return row.due_on is None, str(row.due_on or ""), row.owner, row.key
