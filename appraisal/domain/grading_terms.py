"""The rules of a ballot in the words of the domain: what may be marked, what it weighs, and what earns which grade.

Words such as ``reach``, ``valid`` or ``spread`` are those of ``method.vote_words``, by their text.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from appraisal.domain.count import SITTING, VOTERS, WHOLE

if TYPE_CHECKING:
    from appraisal.domain.figuring import Look
    from appraisal.domain.grading import Decided

APPROVE = "approve"
"""The mark of a line that approves."""


@dataclass(frozen=True)
class Titled:
    """A grade."""

    key: str
    title: str


@dataclass(frozen=True)
class Choice(Titled):
    """An option of a ballot; ``points`` is what it is worth in a score, ``excluded`` takes it out of ``known``."""

    points: Fraction | None = None
    excluded: bool = False


@dataclass(frozen=True)
class Weighed(Titled):
    """A class of voters, a dimension or an item; None where it has no weight of its own."""

    weight: Fraction | None = None


@dataclass(frozen=True)
class Way(Weighed):
    """A channel; ``here`` where its papers are cast at the sitting, so that every class is expected in it."""

    here: bool = True


@dataclass(frozen=True)
class Portion:
    """So many places, or so many per cent of the places."""

    amount: Fraction
    percent: bool = False


@dataclass(frozen=True)
class Condition:
    """A condition on one figure of a unit, or several joined; ``of`` None looks at whatever is being graded."""

    counts: tuple[str, ...] = ()
    share: Fraction | None = None
    votes: int | None = None
    score: Fraction | None = None
    first: Portion | None = None
    last: Portion | None = None
    boundary: str = "reach"
    base: str | None = None
    of: str | None = None
    voters: tuple[str, ...] = ()
    channel: str | None = None
    all: tuple["Condition", ...] = ()
    any: tuple["Condition", ...] = ()


@dataclass(frozen=True)
class Threshold:
    """A grade and what earns it."""

    grade: str
    condition: Condition


@dataclass(frozen=True)
class RankedBy:
    """What units are ranked by: the share of some options, or the score; ``fewest`` puts the least first."""

    counts: tuple[str, ...] = ()
    base: str | None = None
    of: str | None = None
    fewest: bool = False


@dataclass(frozen=True)
class Scale:
    """The scores that may be given."""

    lowest: Fraction = Fraction(0)
    highest: Fraction = Fraction(100)
    step: Fraction = Fraction(1)


@dataclass(frozen=True)
class Limits:
    """How many units a paper approves of, or ranks."""

    at_least: int = 0
    at_most: int | None = None


@dataclass(frozen=True)
class Validity:
    """What a fault on a paper makes of it; ``spoils_paper`` where a fault on one line spoils every line."""

    blank: str = "abstained"
    several: str = "invalid"
    spoils_paper: bool = False
    abstentions_are_valid: bool = False
    void_if_exceeds: bool = True


@dataclass(frozen=True)
class Drop:
    """So many of the highest and the lowest scores are left out of each mean."""

    highest: int = 0
    lowest: int = 0


Rule = Callable[["Terms", "Look", str, str], "Decided"]
"""Decides the grade of a unit in one subject (``WHOLE`` for the unit as such)."""


@dataclass(frozen=True)
class Terms:
    """The rules of one ballot.

    ``subjects`` are what a paper has lines for.  Where ``WHOLE`` is not among them, the whole is computed from them by
    their weights, or equally where they have none; ``whole_title`` tells it from them.
    """

    title: str
    rule: Rule
    whole_title: str = ""
    marking: str = "one_of_options"
    options: tuple[Choice, ...] = ()
    grades: tuple[Titled, ...] = ()
    subjects: tuple[Weighed, ...] = (Weighed(WHOLE, ""),)
    channels: tuple[Way, ...] = (Way(SITTING, ""),)
    classes: tuple[Weighed, ...] = (Weighed(VOTERS, ""),)
    weighing: str | None = None
    scale: Scale = field(default_factory=Scale)
    limits: Limits = field(default_factory=Limits)
    validity: Validity = field(default_factory=Validity)
    base: str = "valid"
    thresholds: tuple[Threshold, ...] = ()
    otherwise: str | None = None
    vetoes: tuple[Threshold, ...] = ()
    satisfaction: str | None = None
    if_empty: str = "undecided"
    drop: Drop = field(default_factory=Drop)
    decimals: int | None = None
    ranked_by: tuple[RankedBy, ...] = ()
    ties: str = "out"
    rounding: str = "down"

    @property
    def marks_whole(self) -> bool:
        """Whether the whole has a line of its own."""
        return any(subject.key == WHOLE for subject in self.subjects)

    def grade_title(self, key: str) -> str:
        """The title of a grade; the key itself where there is none."""
        return _title(self.grades, key)

    def subject_title(self, key: str) -> str:
        """The title of a subject; of the whole it is empty where a ballot rates nothing else."""
        return self.whole_title if key == WHOLE else _title(self.subjects, key)

    def option_titles(self, keys: tuple[str, ...]) -> str:
        """Titles of marks joined as a sentence has them; empty for the one mark of an approval."""
        return "、".join(_title(self.options, key) for key in keys if key != APPROVE)

    def class_title(self, key: str) -> str:
        """The title of a class of voters."""
        return _title(self.classes, key)

    def channel_title(self, key: str) -> str:
        """The title of a channel."""
        return _title(self.channels, key)

    def place_title(self, channel: str, voters: str) -> str:
        """A channel and class as far as there is more than one: 会议测评·人大代表."""
        channel = self.channel_title(channel) if len(self.channels) > 1 else ""
        named = len(self.classes) > 1 and any(each.key == voters for each in self.classes)
        return "·".join(title for title in (channel, self.class_title(voters) if named else "") if title)

    def rank_of_grade(self, key: str) -> int:
        """Where a grade stands among the grades, the best first."""
        return [grade.key for grade in self.grades].index(key)


def _title(among: tuple[Titled, ...], key: str) -> str:
    return next((each.title for each in among if each.key == key), key)
