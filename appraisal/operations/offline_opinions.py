"""Opinions that came on paper, by telephone or at a seminar: entered by the office one by one, or from a workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.documents.opinion_book import Offered, OpinionLine, opinion_template, read_opinions
from appraisal.domain.opinions import Channel, Source
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations.clerks import clerk_at
from appraisal.operations.intake import IntakeForm, Origin, Said, TakenIn, checked, opinion_id, take_in, whole_form
from appraisal.operations.loading import campaign_by
from appraisal.operations.noting import note_one
from appraisal.operations.office import Desk, Office
from appraisal.operations.photos import StoredPhoto
from appraisal.operations.register import RowFault, told
from appraisal.store.opinion_tables import OpinionRow

CHANNELS = (Channel.PAPER, Channel.PHONE, Channel.SEMINAR)


@dataclass(frozen=True)
class Preview:
    """A workbook before it is taken in: every fault, or the lines and how many of them are in already.

    ``units`` and ``aspects`` are the names of what the lines give by code and by key.
    """

    lines: tuple[OpinionLine, ...]
    faults: tuple[RowFault, ...]
    known: int
    units: Mapping[str, str]
    aspects: Mapping[str, str]

    @property
    def fresh(self) -> int:
        """How many opinions the file would add."""
        return len(self.lines) - self.known


@dataclass(frozen=True)
class Imported:
    """What became of a workbook: opinions added, and those that were in already."""

    added: int
    known: int


def enter_opinion(
    desk: Desk, slug: str, said: Said, channel: Channel, on: date, nonce: str, photos: Sequence[StoredPhoto] = ()
) -> TakenIn:
    """Enter one opinion in the name of whoever sits at the desk; the same form sent twice is one opinion.

    Refusal as ``take_in``, ``intake.day`` for a day before the campaign or after today, and for a stranger.
    """
    clerk = clerk_at(desk)
    campaign = campaign_by(desk.session, slug)
    form = whole_form(desk.session, campaign)
    if not campaign.starts_on <= on <= desk.now.date():
        raise Refusal("intake.day", since=campaign.starts_on, until=desk.now.date())
    return _enter(desk, form, said, Origin(channel, nonce, on, entered_by=clerk), photos)


def preview(session: Session, office: Office, slug: str, content: bytes, name: str, today: date) -> Preview:
    """What a workbook holds; nothing is written."""
    form = whole_form(session, campaign_by(session, slug))
    lines, found = read_opinions(content, name, offered(form, today))
    keys = [opinion_id(office.keyring, form, checked(form, _said(line))[0], _origin(line, "")) for line in lines]
    known = session.scalars(select(OpinionRow.id).where(OpinionRow.id.in_(keys))).all()
    units = {unit.code: unit.name for unit in form.units}
    return Preview(tuple(lines), tuple(told(fault) for fault in found), len(known), units, dict(form.aspects))


def import_opinions(desk: Desk, slug: str, content: bytes, name: str) -> Imported:
    """Take a workbook in as a whole; the same file a second time adds nothing.

    Refusal ``intake.faulty`` for one with any fault; ``preview`` names them all.
    """
    clerk = clerk_at(desk)
    form = whole_form(desk.session, campaign_by(desk.session, slug))
    lines, found = read_opinions(content, name, offered(form, desk.now.date()))
    if found:
        raise Refusal("intake.faulty", count=len(found))
    taken = [_enter(desk, form, _said(line), _origin(line, clerk)) for line in lines]
    added = sum(each.fresh for each in taken)
    return Imported(added, len(taken) - added)


def template(session: Session, slug: str, today: date) -> bytes:
    """A workbook to fill in, with the choices of the campaign."""
    return opinion_template(offered(whole_form(session, campaign_by(session, slug)), today))


def offered(form: IntakeForm, today: date) -> Offered:
    """The words that may stand in the workbook of a campaign."""
    return Offered(
        source={phrase(f"intake.source.{source}"): str(source) for source in Source},
        channel={phrase(f"intake.channel.{channel}"): str(channel) for channel in CHANNELS},
        unit=_both_ways({unit.code: unit.name for unit in form.units}),
        aspect={title: key for key, title in form.aspects},
        since=form.campaign.starts_on,
        until=today,
    )


def _enter(desk: Desk, form: IntakeForm, said: Said, origin: Origin, photos: Sequence[StoredPhoto] = ()) -> TakenIn:
    taken = take_in(desk, form, said, origin, photos)
    note_one(desk, desk.session.get_one(OpinionRow, taken.id))
    return taken


def _said(line: OpinionLine) -> Said:
    named = bool(line.name)
    return Said(line.text, line.unit, line.aspect, Source(line.source), named, line.name, line.contact)


def _origin(line: OpinionLine, clerk: str) -> Origin:
    """What makes two lines two opinions, besides their words: the number, the day and the way they came."""
    nonce = f"{line.number}/{line.received_on}/{line.channel}"
    return Origin(Channel(line.channel), nonce, line.received_on, entered_by=clerk)


def _both_ways(units: Mapping[str, str]) -> dict[str, str]:
    """A unit may be given by its name or by its code; the names are what is offered first."""
    return {name: code for code, name in units.items()} | {code: code for code in units}
