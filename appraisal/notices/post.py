"""Posting: a letter to roles becomes one outbox row a person, in the transaction that gives rise to it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from appraisal.domain.calendar import Calendar
from appraisal.domain.quiet import QuietHours, may_go_at
from appraisal.notices.recipients import Place, Recipient, holders_of, names
from appraisal.store.base import identity
from appraisal.store.bulk import insert_all
from appraisal.store.record_tables import OutboxRow
from appraisal.store.register_tables import PersonRow, UnitRow
from appraisal.store.types import JsonObject

QUEUED, CLAIMED, SENT, FAILED, REPLACED = "queued", "claimed", "sent", "failed", "replaced"
NOBODY_HOLDS_ROLE = "nobody_holds_role"


@dataclass(frozen=True)
class Letter:
    """What is to be said to whom; ``key`` says what it is about, so that it is said once.

    A role is asked for in the unit, unless ``seats`` says where else it sits.  Whoever holds the role ``owed_by`` is
    named in the letter under that word.
    """

    template: str
    key: str
    roles: tuple[str, ...]
    unit: UnitRow | None
    campaign_id: UUID | None
    context: JsonObject
    page: str
    urgent: bool = False
    seats: Mapping[str, UUID | None] = field(default_factory=dict)
    owed_by: str | None = None

    def place(self, role: str) -> Place:
        """Where one of its roles is asked for."""
        return role, self.seats.get(role, self.unit.id if self.unit else None)


class _Reached(NamedTuple):
    """One whom a letter reaches, None where nobody holds the role, and every role through which it does."""

    recipient: Recipient | None
    roles: tuple[str, ...]


Leaving = Callable[[bool, tuple[str, ...]], tuple[bool, datetime]]
"""By its urgency and the roles through which it reaches somebody: whether a letter waits for a digest, and how long."""


def post(
    session: Session,
    letter: Letter,
    now: datetime,
    quiet: QuietHours,
    calendar: Calendar,
    digest_roles: Collection[str],
) -> None:
    """Post one letter."""
    post_all(session, [letter], now, quiet, calendar, digest_roles)


def post_all(
    session: Session,
    letters: Sequence[Letter],
    now: datetime,
    quiet: QuietHours,
    calendar: Calendar,
    digest_roles: Collection[str],
) -> None:
    """Post letters in a handful of statements; what is in the outbox already is left as it is."""
    leaving = _leaving(now, quiet, calendar, digest_roles)
    found = _reached(session, letters, now)
    rows = [row for letter, owed_by, reached in found for row in _rows(letter, reached, now, leaving, owed_by)]
    insert_all(session, OutboxRow, rows, once=True)


def post_to(
    session: Session, letter: Letter, person: PersonRow, now: datetime, quiet: QuietHours, calendar: Calendar
) -> None:
    """Post a letter to one person, whatever posts they hold; it names one role, as what they are told, and no unit."""
    reached = [_Reached(Recipient(person, None), letter.roles)]
    rows = _rows(letter, reached, now, _leaving(now, quiet, calendar, ()))
    insert_all(session, OutboxRow, list(rows), once=True)


def post_again(session: Session, row: OutboxRow, now: datetime) -> int:
    """Post a message that nobody was there to receive to whoever holds its role now; returns to how many."""
    unit = session.scalar(select(UnitRow).where(UnitRow.name == row.unit)) if row.unit else None
    key = row.key.removesuffix(f":@{row.role}")
    seats = {row.role: row.seat_id or (unit.id if unit else None)}
    letter = Letter(row.template, key, (row.role,), unit, row.campaign_id, row.context, row.page, row.urgent, seats)
    [(_, _, reached)] = _reached(session, [letter], now)
    found = [each for each in reached if each.recipient]
    insert_all(session, OutboxRow, list(_rows(letter, found, now, lambda *_: (False, now))), once=True)
    if found:
        row.status = REPLACED
    return len(found)


def call_off(session: Session, page: str, templates: Collection[str]) -> int:
    """Take back what has not gone out yet about a page: nobody is reminded of what is done already."""
    waiting = (OutboxRow.page == page, OutboxRow.template.in_(templates), OutboxRow.status == QUEUED)
    done = session.execute(update(OutboxRow).where(*waiting).values(status=REPLACED, failure=None))
    return done.rowcount if isinstance(done, CursorResult) else 0


def _leaving(now: datetime, quiet: QuietHours, calendar: Calendar, digest_roles: Collection[str]) -> Leaving:
    @cache
    def leaving(urgent: bool, roles: tuple[str, ...]) -> tuple[bool, datetime]:
        digest = not urgent and set(roles).issubset(digest_roles)
        return digest, may_go_at(now, quiet, calendar, urgent=urgent, digest=digest)

    return leaving


def _reached(
    session: Session, letters: Sequence[Letter], now: datetime
) -> Iterator[tuple[Letter, str | None, Sequence[_Reached]]]:
    """Each letter with whoever owes what it asks for, and with all whom it reaches.

    Letters to the same places reach the same people, who are looked for once.
    """
    owing = [letter.place(letter.owed_by) if letter.owed_by else None for letter in letters]
    to = [tuple([letter.place(role) for role in letter.roles]) for letter in letters]
    owe, asked = {place for place in owing if place}, set(to)
    places = owe.union(*asked)
    held = holders_of(session, places, now.date()) if places else {}
    owed_by = {place: names(held[place]) for place in owe}
    people = {each: _people(each, held) for each in asked}
    for letter, owes, each in zip(letters, owing, to, strict=True):
        yield letter, owed_by[owes] if owes else None, people[each]


def _people(places: Sequence[Place], held: Mapping[Place, Sequence[Recipient]]) -> list[_Reached]:
    through: dict[PersonRow, tuple[Recipient, list[str]]] = {}
    for role, seat in places:
        for recipient in held[role, seat]:
            through.setdefault(recipient.person, (recipient, []))[1].append(role)
    nobody = [_Reached(None, (place[0],)) for place in places if not held[place]]
    return nobody + [_Reached(recipient, tuple(roles)) for recipient, roles in through.values()]


def _rows(
    letter: Letter, reached: Sequence[_Reached], now: datetime, leaving: Leaving, owed_by: str | None = None
) -> Iterator[dict[str, Any]]:
    named = {} if owed_by is None else {"owed_by": owed_by}
    context = {**letter.context, **named, "acting_for": ""}
    shared = {
        "campaign_id": letter.campaign_id,
        "template": letter.template,
        "unit": letter.unit.name if letter.unit else None,
        "page": letter.page,
        "urgent": letter.urgent,
        "created_at": now,
        "attempts": 0,
    }
    for recipient, roles in reached:
        digest, not_before = leaving(letter.urgent, roles)
        mine = {"role": roles[0], "seat_id": letter.place(roles[0])[1], "digest": digest, "not_before": not_before}
        yield shared | mine | _to(letter, recipient, roles[0], context)


def _to(letter: Letter, recipient: Recipient | None, role: str, context: JsonObject) -> dict[str, Any]:
    """``@`` cannot begin a person's code, so a role nobody holds never passes for a person."""
    person = recipient.person if recipient else None
    key = f"{letter.key}:{person.code if person else f'@{role}'}"
    acting_for = recipient.acting_for if recipient else None
    return {
        "id": identity("outbox", key),
        "key": key,
        "person_id": person.id if person else None,
        "context": {**context, "acting_for": acting_for.name} if acting_for else context,
        "status": QUEUED if person else FAILED,
        "failure": None if person else NOBODY_HOLDS_ROLE,
    }
