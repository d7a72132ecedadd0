"""The quorum (到会要求): whether enough are present for a vote to open, in whole people and without rounding."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from appraisal.domain.reasoning import Step
from appraisal.domain.refusal import Refusal


class QuorumBase(StrEnum):
    """What the share is taken of."""

    ALL_MEMBERS = "all_members"
    DUE = "due"


@dataclass(frozen=True)
class QuorumRule:
    """At least ``share`` of the base; where ``exceeds``, exactly the share is not enough."""

    share: Fraction
    exceeds: bool
    base: QuorumBase


@dataclass(frozen=True)
class Figures:
    """Of one class of voters; the number of all members is None where nobody has said it."""

    members: int | None
    due: int
    present: int


@dataclass(frozen=True)
class QuorumState:
    """Whether it is met; ``needed`` and ``base`` are None while the base is not known.  ``step`` says it in words."""

    met: bool
    needed: int | None
    present: int
    base: int | None
    step: Step


def quorum_rule(share: Fraction, boundary: str, base: str) -> QuorumRule:
    """The rule of a method; Refusal ``quorum.base`` for a base that is no number of people known before a vote."""
    if base not in list(QuorumBase):
        raise Refusal("quorum.base", base=base)
    return QuorumRule(share, boundary == "exceed", QuorumBase(base))


def quorum(rule: QuorumRule, figures: Iterable[Figures]) -> QuorumState:
    """The state for the classes that are counted, taken together."""
    counted = list(figures)
    present = sum(each.present for each in counted)
    base = _base(rule, counted)
    facts: dict[str, str | int] = {"share": str(rule.share), "base": str(rule.base), "present": present}
    facts["boundary"] = "exceed" if rule.exceeds else "reach"
    if base is None:
        return QuorumState(False, None, present, None, Step("quorum.unknown", facts))
    needed = _needed(rule, base)
    met = base > 0 and present >= needed
    step = Step("quorum.met" if met else "quorum.short", {**facts, "of": base, "needed": needed})
    return QuorumState(met, needed, present, base, step)


def _base(rule: QuorumRule, counted: list[Figures]) -> int | None:
    """None unless it is known of every class; nobody at all is no base either."""
    if rule.base is QuorumBase.DUE:
        return sum(each.due for each in counted)
    known = [each.members for each in counted if each.members is not None]
    return sum(known) if len(known) == len(counted) else None


def _needed(rule: QuorumRule, base: int) -> int:
    line = rule.share * base
    return math.floor(line) + 1 if rule.exceeds else math.ceil(line)
