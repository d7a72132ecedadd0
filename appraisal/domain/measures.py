"""Measures of rectification (整改措施) as a unit writes them down, and what may not stand in one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from appraisal.domain.refusal import Refusal

LONGEST = {"text": 20_000, "leader": 100, "title": 200}
MOST_MILESTONES = 20


@dataclass(frozen=True)
class Milestone:
    """A step on the way of a measure (时间节点)."""

    title: str
    due_on: date | None = None
    reached_on: date | None = None


@dataclass(frozen=True)
class Measure:
    """A measure for the problems of these numbers: how far it is in percent, and when it was carried out."""

    problems: Sequence[int]
    text: str
    leader: str = ""
    due_on: date | None = None
    percent: int = 0
    done_on: date | None = None
    milestones: Sequence[Milestone] = ()


def tidied(measure: Measure, today: date) -> Measure:
    """Without spaces around what was typed, its problems in order.

    Refuses one without words or problems, too many words, a percentage that is none, and what is said to be done on a
    day that is still to come.
    """
    steps = tuple(replace(each, title=each.title.strip()) for each in measure.milestones)
    tidy = replace(
        measure,
        problems=tuple(sorted(set(measure.problems))),
        text=measure.text.strip(),
        leader=measure.leader.strip(),
        milestones=steps,
    )
    if not tidy.problems:
        raise Refusal("measure.no_problem")
    if not tidy.text or not all(step.title for step in steps):
        raise Refusal("measure.no_text")
    _not_too_much(tidy)
    if not 0 <= tidy.percent <= 100:
        raise Refusal("progress.not_percent", percent=tidy.percent)
    for day in (tidy.done_on, *(step.reached_on for step in steps)):
        if day and day > today:
            raise Refusal("measure.done_later", day=str(day))
    return tidy


def _not_too_much(measure: Measure) -> None:
    for part, written in _words(measure):
        if len(written) > LONGEST[part]:
            raise Refusal("measure.too_long", part=part, length=len(written), most=LONGEST[part])
    if len(measure.milestones) > MOST_MILESTONES:
        raise Refusal("measure.too_many_steps", count=len(measure.milestones), most=MOST_MILESTONES)


def _words(measure: Measure) -> Iterator[tuple[str, str]]:
    yield "text", measure.text
    yield "leader", measure.leader
    for step in measure.milestones:
        yield "title", step.title
