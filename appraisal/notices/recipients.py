"""From a role to the people who hold it on a day, and whoever stands in for those who are absent."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from appraisal.store.register_tables import PersonRow, PostRow, StandInRow

Place = tuple[str, UUID | None]
"""A role and the unit it is asked for; without a unit, the body itself."""


@dataclass(frozen=True)
class Recipient:
    """Somebody to be told, and for whom they act if they only stand in."""

    person: PersonRow
    acting_for: PersonRow | None


def holders(session: Session, role: str, unit_id: UUID | None, on: date) -> list[Recipient]:
    """Who holds the role in the unit on that day; where nobody in the unit does, who holds it in the body."""
    return holders_of(session, [(role, unit_id)], on)[role, unit_id]


def holders_of(session: Session, places: Collection[Place], on: date) -> dict[Place, list[Recipient]]:
    """The same for many roles and units in three queries, however many there are."""
    posted = _posted(session, {role for role, _ in places}, on)
    stand_ins = _stand_ins(session, on)
    return {
        (role, unit_id): [
            Recipient(actor, None if actor is person else person)
            for person in posted.get((role, unit_id)) or posted.get((role, None), [])
            for actor in [_acting(person, stand_ins)]
        ]
        for role, unit_id in places
    }


def _posted(session: Session, roles: Collection[str], on: date) -> dict[Place, list[PersonRow]]:
    found: dict[Place, list[PersonRow]] = {}
    query = (
        select(PostRow.role, PostRow.unit_id, PersonRow)
        .join(PersonRow, PersonRow.id == PostRow.person_id)
        .where(PostRow.role.in_(roles), PersonRow.active)
        .where(or_(PostRow.since.is_(None), PostRow.since <= on), or_(PostRow.until.is_(None), PostRow.until >= on))
        .order_by(PersonRow.code)
    )
    for role, unit_id, person in session.execute(query):
        people = found.setdefault((role, unit_id), [])
        if person not in people:
            people.append(person)
    return found


def _stand_ins(session: Session, on: date) -> dict[UUID, PersonRow]:
    """Who stands in for whom on that day; of several for one person, the one arranged for last."""
    query = (
        select(StandInRow.person_id, PersonRow)
        .join(PersonRow, PersonRow.id == StandInRow.stand_in_id)
        .where(StandInRow.since <= on, StandInRow.until >= on, PersonRow.active)
        .order_by(StandInRow.since, StandInRow.id)
    )
    return dict(session.execute(query).all())


def _acting(holder: PersonRow, stand_ins: Mapping[UUID, PersonRow]) -> PersonRow:
    """The end of the chain of stand-ins; a chain that runs in a circle leaves nobody, so the holder is told."""
    seen, person = {holder.id}, holder
    while (stand_in := stand_ins.get(person.id)) is not None:
        if stand_in.id in seen:
            return holder
        seen.add(stand_in.id)
        person = stand_in
    return person


def absent(recipients: Iterable[Recipient], actor_code: str) -> str | None:
    """Whom the actor stands in for, as the ledger names people; None for who holds the role."""
    acting = (found.acting_for for found in recipients if found.person.code == actor_code and found.acting_for)
    return next((f"person:{holder.code}" for holder in acting), None)


def names(recipients: Iterable[Recipient]) -> str:
    """The people as they are named in a sentence."""
    return "、".join(dict.fromkeys(recipient.person.name for recipient in recipients))
