"""Official papers as Word files on A4, from templates that an office may change."""

import io
from collections.abc import Mapping
from fractions import Fraction

from docx.shared import Emu
from docx.table import Table
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from appraisal.places import root


def word_file(name: str, facts: Mapping[str, object], *, first: Fraction | None = None) -> bytes:
    """The template of that name with its facts; a fact that is missing is an error.

    ``first`` is the share of its width that the first column of every table keeps at the least, the others alike.
    """
    template = DocxTemplate(root() / "templates" / "documents" / f"{name}.docx")
    template.render(dict(facts), Environment(undefined=StrictUndefined, autoescape=True), autoescape=True)
    for table in template.docx.tables if first else ():
        _widen_first(table, first or Fraction())
    content = io.BytesIO()
    template.save(content)
    return content.getvalue()


def _widen_first(table: Table, share: Fraction) -> None:
    width = sum(column.width or 0 for column in table.columns)
    rest = len(table.columns) - 1
    first = max(width * share.numerator // share.denominator, width // (rest + 1))
    for place, column in enumerate(table.columns):
        column.width = Emu(first if place == 0 else (width - first) // rest)
        for cell in column.cells:
            cell.width = column.width
