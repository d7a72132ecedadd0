"""The tables as the lines of a register."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.documents.register_layout import (
    MARKER,
    Book,
    ContactLine,
    PersonLine,
    PostLine,
    StandInLine,
    UnitLine,
)
from appraisal.keys import Keyring
from appraisal.store.register_tables import ContactRow, PersonRow, PostRow, StandInRow, UnitRow

Codes = dict[UUID, str]


def book_of(session: Session, keyring: Keyring | None) -> Book:
    """Every line of the register; without a keyring the addresses stay sealed and a marker stands for each."""
    units = list(session.scalars(select(UnitRow).order_by(UnitRow.position, UnitRow.code)))
    people = list(session.scalars(select(PersonRow).order_by(PersonRow.code)))
    codes = {unit.id: unit.code for unit in units} | {person.id: person.code for person in people}
    return Book(
        units=tuple(UnitLine(0, row.code, row.name, row.kind, row.position, not row.active) for row in units),
        people=tuple(PersonLine(0, row.code, row.name, not row.active) for row in people),
        posts=tuple(_posts(session, codes)),
        contacts=tuple(_contacts(session, codes, keyring)),
        stand_ins=tuple(_stand_ins(session, codes)),
    )


def _posts(session: Session, codes: Codes) -> Iterator[PostLine]:
    query = select(PostRow).join(PersonRow).order_by(PersonRow.code, PostRow.role, PostRow.title, PostRow.id)
    for row in session.scalars(query):
        unit = codes[row.unit_id] if row.unit_id else ""
        yield PostLine(0, codes[row.person_id], row.role, unit, row.title, row.since, row.until)


def _contacts(session: Session, codes: Codes, keyring: Keyring | None) -> Iterator[ContactLine]:
    for row in session.scalars(select(ContactRow).join(PersonRow).order_by(PersonRow.code, ContactRow.rank)):
        address = keyring.unseal(row.sealed) if keyring else MARKER
        yield ContactLine(0, codes[row.person_id], row.rank, row.label, address)


def _stand_ins(session: Session, codes: Codes) -> Iterator[StandInLine]:
    for row in session.scalars(select(StandInRow).order_by(StandInRow.since, StandInRow.id)):
        yield StandInLine(0, codes[row.person_id], codes[row.stand_in_id], row.since, row.until)
