"""The ranking of the units as one sheet of a workbook."""

import io
from collections.abc import Sequence

from openpyxl import Workbook

from appraisal.documents.cells import Kind
from appraisal.documents.register_export import fill_sheet
from appraisal.documents.register_layout import Column, Sheet

SHEET = Sheet(
    "单位排名",
    (
        Column("名次", "rank", Kind.NUMBER, width=8),
        Column("单位", "name", Kind.NAME, width=30),
        Column("问题数", "count", Kind.NUMBER, width=10),
        Column("整改中", "assigned", Kind.NUMBER, width=10),
        Column("已销号", "closed", Kind.NUMBER, width=10),
    ),
    key=("name",),
)


def ranking_book(lines: Sequence[tuple[int, str, int, int, int]]) -> bytes:
    """The workbook: rank, unit, problems, those being solved, those closed."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    fill_sheet(workbook.create_sheet(SHEET.title), SHEET, [list(line) for line in lines])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()
