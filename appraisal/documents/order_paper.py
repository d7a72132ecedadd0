"""A numbered letter that presses a matter as an official paper, from a template that an office may change."""

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from appraisal.places import root

TEMPLATE = "order.docx"


@dataclass(frozen=True)
class OrderPaper:
    """Everything on the paper; empty parts are left out."""

    body: str
    kind: str
    mark: str
    unit: str
    campaign: str
    by: str
    problem: str
    due: str
    text: Sequence[str]
    dated: str


def order_docx(paper: OrderPaper) -> bytes:
    """The paper as a Word file, on A4."""
    template = DocxTemplate(root() / "templates" / "documents" / TEMPLATE)
    template.render(asdict(paper), Environment(undefined=StrictUndefined, autoescape=True), autoescape=True)
    content = io.BytesIO()
    template.save(content)
    return content.getvalue()
