"""How far a problem is on the way to its end, and what one person may do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import ProblemStatus
from appraisal.method.rectification import ClosingOut
from appraisal.notices.recipients import Place, names
from appraisal.notices.wording import phrase
from appraisal.operations.closing_out import closing_of, holding, still_to_agree, verifiers
from appraisal.operations.closing_steps import round_of, steps_of
from appraisal.operations.desks import holds
from appraisal.operations.loading import method_of
from appraisal.operations.panel_access import own_panels
from appraisal.operations.problem_marks import closed_in_part
from appraisal.operations.reopening import reopeners
from appraisal.operations.seats import looks_after, seat
from appraisal.operations.tracks import is_handed_on
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import AgreementRow, CloseOutRow
from appraisal.store.register_tables import PersonRow


@dataclass(frozen=True)
class StepLine:
    """A step of the course; ``by`` is a name."""

    kind: str
    by: str
    at: datetime
    text: str
    remaining: str
    manner: str
    verified_on: date | None


@dataclass(frozen=True)
class AgreedLine:
    """Somebody who has agreed to the closing, in which role."""

    role: str
    by: str
    at: datetime
    remarks: str


@dataclass(frozen=True)
class Closing:
    """The way of a problem to its end; ``two_hands`` where the method has a second hand, ``partial`` since a part of it
    is closed out and the rest is not."""

    steps: tuple[StepLine, ...]
    agreed: tuple[AgreedLine, ...]
    missing: tuple[str, ...]
    two_hands: bool
    partial: bool
    may_close: bool
    may_part: bool
    may_agree: bool
    may_reopen: bool
    may_hand_on: bool
    awaits: tuple[str, ...] = ()
    """Who has to agree, and then who closes out, each with the role and the people who hold it."""


def closing_view(session: Session, row: ProblemRow, person: PersonRow, on: date, *, staff: bool) -> Closing:
    """The way of the problem to its end, as the person sees it that day."""
    campaign = session.get_one(CampaignRow, row.campaign_id)
    closing, steps = closing_of(campaign), steps_of(session, row)
    agreements = _agreements(session, row)
    named = _names(session, {*(step.by for step in steps), *(each.by for each in agreements)})
    method, waits = method_of(campaign), closing if row.status == ProblemStatus.VERIFIED else None
    missing = still_to_agree(session, row, waits) if waits else []
    may_close = bool(waits and _may_close(session, campaign, row, waits, person, on))
    return Closing(
        tuple(_step(step, named.get(step.by, step.by)) for step in steps),
        tuple(
            AgreedLine(method.role(each.role).title, named.get(each.by, each.by), each.at, each.remarks)
            for each in agreements
        ),
        tuple(method.role(role).title for role in missing),
        closing is not None,
        row.id in closed_in_part(session, [row]),
        may_close,
        bool(may_close and closing and closing.partial),
        _holds_any(session, campaign, row, missing, person, on),
        row.status == ProblemStatus.CLOSED and _may_reopen(session, campaign, row, person, on),
        staff and row.status == ProblemStatus.ASSIGNED and is_handed_on(method, row),
        _awaits(session, campaign, row, [*missing, waits.by], on) if waits else (),
    )


def covers(session: Session, campaign: CampaignRow, row: ProblemRow, person: PersonRow, on: date) -> bool:
    """Whether the person sits on a panel that looks after the problem."""
    return any(looks_after(campaign, panel, row) for panel in own_panels(session, campaign, person, on))


def concerned(session: Session, campaign: CampaignRow, row: ProblemRow, person: PersonRow, on: date) -> bool:
    """Whether the person closes the problem out, has to agree first, or sits on a panel over its unit."""
    closing = closing_of(campaign)
    roles = (closing.by, *closing.agreed_by) if closing else ()
    return _holds_any(session, campaign, row, roles, person, on) or covers(session, campaign, row, person, on)


def _may_close(
    session: Session,
    campaign: CampaignRow,
    row: ProblemRow,
    closing: ClosingOut,
    person: PersonRow,
    on: date,
) -> bool:
    return person.code not in verifiers(session, row) and _holds_any(session, campaign, row, (closing.by,), person, on)


def _may_reopen(session: Session, campaign: CampaignRow, row: ProblemRow, person: PersonRow, on: date) -> bool:
    return any(each.person.id == person.id for each in reopeners(session, campaign, row, on))


def _awaits(
    session: Session, campaign: CampaignRow, row: ProblemRow, roles: Sequence[str], on: date
) -> tuple[str, ...]:
    method = method_of(campaign)
    people = [names(holding(session, campaign, row, role, on)) for role in roles]
    return tuple(
        phrase("closing.hand", role=method.role(role).title, names=called)
        for role, called in zip(roles, people, strict=True)
    )


def _holds_any(
    session: Session, campaign: CampaignRow, row: ProblemRow, roles: Sequence[str], person: PersonRow, on: date
) -> bool:
    places: list[Place] = [(role, seat(campaign, role, row.unit, about=row)) for role in roles]
    return holds(session, person, places, on)


def _agreements(session: Session, row: ProblemRow) -> list[AgreementRow]:
    here = (AgreementRow.problem_id == row.id, AgreementRow.round == round_of(session, row))
    return list(session.scalars(select(AgreementRow).where(*here).order_by(AgreementRow.at, AgreementRow.role)))


def _names(session: Session, codes: set[str]) -> dict[str, str]:
    people = select(PersonRow.code, PersonRow.name).where(PersonRow.code.in_(codes))
    return dict(session.execute(people).all()) if codes else {}


def _step(row: CloseOutRow, by: str) -> StepLine:
    return StepLine(row.kind, by, row.at, row.text, row.remaining, row.manner or "", row.verified_on)
