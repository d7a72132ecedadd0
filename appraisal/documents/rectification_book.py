"""The register of rectification as offices keep it: one landscape sheet to print, and to edit and send back."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from appraisal.documents.cells import Kind
from appraisal.documents.rectification_sheet import (
    HIDDEN,
    LOOKS,
    TITLE,
    Field,
    RegisterLine,
    Shown,
    marks,
    written,
)
from appraisal.documents.register_export import listed_choices, write_cell

HEADING = 3
FIRST = HEADING + 1
DAY = 'yyyy"年"m"月"d"日"'
_LAST = get_column_letter(len(Field))
_LINE = Side(style="thin", color="000000")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_EDITED, _FIXED = PatternFill("solid", fgColor="DCEBDD"), PatternFill("solid", fgColor="E7E6E6")


@dataclass(frozen=True)
class Register:
    """What a register says: its title, the line on how to edit it, its rows, and what a column may hold."""

    title: str
    hint: str
    lines: Sequence[RegisterLine]
    editable: frozenset[Field]
    choices: Mapping[Field, Sequence[str]]


def rectification_book(register: Register) -> bytes:
    """The workbook; what may not be edited is locked, though without a password."""
    workbook = Workbook()
    page = workbook.worksheets[0]
    page.title = TITLE
    _head(page, register)
    for row, line in enumerate(register.lines, start=FIRST):
        _fill(page, row, line)
    for field, words in register.choices.items():
        if words and field in register.editable:
            _offer(workbook, page, field, words)
    _lay_out(page, len(register.lines))
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def address(field: Field, row: int) -> str:
    """Where a cell stands, as people name it."""
    return f"{get_column_letter(list(Field).index(field) + 1)}{row}"


def _head(page: Worksheet, register: Register) -> None:
    for row, text, font, height in (
        (1, register.title, Font(name="方正小标宋简体", size=20), 36),
        (2, register.hint, Font(name="楷体", size=10), 44),
    ):
        page.merge_cells(f"A{row}:{_LAST}{row}")
        cell = page.cell(row, 1)
        write_cell(cell, written(text))
        cell.font = font
        side = "center" if row == 1 else "left"
        cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
        page.row_dimensions[row].height = height
    for index, heading in enumerate([*(LOOKS[field].heading for field in Field), *HIDDEN], start=1):
        cell = page.cell(HEADING, index, heading)
        cell.font = Font(name="黑体", size=11)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = _FRAME
    for index, field in enumerate(Field, start=1):
        page.cell(HEADING, index).fill = _EDITED if field in register.editable else _FIXED
    page.row_dimensions[HEADING].height = 24


def _fill(page: Worksheet, row: int, line: RegisterLine) -> None:
    for index, field in enumerate(Field, start=1):
        look, cell = LOOKS[field], page.cell(row, index)
        cell.number_format = {Kind.DATE: DAY, Kind.NUMBER: "0"}.get(look.kind, "@")
        write_cell(cell, written(line.shown.get(field)))
        cell.font = Font(name="仿宋", size=11)
        side = "center" if look.centred else "left"
        cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
        cell.border = _FRAME
        cell.protection = Protection(locked=field not in line.open)
    hidden: tuple[Shown, ...] = (line.identity, line.version, marks(line.shown))
    for index, value in enumerate(hidden, start=len(Field) + 1):
        write_cell(page.cell(row, index), value)


def _offer(workbook: Workbook, page: Worksheet, field: Field, words: Sequence[str]) -> None:
    """A drop-down; something else may be typed, and is read when it comes back."""
    source = listed_choices(workbook, LOOKS[field].heading, [str(written(word)) for word in words])
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
    rule.add(f"{address(field, FIRST)}:{address(field, max(page.max_row, FIRST))}")
    page.add_data_validation(rule)


def _lay_out(page: Worksheet, count: int) -> None:
    for index, field in enumerate(Field, start=1):
        page.column_dimensions[get_column_letter(index)].width = LOOKS[field].width
    for index in range(len(Field) + 1, len(Field) + len(HIDDEN) + 1):
        page.column_dimensions[get_column_letter(index)].hidden = True
    last = HEADING + count
    page.freeze_panes = f"C{FIRST}"
    # Whoever sorts by the filter moves the hidden cells of a row along with it.
    page.auto_filter.ref = f"A{HEADING}:{get_column_letter(len(Field) + len(HIDDEN))}{max(last, FIRST)}"
    page.print_title_rows = f"{HEADING}:{HEADING}"
    page.print_area = f"A1:{_LAST}{last}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top = page.page_margins.bottom = 0.6
    if page.oddFooter:
        page.oddFooter.center.text = "第 &P 页，共 &N 页"
    page.protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "autoFilter"):
        setattr(page.protection, allowed, False)
