"""The roll of a sitting (会议名单): from the register by the roles of the classes of voters, or pasted from a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.refusal import Refusal
from appraisal.domain.roll import RollFault, RollLine, read_roll
from appraisal.keys import Keyring, plain_code
from appraisal.method.schema import Method
from appraisal.notices.wording import phrase
from appraisal.operations.clerks import clerk_at
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.presence import voters_of
from appraisal.operations.sittings import held_sitting, not_closed, sitting_by
from appraisal.store.register_tables import PersonRow, PostRow, UnitRow
from appraisal.store.sitting_tables import AttendeeRow, SittingRow


@dataclass(frozen=True)
class Listing:
    """A line and what it would do to the roll: ``fresh``, ``changed`` or ``same``."""

    line: RollLine
    effect: str


@dataclass(frozen=True)
class RollPreview:
    """A pasted roll before it is taken in: every fault in words, or what each line would do."""

    listings: tuple[Listing, ...]
    faults: tuple[str, ...]

    def count(self, effect: str) -> int:
        """How many lines have that effect."""
        return sum(listing.effect == effect for listing in self.listings)


def preview_roll(session: Session, sitting_id: UUID, text: str) -> RollPreview:
    """What a pasted roll would do; nothing is written."""
    sitting = sitting_by(session, sitting_id)
    lines, faults = _read(sitting, text)
    listings = _listings(sitting, lines)
    return RollPreview(tuple(listings), tuple(_told(fault) for fault in faults))


def import_roll(desk: Desk, sitting_id: UUID, text: str) -> RollPreview:
    """Take a pasted roll in as a whole; the same a second time does nothing.

    Nobody is struck who is not in it.  Refusal ``roll.faulty`` for one with any fault; ``preview_roll`` names them all.
    """
    clerk_at(desk)
    sitting = held_sitting(desk.session, sitting_id)
    lines, faults = _read(sitting, text)
    if faults:
        raise Refusal("roll.faulty", count=len(faults))
    return _enlist(desk, sitting, lines)


def enlist_holders(desk: Desk, sitting_id: UUID) -> RollPreview:
    """Put on the roll who holds the roles of the classes of voters on the day of the sitting; again, nobody twice.

    Refusal ``roll.no_roles`` where the method names no role for any class, ``roll.no_holders`` where nobody holds one.
    """
    clerk_at(desk)
    sitting = held_sitting(desk.session, sitting_id)
    roles = _role_titles(method_of(sitting.campaign))
    if not roles:
        raise Refusal("roll.no_roles", sitting=sitting.title)
    lines = holders_for(desk.session, method_of(sitting.campaign), sitting.held_on)
    if not lines:
        raise Refusal("roll.no_holders", roles=roles)
    known = {row.person.code: row for row in sitting.attendees if row.person}
    return _enlist(desk, sitting, [line for line in lines if line.person not in known])


def holders_for(session: Session, method: Method, day: date) -> list[RollLine]:
    """Who holds the roles of the classes on a day, class by class; nobody votes for another, so no stand-ins."""
    roles = {each.role: each.key for each in reversed(method.voters) if each.role}
    query = (
        select(PostRow.role, PostRow.title, PersonRow.name, PersonRow.code, UnitRow.name)
        .join(PersonRow, PersonRow.id == PostRow.person_id)
        .outerjoin(UnitRow, UnitRow.id == PostRow.unit_id)
        .where(PostRow.role.in_(roles), PersonRow.active)
        .where(or_(PostRow.since.is_(None), PostRow.since <= day), or_(PostRow.until.is_(None), PostRow.until >= day))
        .order_by(UnitRow.position, PersonRow.code)
    )
    order = list(reversed(roles.values()))
    lines: dict[str, RollLine] = {}
    for role, title, name, code, unit in sorted(session.execute(query), key=lambda found: order.index(roles[found[0]])):
        lines.setdefault(code, RollLine(name, f"{unit or ''}{title}", roles[role], person=code))
    return list(lines.values())


def strike(desk: Desk, sitting_id: UUID, attendee_id: UUID) -> bool:
    """Take somebody off the roll; whether they were on it.  Refused for whoever has come."""
    clerk_at(desk)
    sitting = held_sitting(desk.session, sitting_id)
    row = next((each for each in sitting.attendees if each.id == attendee_id), None)
    if row is None:
        return False
    not_closed(sitting)
    if row.came_at is not None:
        raise Refusal("roll.has_come", name=row.name)
    sitting.attendees.remove(row)
    desk.record(sitting.campaign.slug, f"attendee:{row.id}", Action.ATTENDEE_STRUCK, name=row.name)
    return True


def set_due(desk: Desk, attendee_id: UUID, *, due: bool) -> AttendeeRow:
    """Due, or on leave; said again, nothing changes.  Whoever is there cannot be on leave."""
    clerk_at(desk)
    sitting, row = held_attendee(desk.session, attendee_id)
    if row.due != due:
        not_closed(sitting)
        if row.came_at is not None:
            raise Refusal("roll.has_come", name=row.name)
        row.due = due
        _note(desk, sitting, row)
    return row


def held_attendee(session: Session, attendee_id: UUID) -> tuple[SittingRow, AttendeeRow]:
    """Somebody on a roll and the sitting, held to the end for whoever changes them; Refusal ``attendee.unknown``."""
    row = session.scalar(select(AttendeeRow).where(AttendeeRow.id == attendee_id).with_for_update(of=AttendeeRow))
    if row is None:
        raise Refusal("attendee.unknown")
    return sitting_by(session, row.sitting_id), row


def attendee_by_code(session: Session, keyring: Keyring, written: str) -> AttendeeRow | None:
    """Whose check-in code was typed or followed, if anybody's."""
    return session.scalar(select(AttendeeRow).where(AttendeeRow.code_hash == _hash(keyring, written)))


def check_in_code(keyring: Keyring, row: AttendeeRow) -> str:
    """The code by which somebody checks in; it is made anew whenever it is printed."""
    return keyring.code("check-in-code", row.id)


def _read(sitting: SittingRow, text: str) -> tuple[list[RollLine], list[RollFault]]:
    lines, faults = read_roll(text, voters_of(method_of(sitting.campaign)))
    known = _by_line(sitting)
    moved = [line for line in lines if (row := known.get((line.name, line.title))) and _is_settled(row, line)]
    if not lines and not faults:
        faults = [RollFault(0, "empty")]
    return lines, faults + [RollFault(0, "has_come", {"name": line.name}) for line in moved]


def _is_settled(row: AttendeeRow, line: RollLine) -> bool:
    """Whoever has come stays in their class, for it is that of the code or paper in their hand."""
    return row.came_at is not None and (row.voters, row.due) != (line.voters, line.due)


def _by_line(sitting: SittingRow) -> dict[tuple[str, str], AttendeeRow]:
    return {(row.name, row.title): row for row in sitting.attendees}


def _listings(sitting: SittingRow, lines: Iterable[RollLine]) -> list[Listing]:
    known = _by_line(sitting)
    return [Listing(line, _effect(known, line)) for line in lines]


def _effect(known: Mapping[tuple[str, str], AttendeeRow], line: RollLine) -> str:
    row = known.get((line.name, line.title))
    if row is None:
        return "fresh"
    return "same" if (row.voters, row.due) == (line.voters, line.due) else "changed"


def _enlist(desk: Desk, sitting: SittingRow, lines: Sequence[RollLine]) -> RollPreview:
    listings = _listings(sitting, lines)
    if any(listing.effect != "same" for listing in listings):
        not_closed(sitting)
    known = _by_line(sitting)
    people = _people(desk.session, [line.person for line in lines if line.person])
    position = max((row.position for row in sitting.attendees), default=0)
    for line in (listing.line for listing in listings if listing.effect != "same"):
        row = known.get((line.name, line.title))
        if row is None:
            position += 1
            row = _fresh(desk.office.keyring, sitting, line, position)
        row.voters, row.due = line.voters, line.due
        row.person = people.get(line.person, row.person)
        _note(desk, sitting, row)
    desk.session.flush()
    return RollPreview(tuple(listings), ())


def _fresh(keyring: Keyring, sitting: SittingRow, line: RollLine, position: int) -> AttendeeRow:
    row = AttendeeRow(id=uuid4(), position=position, name=line.name, title=line.title, person=None)
    row.code_hash = _hash(keyring, check_in_code(keyring, row))
    sitting.attendees.append(row)
    return row


def _people(session: Session, codes: Sequence[str]) -> dict[str, PersonRow]:
    return {row.code: row for row in session.scalars(select(PersonRow).where(PersonRow.code.in_(codes)))}


def _role_titles(method: Method) -> list[str]:
    titles = {role.key: role.title for role in method.roles}
    return [titles[each.role] for each in method.voters if each.role]


def _told(fault: RollFault) -> str:
    words = phrase(f"roll.fault.{fault.code}", **fault.facts)
    return phrase("roll.fault_at", line=fault.line, what=words) if fault.line else words


def _note(desk: Desk, sitting: SittingRow, row: AttendeeRow) -> None:
    facts = {"name": row.name, "title": row.title, "voters": row.voters or "", "due": row.due}
    desk.record(sitting.campaign.slug, f"attendee:{row.id}", Action.ATTENDEE_LISTED, **facts)


def _hash(keyring: Keyring, written: str) -> str:
    return keyring.stamp("check-in-code-hash", plain_code(written))
