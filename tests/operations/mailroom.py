"""A dispatcher at work, for tests: claims, carries and settles against real channels."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.clock import ZONE
from appraisal.domain.quiet import QuietHours
from appraisal.method.calendars import load_calendar
from appraisal.notices.channels import Channels
from appraisal.notices.post import Letter, post
from appraisal.operations.carrying import Carrier
from appraisal.operations.dispatch import Settled, claim, settle
from appraisal.operations.parcels import Delivery, Parcel
from appraisal.places import root
from appraisal.store.record_tables import OutboxRow
from appraisal.store.work import Store
from tests.notices.people import KEYRING

QUIET = QuietHours(time(20), time(8), time(8, 30))
CALENDAR = load_calendar(root() / "config" / "calendars")
MONDAY = datetime(2023, 10, 16, 10, 0, tzinfo=ZONE)
LEASE = timedelta(minutes=2)


@dataclass(frozen=True)
class Mailroom:
    """One dispatcher; two of them on one store are two machines."""

    store: Store
    carrier: Carrier

    def claim(self, now: datetime = MONDAY, limit: int = 100) -> list[Parcel]:
        with self.store.work("engine") as work:
            return claim(work, now, limit, LEASE)

    def settle(self, deliveries: list[Delivery], now: datetime = MONDAY) -> Settled:
        with self.store.work("engine") as work:
            return settle(work, deliveries, now, QUIET, CALENDAR)

    def dispatch(self, now: datetime = MONDAY) -> Settled:
        """One whole dispatch."""
        carrier = replace(self.carrier, today=now.date())
        return self.settle(carrier.send_all(self.claim(now)), now)


def mailroom(store: Store, timeout: float = 5, within: float = 60) -> Mailroom:
    """A dispatcher without named channels: contacts are Apprise URLs."""
    link_of = "https://pingyi.example.cn{2}?who={0}&epoch={1}".format
    return Mailroom(store, Carrier(Channels({}), KEYRING.unseal, link_of, MONDAY.date(), timeout, within))


def letter(key: str, *roles: str, urgent: bool = False) -> Letter:
    """A letter that any template check lets pass."""
    context = {"campaign": "评议", "unit": "市教育局", "what": key}
    return Letter("copy", key, roles, None, None, context, f"/duties/{key}", urgent)


def posted(session: Session, *letters: Letter, digest_roles: tuple[str, ...] = ()) -> None:
    """Post them on a Monday morning."""
    for each in letters:
        post(session, each, MONDAY, QUIET, CALENDAR, digest_roles)


@contextmanager
def outbox(store: Store) -> Iterator[list[OutboxRow]]:
    """All rows, by key."""
    with store.reading() as session:
        yield list(session.scalars(select(OutboxRow).order_by(OutboxRow.key)))
