"""Summonses (约谈) and their records, numbered through the campaign."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import CampaignStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.words import OrderKind
from appraisal.notices.wording import phrase
from appraisal.operations.clerks import clerk_at
from appraisal.operations.desks import is_staff
from appraisal.operations.loading import campaign_by, method_of, unit_by
from appraisal.operations.office import Desk
from appraisal.operations.order_views import order_numbered
from appraisal.operations.problems import problem_by
from appraisal.operations.telling import letter, tell
from appraisal.operations.unit_posts import answering_roles, answers_for
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import SummonsRow
from appraisal.store.register_tables import PersonRow, UnitRow
from appraisal.store.types import JsonObject


@dataclass(frozen=True)
class Talk:
    """A talk as it was held: whom of which unit, when, by whom, why, what was said and agreed, on which problems.

    ``order`` is the number of the letter (约谈通知) that called for it.
    """

    unit: str
    person: str
    held_on: date
    held_by: str
    reason: str
    record: str
    agreed: str = ""
    problems: Sequence[int] = ()
    order: int | None = None


def record_summons(desk: Desk, slug: str, talk: Talk) -> SummonsRow:
    """Put the record of a talk on the list and tell the unit; the same record again does nothing.

    Refuses whoever is not of the office, one that lacks a part, a talk before the campaign began or in the future,
    a campaign that is closed, problems that the unit neither leads on nor supports, and a letter to another unit.
    """
    campaign = campaign_by(desk.session, slug)
    clerk = clerk_at(desk)
    unit = unit_by(desk.session, talk.unit)
    tidy = _tidy(talk)
    known = desk.session.get(SummonsRow, _identity(slug, unit, tidy))
    if known is not None:
        return known
    _may_record(desk, campaign, tidy)
    last = select(func.max(SummonsRow.number)).where(SummonsRow.campaign_id == campaign.id)
    row = SummonsRow(
        id=_identity(slug, unit, tidy),
        campaign_id=campaign.id,
        number=(desk.session.scalar(last) or 0) + 1,
        unit=unit,
        person=tidy.person,
        held_on=tidy.held_on,
        held_by=tidy.held_by,
        reason=tidy.reason,
        record=tidy.record,
        agreed=tidy.agreed,
        problems=_problems(desk.session, slug, unit, tidy.problems),
        order_id=_called_for(desk.session, slug, unit, tidy.order),
        recorded_by=clerk,
        recorded_at=desk.now,
    )
    desk.session.add(row)
    held_on = str(row.held_on)
    desk.record(slug, f"summons:{row.id}", Action.SUMMONS_RECORDED, number=row.number, unit=unit.code, held_on=held_on)
    _tell(desk, campaign, row)
    return row


def summonses(session: Session, campaign: CampaignRow) -> list[SummonsRow]:
    """Every summons of the campaign, the newest number first."""
    query = select(SummonsRow).where(SummonsRow.campaign_id == campaign.id)
    return list(session.scalars(query.order_by(SummonsRow.number.desc())))


def summons_for(session: Session, slug: str, number: int, person: PersonRow, on: date) -> SummonsRow:
    """The summons of that number, for the office and for whoever answers for the unit.

    Refusal ``summons.unknown``, ``summons.not_yours``.
    """
    campaign = campaign_by(session, slug)
    query = select(SummonsRow).where(SummonsRow.campaign_id == campaign.id, SummonsRow.number == number)
    row = session.scalar(query)
    if row is None:
        raise Refusal("summons.unknown", number=number)
    if not is_staff(session, person, on) and not answers_for(session, campaign, person, row.unit, on):
        raise Refusal("summons.not_yours")
    return row


def summons_page(slug: str, number: int) -> str:
    """Where the record of a summons is read."""
    return f"/campaigns/{slug}/summonses/{number}"


def _tidy(talk: Talk) -> Talk:
    texts = (talk.person, talk.held_by, talk.reason, talk.record, talk.agreed)
    person, held_by, reason, record, agreed = (text.strip() for text in texts)
    given = {"person": person, "held_by": held_by, "reason": reason, "record": record}
    missing = [phrase(f"summons.field.{name}") for name, text in given.items() if not text]
    if missing:
        raise Refusal("summons.incomplete", missing=missing)
    return Talk(
        talk.unit, person, talk.held_on, held_by, reason, record, agreed, tuple(sorted(set(talk.problems))), talk.order
    )


def _identity(slug: str, unit: UnitRow, talk: Talk) -> UUID:
    *said, order = astuple(talk)[1:]
    return identity("summons", slug, unit.code, *said, *([] if order is None else [f"order={order}"]))


def _may_record(desk: Desk, campaign: CampaignRow, talk: Talk) -> None:
    if campaign.status == CampaignStatus.CLOSED:
        raise Refusal("summons.campaign_closed", campaign=campaign.title)
    if talk.held_on > desk.now.date():
        raise Refusal("summons.future", held_on=talk.held_on, today=desk.now.date())
    if talk.held_on < campaign.starts_on:
        raise Refusal("summons.too_early", held_on=talk.held_on, starts_on=campaign.starts_on)


def _problems(session: Session, slug: str, unit: UnitRow, numbers: Sequence[int]) -> list[JsonObject]:
    rows = [problem_by(session, slug, number) for number in numbers]
    strange = [row.number for row in rows if unit not in (row.unit, *row.supporting)]
    if strange:
        raise Refusal("summons.other_unit", numbers=strange, unit=unit.name)
    return [{"number": row.number, "title": row.title} for row in rows]


def _called_for(session: Session, slug: str, unit: UnitRow, number: int | None) -> UUID | None:
    if number is None:
        return None
    order = order_numbered(session, slug, OrderKind.SUMMON, number)
    if order.unit is not unit:
        raise Refusal("summons.other_order", mark=order.mark, unit=unit.name)
    return order.id


def _tell(desk: Desk, campaign: CampaignRow, row: SummonsRow) -> None:
    facts = {"summons": row.number, "person": row.person, "held_on": str(row.held_on), "held_by": row.held_by}
    facts |= {"reason": row.reason, "agreed": row.agreed}
    roles = answering_roles(method_of(campaign))
    page = summons_page(campaign.slug, row.number)
    tell(desk, campaign, [letter(campaign, "summons-recorded", str(row.id), roles, page, facts, owner=row.unit)])
