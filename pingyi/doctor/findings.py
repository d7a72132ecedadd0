"""A finding of the doctor, and how it is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from appraisal.notices.wording import has_phrase, phrase
from appraisal.operations.office import Office


class State(StrEnum):
    """正常, 注意, 有误."""

    OK = "ok"
    CARE = "care"
    WRONG = "wrong"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what was found, and the mend where one is needed."""

    subject: str
    state: State
    what: str
    mend: str


@dataclass(frozen=True)
class Patient:
    """What is examined: the office, and whether its database can be read."""

    office: Office
    readable: bool


Checks = Iterator[Check]


def found(subject: str, state: State, code: str, **facts: object) -> Check:
    """The check in words, from doctor.<subject>, doctor.<subject>.<code> and mend.…"""
    mend = f"doctor.mend.{subject}.{code}"
    words = phrase(mend, **facts) if has_phrase(mend) else ""
    return Check(phrase(f"doctor.{subject}"), state, phrase(f"doctor.{subject}.{code}", **facts), words)


def refused(subject: str, code: str, facts: dict[str, object]) -> Check:
    """A refusal says itself what is wrong and how to mend it."""
    return Check(phrase(f"doctor.{subject}"), State.WRONG, phrase(code, **facts), "")
