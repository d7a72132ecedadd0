"""Why a consequence applies: the result, the marks or the place that it looks at, and how often it went that way."""

from collections.abc import Iterator

from appraisal.domain.count import WHOLE, Count, Verdict
from appraisal.domain.reasoning import Step
from appraisal.method.ballots import Ballot
from appraisal.method.grading import Condition, Consequence
from appraisal.store.campaign_tables import ResultRow


def reasons(ballot: Ballot, count: Count, consequence: Consequence, row: ResultRow, times: int) -> Iterator[Step]:
    """The steps, in the order in which they are told."""
    yield Step("consequence.why.result", {"ballot": ballot.title, "round": row.round, "grade": row.grade})
    for condition in _leaves(consequence.when):
        yield from _figure(ballot, count, condition, row)
    if times:
        yield Step("consequence.why.failures", {"times": times})


def _leaves(condition: Condition | None) -> Iterator[Condition]:
    if condition is None:
        return
    parts = [*condition.all, *condition.any]
    if not parts:
        yield condition
    for part in parts:
        yield from _leaves(part)


def _figure(ballot: Ballot, count: Count, condition: Condition, row: ResultRow) -> Iterator[Step]:
    if condition.counts:
        titles = [option.title for option in ballot.options if option.key in condition.counts]
        yield Step("consequence.why.marks", {"options": "、".join(titles), "count": _marks(count, condition, row)})
    place, score = row.detail.get("place"), row.detail.get("score")
    if place is not None and (condition.first is not None or condition.last is not None):
        yield Step("consequence.why.place", {"place": int(place)})
    if score is not None and condition.score is not None:
        yield Step("consequence.why.score", {"score": str(score)})


def _marks(count: Count, condition: Condition, row: ResultRow) -> int:
    """How many valid marks of these options the unit got, from the channel and the classes that are looked at."""
    return sum(
        line.count
        for line in count.lines
        if line.unit == row.unit.code
        and line.verdict is Verdict.VALID
        and line.subject == (condition.of or WHOLE)
        and line.mark in condition.counts
        and condition.channel in (None, line.channel)
        and (not condition.voters or line.voters in condition.voters)
    )
