"""The opinion on a unit as an official paper, from a template that an office may change."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from appraisal.documents.word import word_file


@dataclass(frozen=True)
class ProblemOnPaper:
    """A problem in words; empty parts are left out."""

    text: str
    aim: str
    due: str


@dataclass(frozen=True)
class OpinionPaper:
    """Everything on the paper; ``stage`` is empty once it is approved and delivered."""

    title: str
    stage: str
    unit: str
    method: str
    achievements: Sequence[str]
    problems: Sequence[ProblemOnPaper]
    closing: str
    body: str
    dated: str
    digest: str


def review_opinion_docx(paper: OpinionPaper) -> bytes:
    """The paper as a Word file, on A4."""
    return word_file("review-opinion", asdict(paper))
