"""A letter of assignment (交办函) as an official paper, from a template that an office may change."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from appraisal.documents.word import word_file


@dataclass(frozen=True)
class ProblemInLetter:
    """A problem in a letter, with what is asked in lines of their own."""

    number: int
    title: str
    lines: Sequence[str]


@dataclass(frozen=True)
class AssignmentPaper:
    """Everything on the paper."""

    title: str
    mark: str
    body: str
    unit: str
    opening: str
    heading_leads: str
    leads: Sequence[ProblemInLetter]
    heading_supports: str
    supports: Sequence[ProblemInLetter]
    closing: Sequence[str]
    dated: str


def assignment_docx(paper: AssignmentPaper) -> bytes:
    """The letter as a Word file, on A4."""
    return word_file("assignment", asdict(paper))
