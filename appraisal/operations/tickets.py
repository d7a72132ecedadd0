"""Tickets for forms that anybody may fill in: they know a form of ours again, and nobody by it.

A ticket says the day it was made and a random number, stamped for one purpose.  It is neither kept nor counted: what
is sent in under it takes its identity from the number, so that the same form sent twice is one.
"""

import secrets
from datetime import date, timedelta

from appraisal.domain.refusal import Refusal
from appraisal.keys import Keyring

LASTS = timedelta(days=2)


def new_ticket(keyring: Keyring, purpose: str, today: date) -> str:
    """A ticket for one form; ``purpose`` names what it is good for and where."""
    nonce = secrets.token_hex(16)
    return f"{today.isoformat()}.{nonce}.{_stamp(keyring, purpose, today.isoformat(), nonce)}"


def read_ticket(keyring: Keyring, purpose: str, written: str, today: date) -> str:
    """The random number of a ticket; Refusal ``ticket.stale`` for one that is old, or not ours, or for elsewhere."""
    made, _, rest = written.partition(".")
    nonce, _, stamp = rest.partition(".")
    if not keyring.is_stamp(stamp, "ticket", purpose, made, nonce):
        raise Refusal("ticket.stale")
    if not timedelta(0) <= today - date.fromisoformat(made) <= LASTS:
        raise Refusal("ticket.stale")
    return nonce


def _stamp(keyring: Keyring, purpose: str, made: str, nonce: str) -> str:
    return keyring.stamp("ticket", purpose, made, nonce)
