"""The count of a vote (计票): what was marked on every line of every paper, equal lines counted together.

A line is what one paper says of one unit in one respect.  Lines of one paper are kept apart from each other, so that
nobody is known by the pattern of their marks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

WHOLE = ""
"""The subject of a line that rates the whole; the others are the keys of dimensions or items."""
SITTING = "sitting"
"""The channel of a ballot that names no channels."""
VOTERS = "voters"
"""The class of voters of a method that names no classes."""


class Verdict(StrEnum):
    """What a line counts as."""

    VALID = "valid"
    INVALID = "invalid"
    ABSTAINED = "abstained"


@dataclass(frozen=True, order=True)
class Line:
    """So many equal lines: by which channel and class of voters, on which unit and subject, marked how.

    ``mark`` is an option's key, a score as a decimal (``87.5``), a place (``3``) or ``approve``; empty where nothing
    countable was marked.
    """

    channel: str
    voters: str
    unit: str
    subject: str
    mark: str
    verdict: Verdict
    count: int


@dataclass(frozen=True)
class Turnout:
    """Of one channel and class: members, due, present (people); papers issued and returned.  None where unknown."""

    members: int | None = None
    due: int | None = None
    present: int | None = None
    issued: int | None = None
    returned: int | None = None


Turnouts = Mapping[tuple[str, str], Turnout]
"""By channel and class of voters."""


@dataclass(frozen=True)
class Count:
    """Everything that a grade is computed from."""

    lines: tuple[Line, ...]
    turnouts: Turnouts = field(default_factory=dict)


@dataclass(frozen=True)
class Paper:
    """One paper as it was filled in: by unit and subject, everything that was marked there."""

    channel: str
    voters: str
    marks: Mapping[str, Mapping[str, tuple[str, ...]]]
