"""Panels in bulk: read from a workbook, tried out before they are set, and written out again."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.documents.panel_book import SHEET, MemberLine, PanelLines, Words, panel_book, read_panels
from appraisal.documents.register_sheets import Found
from appraisal.domain.refusal import Refusal
from appraisal.method.words import PanelKind
from appraisal.notices.wording import phrase
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk
from appraisal.operations.panel_checks import panel_roles
from appraisal.operations.panels import PanelDraft, covered, panel_key, set_panel
from appraisal.operations.register import RowFault, told
from appraisal.operations.telling import panels_of
from appraisal.operations.units import active_units
from appraisal.store.panel_tables import PanelRow
from appraisal.store.register_tables import PersonRow


@dataclass(frozen=True)
class Preview:
    """A workbook before it is taken in: every fault, or the panels as they would be set."""

    panels: tuple[PanelLines, ...]
    faults: tuple[RowFault, ...]


def preview_panels(desk: Desk, slug: str, content: bytes, name: str) -> Preview:
    """What a workbook would set; it is tried out and undone, so that whatever would be refused is named by its row."""
    panels, found = read_panels(content, name, words_of(desk.session, slug))
    refused: list[Found] = []
    if panels:
        try:
            with desk.work.attempt():
                refused = _set(desk, slug, panels)
                raise _TriedOut
        except _TriedOut:
            pass
    return Preview(() if refused else tuple(panels), tuple(told(fault) for fault in (*found, *refused)))


def import_panels(desk: Desk, slug: str, content: bytes, name: str) -> int:
    """Set every panel of a workbook, or none; returns how many it names.  The same file again changes nothing.

    Refusal ``panel.faulty`` for one with any fault; ``preview_panels`` names them all.
    """
    panels, found = read_panels(content, name, words_of(desk.session, slug))
    refused = _set(desk, slug, panels)
    if found or refused:
        raise Refusal("panel.faulty", count=len(found) + len(refused))
    return len(panels)


def panels_as_book(session: Session, slug: str) -> bytes:
    """The panels as they are, as a workbook that imports again without a change."""
    campaign, words = campaign_by(session, slug), words_of(session, slug)
    kinds = {kind: title for title, kind in words.kinds.items()}
    roles = {role: title for title, role in words.roles.items()}
    lines = [line for row in panels_of(session, campaign) for line in _lines(row, kinds[row.kind], roles)]
    return panel_book(words, lines)


def words_of(session: Session, slug: str) -> Words:
    """The words that may stand in the workbook of a campaign."""
    people: dict[str, list[str]] = {}
    for row in session.scalars(select(PersonRow).where(PersonRow.active).order_by(PersonRow.code)):
        people.setdefault(row.name, []).append(row.code)
        people[row.code] = [row.code]
    units = active_units(session)
    return Words(
        people,
        {title: role for role, title in panel_roles(method_of(campaign_by(session, slug))).items()},
        {phrase(f"panel.kind.{kind}"): str(kind) for kind in PanelKind},
        {unit.name: unit.code for unit in units} | {unit.code: unit.code for unit in units},
    )


class _TriedOut(Exception):  # noqa: N818 - undoes what was only tried.
    """Everything was tried; nothing stays."""


def _set(desk: Desk, slug: str, panels: Sequence[PanelLines]) -> list[Found]:
    """Whatever could not be set is tried again after the others: a unit may move from one panel to another."""
    left, refused = list(panels), dict[int, Found]()
    while left:
        refused = {lines.row: fault for lines in left if (fault := _try(desk, slug, lines))}
        if len(refused) == len(left):
            break
        left = [lines for lines in left if lines.row in refused]
    return list(refused.values())


def _try(desk: Desk, slug: str, lines: PanelLines) -> Found | None:
    key = panel_key(desk.session, slug, lines.title)
    try:
        with desk.work.attempt():
            set_panel(desk, slug, PanelDraft(key, lines.title, lines.kind, lines.members, lines.units))
    except Refusal as refusal:
        why = phrase(refusal.code, **refusal.facts)
        return Found(SHEET.title, lines.row, SHEET.heading("panel"), "panel_whole", {"why": why})
    return None


def _lines(row: PanelRow, kind: str, roles: dict[str, str]) -> list[MemberLine]:
    """The units stand in the first row of a panel."""
    units = "、".join(unit.name for unit in covered(row))
    return [
        MemberLine(row.title, kind, each.person.code, roles[each.role], each.title, "" if number else units)
        for number, each in enumerate(row.members)
    ]
