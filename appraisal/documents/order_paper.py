"""A numbered letter that presses a matter as an official paper, from a template that an office may change."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from appraisal.documents.word import word_file


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
    return word_file("order", asdict(paper))
