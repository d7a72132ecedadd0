"""Giving out a register of rectification: that of the office, or of a unit with its own problems."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.documents.rectification_book import Register, rectification_book
from appraisal.documents.rectification_sheet import LOOKS, OF_OFFICE, OF_UNIT, Field, RegisterLine, Shown
from appraisal.documents.rectification_words import chinese, class_choices
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations.desks import is_staff
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Office
from appraisal.operations.rectification_rows import (
    RegisterRow,
    RegisterSought,
    axis_words,
    has_rows,
    identity_of,
    is_sought,
    rows_of,
    shown,
)
from appraisal.operations.telling import panels_of
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.register_tables import PersonRow, UnitRow

EVERYTHING = RegisterSought()
Options = list[tuple[str, str]]


@dataclass(frozen=True)
class RegisterView:
    """What there is to give out: how many problems are sought of how many, and by what they can be narrowed."""

    title: str
    count: int
    everything: int
    editable: tuple[str, ...]
    units: Options
    panels: Options
    leaders: Options


def register_view(session: Session, slug: str, person: PersonRow, on: date, sought: RegisterSought) -> RegisterView:
    """The register before it is given out; Refusal ``rectification.not_yours`` for whoever has no part in it."""
    campaign = campaign_by(session, slug)
    may_keep(session, campaign, person, on)
    every = rows_of(session, campaign, person, on, EVERYTHING)
    found = [row for row in every if is_sought(row, sought)]
    leads = {(row.problem.unit.code, row.problem.unit.name) for row in every if row.problem.unit}
    return RegisterView(
        campaign.title,
        len(found),
        len(every),
        tuple(LOOKS[field].heading for field in _editable(session, person, on)),
        sorted(leads),
        sorted({panel for row in every for panel in row.panels}),
        sorted({(row.problem.leader, row.problem.leader) for row in every if row.problem.leader}),
    )


def rectification_register(
    session: Session, office: Office, now: datetime, slug: str, person: PersonRow, sought: RegisterSought
) -> bytes:
    """The register of what is sought, as a workbook to print, and to edit and send back."""
    campaign, on = campaign_by(session, slug), now.date()
    may_keep(session, campaign, person, on)
    axes, editable = axis_words(campaign), _editable(session, person, on)
    rows = rows_of(session, campaign, person, on, sought)
    lines = [_line(campaign, row, shown(row, axes, office, office.hours.day_of(now))) for row in rows]
    facts = {"editable": [LOOKS[field].heading for field in editable], "scope": _scope(session, campaign, sought)}
    hint = phrase("rectification.hint", on=chinese(office.hours.day_of(now)), count=len(lines), **facts)
    offered = {Field.CLASSES: class_choices(axes), Field.LEADER: sorted({row.problem.leader for row in rows} - {""})}
    title = phrase("rectification.title", campaign=campaign.title)
    return rectification_book(Register(title, hint, lines, frozenset(editable), offered))


def keeps_register(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> bool:
    """Whether the person is of the office, or of a unit to which something was assigned."""
    return is_staff(session, person, on) or has_rows(session, campaign, person, on)


def may_keep(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> None:
    """Refuse whoever has no part in the register."""
    if not keeps_register(session, campaign, person, on):
        raise Refusal("rectification.not_yours", campaign=campaign.title)


def _editable(session: Session, person: PersonRow, on: date) -> list[Field]:
    """In the order of the columns."""
    mine = OF_OFFICE if is_staff(session, person, on) else OF_UNIT
    return [field for field in Field if field in mine]


def _line(campaign: CampaignRow, row: RegisterRow, cells: Mapping[Field, Shown]) -> RegisterLine:
    return RegisterLine(identity_of(campaign, row.problem), row.problem.version, cells, row.open)


def _scope(session: Session, campaign: CampaignRow, sought: RegisterSought) -> list[str]:
    """What the register was narrowed to, in words."""
    unit = session.scalar(select(UnitRow.name).where(UnitRow.code == sought.unit)) if sought.unit else None
    titles = {panel.key: panel.title for panel in panels_of(session, campaign)} if sought.panel else {}
    return [word for word in (unit, titles.get(sought.panel), sought.leader) if word]
