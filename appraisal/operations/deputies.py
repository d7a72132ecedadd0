"""Opinions of deputies: given under their own name by their personal link, and shown to them again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.opinions import Channel, Source
from appraisal.domain.refusal import Refusal
from appraisal.operations.desks import holds
from appraisal.operations.follow_ups import add_message
from appraisal.operations.intake import Origin, Said, TakenIn, form_of, take_in
from appraisal.operations.loading import campaign_by
from appraisal.operations.noting import note_one
from appraisal.operations.office import Desk
from appraisal.operations.photos import StoredPhoto
from appraisal.operations.points import DEPUTY
from appraisal.store.opinion_tables import OpinionRow
from appraisal.store.register_tables import PersonRow


def refuse_others(session: Session, person: PersonRow, on: date) -> None:
    """Refusal ``intake.not_deputy.not_yours`` for whoever is no deputy on that day."""
    if not holds(session, person, [(DEPUTY, None)], on):
        raise Refusal("intake.not_deputy.not_yours")


def give_opinion(
    desk: Desk, slug: str, deputy: PersonRow, said: Said, nonce: str, photos: Sequence[StoredPhoto] = ()
) -> TakenIn:
    """Take in what a deputy says; the same form sent twice is one opinion.  Refused as ``form_of`` and ``take_in``."""
    refuse_others(desk.session, deputy, desk.now.date())
    form = form_of(desk.session, campaign_by(desk.session, slug))
    known = replace(said, source=Source.DEPUTY, named=False)
    origin = Origin(Channel.LINK, f"{deputy.code}/{nonce}", desk.now.date(), deputy_id=deputy.id)
    taken = take_in(desk, form, known, origin, photos)
    note_one(desk, desk.session.get_one(OpinionRow, taken.id))
    return taken


def opinions_of(session: Session, slug: str, deputy: PersonRow) -> Sequence[OpinionRow]:
    """What a deputy gave in a campaign, the newest day first."""
    campaign = campaign_by(session, slug)
    theirs = select(OpinionRow).where(OpinionRow.campaign_id == campaign.id, OpinionRow.deputy_id == deputy.id)
    return session.scalars(theirs.order_by(OpinionRow.received_on.desc(), OpinionRow.id)).all()


def answer(desk: Desk, slug: str, deputy: PersonRow, opinion_id: UUID, nonce: str, text: str) -> None:
    """Add to an opinion of one's own; Refusal ``intake.unknown`` for any other."""
    row = next((row for row in opinions_of(desk.session, slug, deputy) if row.id == opinion_id), None)
    if row is None:
        raise Refusal("intake.unknown")
    add_message(desk, row, nonce, text)
