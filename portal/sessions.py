"""A session: who came in by their personal link, and until when, in a cookie that only we can make."""

import binascii
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from appraisal.domain.digest import canonical
from appraisal.keys import Keyring

COOKIE = "pingyi"
LASTS = timedelta(hours=12)


@dataclass(frozen=True)
class Session:
    """It ends at ``until``, and at once when the person's links are revoked; ``mark`` makes each session unique."""

    person: str
    epoch: int
    until: datetime
    mark: str


def begin(person: str, epoch: int, now: datetime) -> Session:
    return Session(person, epoch, now + LASTS, secrets.token_hex(16))


def to_cookie(keyring: Keyring, session: Session) -> str:
    plain = canonical([session.person, session.epoch, session.until.isoformat(), session.mark])
    written = urlsafe_b64encode(plain.encode()).decode()
    return f"{written}.{keyring.stamp('session', written)}"


def from_cookie(keyring: Keyring, cookie: str, now: datetime) -> Session | None:
    """None for what we did not write, and for what has ended."""
    written, _, stamp = cookie.partition(".")
    if not keyring.is_stamp(stamp, "session", written):
        return None
    try:
        person, epoch, until, mark = json.loads(urlsafe_b64decode(written))
    except (binascii.Error, ValueError):
        return None
    session = Session(person, epoch, datetime.fromisoformat(until), mark)
    return session if now < session.until else None


def form_mark(keyring: Keyring, session: Session) -> str:
    """Goes with every form: another site cannot know it."""
    return keyring.stamp("form", session.mark)


def is_form_mark(keyring: Keyring, session: Session, written: str) -> bool:
    return keyring.is_stamp(written, "form", session.mark)
