"""The use of an appraisal in the annual assessment (年度考核运用) as one sheet of a workbook."""

import io
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from openpyxl import Workbook

from appraisal.documents.cells import Kind
from appraisal.documents.register_export import fill_sheet
from appraisal.documents.register_layout import Column, Sheet


@dataclass(frozen=True)
class AnnualLine:
    """A unit with what goes into its assessment; ``points`` is None where the method keeps none."""

    name: str
    grades: str
    points: int | None
    listed: int
    closed: int
    rate: str
    late: int
    handed_on: int
    circulars: int
    consequences: str


SHEET = Sheet(
    "年度考核运用",
    (
        Column("单位", "name", Kind.NAME, width=30),
        Column("测评等次", "grades", Kind.TEXT, required=False, width=36),
        Column("扣分", "points", Kind.NUMBER, required=False, width=8),
        Column("列入清单问题", "listed", Kind.NUMBER, width=14),
        Column("已销号", "closed", Kind.NUMBER, width=10),
        Column("销号率", "rate", Kind.NAME, width=10),
        Column("逾期", "late", Kind.NUMBER, width=8),
        Column("结转", "handed_on", Kind.NUMBER, width=8),
        Column("通报", "circulars", Kind.NUMBER, width=8),
        Column("结果运用", "consequences", Kind.TEXT, required=False, width=40),
    ),
    key=("name",),
)


def annual_book(lines: Sequence[AnnualLine]) -> bytes:
    """The workbook, a row a unit."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    fill_sheet(workbook.create_sheet(SHEET.title), SHEET, [list(astuple(line)) for line in lines])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()
