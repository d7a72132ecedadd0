"""A sheet of the register: its headings found, its cells read, and what is wrong with either."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from openpyxl.utils import get_column_letter

from appraisal.documents.cells import Value, plain, read_cell
from appraisal.documents.grids import Grid
from appraisal.documents.register_layout import Column, Sheet
from appraisal.domain.refusal import Refusal

LONGEST_QUOTE = 40


@dataclass(frozen=True)
class Found:
    """A fault: its place, its code, and the facts of its phrase.  Row 0 is the sheet as a whole."""

    sheet: str
    row: int
    column: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """A row as far as it could be read: the fields that could not are missing, the empty ones None."""

    row: int
    values: Mapping[str, Value]

    def text(self, name: str) -> str:
        """The field as text; empty where it is empty or could not be read."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


def missing_sheet(sheet: Sheet, titles: list[str]) -> Found:
    return Found(sheet.title, 0, "", "sheet_missing", {"meant": closest(sheet.title, titles)})


def read_sheet(sheet: Sheet, grid: Grid) -> tuple[list[Draft], list[Found]]:
    placed, found = _place(sheet, grid)
    found += [Found(sheet.title, area.row, get_column_letter(area.column), "merged") for area in grid.merged]
    drafts: list[Draft] = []
    for row, cells in grid.rows:
        values, faults = _read_row(sheet, grid, placed, row, cells)
        drafts.append(Draft(row, values))
        found += faults
        found += _strays(sheet, grid, row, cells)
    return drafts, found


def closest(written: str, known: list[str]) -> str:
    """What was probably meant; empty when nothing comes near."""
    return next(iter(get_close_matches(written, known, n=1, cutoff=0.5)), "")


def first_words(meant: Mapping[str, str]) -> list[str]:
    """For each meaning the word that is offered: the first of those that mean it."""
    first: dict[str, str] = {}
    for word, meaning in meant.items():
        first.setdefault(meaning, word)
    return list(first.values())


def quote(sheet: Sheet, text: object) -> str:
    """Text as a message may repeat it; an address is a secret, wherever it was put by mistake."""
    shown = str(text)
    if sheet.secret or "://" in shown:
        return ""
    return shown if len(shown) <= LONGEST_QUOTE else shown[:LONGEST_QUOTE] + "……"


def _place(sheet: Sheet, grid: Grid) -> tuple[dict[int, Column], list[Found]]:
    """Which column of the sheet stands where; the order is free."""
    columns = {column.title: column for column in sheet.columns}
    placed: dict[int, Column] = {}
    found: list[Found] = []
    for index, heading in enumerate(_headings(grid)):
        column = columns.get(heading)
        if column is None and heading:
            found.append(_unknown_column(sheet, index, heading))
        elif column in placed.values():
            found.append(Found(sheet.title, 1, heading, "column_twice"))
        elif column:
            placed[index] = column
    lacking = [column for column in sheet.columns if column not in placed.values()]
    return placed, found + [Found(sheet.title, 1, column.title, "column_missing") for column in lacking]


def _headings(grid: Grid) -> list[str]:
    return ["" if heading is None else plain(str(heading)) for heading in grid.headings]


def _unknown_column(sheet: Sheet, index: int, heading: str) -> Found:
    facts = {"text": quote(sheet, heading), "meant": closest(heading, sheet.headings), "known": sheet.headings}
    return Found(sheet.title, 1, get_column_letter(index + 1), "column_unknown", facts)


def _strays(sheet: Sheet, grid: Grid, row: int, cells: tuple[object, ...]) -> Iterator[Found]:
    """Cells that stand under no heading at all."""
    headings = _headings(grid)
    for index, cell in enumerate(cells):
        if cell not in (None, "") and (index >= len(headings) or not headings[index]):
            yield Found(sheet.title, row, get_column_letter(index + 1), "stray")


def _read_row(
    sheet: Sheet, grid: Grid, placed: Mapping[int, Column], row: int, cells: tuple[object, ...]
) -> tuple[dict[str, Value], list[Found]]:
    values: dict[str, Value] = {}
    found: list[Found] = []
    for index, column in placed.items():
        cell = cells[index] if index < len(cells) else None
        try:
            value = read_cell(column.kind, cell, grid.epoch)
        except Refusal as refusal:
            facts = refusal.facts | {"text": quote(sheet, refusal.facts.get("text", ""))}
            found.append(Found(sheet.title, row, column.title, refusal.code, facts))
            continue
        if value is None and column.required:
            found.append(Found(sheet.title, row, column.title, "empty"))
        else:
            values[column.field] = value
    return values, found
