"""Writing a register: a workbook to fill in, or a folder of csv files."""

import csv
import io
import os
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from appraisal.documents.cells import Kind
from appraisal.documents.grids import GUARDED, MOST_ROWS
from appraisal.documents.register_layout import NO, SHEETS, YES, Book, Column, Sheet, Title

CHOICES = "选项"
FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.NUMBER: "0"}

Line = Iterable[str | int | date | None]


def write_book(path: Path, book: Book, roles: Collection[str] = ()) -> None:
    """An xlsx file where the path says so, else a folder of csv files, for its owner alone to read."""
    if path.suffix.lower() == ".xlsx":
        _put(path, _workbook(book, sorted(roles)))
        return
    path.mkdir(parents=True, exist_ok=True)
    for sheet, lines in _tables(book):
        _put(path / f"{sheet.title}.csv", _csv(sheet, lines))


def _tables(book: Book) -> list[tuple[Sheet, list[Line]]]:
    lines: dict[str, Iterable[object]] = {
        Title.UNITS: book.units,
        Title.PEOPLE: book.people,
        Title.POSTS: book.posts,
        Title.CONTACTS: book.contacts,
        Title.STAND_INS: book.stand_ins,
    }
    return [(sheet, [_cells(sheet, line) for line in lines[sheet.title]]) for sheet in SHEETS]


def _cells(sheet: Sheet, line: object) -> Line:
    values = [getattr(line, column.field) for column in sheet.columns]
    return [(YES if value else NO) if isinstance(value, bool) else value for value in values]


def _put(path: Path, content: bytes) -> None:
    """A reader sees the old file or the new one, and nobody but the owner reads either."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as draft:
        draft.write(content)
        os.fchmod(draft.fileno(), 0o600)
    Path(draft.name).replace(path)


def _csv(sheet: Sheet, lines: list[Line]) -> bytes:
    """With the mark at its beginning by which Excel knows UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(sheet.headings)
    writer.writerows([_guarded(value) for value in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def _guarded(value: str | int | date | None) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(GUARDED) else text


def _workbook(book: Book, roles: list[str]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet, lines in _tables(book):
        fill_sheet(workbook.create_sheet(sheet.title), sheet, lines)
    offer_choices(workbook, Title.UNITS, "停用", [YES, NO])
    offer_choices(workbook, Title.PEOPLE, "停用", [YES, NO])
    offer_choices(workbook, Title.POSTS, "角色", roles)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def fill_sheet(page: Worksheet, sheet: Sheet, lines: list[Line]) -> None:
    """The headings, held in place, and a row for every line."""
    page.append(sheet.headings)
    for cell in page[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDE6F0")
    page.freeze_panes = "A2"
    for index, column in enumerate(sheet.columns, start=1):
        _shape(page, index, column)
    for row, line in enumerate(lines, start=2):
        for index, (column, value) in enumerate(zip(sheet.columns, line, strict=True), start=1):
            _write(page, row, index, column, value)


def _shape(page: Worksheet, index: int, column: Column) -> None:
    """Codes are text to Excel, so that 0102 keeps its nought and 1-2 is no date."""
    dimension = page.column_dimensions[get_column_letter(index)]
    dimension.width = column.width
    dimension.number_format = FORMATS.get(column.kind, "@")


def _write(page: Worksheet, row: int, index: int, column: Column, value: str | int | date | None) -> None:
    cell = page.cell(row, index)
    cell.number_format = FORMATS.get(column.kind, "@")
    write_cell(cell, value)


def write_cell(cell: Cell | MergedCell, value: str | int | date | None) -> None:
    """Text stays text, whatever sign it begins with."""
    if value is None or value == "" or isinstance(cell, MergedCell):
        return
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(GUARDED)


def offer_choices(workbook: Workbook, title: str, heading: str, choices: list[str]) -> None:
    """A drop-down; nothing else may be typed."""
    if not choices:
        return
    source = listed_choices(workbook, heading, choices)
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = heading, "请从下拉列表中选择"
    target = workbook[title]
    column = get_column_letter([cell.value for cell in target[1]].index(heading) + 1)
    rule.add(f"{column}2:{column}{MOST_ROWS + 1}")
    target.add_data_validation(rule)


def listed_choices(workbook: Workbook, heading: str, choices: Sequence[str]) -> str:
    """Where the choices stand: on a hidden sheet, because Excel takes no list longer than 255 characters."""
    page = workbook[CHOICES] if CHOICES in workbook.sheetnames else workbook.create_sheet(CHOICES)
    page.sheet_state = "hidden"
    index = page.max_column + 1 if page["A1"].value else 1
    for row, choice in enumerate([heading, *choices], start=1):
        write_cell(page.cell(row, index), choice)
    letter = get_column_letter(index)
    return f"{quote_sheetname(CHOICES)}!${letter}$2:${letter}${len(choices) + 1}"
