"""What somebody signs for on the engine's screen with a code of their own: more time, and closing out by a second hand.

The screen has one password for the whole office and knows nobody: without a code, whoever sits before it could decide
in anybody's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.clock import ZONE
from appraisal.domain.lifecycle import CampaignStatus, PetitionStatus, ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.rectification import ClosingOut
from appraisal.notices.wording import day
from appraisal.operations import extensions, problems, reopening
from appraisal.operations.answering import ACTOR
from appraisal.operations.closing_out import closing_of, holding, missing_agreements
from appraisal.operations.closing_steps import last_of
from appraisal.operations.duties import By
from appraisal.operations.identity import person_by_code
from appraisal.operations.loading import campaign_by, obligation_by
from appraisal.operations.occurred import EXTENSION
from appraisal.operations.office import Office
from appraisal.operations.order_views import called
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.rectification_tables import PetitionRow
from appraisal.store.register_tables import PersonRow


class Hand(StrEnum):
    """What the second hand does with a problem that is verified."""

    CLOSE = "close"
    PART = "part"
    RETURN = "return"


@dataclass(frozen=True)
class SecondHand:
    """What the second hand decides, in which words, and what remains where only a part is closed out."""

    hand: Hand
    words: str = ""
    remaining: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class ToSign:
    """What is read before it is signed for; what does not apply is empty.  ``mark`` is its own and no other's."""

    mark: str
    campaign: str
    what: str
    unit: str
    said: str
    by: str
    before: date | None = None
    until: date | None = None
    manner: str = ""
    verified_on: date | None = None
    closed_on: date | None = None
    missing: tuple[str, ...] = ()


def mark_of(identifier: UUID) -> str:
    """The first digits of an id, which name what is signed for in a list of choices and in a form's key."""
    return identifier.hex[:8]


def waiting_petitions(session: Session) -> list[str]:
    """The petitions for more time that wait to be decided, as a list offers them: mark, unit, duty and day."""
    running = select(CampaignRow.id).where(CampaignRow.status == CampaignStatus.RUNNING)
    asked = (PetitionRow.kind == EXTENSION, PetitionRow.status == PetitionStatus.ASKED)
    query = select(PetitionRow).where(*asked, PetitionRow.campaign_id.in_(running))
    rows = session.scalars(query.order_by(PetitionRow.asked_at, PetitionRow.id))
    return [
        f"{mark_of(row.id)} {row.obligation.owner}：{row.obligation.title}，申请延至{day(row.until)}"
        for row in rows
        if row.obligation and row.until
    ]


def petition_marked(session: Session, slug: str, mark: str) -> UUID:
    """The petition for more time of that mark in the campaign, or Refusal ``extension.unknown``."""
    campaign = campaign_by(session, slug)
    mine = (PetitionRow.kind == EXTENSION, PetitionRow.campaign_id == campaign.id)
    found = [row for row in session.scalars(select(PetitionRow.id).where(*mine)) if mark_of(row) == mark]
    if len(found) != 1:
        raise Refusal("extension.unknown")
    return found[0]


def petition_to_sign(session: Session, identifier: UUID) -> ToSign:
    """A petition as its decider reads it; Refusal ``extension.decided_already`` once it is decided."""
    petition = extensions.petition_by(session, identifier)
    row = obligation_by(session, petition.obligation_id) if petition.obligation_id else None
    if row is None:
        raise Refusal("extension.unknown")
    if petition.status != PetitionStatus.ASKED:
        raise Refusal("extension.decided_already", duty=row.title, status=petition.status)
    by = called(session, petition.asked_by)
    title = row.campaign.title
    mark, said = mark_of(petition.id), petition.reason
    return ToSign(mark, title, row.title, row.owner, said, by, before=petition.before, until=petition.until)


def problem_to_sign(session: Session, slug: str, number: int) -> ToSign:
    """A verified problem as its second hand reads it.

    Refusal ``problem.closed_by_verdict`` where the method has no second hand, and ``problem.not_verified``.
    """
    row, campaign = problems.problem_by(session, slug, number), campaign_by(session, slug)
    closing = _closing(campaign, number)
    verified = last_of(session, row, "verified")
    if row.status != ProblemStatus.VERIFIED or verified is None:
        raise Refusal("problem.not_verified", number=number, status=row.status)
    return ToSign(
        mark_of(verified.id),
        campaign.title,
        f"{number}. {row.title}",
        row.unit.name if row.unit else "",
        verified.text,
        called(session, verified.by),
        manner=verified.manner or "",
        verified_on=verified.verified_on,
        missing=tuple(missing_agreements(session, campaign, row, closing)),
    )


def relapse_to_sign(session: Session, slug: str, number: int) -> ToSign:
    """A closed problem as it is read before it is opened again; Refusal ``problem.not_closed``."""
    row, campaign = problems.problem_by(session, slug, number), campaign_by(session, slug)
    closed = last_of(session, row, "closed")
    if row.status != ProblemStatus.CLOSED or closed is None:
        raise Refusal("problem.not_closed", number=number, status=row.status)
    unit = row.unit.name if row.unit else ""
    by = called(session, closed.by)
    what, on = f"{number}. {row.title}", closed.at.astimezone(ZONE).date()
    return ToSign(mark_of(closed.id), campaign.title, what, unit, closed.text, by, closed_on=on)


def sign_extension(
    office: Office, identifier: UUID, code: str, now: datetime, *, granted: bool, remarks: str = ""
) -> None:
    """Grant more time or refuse it, by whoever's code it is; refuses what ``extensions.decide`` refuses."""
    with office.desk(ACTOR, now) as desk:
        petition = extensions.petition_by(desk.session, identifier)
        among = [each.person for each in extensions.deciders(desk.session, petition, now.date())]
    person = _signer(office, code, among, now)
    with office.desk(f"person:{person.code}", now) as desk:
        extensions.decide(desk, identifier, By(person), granted=granted, remarks=remarks.strip())


def sign_second_hand(office: Office, slug: str, number: int, code: str, now: datetime, decided: SecondHand) -> None:
    """Close out, close out in part, or return a verified problem, by whoever's code it is."""
    with office.desk(ACTOR, now) as desk:
        among = _closers(desk.session, slug, number, now.date())
    by = _signer(office, code, among, now).code
    with office.desk(f"person:{by}", now) as desk:
        match decided.hand:
            case Hand.CLOSE:
                problems.close_problem(desk, slug, number, by, decided.words)
            case Hand.PART:
                words = (decided.words, decided.remaining)
                reopening.close_part(desk, slug, number, by, *words, decided.due_on)
            case Hand.RETURN:
                reopening.return_problem(desk, slug, number, by, decided.words, decided.due_on)


def sign_relapse(
    office: Office, slug: str, number: int, code: str, now: datetime, reason: str, due_on: date | None = None
) -> None:
    """Open a closed problem again, by whoever's code it is; refuses what ``reopening.reopen`` refuses."""
    with office.desk(ACTOR, now) as desk:
        row, campaign = problems.problem_by(desk.session, slug, number), campaign_by(desk.session, slug)
        among = [each.person for each in reopening.reopeners(desk.session, campaign, row, now.date())]
    by = _signer(office, code, among, now).code
    with office.desk(f"person:{by}", now) as desk:
        reopening.reopen(desk, slug, number, by, reason, due_on)


def _closers(session: Session, slug: str, number: int, on: date) -> list[PersonRow]:
    row, campaign = problems.problem_by(session, slug, number), campaign_by(session, slug)
    return [each.person for each in holding(session, campaign, row, _closing(campaign, number).by, on)]


def _closing(campaign: CampaignRow, number: int) -> ClosingOut:
    closing = closing_of(campaign)
    if closing is None:
        raise Refusal("problem.closed_by_verdict", number=number)
    return closing


def _signer(office: Office, code: str, among: Sequence[PersonRow], now: datetime) -> PersonRow:
    if not code.strip():
        raise Refusal("closing.no_code")
    return person_by_code(office.store, office.keyring, code, among, now)
