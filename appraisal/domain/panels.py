"""Panels (评议组、暗访组): who heads one, and who may not sit on it because of what they hold in a unit it covers."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

HEAD, DEPUTY = "组长", "副组长"


@dataclass(frozen=True)
class Member:
    """Somebody on a panel, experts too; ``person`` is the code, ``title`` what they are called there (组长, 专家)."""

    person: str
    name: str
    role: str
    title: str
    role_title: str = ""

    @property
    def heads(self) -> bool:
        """Whether this is the head of the panel, by title or by role; a deputy is not, whatever the role."""
        return DEPUTY not in self.title and (HEAD in self.title or _of_head(self.role_title))


@dataclass(frozen=True)
class Held:
    """A post that somebody holds in a unit."""

    person: str
    unit: str
    unit_name: str
    title: str


@dataclass(frozen=True)
class Absence:
    """While a person is absent, another acts in their stead."""

    person: str
    stand_in: str
    since: date
    until: date


@dataclass(frozen=True)
class Conflict:
    """A member who would look into what they answer for; ``through`` is whom a stand-in arrangement ties them to."""

    member: str
    unit: str
    post: str
    through: str = ""


@dataclass(frozen=True)
class Ties:
    """What ties people to units: posts, arrangements for absences, and the names of those concerned by code."""

    posts: Sequence[Held]
    absences: Sequence[Absence]
    names: Mapping[str, str]


def _of_head(role_title: str) -> bool:
    return HEAD in role_title and DEPUTY not in role_title


def heads(members: Iterable[Member]) -> list[str]:
    """The names of all who are entered as head, each once."""
    return list(dict.fromkeys(member.name for member in members if member.heads))


def conflicts(members: Iterable[Member], units: Collection[str], ties: Ties) -> list[Conflict]:
    """Every post in a covered unit that a member holds, or that is held by whom a member acts for or is replaced by.

    ``units`` are codes.  A person who sits in two roles is named once.
    """
    people = {member.person: member.name for member in members}
    found = [
        Conflict(name, post.unit_name, post.title, "" if tied == person else ties.names.get(tied, tied))
        for person, name in people.items()
        for tied in (person, *sorted(_tied(person, ties.absences)))
        for post in ties.posts
        if post.person == tied and post.unit in units
    ]
    return list(dict.fromkeys(found))


def _tied(person: str, absences: Sequence[Absence]) -> set[str]:
    """All whom the person acts for, and all who act for the person, by way of others too."""
    acts_for = [_Step(each.stand_in, each.person, each.since, each.until) for each in absences]
    replaced_by = [_Step(each.person, each.stand_in, each.since, each.until) for each in absences]
    return {*_chain(person, acts_for), *_chain(person, replaced_by)} - {person}


class _Step(NamedTuple):
    here: str
    there: str
    since: date
    until: date


def _chain(start: str, steps: Sequence[_Step]) -> Iterator[str]:
    """Who is reached from ``start`` by arrangements that hold on one and the same day."""
    waiting = [(start, date.min, date.max)]
    seen = set(waiting)
    while waiting:
        at, since, until = waiting.pop()
        for step in steps:
            onward = step.there, max(since, step.since), min(until, step.until)
            if step.here == at and onward[1] <= onward[2] and onward not in seen:
                seen.add(onward)
                waiting.append(onward)
                yield step.there
