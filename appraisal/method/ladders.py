"""The schema of ladders: rungs that hang on a due date, or on what happens (difference 23)."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from appraisal.method.base import OffsetText, RoleRef, Slug, SpanText, Strict, Text
from appraisal.method.words import RungAct


class RungCondition(Strict):
    """What a rung waits for where it does not stand at a place of the ladder (difference 23).

    ``silent``: nothing was reported for so long.  ``unmoved``: that many reports running without progress.
    ``returned``: sent back that many times, papers and closings alike.  ``fired`` with ``times``: the unit has had
    that many rungs of one kind in the campaign, and the last of them was on this ladder.  ``held_up``: a supporting
    unit is overdue.
    """

    silent: SpanText | None = None
    unmoved: Annotated[int | None, Field(ge=1)] = None
    returned: Annotated[int | None, Field(ge=1)] = None
    fired: RungAct | None = None
    times: Annotated[int | None, Field(ge=1)] = None
    held_up: bool = False

    @model_validator(mode="after")
    def _one_condition(self) -> Self:
        given = [self.silent, self.unmoved, self.returned, self.fired, self.held_up or None]
        if sum(each is not None for each in given) != 1 or (self.fired is None) != (self.times is None):
            raise PydanticCustomError("rung_condition", "a rung waits for exactly one thing")
        return self


class RungRule(Strict):
    """A rung of a ladder (difference 23); ``points`` are taken off the unit's score when it fires.

    The highest rung that is reached fires; those below it that have not fired are passed over.
    """

    at: OffsetText | None = None
    when: RungCondition | None = None
    do: RungAct
    tell: Annotated[list[RoleRef], Field(min_length=1)]
    points: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _one_trigger(self) -> Self:
        if (self.at is None) == (self.when is None):
            raise PydanticCustomError("rung_trigger", "a rung has either 'at' or 'when'")
        return self


class Ladder(Strict):
    """Rungs in the order in which they are climbed."""

    title: Text
    rungs: Annotated[list[RungRule], Field(min_length=1)]

    def __hash__(self) -> int:
        """By its title, so that its rungs are worked out once and kept."""
        return hash(self.title)


class SharedLadders(Strict):
    """The ladders that every method may name."""

    ladders: dict[Slug, Ladder]
