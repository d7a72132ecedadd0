"""A table as it stands in a file, before anybody asks what it means."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from openpyxl.utils.datetime import WINDOWS_EPOCH

from appraisal.domain.refusal import Refusal

MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_BYTES = 32 * 2**20
GUARDED = ("=", "+", "-", "@", "\t", "\r", "'")

Row = tuple[int, tuple[object, ...]]


@dataclass(frozen=True, order=True)
class Area:
    """Cells that were merged into the first of them: the others hold nothing any more."""

    row: int
    column: int
    last_row: int
    last_column: int

    def covers(self, row: int, column: int) -> bool:
        """Whether the cell is one of those that lost what they held."""
        inside = self.row <= row <= self.last_row and self.column <= column <= self.last_column
        return inside and (row, column) != (self.row, self.column)


@dataclass(frozen=True)
class Grid:
    """The heading row, then the rows that hold anything, each with its number as people see it."""

    headings: tuple[object, ...]
    rows: tuple[Row, ...]
    merged: tuple[Area, ...] = ()
    epoch: datetime = WINDOWS_EPOCH


def assemble(rows: Iterable[Row], title: str) -> Grid:
    headings: tuple[object, ...] = ()
    kept: list[Row] = []
    for number, cells in rows:
        refuse_long(title, number, len(cells))
        if number == 1:
            headings = cells
        elif any(cell is not None and cell != "" for cell in cells):
            kept.append((number, cells))
    return Grid(headings, tuple(kept))


def refuse_long(title: str, number: int, width: int) -> None:
    if number > MOST_ROWS + 1 or width > MOST_COLUMNS:
        raise Refusal("register.sheet_too_big", sheet=title, rows=MOST_ROWS, columns=MOST_COLUMNS)


def refuse_big(size: int) -> None:
    if size > MOST_BYTES:
        raise Refusal("register.too_big", most=MOST_BYTES // 2**20)
