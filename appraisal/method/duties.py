"""The schema of duties: what somebody owes, by when, and how it is handed in and accepted."""

from typing import Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from appraisal.domain.deadlines import Ends, Roll
from appraisal.method.base import (
    Clause,
    ConsequenceRef,
    Day,
    DutyRef,
    EventName,
    EventRef,
    LadderRef,
    RoleRef,
    Slug,
    SpanText,
    Strict,
    Text,
    TrackRef,
)
from appraisal.method.grading import Share
from appraisal.method.investigation import Rhythm
from appraisal.method.words import Act, Evidence, Manner, Moment, OrderKind, OwedBy, RungAct


class Due(Strict):
    """A due date (difference 16): counted from or back from an event, fixed, or a moment of the year."""

    after: EventRef | None = None
    before: EventRef | None = None
    within: SpanText | None = None
    at: Moment | None = None
    on: Day | None = None
    roll: Roll | None = None
    ends: Ends | None = None
    counts_start_day: bool | None = None
    basis: Text | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        shape = tuple(getattr(self, name) is not None for name in ("after", "before", "within", "at", "on"))
        counted = {(True, False, True, False, False), (False, True, True, False, False)}
        counted_moment = shape == (True, False, False, True, False) and self.at is not Moment.DECIDED
        decided = shape == (False, False, False, True, False) and self.at is Moment.DECIDED
        fixed = shape == (False, False, False, False, True)
        if shape in counted or counted_moment or decided or fixed:
            return self
        raise PydanticCustomError("due_shape", "a due date is counted, fixed, a moment of the year, or decided")


class Duty(Clause):
    """Something somebody owes by a date; each holder gets an obligation of their own.

    ``tracks`` limits a duty about problems to those tracks.  A supporting unit's duty says whose it ``supports``:
    ``<duty>.due`` is the day by which the lead unit owes that one.  A duty owed for orders says which kinds it
    ``answers``.  ``progress`` asks how far the problem is, in percent.  ``sample`` looks back at a share of what is
    closed out.  ``climbs_from`` lets its ladder start at a colour: what is below the first such rung is not climbed.
    """

    key: Slug
    title: Text
    owed_by: OwedBy = OwedBy.EACH_UNIT
    role: RoleRef
    does: Act
    due: Due
    accepted_by: RoleRef | None = None
    evidence: Evidence = Evidence.OPTIONAL
    ladder: LadderRef | None = None
    raises: EventName | None = None
    tell: list[RoleRef] = []
    rhythm: Rhythm | None = None
    only_if: ConsequenceRef | None = None
    tracks: list[TrackRef] = []
    supports: DutyRef | None = None
    answers: list[OrderKind] = []
    progress: bool = False
    manners: list[Manner] = []
    sample: Share | None = None
    climbs_from: RungAct | None = None
