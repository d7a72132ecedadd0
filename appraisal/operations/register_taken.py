"""The lines of a sound register into the tables: what is new is added, what differs is changed, the rest is left."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.documents.register_layout import MARKER, REMOVE, Book, ContactLine, UnitLine
from appraisal.domain.refusal import Refusal
from appraisal.keys import Keyring
from appraisal.store.base import identity
from appraisal.store.register_tables import ContactRow, PersonRow, PostRow, StandInRow, UnitRow

Fields = Mapping[str, Any]
Row = TypeVar("Row", UnitRow, PersonRow, PostRow, ContactRow, StandInRow)


@dataclass(frozen=True)
class Tally:
    """What became of the lines of one sheet."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    deactivated: int = 0

    @property
    def changes(self) -> int:
        return self.added + self.changed + self.deactivated


def unit_id(code: str) -> UUID:
    return identity("unit", code)


def person_id(code: str) -> UUID:
    return identity("person", code)


def contact_id(person: str, rank: int) -> UUID:
    return identity("contact", person, rank)


def take(session: Session, keyring: Keyring, book: Book) -> tuple[Tally, Tally, Tally, Tally, Tally]:
    """Units, people, posts, contacts and stand-ins, in this order, because each leans on those before."""
    _free_names(session, book.units)
    units = _units(session, book)
    people = _people(session, book)
    session.flush()
    return units, people, _posts(session, book), _contacts(session, keyring, book.contacts), _stand_ins(session, book)


def _free_names(session: Session, lines: Iterable[UnitLine]) -> None:
    """Two units may swap names: whoever changes name lets go of the old one first."""
    held = _held(session, UnitRow)
    for line in lines:
        row = held.get(unit_id(line.code))
        if row and row.name != line.name:
            row.name = str(row.id)
    session.flush()


def _units(session: Session, book: Book) -> Tally:
    wanted = [
        {
            "id": unit_id(line.code),
            "code": line.code,
            "name": line.name,
            "kind": line.kind,
            "position": line.position,
            "active": not line.stopped,
        }
        for line in book.units
    ]
    return _settle(session, UnitRow, wanted)


def _people(session: Session, book: Book) -> Tally:
    wanted = [
        {"id": person_id(line.code), "code": line.code, "name": line.name, "active": not line.stopped}
        for line in book.people
    ]
    return _settle(session, PersonRow, wanted)


def _posts(session: Session, book: Book) -> Tally:
    wanted = [
        {
            "id": identity("post", line.person, line.role, line.unit),
            "person_id": person_id(line.person),
            "role": line.role,
            "unit_id": unit_id(line.unit) if line.unit else None,
            "title": line.title,
            "since": line.since,
            "until": line.until,
        }
        for line in book.posts
    ]
    return _settle(session, PostRow, wanted)


def _stand_ins(session: Session, book: Book) -> Tally:
    wanted = [
        {
            "id": identity("stand_in", line.person, line.stand_in, line.since),
            "person_id": person_id(line.person),
            "stand_in_id": person_id(line.stand_in),
            "since": line.since,
            "until": line.until,
        }
        for line in book.stand_ins
    ]
    return _settle(session, StandInRow, wanted)


def _contacts(session: Session, keyring: Keyring, lines: Iterable[ContactLine]) -> Tally:
    held = _held(session, ContactRow)
    became: Counter[str] = Counter()
    for line in lines:
        row = held.get(contact_id(line.person, line.rank))
        if line.address == REMOVE:
            became[_removed(session, row)] += 1
        else:
            became[_put(session, ContactRow, row, _contact(keyring, row, line))] += 1
    return Tally(**became)


def _contact(keyring: Keyring, row: ContactRow | None, line: ContactLine) -> Fields:
    """The same address keeps its seal: sealing it again would look like a change."""
    kept = row is not None and line.address in (MARKER, _opened(keyring, row))
    return {
        "id": contact_id(line.person, line.rank),
        "person_id": person_id(line.person),
        "rank": line.rank,
        "label": line.label,
        "sealed": row.sealed if row is not None and kept else keyring.seal(line.address),
    }


def _opened(keyring: Keyring, row: ContactRow) -> str | None:
    """None for what another secret sealed, so that an import mends a register whose key was lost."""
    try:
        return keyring.unseal(row.sealed)
    except Refusal:
        return None


def _removed(session: Session, row: ContactRow | None) -> str:
    if row is None:
        return "unchanged"
    session.delete(row)
    return "deactivated"


def _settle(session: Session, kind: type[Row], wanted: Iterable[Fields]) -> Tally:
    held = _held(session, kind)
    return Tally(**Counter(_put(session, kind, held.get(fields["id"]), fields) for fields in wanted))


def _held(session: Session, kind: type[Row]) -> dict[UUID, Row]:
    return {row.id: row for row in session.scalars(select(kind))}


def _put(session: Session, kind: type[Row], row: Row | None, fields: Fields) -> str:
    if row is None:
        session.add(kind(**fields))
        return "added"
    differing = {name: value for name, value in fields.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    if not differing:
        return "unchanged"
    return "deactivated" if differing.get("active") is False else "changed"
