"""Coming back to an opinion: by its code without being known, or as the deputy who gave it; and who wrote it."""

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain import opinions
from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OpinionStatus
from appraisal.domain.refusal import Refusal
from appraisal.keys import Keyring
from appraisal.operations.clerks import clerk_at
from appraisal.operations.intake import follow_up_mark
from appraisal.operations.loading import method_of
from appraisal.operations.noting import note_one
from appraisal.operations.office import Desk
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.opinion_tables import OpinionMessageRow, OpinionRow
from appraisal.store.problem_tables import FindingRow, ProblemRow

LONGEST_MESSAGE = 2000
MOST_MESSAGES = 100


@dataclass(frozen=True)
class Line:
    """One message of the thread."""

    from_office: bool
    text: str
    on: date


@dataclass(frozen=True)
class Outcome:
    """What became of a problem that the opinion went into; the unit may not be known yet."""

    unit: str
    status: str
    due_on: date | None


@dataclass(frozen=True)
class FollowUp:
    """An opinion as its writer sees it; one that is held back looks like any other that waits."""

    id: UUID
    campaign: str
    unit: str
    aspect: str
    text: str
    received_on: date
    status: str
    reason: str
    photos: int
    outcomes: tuple[Outcome, ...]
    thread: tuple[Line, ...]

    @property
    def is_asked(self) -> bool:
        """Whether the office spoke last."""
        return bool(self.thread) and self.thread[-1].from_office


@dataclass(frozen=True)
class Writer:
    """Who wrote an opinion, as they named themselves."""

    name: str
    contact: str


def opinion_by_code(session: Session, keyring: Keyring, code: str) -> OpinionRow:
    """The opinion of a follow-up code, or Refusal ``follow.unknown``; a wrong code costs what a right one does."""
    row = session.scalar(select(OpinionRow).where(OpinionRow.follow_up == follow_up_mark(keyring, code)))
    if row is None:
        raise Refusal("follow.unknown")
    return row


def follow_up(session: Session, row: OpinionRow) -> FollowUp:
    """The opinion as its writer sees it."""
    campaign = session.get_one(CampaignRow, row.campaign_id)
    aspects = {aspect.key: aspect.title for aspect in method_of(campaign).aspects}
    return FollowUp(
        id=row.id,
        campaign=campaign.title,
        unit=row.unit.name if row.unit else "",
        aspect=aspects.get(row.aspect or "", ""),
        text=row.text,
        received_on=row.received_on,
        status=str(OpinionStatus.RECEIVED if row.status == OpinionStatus.HELD else row.status),
        reason=(row.reason or "") if row.status != OpinionStatus.HELD else "",
        photos=len(row.photos),
        outcomes=tuple(_outcomes(session, row)),
        thread=tuple(Line(each.from_office, each.text, each.on) for each in row.messages),
    )


def add_message(desk: Desk, row: OpinionRow, nonce: str, text: str) -> None:
    """Add what the writer says to the thread; the same form sent twice is one message.

    Refusal ``follow.empty``, ``follow.too_long`` (in characters), ``follow.full``.
    """
    said = opinions.cleaned(text)
    if not said:
        raise Refusal("follow.empty")
    if len(said) > LONGEST_MESSAGE:
        raise Refusal("follow.too_long", length=len(said), most=LONGEST_MESSAGE)
    key = identity("opinion_message", desk.office.keyring.stamp("opinion-message", row.id, nonce, said))
    if any(each.id == key for each in row.messages):
        return
    if len(row.messages) >= MOST_MESSAGES:
        raise Refusal("follow.full", most=MOST_MESSAGES)
    place = row.messages[-1].position + 1 if row.messages else 0
    row.messages.append(OpinionMessageRow(id=key, position=place, from_office=False, text=said, on=desk.now.date()))


def contact_of(desk: Desk, opinion_id: UUID) -> Writer | None:
    """Who wrote an opinion, for the office alone; every look goes on the ledger.  None for one without a name.

    Refusal ``intake.unknown``, or ``portal.staff_only.not_yours`` when whoever sits at the desk is not of the office.
    """
    clerk_at(desk)
    row = desk.session.get(OpinionRow, opinion_id)
    if row is None:
        raise Refusal("intake.unknown")
    if row.writer is None:
        return None
    note_one(desk, row)
    slug = desk.session.get_one(CampaignRow, row.campaign_id).slug
    desk.record(slug, f"opinion:{row.id}", Action.OPINION_CONTACT_SEEN)
    name, contact = json.loads(desk.office.keyring.unseal(row.writer))
    return Writer(name, contact)


def _outcomes(session: Session, row: OpinionRow) -> list[Outcome]:
    """The problems that the opinion went into, each once; of one that was merged, where it went."""
    query = select(ProblemRow).join(FindingRow, FindingRow.problem_id == ProblemRow.id)
    found = session.scalars(query.where(FindingRow.opinion_id == row.id).order_by(ProblemRow.number)).unique()
    return [Outcome(each.unit.name if each.unit else "", each.status, each.due_on) for each in found]
