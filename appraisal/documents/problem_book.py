"""The problem list as one sheet of a workbook: to fill in, to read, and as the register (台账) that offices keep."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook

from appraisal.documents.cells import Kind, Value, plain
from appraisal.documents.register_export import Line, fill_sheet, offer_choices
from appraisal.documents.register_layout import Column, Sheet
from appraisal.documents.register_sheets import Draft, Found, closest, first_words, missing_sheet, quote, read_sheet
from appraisal.documents.tables import tables_in
from appraisal.domain.problems import LONGEST_LEADER
from appraisal.domain.refusal import Refusal

TITLE = "问题清单"
MOST_LINES = 5000
SEPARATORS = "、,，;；/\n"
AXIS = "axis:"
BEFORE = (
    Column("序号", "number", Kind.NUMBER, required=False, width=6),
    Column("问题", "title", Kind.NAME, width=40),
    Column("详情", "detail", Kind.TEXT, required=False, width=50),
    Column("整改目标", "aim", Kind.TEXT, required=False, width=30),
)
AFTER = (
    Column("牵头单位", "unit", Kind.NAME, required=False, width=20),
    Column("配合单位", "supporting", Kind.TEXT, required=False, width=24),
    Column("责任领导", "leader", Kind.NAME, required=False, width=12),
    Column("时限", "due_on", Kind.DATE, required=False, width=12),
    Column("来源", "source", Kind.NAME, required=False, width=20),
    Column("状态", "status", Kind.NAME, required=False, width=10),
)
FIXED = frozenset(column.title for column in (*BEFORE, *AFTER))


@dataclass(frozen=True)
class Words:
    """What may stand in the columns: units by name and by code, and by axis the values by title and by key.

    ``axes`` gives the title of each axis by its key.
    """

    units: Mapping[str, str]
    axes: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class ProblemLine:
    """One row, with codes and keys in the place of words; what was left empty is empty."""

    row: int
    title: str
    detail: str
    aim: str
    classes: Mapping[str, str]
    unit: str
    supporting: tuple[str, ...]
    leader: str
    due_on: date | None
    source: str


def sheet_of(words: Words) -> Sheet:
    """The columns for these axes; what stands under 状态 is told and never read."""
    axes = [Column(_heading(title), f"{AXIS}{key}", Kind.NAME, required=False) for key, title in words.axes.items()]
    return Sheet(TITLE, (*BEFORE, *axes, *AFTER), key=("title", "unit"))


def problem_book(words: Words, lines: Sequence[Mapping[str, Value]]) -> bytes:
    """A workbook with these rows, each by the fields of the sheet; without any it is the template."""
    sheet, workbook = sheet_of(words), Workbook()
    workbook.remove(workbook.worksheets[0])
    rows: list[Line] = [[line.get(column.field) for column in sheet.columns] for line in lines]
    fill_sheet(workbook.create_sheet(sheet.title), sheet, rows)
    for key, values in words.values.items():
        offer_choices(workbook, sheet.title, sheet.heading(f"{AXIS}{key}"), first_words(values))
    offer_choices(workbook, sheet.title, sheet.heading("unit"), first_words(words.units))
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def read_problems(content: bytes, name: str, words: Words) -> tuple[list[ProblemLine], list[Found]]:
    """Every line, or (with none) all that is wrong with any; Refusal for a file that holds no tables."""
    sheet, tables = sheet_of(words), tables_in(content, name)
    grid = next(iter(tables.values())) if len(tables) == 1 else tables.get(TITLE)
    if grid is None:
        return [], [missing_sheet(sheet, sorted(tables))]
    if len(grid.rows) > MOST_LINES:
        raise Refusal("problem.too_many_lines", count=len(grid.rows), most=MOST_LINES)
    drafts, told = read_sheet(sheet, grid)
    needed = {column.title for column in sheet.columns if column.required}
    found = [fault for fault in told if fault.code != "column_missing" or fault.column in needed]
    for draft in drafts:
        found += [*_unknown(sheet, draft, words), *_wrong(sheet, draft, words)]
    found += list(_repeated(sheet, drafts, words))
    if found:
        return [], sorted(found, key=lambda fault: fault.row)
    return [_line(draft, words) for draft in drafts], []


def _heading(axis: str) -> str:
    """An axis may bear the title of a column that every list has; its own column is then told apart."""
    title = plain(axis)
    return f"{title}（分类）" if title in FIXED else title


def _supporting(draft: Draft) -> list[str]:
    text = draft.text("supporting")
    for separator in SEPARATORS:
        text = text.replace(separator, "、")
    return [word.strip() for word in text.split("、") if word.strip()]


def _unknown(sheet: Sheet, draft: Draft, words: Words) -> Iterator[Found]:
    """Words that mean nothing here, with what was probably meant."""
    written = [("unit", draft.text("unit"), words.units)]
    written += [("supporting", word, words.units) for word in _supporting(draft)]
    written += [(f"{AXIS}{key}", draft.text(f"{AXIS}{key}"), values) for key, values in words.values.items()]
    for field, word, known in written:
        if word and word not in known:
            offered = first_words(known)
            facts = {"text": quote(sheet, word), "meant": closest(word, offered), "known": offered[:20]}
            yield Found(sheet.title, draft.row, sheet.heading(field), "unknown_choice", facts)


def _wrong(sheet: Sheet, draft: Draft, words: Words) -> Iterator[Found]:
    lead = words.units.get(draft.text("unit"))
    if lead and lead in [words.units.get(word) for word in _supporting(draft)]:
        facts = {"text": quote(sheet, draft.text("unit"))}
        yield Found(sheet.title, draft.row, sheet.heading("supporting"), "lead_supports", facts)
    if len(draft.text("leader")) > LONGEST_LEADER:
        long = {"length": len(draft.text("leader")), "most": LONGEST_LEADER}
        yield Found(sheet.title, draft.row, sheet.heading("leader"), "cell.too_long", long)


def _repeated(sheet: Sheet, drafts: Sequence[Draft], words: Words) -> Iterator[Found]:
    """The same title and lead unit are one problem; who writes it twice means two."""
    first: dict[tuple[str, str], int] = {}
    for draft in drafts:
        key = (draft.text("title"), words.units.get(draft.text("unit"), ""))
        if key[0] and first.setdefault(key, draft.row) != draft.row:
            yield Found(sheet.title, draft.row, sheet.heading("title"), "problem_twice", {"first": first[key]})


def _line(draft: Draft, words: Words) -> ProblemLine:
    due_on = draft.values.get("due_on")
    classes = {key: values[word] for key, values in words.values.items() if (word := draft.text(f"{AXIS}{key}"))}
    return ProblemLine(
        draft.row,
        draft.text("title"),
        draft.text("detail"),
        draft.text("aim"),
        classes,
        words.units.get(draft.text("unit"), ""),
        tuple(dict.fromkeys(words.units[word] for word in _supporting(draft))),
        draft.text("leader"),
        due_on if isinstance(due_on, date) else None,
        draft.text("source"),
    )
