"""Problems (问题清单): what one must have to count as classified, and where it was found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from appraisal.domain.refusal import Refusal


class FindingKind(StrEnum):
    """How a problem was found; by whom is told by the finding itself."""

    OPINION = "opinion"
    LOG = "log"
    SEMINAR = "seminar"
    SELF_REVIEW = "self_review"
    ENTERED = "entered"


class LookBack(StrEnum):
    """What a look-back (回头看) found of a problem that was closed out."""

    HOLDS = "holds"
    RELAPSED = "relapsed"


class ProblemKind(StrEnum):
    """A problem to be solved, or a suggestion raised at a seminar."""

    PROBLEM = "problem"
    SUGGESTION = "suggestion"


@dataclass(frozen=True)
class Found:
    """One place where a problem was found: how, in what words, by whom, and what it can be traced back to."""

    kind: FindingKind
    text: str
    by: str
    opinion_id: UUID | None = None
    log_entry_id: UUID | None = None
    panel_id: UUID | None = None
    unit_id: UUID | None = None


@dataclass(frozen=True)
class Draft:
    """A problem as somebody writes it down; units are given by code or name, classes as axis → value (key or title)."""

    title: str
    unit: str | None = None
    detail: str = ""
    aim: str = ""
    classes: Mapping[str, str] = field(default_factory=dict)
    supporting: Sequence[str] = ()
    leader: str = ""
    due_on: date | None = None
    kind: str = ProblemKind.PROBLEM


@dataclass(frozen=True)
class Placed:
    """What is known of a problem, as far as its classification goes."""

    classes: Collection[str]
    lead: bool
    supporting: bool
    leader: bool
    due: bool
    aim: bool


LONGEST_TITLE, LONGEST_LEADER, LONGEST_DETAIL = 200, 100, 20_000


def tidied(draft: Draft) -> Draft:
    """Without spaces around what was typed; Refusal ``problem.no_title`` or ``problem.too_long`` (in characters)."""
    tidy = replace(draft, **{part: getattr(draft, part).strip() for part in ("title", "detail", "aim", "leader")})
    if not tidy.title:
        raise Refusal("problem.no_title")
    most = {"title": LONGEST_TITLE, "leader": LONGEST_LEADER, "detail": LONGEST_DETAIL, "aim": LONGEST_DETAIL}
    for part, length in most.items():
        if len(getattr(tidy, part)) > length:
            raise Refusal("problem.too_long", part=part, length=len(getattr(tidy, part)), most=length)
    return tidy


def lacking(placed: Placed, axes: Sequence[str], parts: Collection[str]) -> list[str]:
    """What the problem still lacks: the axes on which it has no class, then the parts that the method asks for."""
    missing = [axis for axis in axes if axis not in placed.classes]
    return missing + [part for part in ("lead", "supporting", "leader", "due", "aim") if _asked(placed, part, parts)]


def _asked(placed: Placed, part: str, parts: Collection[str]) -> bool:
    return part in parts and not getattr(placed, part)
