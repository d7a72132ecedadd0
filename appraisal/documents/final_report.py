"""The report at the end of a campaign as an official paper, from a template that an office may change."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from docx.shared import Emu
from docx.table import Table
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from appraisal.places import root

TEMPLATE = "final-report.docx"


@dataclass(frozen=True)
class Section:
    """A part of the report: its heading and its paragraphs."""

    heading: str
    paragraphs: Sequence[str]


@dataclass(frozen=True)
class Figured:
    """A table of the annex; the first column has names, all others figures or few words."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class FinalReport:
    """Everything on the paper; ``draft`` says so while the campaign goes on, and is empty after."""

    body: str
    title: str
    draft: str
    sections: Sequence[Section]
    annexes: str
    tables: Sequence[Figured]
    dated: str


def final_report_docx(report: FinalReport) -> bytes:
    """The report as a Word file, on A4."""
    template = DocxTemplate(root() / "templates" / "documents" / TEMPLATE)
    template.render({"r": report}, Environment(undefined=StrictUndefined, autoescape=True), autoescape=True)
    for table in template.docx.tables:
        _widen_first(table)
    content = io.BytesIO()
    template.save(content)
    return content.getvalue()


def _widen_first(table: Table) -> None:
    width = sum(column.width or 0 for column in table.columns)
    rest = len(table.columns) - 1
    first = max(width * 2 // 10, width // (rest + 1))
    for place, column in enumerate(table.columns):
        column.width = Emu(first if place == 0 else (width - first) // rest)
        for cell in column.cells:
            cell.width = column.width
