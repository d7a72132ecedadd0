"""A rehearsal on paper: a workbook to read and print, and the same as JSON for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int
WIDEST = 60


@dataclass(frozen=True)
class Grid:
    """One sheet: its title, its headings and its lines."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Written:
    """Where a rehearsal was put."""

    xlsx: Path
    json: Path


def write_rehearsal(folder: Path, grids: Sequence[Grid], plain: Mapping[str, object]) -> Written:
    """Both files into a folder, in place of those that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    written = Written(folder / "rehearsal.xlsx", folder / "rehearsal.json")
    workbook_of(grids).save(written.xlsx)
    written.json.write_text(json.dumps(plain, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")
    return written


def workbook_of(grids: Iterable[Grid]) -> Workbook:
    """The sheets with headings that stay in sight; whatever begins like a formula stays a text."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for grid in grids:
        _fill(workbook.create_sheet(grid.title), grid)
    return workbook


def _fill(sheet: Worksheet, grid: Grid) -> None:
    for number, line in enumerate((grid.columns, *grid.rows), start=1):
        for column, value in enumerate(line, start=1):
            cell = sheet.cell(number, column, value)
            if isinstance(value, str):
                # A name from the register may begin with "=": it stays a text.
                cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    for column, lines in enumerate(zip(grid.columns, *grid.rows, strict=True), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(WIDEST, 2 + max(_width(line) for line in lines))


def _width(value: Cell) -> int:
    """A Chinese character is as wide as two letters; of several lines the longest counts."""
    lines = str(value).splitlines() or [""]
    return max(sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line) for line in lines)
