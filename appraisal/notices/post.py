"""Posting: a letter to roles becomes one outbox row a person, in the transaction that gives rise to it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from appraisal.domain.calendar import Calendar
from appraisal.domain.quiet import QuietHours, may_go_at
from appraisal.notices.recipients import Place, Recipient, holders_of, names
from appraisal.store.base import identity
from appraisal.store.bulk import table_of
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
    unit_id: UUID | None
    campaign_id: UUID | None
    context: JsonObject
    page: str
    urgent: bool = False
    seats: Mapping[str, UUID | None] = field(default_factory=dict)
    owed_by: str | None = None

    def place(self, role: str) -> Place:
        """Where one of its roles is asked for."""
        return role, self.seats.get(role, self.unit_id)


@dataclass(frozen=True)
class _Addressed:
    """A letter to one person, with every role through which it reaches them."""

    letter: Letter
    roles: tuple[str, ...]
    recipient: Recipient | None

    @property
    def key(self) -> str:
        """``@`` cannot begin a person's code, so a role nobody holds never passes for a person."""
        return f"{self.letter.key}:{self.recipient.person.code if self.recipient else f'@{self.roles[0]}'}"


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
    units = _unit_names(session, {letter.unit_id for letter in letters if letter.unit_id})
    rows: list[dict[str, Any]] = []
    for item in _address(session, letters, now):
        digest = not item.letter.urgent and all(role in digest_roles for role in item.roles)
        not_before = may_go_at(now, quiet, calendar, urgent=item.letter.urgent, digest=digest)
        rows.append(_row(item, units, now) | {"digest": digest, "not_before": not_before})
    _insert_new(session, rows)


def post_to(
    session: Session, letter: Letter, person: PersonRow, now: datetime, quiet: QuietHours, calendar: Calendar
) -> None:
    """Post a letter to one person, whatever posts they hold; it names one role, as what they are told, and no unit."""
    item = _Addressed(letter, letter.roles, Recipient(person, None))
    not_before = may_go_at(now, quiet, calendar, urgent=letter.urgent, digest=False)
    _insert_new(session, [_row(item, {}, now) | {"digest": False, "not_before": not_before}])


def post_again(session: Session, row: OutboxRow, now: datetime) -> int:
    """Post a message that nobody was there to receive to whoever holds its role now; returns to how many."""
    unit_id = session.scalar(select(UnitRow.id).where(UnitRow.name == row.unit)) if row.unit else None
    key = row.key.removesuffix(f":@{row.role}")
    seats = {row.role: row.seat_id or unit_id}
    letter = Letter(row.template, key, (row.role,), unit_id, row.campaign_id, row.context, row.page, row.urgent, seats)
    units = {unit_id: row.unit} if unit_id and row.unit else {}
    found = [item for item in _address(session, [letter], now) if item.recipient]
    _insert_new(session, [_row(item, units, now) | {"digest": False, "not_before": now} for item in found])
    if found:
        row.status = REPLACED
    return len(found)


def call_off(session: Session, page: str, templates: Collection[str]) -> int:
    """Take back what has not gone out yet about a page: nobody is reminded of what is done already."""
    waiting = (OutboxRow.page == page, OutboxRow.template.in_(templates), OutboxRow.status == QUEUED)
    done = session.execute(update(OutboxRow).where(*waiting).values(status=REPLACED, failure=None))
    return done.rowcount if isinstance(done, CursorResult) else 0


def _address(session: Session, letters: Sequence[Letter], now: datetime) -> Iterator[_Addressed]:
    owing = {letter.place(letter.owed_by) for letter in letters if letter.owed_by}
    places = owing | {letter.place(role) for letter in letters for role in letter.roles}
    held = holders_of(session, places, now.date()) if places else {}
    owed_by = {place: names(held[place]) for place in owing}
    for letter in letters:
        named = {"owed_by": owed_by[letter.place(letter.owed_by)]} if letter.owed_by else {}
        yield from _to_people(replace(letter, context=letter.context | named) if named else letter, held)


def _to_people(letter: Letter, held: Mapping[Place, Sequence[Recipient]]) -> Iterator[_Addressed]:
    through: dict[PersonRow, tuple[Recipient, list[str]]] = {}
    for role in letter.roles:
        recipients = held[letter.place(role)]
        if not recipients:
            yield _Addressed(letter, (role,), None)
        for recipient in recipients:
            through.setdefault(recipient.person, (recipient, []))[1].append(role)
    for recipient, roles in through.values():
        yield _Addressed(letter, tuple(roles), recipient)


def _row(item: _Addressed, units: Mapping[UUID, str], now: datetime) -> dict[str, Any]:
    letter, person = item.letter, item.recipient.person if item.recipient else None
    acting_for, key = item.recipient.acting_for if item.recipient else None, item.key
    return {
        "id": identity("outbox", key),
        "key": key,
        "campaign_id": letter.campaign_id,
        "template": letter.template,
        "person_id": person.id if person else None,
        "role": item.roles[0],
        "seat_id": letter.place(item.roles[0])[1],
        "unit": units[letter.unit_id] if letter.unit_id else None,
        "context": {**letter.context, "acting_for": acting_for.name if acting_for else ""},
        "page": letter.page,
        "urgent": letter.urgent,
        "status": QUEUED if person else FAILED,
        "failure": None if person else NOBODY_HOLDS_ROLE,
        "created_at": now,
    }


def _insert_new(session: Session, rows: list[dict[str, Any]]) -> None:
    """Both databases say "on conflict do nothing" alike."""
    if rows:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.flush()
        session.execute(insert(table_of(OutboxRow)).on_conflict_do_nothing(), rows)


def _unit_names(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    return dict(session.execute(select(UnitRow.id, UnitRow.name).where(UnitRow.id.in_(ids))).all())
