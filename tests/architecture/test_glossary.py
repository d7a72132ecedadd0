import re
from collections.abc import Iterator
from enum import StrEnum

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import (
    LIFECYCLES,
    ApprovalStatus,
    CampaignStatus,
    ObligationStatus,
    OpinionStatus,
    PetitionStatus,
    PhaseStatus,
    ProblemStatus,
    ReviewOpinionStatus,
    RoundStatus,
    SittingStatus,
)
from appraisal.domain.timeliness import Timeliness
from appraisal.method import vote_words, words
from appraisal.method.faults import words as method_words
from appraisal.notices.wording import phrase
from tests.architecture.sources import ROOT, text

STATUSES: dict[str, type[StrEnum]] = {
    "obligation": ObligationStatus,
    "phase": PhaseStatus,
    "campaign": CampaignStatus,
    "approval": ApprovalStatus,
    "problem": ProblemStatus,
    "petition": PetitionStatus,
    "opinion": OpinionStatus,
    "sitting": SittingStatus,
    "round": RoundStatus,
    "review_opinion": ReviewOpinionStatus,
}


def test_every_word_of_a_method_is_in_the_glossary_with_its_chinese() -> None:
    written = [(kind.__name__, f"`{word}`", _title(kind, word)) for kind in _kinds() for word in kind]
    assert _table("Words of a method") == written


def test_every_status_is_in_the_glossary_with_its_chinese() -> None:
    shown = [
        (subject, f"`{status}`", phrase(f"{subject}.status.{status}"))
        for subject, kind in STATUSES.items()
        for status in kind
    ]
    assert _table("Statuses") == shown
    assert STATUSES.keys() == LIFECYCLES.keys()


def test_every_light_is_in_the_glossary_with_its_chinese() -> None:
    assert _table("Lights") == [(f"`{light}`", phrase(f"light.{light}")) for light in Timeliness]


def test_every_fact_and_its_subject_is_in_the_glossary() -> None:
    rows = _table("Facts")
    assert [row[:2] for row in rows] == [(action.partition(":")[0], f"`{action}`") for action in Action]
    assert all(chinese for _, _, chinese in rows)


def test_no_word_stands_in_the_glossary_twice() -> None:
    sections = (
        "Who and what",
        "Duties and dates",
        "Ladders and messages",
        "Investigation",
        "The sitting and the vote",
        "Closing and the record",
    )
    entries = [row[0] for section in sections for row in _table(section)]
    assert sorted({entry for entry in entries if entries.count(entry) > 1}) == []


def _kinds() -> Iterator[type[StrEnum]]:
    for module in (words, vote_words):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, StrEnum) and kind.__module__ == module.__name__:
                yield kind


def _title(kind: type[StrEnum], word: StrEnum) -> str:
    return method_words(f"{kind.__name__}.{word}").partition("：")[0]


def _table(heading: str) -> list[tuple[str, ...]]:
    """The rows of the table under a heading, without its two head lines."""
    section = text(ROOT / "docs/glossary.md").split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\|(.+)\|$", section, re.MULTILINE)
    return [tuple(cell.strip() for cell in row.split("|")) for row in rows[2:]]
