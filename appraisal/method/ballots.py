"""The schema of ballots and the custody of the count (differences 2, 6–8, 14, 18 and 21)."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from appraisal.method.base import BallotRef, Clause, EventRef, PhaseRef, RoleRef, Slug, Strict, Text, VoterRef
from appraisal.method.grading import Grading, Share, Weight
from appraisal.method.vote_words import (
    BallotScope,
    Base,
    BlankRule,
    Boundary,
    ChannelSource,
    LineRule,
    Marking,
    Medium,
    Recording,
    Secrecy,
    ShownWhen,
)


class VoterClass(Clause):
    """A class of voters, with its weight where classes count differently.

    Holders of ``role`` are put on the roll of a sitting by themselves.
    """

    key: Slug
    title: Text
    weight: Weight | None = None
    role: RoleRef | None = None


class Option(Strict):
    """One answer a ballot offers; ``points`` is what it is worth in a score, ``excluded`` takes it out of ``known``."""

    key: Slug
    title: Text
    points: Decimal | None = None
    excluded: bool = False


class Grade(Strict):
    """A grade that can come out, where the options are not the grades themselves; the best is written first."""

    key: Slug
    title: Text


class Item(Strict):
    """A dimension or a single item that a ballot rates."""

    key: Slug
    title: Text
    weight: Weight | None = None


class Scale(Strict):
    """The scores that may be given."""

    lowest: Decimal = Decimal(0)
    highest: Decimal = Decimal(100)
    step: Annotated[Decimal, Field(gt=0)] = Decimal(1)


class Limits(Strict):
    """How many units a paper approves of, or ranks."""

    at_least: Annotated[int, Field(ge=0)] = 0
    at_most: Annotated[int | None, Field(ge=1)] = None


class Validity(Clause):
    """What makes a paper or a whole vote invalid (difference 8)."""

    void_if_returned_exceeds_issued: bool = True
    blank: BlankRule
    several_marks: BlankRule
    judged: LineRule = LineRule.LINE
    abstentions_are_valid: bool = False


class Quorum(Clause):
    """Who must be present before a vote opens; ``voters`` are the classes that are counted, all without it."""

    share: Share
    boundary: Boundary
    base: Base
    voters: list[VoterRef] = []


class Channel(Clause):
    """A channel (meeting, questionnaire, phone) and its share of the whole (difference 13)."""

    key: Slug
    title: Text
    weight: Weight
    source: ChannelSource = ChannelSource.SITTING


class Shown(Clause):
    """When a result is shown, and to whom (difference 14); a sealed one is shown once ``released_by`` says so."""

    when: ShownWhen
    to: list[RoleRef] = []
    released_by: RoleRef | None = None


class SecondRound(Clause):
    """Which grades bring a further round, from when, by whom, and how many in all; without ``rounds`` until none does.

    Difference 18.
    """

    grades: Annotated[list[Slug], Field(min_length=1)]
    after: EventRef | None = None
    electorate: list[VoterRef] = []
    rounds: Annotated[int | None, Field(ge=2)] = None


class Ballot(Clause):
    """One vote on every appraised unit (differences 6 and 7).

    ``only`` limits a repeated vote to the units that had one of these grades in the vote it repeats.
    """

    key: Slug
    title: Text
    held_in: PhaseRef
    rates: BallotScope
    recording: Recording
    marking: Marking = Marking.ONE_OF_OPTIONS
    options: Annotated[list[Option], Field(max_length=5)] = []
    grades: list[Grade] = []
    scale: Scale | None = None
    limits: Limits | None = None
    dimensions: list[Item] = []
    overall: bool = True
    items: list[Item] = []
    secrecy: Secrecy = Secrecy.SECRET
    media: Annotated[list[Medium], Field(min_length=1)] = [Medium.PAPER, Medium.PHONE]
    electorate: list[VoterRef] = []
    validity: Validity | None = None
    quorum: Quorum | None = None
    channels: list[Channel] = []
    grading: Grading
    shown: Shown
    repeats: BallotRef | None = None
    only: list[Slug] = []
    second_round: SecondRound | None = None


class Scrutiny(Clause):
    """Who watches the count and who keeps the papers (difference 21)."""

    scrutineers: Annotated[int, Field(ge=1)]
    tellers: Annotated[int, Field(ge=2)]
    chosen_by: Text
    kept_by: RoleRef
