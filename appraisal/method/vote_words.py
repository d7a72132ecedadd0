"""The words that a method chooses among where it speaks of votes: marks, bases, lines, grades."""

from enum import StrEnum


class Recording(StrEnum):
    """Whether a result is counted by the system from ballots or entered as announced by the meeting."""

    ENTERED = "entered"
    COUNTED = "counted"


class BallotScope(StrEnum):
    """What one ballot rates."""

    WHOLE = "whole"
    DIMENSIONS = "dimensions"
    ITEMS = "items"
    RECTIFICATION_REPORT = "rectification_report"


class Marking(StrEnum):
    """How a ballot is marked."""

    ONE_OF_OPTIONS = "one_of_options"
    SCORE = "score"
    RANKING = "ranking"
    APPROVE = "approve"


class Secrecy(StrEnum):
    """Whether a paper names its voter."""

    SECRET = "secret"
    NAMED = "named"


class Medium(StrEnum):
    """What a ballot is cast on."""

    PAPER = "paper"
    PHONE = "phone"


class Base(StrEnum):
    """The number a share is taken of."""

    ALL_MEMBERS = "all_members"
    DUE = "due"
    PRESENT = "present"
    ISSUED = "issued"
    RETURNED = "returned"
    VALID = "valid"
    KNOWN = "known"


class Boundary(StrEnum):
    """Whether exactly the threshold suffices: 达到/以上 (reach) or 超过/过 (exceed)."""

    REACH = "reach"
    EXCEED = "exceed"


class Bound(StrEnum):
    """How a figure stands to a line: 达到 (reach), 超过 (exceed), 不超过 (within), 低于 (below)."""

    REACH = "reach"
    EXCEED = "exceed"
    WITHIN = "within"
    BELOW = "below"


class GradingRule(StrEnum):
    """How counts become a grade; ANNOUNCED takes the grade that the meeting announced."""

    ANNOUNCED = "announced"
    MAJORITY = "majority"
    CUMULATIVE = "cumulative"
    PLURALITY = "plurality"
    SCORE_BANDS = "score_bands"
    RANKING = "ranking"
    CRITERIA = "criteria"


class BlankRule(StrEnum):
    """What a blank paper, or one with several marks, counts as."""

    ABSTAINED = "abstained"
    INVALID = "invalid"


class LineRule(StrEnum):
    """Whether a fault spoils the line it stands on (one unit, one dimension) or the whole paper."""

    LINE = "line"
    PAPER = "paper"


class ClassWeighing(StrEnum):
    """What the weight of a class of voters weighs: the share or score of the class, or each of its papers."""

    SHARES = "shares"
    PAPERS = "papers"


class EmptyRule(StrEnum):
    """What becomes of the weight of a channel or class from which no valid paper came."""

    SPREAD = "spread"
    ZERO = "zero"
    UNDECIDED = "undecided"


class Ties(StrEnum):
    """What becomes of equals: those at the last place are all in or out, of two options the better or the worse one."""

    IN = "in"
    OUT = "out"
    BETTER = "better"
    WORSE = "worse"


class Rounding(StrEnum):
    """How a share of places becomes a number of places."""

    DOWN = "down"
    UP = "up"
    NEAREST = "nearest"


class ChannelSource(StrEnum):
    """Where the papers of a channel come from: cast at the sitting, or counted elsewhere and entered."""

    SITTING = "sitting"
    ENTERED = "entered"


class Measured(StrEnum):
    """How the shares of a paper's parts are measured: by characters or by items."""

    CHARACTERS = "characters"
    ITEMS = "items"


class ShownWhen(StrEnum):
    """When a result is shown."""

    ON_THE_SPOT = "on_the_spot"
    SEALED = "sealed"


class Satisfaction(StrEnum):
    """What the rate of satisfaction counts: 满意 alone, or 基本满意 too."""

    SATISFIED = "satisfied"
    WITH_BASIC = "with_basic"
