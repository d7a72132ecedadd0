"""The report at the end of a campaign as an official paper, from a template that an office may change."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from appraisal.documents.word import word_file

NAMES = Fraction(2, 10)
"""The share of a table that its names keep: all other columns have numbers."""


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
    return word_file("final-report", {"r": report}, first=NAMES)
