"""A small register of the body for tests of notices."""

from datetime import date

from sqlalchemy.orm import Session

from appraisal.keys import Keyring
from appraisal.store.base import identity
from appraisal.store.register_tables import ContactRow, PersonRow, PostRow, StandInRow, UnitRow

KEYRING = Keyring("a secret for tests that is long enough")


def unit(session: Session, code: str, name: str) -> UnitRow:
    row = UnitRow(id=identity("unit", code), code=code, name=name, kind="政府部门", position=1)
    session.add(row)
    session.flush()
    return row


def person(session: Session, code: str, *contacts: str, active: bool = True) -> PersonRow:
    row = PersonRow(id=identity("person", code), code=code, name=f"样例{code}", active=active)
    row.contacts = [
        ContactRow(id=identity("contact", code, rank), rank=rank, label=f"方式{rank}", sealed=KEYRING.seal(contact))
        for rank, contact in enumerate(contacts, start=1)
    ]
    session.add(row)
    session.flush()
    return row


def holds(
    session: Session,
    who: PersonRow,
    role: str,
    where: UnitRow | None = None,
    since: date | None = None,
    until: date | None = None,
) -> None:
    key = identity("post", who.code, role, where.code if where else "", since)
    unit_id = where.id if where else None
    session.add(PostRow(id=key, person_id=who.id, role=role, unit_id=unit_id, title="职务", since=since, until=until))
    session.flush()


def stands_in(session: Session, absent: PersonRow, actor: PersonRow, since: date, until: date) -> None:
    key = identity("stand_in", absent.code, actor.code, since)
    session.add(StandInRow(id=key, person_id=absent.id, stand_in_id=actor.id, since=since, until=until))
    session.flush()
