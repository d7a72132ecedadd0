"""Opinions that come in by themselves: what the form offers, what is taken in, and the code to come back by.

An opinion is keyed by the nonce of its form and by what it says: sent twice it is one, and the second answer is the
first one again.  Nothing is put on the ledger when it comes in; see ``operations.noting``.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from appraisal.domain import opinions
from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OPINION, PhaseStatus
from appraisal.domain.opinions import LONGEST, LONGEST_CONTACT, LONGEST_NAME, Channel, Source
from appraisal.domain.refusal import Refusal
from appraisal.keys import Keyring, plain_code
from appraisal.operations.intake_guard import Pace, signs
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.photos import StoredPhoto
from appraisal.operations.points import candidates, intake_of, letters
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, PhaseRow
from appraisal.store.opinion_tables import OpinionRow, PointRow
from appraisal.store.register_tables import UnitRow

CODE_LENGTH = 12


@dataclass(frozen=True)
class Said:
    """An opinion as it was written: the unit by its code, the aspect by its key, the writer only if named."""

    text: str
    unit: str = ""
    aspect: str = ""
    source: Source = Source.PUBLIC
    named: bool = False
    name: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Origin:
    """Where an opinion comes from: the point it came in by, the deputy who gave it, the clerk who entered it.

    ``nonce`` tells one sending from another, ``pace`` what the guard made of it.
    """

    channel: Channel
    nonce: str
    received_on: date
    point: PointRow | None = None
    deputy_id: UUID | None = None
    entered_by: str | None = None
    pace: Pace = Pace.TAKEN


@dataclass(frozen=True)
class IntakeForm:
    """What a form offers; a point that stands for a unit offers that one alone."""

    campaign: CampaignRow
    point: PointRow | None
    units: tuple[UnitRow, ...]
    aspects: tuple[tuple[str, str], ...]

    def unit(self, code: str) -> UnitRow | None:
        """The unit of that code, or Refusal ``intake.unit``; none for no code."""
        if self.point is not None and self.point.unit is not None:
            return self.point.unit
        found = next((unit for unit in self.units if unit.code == code), None)
        if code and found is None:
            raise Refusal("intake.unit")
        return found


@dataclass(frozen=True)
class TakenIn:
    """An opinion that is in, and the code that was given for it; ``fresh`` when it was not there before."""

    id: UUID
    code: str
    fresh: bool
    why_held: str | None = None


def form_at(session: Session, token: str) -> IntakeForm:
    """The form of a printed code.

    Refusal ``point.unknown``, ``point.closed``, or ``intake.not_open`` while no phase of intake is open.
    """
    point = session.scalar(select(PointRow).where(PointRow.token == token.lower()))
    if point is None:
        raise Refusal("point.unknown")
    if not point.active:
        raise Refusal("point.closed")
    return form_of(session, session.get_one(CampaignRow, point.campaign_id), point)


def form_of(session: Session, campaign: CampaignRow, point: PointRow | None = None) -> IntakeForm:
    """What a form of this campaign offers; Refusal ``intake.none`` or ``intake.not_open``."""
    if not is_taking(session, campaign):
        raise Refusal("intake.not_open", campaign=campaign.title)
    return whole_form(session, campaign, point)


def is_taking(session: Session, campaign: CampaignRow) -> bool:
    """Whether a phase of intake is open; Refusal ``intake.none`` where the method takes no opinions."""
    during = intake_of(campaign).during
    open_now = select(PhaseRow.id).where(PhaseRow.campaign_id == campaign.id, PhaseRow.status == PhaseStatus.OPEN)
    return session.scalar(open_now.where(PhaseRow.key.in_(during)).limit(1)) is not None


def whole_form(session: Session, campaign: CampaignRow, point: PointRow | None = None) -> IntakeForm:
    """The same at any time, for what came while intake was open and is entered later."""
    aspects = tuple((aspect.key, aspect.title) for aspect in method_of(campaign).aspects)
    return IntakeForm(campaign, point, tuple(_offered(session, campaign, point)), aspects)


def take_in(desk: Desk, form: IntakeForm, said: Said, origin: Origin, photos: Sequence[StoredPhoto] = ()) -> TakenIn:
    """Take an opinion in, or find it taken in; what looks like abuse is held back and never dropped.

    Refusal ``intake.empty``, ``intake.too_long``, ``intake.unit``, ``intake.aspect``, ``intake.name``.
    """
    said, unit = checked(form, said)
    keyring, connection = desk.office.keyring, desk.session.connection()
    key = opinion_id(keyring, form, said, origin, photos)
    code = letters(keyring.stamp("follow-up", str(key)), CODE_LENGTH)
    if connection.scalar(_IS_IN, {"key": key}) is not None:
        return TakenIn(key, shown_code(code), fresh=False)
    values = _values(desk, form, said, unit, origin)
    connection.execute(insert(OpinionRow), {"id": key, "follow_up": follow_up_mark(keyring, code), **values})
    desk.session.add_all(
        photo.row(id=identity("photo", photo.stored_as), opinion_id=key, position=number)
        for number, photo in enumerate(photos)
    )
    return TakenIn(key, shown_code(code), fresh=True, why_held=values["why_held"])


def checked(form: IntakeForm, said: Said) -> tuple[Said, UnitRow | None]:
    """What was written without invisible signs, and the unit it is about; refused when it is not complete."""
    clean = _cleaned(said)
    if not clean.text:
        raise Refusal("intake.empty")
    if len(clean.text) > LONGEST:
        raise Refusal("intake.too_long", length=len(clean.text), most=LONGEST)
    if clean.aspect and clean.aspect not in dict(form.aspects):
        raise Refusal("intake.aspect")
    if clean.named and not clean.name:
        raise Refusal("intake.name")
    if len(clean.name) > LONGEST_NAME or len(clean.contact) > LONGEST_CONTACT:
        raise Refusal("intake.writer_too_long", name=LONGEST_NAME, contact=LONGEST_CONTACT)
    return clean, form.unit(clean.unit)


def opinion_id(
    keyring: Keyring, form: IntakeForm, said: Said, origin: Origin, photos: Sequence[StoredPhoto] = ()
) -> UUID:
    """What one sending of these words is known by; without the key of the installation it is any number."""
    said_so = (said.text, said.unit, said.aspect, said.source, said.named, said.name, said.contact)
    seen = (photo.digest for photo in photos)
    return UUID(keyring.stamp("opinion", form.campaign.slug, origin.nonce, *said_so, *seen)[:32])


def follow_up_mark(keyring: Keyring, code: str) -> str:
    """What the table keeps of a follow-up code; the code itself is not to be found by it."""
    return keyring.stamp("follow-up-mark", plain_code(code))


def shown_code(code: str) -> str:
    """A follow-up code as people copy it: ABCD-EFGH-JKMN."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _cleaned(said: Said) -> Said:
    """Whoever is not named leaves no name, even when one was typed before changing their mind."""
    name, contact = (opinions.cleaned(said.name), opinions.cleaned(said.contact)) if said.named else ("", "")
    return replace(said, text=opinions.cleaned(said.text), name=name, contact=contact)


def _offered(session: Session, campaign: CampaignRow, point: PointRow | None) -> list[UnitRow]:
    if point is not None and point.unit is not None:
        return [point.unit]
    covered = sorted((each.unit for each in point.panel.coverage), key=_rank) if point and point.panel else []
    return covered or candidates(session, campaign)


def _rank(unit: UnitRow) -> tuple[int, str]:
    return unit.position, unit.code


def _values(desk: Desk, form: IntakeForm, said: Said, unit: UnitRow | None, origin: Origin) -> dict[str, Any]:
    keyring, point = desk.office.keyring, form.point
    text_digest = keyring.stamp("opinion-text", form.campaign.slug, opinions.normalised(said.text))
    why = _why_held(desk, form, said, text_digest, origin)
    return {
        "campaign_id": form.campaign.id,
        "point_id": point.id if point else None,
        "unit_id": unit.id if unit else None,
        "panel_id": point.panel_id if point else None,
        "deputy_id": origin.deputy_id,
        "aspect": said.aspect or None,
        "source": said.source,
        "channel": origin.channel,
        "text": said.text,
        "text_digest": text_digest,
        "named": said.named or origin.deputy_id is not None,
        "writer": keyring.seal(json.dumps([said.name, said.contact], ensure_ascii=False)) if said.named else None,
        "received_on": origin.received_on,
        "status": OPINION.move(None, Action.OPINION_HELD if why else Action.OPINION_RECEIVED),
        "why_held": why,
        "entered_by": origin.entered_by,
        "noted": False,
    }


def _why_held(desk: Desk, form: IntakeForm, said: Said, text_digest: str, origin: Origin) -> str | None:
    """A code of ``intake.held.*``; what a clerk or a deputy gives is not suspected of anything but saying it again."""
    if origin.pace is Pace.HELD:
        return "flood"
    where = {"campaign": form.campaign.id, "digest": text_digest} | ({"point": form.point.id} if form.point else {})
    if desk.session.connection().scalar(_SAID_BY_CODE if form.point else _SAID_OTHERWISE, where) is not None:
        return "duplicate"
    by_itself = origin.entered_by is None and origin.deputy_id is None
    return opinions.suspicion(said.text, signs()) if by_itself else None


# Written once and sent past the session: at a sitting hundreds of people press the button within a minute.
_IS_IN = select(OpinionRow.id).where(OpinionRow.id == bindparam("key"))
_SAID = select(OpinionRow.id).where(
    OpinionRow.campaign_id == bindparam("campaign"), OpinionRow.text_digest == bindparam("digest")
)
_SAID_BY_CODE = _SAID.where(OpinionRow.point_id == bindparam("point")).limit(1)
_SAID_OTHERWISE = _SAID.where(OpinionRow.point_id.is_(None)).limit(1)
