"""The schema of duties: what somebody owes, by when, and how it is handed in and accepted."""

from typing import Annotated, Self

from pydantic import Field, model_validator
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

_SHAPE = ("after", "before", "within", "at", "on", "day", "ahead")


class Due(Strict):
    """A due date (difference 16): counted from or back from an event, fixed, or a moment of the month or the year.

    ``day`` is the first such day of a month after the event; ``ahead`` goes with the next sitting and is counted back.
    """

    after: EventRef | None = None
    before: EventRef | None = None
    within: SpanText | None = None
    at: Moment | None = None
    on: Day | None = None
    day: Annotated[int, Field(ge=1, le=31)] | None = None
    ahead: SpanText | None = None
    roll: Roll | None = None
    ends: Ends | None = None
    counts_start_day: bool | None = None
    basis: Text | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        given = {name for name in _SHAPE if getattr(self, name) is not None}
        moment = self.at is not None and self.at is not Moment.DECIDED
        sitting = self.at is Moment.NEXT_SITTING
        if (
            given in ({"after", "within"}, {"before", "within"}, {"after", "day"}, {"on"})
            or (moment and given == {"after", "at"})
            or (sitting and given == {"after", "at", "ahead"})
            or (self.at is Moment.DECIDED and given == {"at"})
        ):
            return self
        raise PydanticCustomError("due_shape", "a due date is counted, fixed, a moment of the year, or decided")


class Duty(Clause):
    """Something somebody owes by a date; each holder gets an obligation of their own.

    ``tracks`` limits a duty about problems to those tracks.  A supporting unit's duty says whose it ``supports``:
    ``<duty>.due`` is the day by which the lead unit owes that one.  A duty owed for orders says which kinds it
    ``answers``.  ``progress`` asks how far the problem is, in percent.  ``sample`` looks back at a share of what is
    closed out; ``not_before`` says how long after the closing at the earliest it may be found to hold.
    ``climbs_from`` lets its ladder start at a colour: what is below the first such rung is not climbed.
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
    not_before: SpanText | None = None
    climbs_from: RungAct | None = None
