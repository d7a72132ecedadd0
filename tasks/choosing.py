"""The choice of the units and the records of talks, entered by the engine's forms."""

from collections.abc import Sequence
from dataclasses import replace

from appraisal.operations import selecting, summonses
from appraisal.operations.library import chosen
from appraisal.operations.selection_inputs import Decision, counted
from appraisal.operations.summonses import Talk
from tasks.entries import STAFF
from tasks.step import desk, step


@step("确定评议对象")
def choose(campaign: str, decision: Decision, votes: Sequence[tuple[str, int]]) -> Sequence[str]:
    """Record a decision on the units; the names of those that were chosen."""
    with desk(STAFF) as at:
        given = replace(decision, votes=counted(votes))
        return [unit["name"] for unit in selecting.choose(at, chosen(campaign), given).row.chosen]


@step("登记约谈")
def record_summons(campaign: str, talk: Talk) -> int:
    """Record a talk; its number within the campaign."""
    with desk(STAFF) as at:
        return summonses.record_summons(at, chosen(campaign), talk).number
