"""Who is there and what is handed out to them: the turnout of a round, by channel and class of voters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy.orm import Session

from appraisal.domain.count import SITTING, Turnout
from appraisal.method.ballots import Ballot
from appraisal.method.grading_rules import channels_of, classes_of
from appraisal.method.schema import Method
from appraisal.method.vote_words import ChannelSource, Medium, Secrecy
from appraisal.notices.wording import phrase
from appraisal.operations.ballot_words import Words
from appraisal.operations.presence import Presence, presence_of
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.sitting_tables import SittingRow
from appraisal.store.types import JsonObject

SMALLEST = 3
"""Fewer voters than this may be known by their votes."""


@dataclass(frozen=True)
class Issued:
    """What is handed out to a class in a channel: codes for the phone, and papers."""

    phone: int = 0
    paper: int = 0


@dataclass(frozen=True)
class ClassTurnout:
    """One channel and class of a round; numbers of people are None where the channel is not the sitting's.

    ``issued`` and ``returned`` are known once the round is closed.
    """

    channel: str
    voters: str
    members: int | None = None
    due: int | None = None
    present: int | None = None
    phone: int = 0
    paper: int = 0
    issued: int | None = None
    returned: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.channel, self.voters

    def plain(self) -> JsonObject:
        """As it is kept with the round."""
        return asdict(self)

    def counted(self) -> Turnout:
        """As a grade is computed from it."""
        return Turnout(self.members, self.due, self.present, self.issued, self.returned)


@dataclass(frozen=True)
class SmallGroup:
    """A group of so few voters that their votes may be known; without ``medium`` all of the class."""

    voters: str
    medium: Medium | None
    count: int


def turnout_of(row: RoundRow) -> list[ClassTurnout]:
    """The turnout that is kept with a round."""
    return [ClassTurnout(**kept) for kept in row.turnout]


def turnout_now(
    session: Session, sitting: SittingRow, method: Method, ballot: Ballot, voters: Sequence[str] = ()
) -> list[ClassTurnout]:
    """The turnout as the roll has it now; ``voters`` limits it to some classes."""
    presence = presence_of(session, sitting)
    classes = [key for key, _ in classes_of(method, ballot) if not voters or key in voters]
    return [
        _there(channel, key, presence.get(key), ballot)
        if source is ChannelSource.SITTING
        else ClassTurnout(channel, key)
        for channel, _, source in channels_of(ballot)
        for key in classes
    ]


def with_issued(turnout: Iterable[ClassTurnout], issued: Mapping[tuple[str, str], Issued]) -> list[ClassTurnout]:
    """The same, with what is really handed out where that is given."""
    return [
        replace(each, phone=issued[each.key].phone, paper=issued[each.key].paper) if each.key in issued else each
        for each in turnout
    ]


def phone_channel(ballot: Ballot) -> str | None:
    """The channel that ballots on phones come in by: the first one of the sitting; None where all are entered."""
    return next((key for key, _, source in channels_of(ballot) if source is ChannelSource.SITTING), None)


def entered_channels(ballot: Ballot) -> set[str]:
    """The channels whose papers are counted elsewhere."""
    return {key for key, _, source in channels_of(ballot) if source is ChannelSource.ENTERED}


def small_groups(turnout: Iterable[ClassTurnout]) -> list[SmallGroup]:
    """Classes of one or two voters, and those on one medium where the class votes on both."""
    found = []
    for each in turnout:
        if 0 < each.phone + each.paper < SMALLEST:
            found.append(SmallGroup(each.voters, None, each.phone + each.paper))
            continue
        parts = ((Medium.PHONE, each.phone), (Medium.PAPER, each.paper))
        found += [SmallGroup(each.voters, medium, count) for medium, count in parts if 0 < count < SMALLEST]
    return found


def small_text(words: Words, group: SmallGroup) -> str:
    """A small group in words: 市民代表（手机）2人."""
    medium = str(group.medium) if group.medium else ""
    return phrase("round.small_group", voters=words.voters(group.voters), medium=medium, count=group.count)


def _there(channel: str, voters: str, presence: Presence | None, ballot: Ballot) -> ClassTurnout:
    if presence is None:
        return ClassTurnout(channel, voters)
    paper = presence.paper if Medium.PAPER in ballot.media else 0
    by_phone = presence.present - paper if ballot.secrecy is Secrecy.NAMED else presence.phone
    phone = by_phone if Medium.PHONE in ballot.media and channel == (phone_channel(ballot) or SITTING) else 0
    return ClassTurnout(channel, voters, presence.members, presence.due, presence.present, phone, paper)
