"""From a role to the people who hold it on a day, and whoever stands in for those who are absent."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from appraisal.store.panel_tables import CoverageRow, PanelMemberRow, PanelRow
from appraisal.store.register_tables import PersonRow, PostRow, StandInRow

Place = tuple[str, UUID | None]
"""A role and the seat it is asked for: a unit, a panel, or the panels over a unit; without one, the body itself."""


@dataclass(frozen=True)
class Recipient:
    """Somebody to be told, and for whom they act if they only stand in."""

    person: PersonRow
    acting_for: PersonRow | None


def holders(session: Session, role: str, seat_id: UUID | None, on: date) -> list[Recipient]:
    """Who holds the role in the seat on that day; where nobody there does, who holds it in the body."""
    return holders_of(session, [(role, seat_id)], on)[role, seat_id]


def holders_of(session: Session, places: Collection[Place], on: date) -> dict[Place, list[Recipient]]:
    """The same for many roles and seats in four queries, however many there are."""
    posted = _posted(session, {role for role, _ in places}, {seat for _, seat in places if seat}, on)
    stand_ins = _stand_ins(session, on)
    return {
        (role, seat_id): [
            Recipient(actor, None if actor is person else person)
            for person in posted.get((role, seat_id)) or posted.get((role, None), [])
            for actor in [_acting(person, stand_ins)]
        ]
        for role, seat_id in places
    }


def _posted(
    session: Session, roles: Collection[str], seats: Collection[UUID], on: date
) -> dict[Place, list[PersonRow]]:
    """Who was posted to the roles in one of the seats, or in the body."""
    found: dict[Place, list[PersonRow]] = {}
    query = (
        select(PostRow.role, PostRow.unit_id, PersonRow)
        .join(PersonRow, PersonRow.id == PostRow.person_id)
        .where(PostRow.role.in_(roles), PersonRow.active)
        .where(or_(PostRow.unit_id.is_(None), PostRow.unit_id.in_(seats)))
        .where(or_(PostRow.since.is_(None), PostRow.since <= on), or_(PostRow.until.is_(None), PostRow.until >= on))
        .order_by(PersonRow.code)
    )
    for role, seat_id, person in (*session.execute(query), *_on_panels(session, roles, seats)):
        people = found.setdefault((role, seat_id), [])
        if person not in people:
            people.append(person)
    return found


def _on_panels(
    session: Session, roles: Collection[str], seats: Collection[UUID]
) -> Iterator[tuple[str, UUID, PersonRow]]:
    """Members of panels that work, asked for by the panel itself and by each unit that it covers."""
    members = (
        select(PanelMemberRow.role, PanelMemberRow.panel_id, PersonRow)
        .join(PersonRow, PersonRow.id == PanelMemberRow.person_id)
        .join(PanelRow, PanelRow.id == PanelMemberRow.panel_id)
        .where(PanelMemberRow.role.in_(roles), PersonRow.active, PanelRow.active)
        .order_by(PanelRow.position, PanelMemberRow.position, PersonRow.code)
    )
    found = session.execute(members).all()
    panels = {panel_id for _, panel_id, _ in found}
    over = select(CoverageRow.panel_id, CoverageRow.seat).where(CoverageRow.seat.in_(seats))
    covered = list(session.execute(over.where(CoverageRow.panel_id.in_(panels)))) if panels and seats else []
    for role, panel_id, person in found:
        yield role, panel_id, person
        yield from ((role, seat, person) for covering, seat in covered if covering == panel_id)


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
