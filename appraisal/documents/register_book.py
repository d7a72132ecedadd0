"""Reading a register: every fault of it at once, or the whole of it."""

from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

from appraisal.documents import register_checks as checks
from appraisal.documents.grids import Grid
from appraisal.documents.register_checks import Drafts, Known
from appraisal.documents.register_layout import (
    SHEETS,
    Book,
    ContactLine,
    PersonLine,
    PostLine,
    Sheet,
    StandInLine,
    Title,
    UnitLine,
)
from appraisal.documents.register_sheets import Draft, Found, missing_sheet, read_sheet
from appraisal.documents.tables import read_tables

BY_TITLE: dict[str, Sheet] = {sheet.title: sheet for sheet in SHEETS}
REFERENCES = (
    (Title.POSTS, "person", Title.PEOPLE),
    (Title.POSTS, "unit", Title.UNITS),
    (Title.CONTACTS, "person", Title.PEOPLE),
    (Title.STAND_INS, "person", Title.PEOPLE),
    (Title.STAND_INS, "stand_in", Title.PEOPLE),
)
Field = TypeVar("Field", str, int, date)


def read_book(path: Path, known: Known) -> tuple[Book, list[Found]]:
    """The register, or (with an empty one) all that is wrong with it in the order of the sheets and rows."""
    drafts, found = _read(read_tables(path))
    headless = {Title(fault.sheet) for fault in found if fault.row <= 1}
    found += _between_rows(drafts, known)
    found += _references(drafts, known, headless)
    order = [sheet.title for sheet in SHEETS]
    found.sort(key=lambda fault: (order.index(Title(fault.sheet)), fault.row))
    return (Book(), found) if found else (_book(drafts), [])


def _read(tables: dict[str, Grid]) -> tuple[Drafts, list[Found]]:
    drafts: dict[str, list[Draft]] = {sheet.title: [] for sheet in SHEETS}
    found: list[Found] = []
    for sheet in SHEETS:
        grid = tables.get(sheet.title)
        if grid is None:
            found.append(missing_sheet(sheet, sorted(set(tables) - set(BY_TITLE))))
            continue
        drafts[sheet.title], faults = read_sheet(sheet, grid)
        found += faults
    return drafts, found


def _between_rows(drafts: Drafts, known: Known) -> Iterator[Found]:
    for sheet in SHEETS:
        yield from checks.duplicates(sheet, drafts[sheet.title])
    yield from checks.unit_names(BY_TITLE[Title.UNITS], drafts[Title.UNITS], known)
    if known.roles is not None:
        yield from checks.roles(BY_TITLE[Title.POSTS], drafts[Title.POSTS], known.roles)
    for title in (Title.POSTS, Title.STAND_INS):
        yield from checks.terms(BY_TITLE[title], drafts[title])
    yield from checks.addresses(BY_TITLE[Title.CONTACTS], drafts[Title.CONTACTS], known)
    yield from checks.stand_ins(BY_TITLE[Title.STAND_INS], drafts[Title.STAND_INS], known)


def _references(drafts: Drafts, known: Known, headless: Collection[Title]) -> Iterator[Found]:
    """Leaves alone what refers to a sheet that could not be read at all: its one fault is enough."""
    people = {*known.people, *(draft.text("code") for draft in drafts[Title.PEOPLE])}
    units = {*known.units, *(draft.text("code") for draft in drafts[Title.UNITS])}
    for title, field, target in REFERENCES:
        if target not in headless:
            codes = units if target is Title.UNITS else people
            yield from checks.references(BY_TITLE[title], field, drafts[title], codes)


def _book(drafts: Drafts) -> Book:
    return Book(
        units=tuple(map(_unit, drafts[Title.UNITS])),
        people=tuple(map(_person, drafts[Title.PEOPLE])),
        posts=tuple(map(_post, drafts[Title.POSTS])),
        contacts=tuple(map(_contact, drafts[Title.CONTACTS])),
        stand_ins=tuple(map(_stand_in, drafts[Title.STAND_INS])),
    )


def _unit(draft: Draft) -> UnitLine:
    text, position = draft.text, _given(draft, "position", int)
    return UnitLine(draft.row, text("code"), text("name"), text("kind"), position, _stopped(draft))


def _person(draft: Draft) -> PersonLine:
    return PersonLine(draft.row, draft.text("code"), draft.text("name"), _stopped(draft))


def _post(draft: Draft) -> PostLine:
    text = draft.text
    since, until = _perhaps(draft, "since"), _perhaps(draft, "until")
    return PostLine(draft.row, text("person"), text("role"), text("unit"), text("title"), since, until)


def _contact(draft: Draft) -> ContactLine:
    text = draft.text
    return ContactLine(draft.row, text("person"), _given(draft, "rank", int), text("label"), text("address"))


def _stand_in(draft: Draft) -> StandInLine:
    since, until = _given(draft, "since", date), _given(draft, "until", date)
    return StandInLine(draft.row, draft.text("person"), draft.text("stand_in"), since, until)


def _stopped(draft: Draft) -> bool:
    return draft.values["stopped"] is True


def _perhaps(draft: Draft, field: str) -> date | None:
    return None if draft.values[field] is None else _given(draft, field, date)


def _given(draft: Draft, field: str, kind: type[Field]) -> Field:
    """A field that the sheet requires; TypeError where the layout gives it another kind."""
    value = draft.values[field]
    if not isinstance(value, kind):
        raise TypeError(field)
    return value
