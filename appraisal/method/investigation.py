"""The schema of an investigation: choosing the units, panels and goals, opinions, problems, daily briefs.

Differences 3, 4 and 15; what offices call 走访调研、征求意见、问题清单.
"""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from appraisal.method.base import (
    Clause,
    DutyRef,
    LogRef,
    PhaseRef,
    RoleRef,
    Slug,
    SpanText,
    Strict,
    Text,
)
from appraisal.method.rectification import ClosingOut, Track
from appraisal.method.vote_words import Base, Boundary
from appraisal.method.words import GoalScope, Measure, PointScope, ProblemPart, SelectionWay

Share = Annotated[str, Field(pattern=r"^(\d+(\.\d+)?%|\d+/\d+)$")]
FROM_LOG = frozenset({Measure.ENTRIES, Measure.ENTERPRISES, Measure.PLACES, Measure.PEOPLE})


class Named(Strict):
    """A class on an axis, an aspect, a kind of log entry: something with a key and a title."""

    key: Slug
    title: Text


class Passing(Clause):
    """What a vote on the choice of units must reach; ``boundary`` decides what exactly the share means."""

    share: Share
    boundary: Boundary
    base: Base


class Selection(Clause):
    """How the appraised units are chosen (difference 4)."""

    way: SelectionWay
    count: Annotated[int | None, Field(ge=1)] = None
    decided_by: RoleRef | None = None
    passing: Passing | None = None
    carried_over: bool = False


class Goal(Clause):
    """A quantified goal (量化指标) of a phase: at least so many of what is measured, by the body or by every panel.

    ``log`` says which kinds of log entries count; it goes with the measures that are taken from the panels' log.
    """

    key: Slug
    title: Text
    measures: Measure
    at_least: Annotated[Decimal, Field(gt=0)]
    unit: Text = "项"
    scope: GoalScope = GoalScope.BODY
    log: list[LogRef] = []

    @model_validator(mode="after")
    def _log_goes_with_entries(self) -> Self:
        if self.log and self.measures not in FROM_LOG:
            raise PydanticCustomError("goal_log", "only what is taken from the log names kinds of entries")
        return self


class Intake(Clause):
    """Who may be heard and how: the codes that are printed, and the smallest group that a figure may show."""

    during: Annotated[list[PhaseRef], Field(min_length=1)]
    points: Annotated[list[PointScope], Field(min_length=1)]
    smallest_group: Annotated[int, Field(ge=2, le=50)] = 5


class Axis(Clause):
    """An axis along which the body classifies problems (difference 15)."""

    key: Slug
    title: Text
    values: Annotated[list[Named], Field(min_length=2)]


class Problems(Clause):
    """How problems are classified and followed (difference 15).

    ``leader`` is the role whose holder in the lead unit is the responsible leader unless another is named.
    ``closing`` names the second hand; without it what is accepted is closed out.
    """

    axes: list[Axis] = []
    complete: list[ProblemPart] = [ProblemPart.LEAD]
    leader: RoleRef | None = None
    tracks: list[Track] = []
    closing: ClosingOut | None = None


class Rhythm(Clause):
    """A duty that is owed anew every period for as long as its phase is open."""

    every: SpanText


class Roundup(Clause):
    """A brief (简报) for leaders, drawn up each working day from what the panels reported under a duty."""

    key: Slug
    title: Text
    duty: DutyRef
    to: Annotated[list[RoleRef], Field(min_length=1)]
