"""The schema of ballots, grading and the custody of the count (differences 2, 6–14, 18 and 21)."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from appraisal.method.base import BallotRef, Clause, EventRef, PhaseRef, Planned, RoleRef, Slug, Strict, Text, VoterRef
from appraisal.method.words import (
    BallotScope,
    Base,
    BlankRule,
    Boundary,
    GradingRule,
    Marking,
    Medium,
    Recording,
    Satisfaction,
    Secrecy,
    ShownWhen,
)

Weight = Annotated[Decimal, Field(gt=0, le=100)]
Share = Annotated[str, Field(pattern=r"^(\d+(\.\d+)?%|\d+/\d+)$")]


class VoterClass(Clause):
    """A class of voters, with its weight where classes count differently."""

    key: Slug
    title: Text
    weight: Weight | None = None


class Option(Strict):
    """One answer a ballot offers."""

    key: Slug
    title: Text
    weight: Annotated[Weight | None, Planned()] = None
    excluded: Annotated[bool, Planned()] = False


class Item(Strict):
    """A dimension or a single item that a ballot rates."""

    key: Slug
    title: Text
    weight: Weight | None = None


class Validity(Clause):
    """What makes a paper or a whole vote invalid (difference 8)."""

    void_if_returned_exceeds_issued: bool = True
    blank: BlankRule
    several_marks: BlankRule


class Threshold(Clause):
    """A grade and what earns it; ``boundary`` decides what exactly the threshold means (difference 11)."""

    grade: Slug
    share: Share | None = None
    score: Decimal | None = None
    boundary: Boundary
    counts: list[Slug] = []


class Grading(Clause):
    """How counts become a grade (differences 9–13)."""

    rule: GradingRule
    base: Annotated[Base | None, Planned()] = None
    thresholds: Annotated[list[Threshold], Planned()] = []
    otherwise: Annotated[Slug | None, Planned()] = None
    satisfaction: Annotated[Satisfaction | None, Planned()] = None
    vetoes: Annotated[list[Threshold], Planned()] = []


class ChannelWeight(Clause):
    """A channel (meeting, questionnaire, phone) and its share of the whole (difference 13)."""

    key: Slug
    title: Text
    weight: Weight


class Shown(Clause):
    """When a result is shown, and to whom (difference 14)."""

    when: ShownWhen
    to: list[RoleRef] = []


class SecondRound(Clause):
    """What brings a repeated vote, and what two failures lead to (difference 18)."""

    grades: list[Slug]
    after: EventRef
    electorate: list[VoterRef] = []
    rounds: Annotated[int, Field(ge=1)] = 1
    then: Text | None = None


class Ballot(Clause):
    """One vote on every appraised unit (differences 6 and 7)."""

    key: Slug
    title: Text
    held_in: PhaseRef
    rates: BallotScope
    recording: Recording
    options: Annotated[list[Option], Field(min_length=2, max_length=5)]
    grading: Grading
    shown: Shown
    repeats: BallotRef | None = None
    marking: Annotated[Marking | None, Planned()] = None
    secrecy: Annotated[Secrecy | None, Planned()] = None
    media: Annotated[list[Medium], Planned()] = []
    dimensions: Annotated[list[Item], Planned()] = []
    items: Annotated[list[Item], Planned()] = []
    electorate: Annotated[list[VoterRef], Planned()] = []
    validity: Annotated[Validity | None, Planned()] = None
    quorum: Annotated[Threshold | None, Planned()] = None
    channels: Annotated[list[ChannelWeight], Planned()] = []
    second_round: Annotated[SecondRound | None, Planned()] = None


class Scrutiny(Clause):
    """Who watches the count and who keeps the papers (difference 21)."""

    scrutineers: Annotated[int, Field(ge=1)]
    tellers: Annotated[int, Field(ge=2)]
    chosen_by: Text
    kept_by: RoleRef
