"""The schema of grading: how counts become a grade (differences 9–13), and what a grade leads to (19)."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from appraisal.method.base import BallotRef, Clause, RoleRef, Slug, Strict, Text, VoterRef
from appraisal.method.vote_words import Base, Bound, ClassWeighing, EmptyRule, GradingRule, Rounding, Satisfaction, Ties

Share = Annotated[str, Field(pattern=r"^(\d+(\.\d+)?%|\d+/[1-9]\d*)$")]
Portion = Annotated[str, Field(pattern=r"^(\d+(\.\d+)?%|[1-9]\d*)$", coerce_numbers_to_str=True)]
Weight = Annotated[Decimal, Field(gt=0, le=100)]


class Condition(Strict):
    """A condition on one figure of a unit, or several joined by ``all`` or ``any``.

    The figure is a share of the papers (``share``), a number of marks (``votes``), a ``score``, or a place from the
    front or the back (``first``, ``last``).  ``boundary`` decides what exactly the line means (difference 11).
    """

    counts: list[Slug] = []
    share: Share | None = None
    votes: Annotated[int | None, Field(ge=0)] = None
    score: Decimal | None = None
    first: Portion | None = None
    last: Portion | None = None
    boundary: Bound | None = None
    base: Base | None = None
    of: Slug | None = None
    voters: list[VoterRef] = []
    channel: Slug | None = None
    all: list["Condition"] = []
    any: list["Condition"] = []

    @model_validator(mode="after")
    def _one_figure(self) -> Self:
        figures = [self.share, self.votes, self.score, self.first, self.last, self.all or None, self.any or None]
        if sum(figure is not None for figure in figures) > 1:
            raise PydanticCustomError("condition_shape", "a condition asks for one figure")
        lined = self.share is not None or self.votes is not None or self.score is not None
        if lined and self.boundary is None:
            raise PydanticCustomError("boundary_open", "exactly on the line is not decided")
        return self


class Threshold(Condition, Clause):
    """A grade and what earns it."""

    grade: Slug


class Drop(Strict):
    """Scores left out of the mean: so many of the highest, so many of the lowest."""

    highest: Annotated[int, Field(ge=0)] = 0
    lowest: Annotated[int, Field(ge=0)] = 0


class RankedBy(Strict):
    """What units are ranked by, the most first: the share of some options, or without ``counts`` the score.

    ``fewest`` turns the order round.
    """

    counts: list[Slug] = []
    base: Base | None = None
    of: Slug | None = None
    fewest: bool = False


class Grading(Clause):
    """How counts become a grade (differences 9–13): the first threshold that is met, else ``otherwise``.

    A veto that is met lowers the grade to its own.
    """

    rule: GradingRule
    base: Base | None = None
    thresholds: list[Threshold] = []
    otherwise: Slug | None = None
    vetoes: list[Threshold] = []
    satisfaction: Satisfaction | None = None
    classes: ClassWeighing | None = None
    if_empty: EmptyRule | None = None
    drop: Drop | None = None
    decimals: Annotated[int | None, Field(ge=0, le=6)] = None
    ranked_by: list[RankedBy] = []
    ties: Ties | None = None
    rounding: Rounding | None = None


class Consequence(Clause):
    """What a result leads to (difference 19): its event ``<key>.applies`` starts the duties that say ``only_if``.

    Without ``ballots`` it looks at every ballot; ``failures`` asks that the unit's grade was among ``grades`` in so
    many rounds.
    """

    key: Slug
    title: Text
    ballots: list[BallotRef] = []
    grades: list[Slug] = []
    when: Condition | None = None
    failures: Annotated[int | None, Field(ge=1)] = None
    then: list[Text] = []
    tell: list[RoleRef] = []
    points: int | None = None
