"""The schema of a method (评议办法): one strict model, one YAML file, every clause with its basis."""

from typing import Annotated

from pydantic import Field

from appraisal.domain.deadlines import Ends, Roll
from appraisal.method.ballots import Ballot, Scrutiny, VoterClass
from appraisal.method.base import (
    BallotRef,
    Clause,
    DutyRef,
    EventName,
    EventRef,
    PhaseRef,
    Planned,
    RoleRef,
    Slug,
    Strict,
    Text,
)
from appraisal.method.duties import Due, Duty
from appraisal.method.extras import Livelihood
from appraisal.method.grading import Consequence, Share
from appraisal.method.investigation import Goal, Intake, Named, Problems, Roundup, Selection
from appraisal.method.ladders import Ladder
from appraisal.method.rectification import Assignment, Extension, OrderRule, WeeklyBrief
from appraisal.method.vote_words import Bound, Measured
from appraisal.method.words import (
    AppraisalKind,
    GateRule,
    PhaseKind,
    Scope,
    TargetKind,
)


class Source(Strict):
    """Where the method was published."""

    title: Text
    where: Text


class CalendarRules(Clause):
    """How this body counts days, where a due date does not say otherwise (difference 24)."""

    roll: Roll = Roll.NEXT
    roll_backward: Roll = Roll.PREVIOUS
    ends: Ends = Ends.MIDNIGHT
    counts_start_day: bool = False


class Role(Clause):
    """A role of the method; the register says who fills it (difference 1)."""

    key: Slug
    title: Text
    scope: Scope
    digest: bool = False


class Targets(Clause):
    """What is appraised (difference 3)."""

    kinds: Annotated[list[TargetKind], Field(min_length=1)]
    selection: Selection


class EventDefinition(Clause):
    """A dated happening that staff enter, such as a sitting (会议); it may be moved later."""

    key: EventName
    title: Text
    scope: Scope = Scope.BODY
    sitting: bool = False


class Approval(Clause):
    """Who consents to the closing of a phase."""

    by: RoleRef


class Gate(Clause):
    """One condition of closing; without ``duties`` or ``ballots`` it speaks of all in the phase."""

    rule: GateRule
    duties: list[DutyRef] = []
    ballots: list[BallotRef] = []


class Announcement(Strict):
    """Who is told when a phase opens and closes."""

    opened: list[RoleRef] = []
    closed: list[RoleRef] = []


class Phase(Clause):
    """A phase of the campaign (difference 5); without ``opens`` it follows the one before."""

    key: Slug
    title: Text
    kind: PhaseKind
    opens: Due | None = None
    closes: Due
    duties: list[Duty] = []
    goals: list[Goal] = []
    gate: list[Gate] = []
    closing: Approval | None = None
    announce: Announcement = Announcement()


class Copy(Clause):
    """Who is told of what (difference 20): when the event happens, these roles get a copy."""

    on: EventRef
    to: Annotated[list[RoleRef], Field(min_length=1)]


class PartShare(Clause):
    """What share of the whole text one part of it must have."""

    share: Share
    boundary: Bound


class ReviewOpinion(Clause):
    """The opinion on each unit (评议意见): its parts in measure, who approves it, and the duty that signs for it.

    ``review_opinion.delivered`` is the event of its delivery.
    """

    duty: DutyRef
    drafted_by: RoleRef | None = None
    approved_by: RoleRef
    measured: Measured = Measured.CHARACTERS
    achievements: PartShare | None = None
    problems: PartShare | None = None


class ByHand(Clause):
    """A clause that people carry out; shown as a check list beside the phase, and nothing more."""

    phase: PhaseRef
    what: Text


class Method(Clause):
    """One appraisal method."""

    method: Slug
    title: Text
    body: Text
    kind: AppraisalKind
    year: Annotated[int | None, Field(ge=2000, le=2100)] = None
    sources: Annotated[list[Source], Field(min_length=1)]
    calendar: CalendarRules
    roles: Annotated[list[Role], Field(min_length=1)]
    targets: Targets
    events: list[EventDefinition] = []
    phases: Annotated[list[Phase], Field(min_length=1)]
    ballots: list[Ballot] = []
    copies: list[Copy] = []
    by_hand: list[ByHand] = []
    ladders: dict[Slug, Ladder] = {}
    voters: list[VoterClass] = []
    log: list[Named] = []
    aspects: list[Named] = []
    intake: Intake | None = None
    problems: Problems | None = None
    roundups: list[Roundup] = []
    assignment: Assignment | None = None
    extension: Extension | None = None
    orders: list[OrderRule] = []
    weekly: WeeklyBrief | None = None
    review_opinion: ReviewOpinion | None = None
    consequences: list[Consequence] = []
    scrutiny: Scrutiny | None = None
    livelihood: Annotated[Livelihood | None, Planned()] = None

    def phase(self, key: str) -> Phase:
        """The phase of that key; KeyError where there is none."""
        return next(phase for phase in self.phases if phase.key == key)

    def duty(self, key: str) -> Duty:
        """The duty of that key in whatever phase; KeyError where there is none."""
        for phase in self.phases:
            for duty in phase.duties:
                if duty.key == key:
                    return duty
        raise KeyError(key)

    def ballot(self, key: str) -> Ballot:
        """The ballot of that key; KeyError where there is none."""
        for ballot in self.ballots:
            if ballot.key == key:
                return ballot
        raise KeyError(key)

    def role(self, key: str) -> Role:
        """The role of that key; KeyError where there is none."""
        for role in self.roles:
            if role.key == key:
                return role
        raise KeyError(key)
