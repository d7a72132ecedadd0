"""The panels of a campaign as one sheet of a workbook, a row for each member: to fill in, and to read."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook

from appraisal.documents.cells import Kind
from appraisal.documents.register_export import fill_sheet, offer_choices
from appraisal.documents.register_layout import Column, Sheet
from appraisal.documents.register_sheets import Draft, Found, closest, missing_sheet, quote, read_sheet
from appraisal.documents.tables import tables_in

MOST_PANELS = 100
SEPARATORS = "、,，;；/\n"
SHEET = Sheet(
    "评议组",
    (
        Column("组", "panel", Kind.NAME, width=16),
        Column("种类", "kind", Kind.NAME, required=False, width=10),
        Column("姓名或编号", "person", Kind.NAME, width=16),
        Column("角色", "role", Kind.NAME, required=False, width=16),
        Column("职务", "title", Kind.NAME, required=False, width=20),
        Column("负责单位", "units", Kind.TEXT, required=False, width=40),
    ),
    key=("panel", "person", "role"),
)


@dataclass(frozen=True)
class Words:
    """What may stand in the columns: people by code and by name, roles and kinds by title, units by code and name."""

    people: Mapping[str, Sequence[str]]
    roles: Mapping[str, str]
    kinds: Mapping[str, str]
    units: Mapping[str, str]


@dataclass(frozen=True)
class PanelLines:
    """A panel as the file says it: codes in the place of words, ``row`` its first row."""

    row: int
    title: str
    kind: str
    members: tuple[tuple[str, str, str], ...]
    units: tuple[str, ...]


@dataclass(frozen=True)
class MemberLine:
    """A row as it is written out."""

    panel: str
    kind: str
    person: str
    role: str
    title: str
    units: str


def panel_book(words: Words, lines: Sequence[MemberLine]) -> bytes:
    """A workbook that says what there is, to be changed and sent in again."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    rows = [[getattr(line, column.field) for column in SHEET.columns] for line in lines]
    fill_sheet(workbook.create_sheet(SHEET.title), SHEET, [list(row) for row in rows])
    offer_choices(workbook, SHEET.title, SHEET.heading("kind"), list(words.kinds))
    offer_choices(workbook, SHEET.title, SHEET.heading("role"), list(words.roles))
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def read_panels(content: bytes, name: str, words: Words) -> tuple[list[PanelLines], list[Found]]:
    """Every panel, or (with none) all that is wrong with any row; Refusal for a file that holds no tables."""
    tables = tables_in(content, name)
    grid = next(iter(tables.values())) if len(tables) == 1 else tables.get(SHEET.title)
    if grid is None:
        return [], [missing_sheet(SHEET, sorted(tables))]
    drafts, found = read_sheet(SHEET, grid)
    found += [fault for draft in drafts for fault in _words(draft, words)]
    found += list(_between(drafts, words))
    if found:
        return [], sorted(found, key=lambda fault: fault.row)
    return list(_panels(drafts, words)), []


def names_in(text: str) -> list[str]:
    """The names in a cell, whatever parts them."""
    for mark in SEPARATORS[1:]:
        text = text.replace(mark, SEPARATORS[0])
    return list(dict.fromkeys(name for each in text.split(SEPARATORS[0]) if (name := each.strip())))


def _words(draft: Draft, words: Words) -> Iterator[Found]:
    person, role, kind = (draft.text(field) for field in ("person", "role", "kind"))
    codes = words.people.get(person, ())
    if person and not codes:
        yield _fault(draft, "person", "panel_person", text=person)
    if len(codes) > 1:
        yield _fault(draft, "person", "panel_namesakes", text=person, codes=list(codes))
    if role not in words.roles and (role or len(words.roles) != 1):
        yield _fault(draft, "role", "panel_role", text=role, known=list(words.roles))
    if kind and kind not in words.kinds:
        yield _fault(draft, "kind", "panel_kind", text=kind, known=list(words.kinds))
    for unit in names_in(draft.text("units")):
        if unit not in words.units:
            yield _fault(draft, "units", "panel_unit", text=unit, meant=closest(unit, list(words.units)))


def _between(drafts: Sequence[Draft], words: Words) -> Iterator[Found]:
    """A panel is of one kind, and whoever sits on it in a role does so once."""
    kinds: dict[str, tuple[str, int]] = {}
    seen: dict[tuple[str, str, str], int] = {}
    for draft in drafts:
        panel, kind = draft.text("panel"), draft.text("kind")
        if not panel:
            continue
        first, row = kinds.setdefault(panel, (kind, draft.row)) if kind else kinds.get(panel, ("", 0))
        if kind and kind != first:
            yield _fault(draft, "kind", "panel_kinds", text=kind, first=row)
        key = (panel, *_seat(draft, words))
        if seen.setdefault(key, draft.row) != draft.row:
            yield _fault(draft, "person", "panel_twice", text=draft.text("person"), first=seen[key])


def _panels(drafts: Sequence[Draft], words: Words) -> Iterator[PanelLines]:
    by_title: dict[str, list[Draft]] = {}
    for draft in drafts:
        by_title.setdefault(draft.text("panel"), []).append(draft)
    default = next(iter(words.kinds.values()))
    for title, rows in by_title.items():
        kind = next((words.kinds[each.text("kind")] for each in rows if each.text("kind")), default)
        members = tuple((*_seat(each, words), each.text("title")) for each in rows)
        units = dict.fromkeys(words.units[name] for each in rows for name in names_in(each.text("units")))
        yield PanelLines(rows[0].row, title, kind, members, tuple(units))


def _seat(draft: Draft, words: Words) -> tuple[str, str]:
    """The code of the person and the key of the role; where there is one role only, it need not be said."""
    person, role = draft.text("person"), draft.text("role")
    code = next(iter(words.people.get(person, ())), person)
    return code, words.roles.get(role) or (role if role else next(iter(words.roles.values()), ""))


def _fault(draft: Draft, field: str, code: str, *, text: str, **facts: object) -> Found:
    return Found(SHEET.title, draft.row, SHEET.heading(field), code, {"text": quote(SHEET, text), **facts})
