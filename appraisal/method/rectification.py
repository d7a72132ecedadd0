"""The schema of rectification: assignment, tracks, more time, closing out, orders and the weekly brief.

Differences 15 to 17 and 23; what offices call 交办、延期、验收销号、督办.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from appraisal.method.base import Clause, DutyRef, EventRef, RoleRef, Slug, SpanText, Text, TrackRef
from appraisal.method.words import ExtensionFrom, OrderKind, Weekday


class Track(Clause):
    """A track or tier of problems (立行立改、限期整改、长期整改；小、中、大): duties may be owed on some tracks alone.

    ``of`` gives the class on each axis that puts a problem on this track; of several that fit, the first counts.
    What is ``handed_on`` may outlive the campaign and go over to next year's follow-up.
    """

    key: Slug
    title: Text
    of: dict[Slug, Slug] = {}
    handed_on: bool = False


class Objection(Clause):
    """How long a unit may say that a problem was wrongly addressed, and who rules on it."""

    within: SpanText
    ruled_by: RoleRef


class Assignment(Clause):
    """The letter of assignment (交办函): its mark, as in 兰人评交〔2023〕3号, and the way back from it."""

    mark: Text
    objection: Objection | None = None


class Extension(Clause):
    """Who may grant more time, how much, counted from where, and how late one may ask (difference 17).

    Without ``duties`` it may be asked for every duty of units; with ``tracks`` only for what is
    owed for a problem on one of them.
    """

    consent: RoleRef
    ceiling: SpanText
    counted_from: ExtensionFrom
    event: EventRef | None = None
    asked_before: SpanText
    times: Annotated[int, Field(ge=1)] = 1
    duties: list[DutyRef] = []
    tracks: list[TrackRef] = []

    @model_validator(mode="after")
    def _event_goes_with_its_word(self) -> Self:
        if (self.event is not None) != (self.counted_from is ExtensionFrom.EVENT):
            raise PydanticCustomError("extension_event", "an event is named where the ceiling is counted from one")
        return self


class ClosingOut(Clause):
    """Closing out (销号) by another hand than the one that verified; ``agreed_by`` are all who have to agree first.

    ``partial`` lets a part be closed out while the rest goes on.
    """

    by: RoleRef
    agreed_by: list[RoleRef] = []
    partial: bool = False


class OrderRule(Clause):
    """A kind of numbered letter (督办单、批示、通报 …): its mark, who may give it besides the office, who gets a copy.

    The mark is what stands before the year and the number, as 丹人评督 in 丹人评督〔2023〕1号.

    Rungs that supervise, list, summon or tell all give such a letter by themselves where its kind is listed.
    """

    kind: OrderKind
    mark: Text
    given_by: list[RoleRef] = []
    tell: list[RoleRef] = []


class WeeklyBrief(Clause):
    """The brief of what is stalled and what comes next, sent on one day of every week."""

    on: Weekday
    to: Annotated[list[RoleRef], Field(min_length=1)]
