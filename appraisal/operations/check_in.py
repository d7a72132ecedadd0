"""Check-in (签到): who comes, by their own code or noted by the office, with what in hand to vote; who leaves.

That somebody was handed a code is kept, which one is not.  The code is drawn in a transaction of its own, before the
one that notes the coming: nothing that the database writes in one go has both.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import SittingStatus
from appraisal.domain.refusal import Refusal
from appraisal.keys import Keyring
from appraisal.method.vote_words import Medium, Recording, Secrecy
from appraisal.operations.ballot_codes import draw
from appraisal.operations.clerks import clerk_at
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk, Office
from appraisal.operations.presence import voters_of
from appraisal.operations.roll import attendee_by_code, held_attendee
from appraisal.operations.sittings import not_closed, sitting_by
from appraisal.store.sitting_tables import AttendeeRow, SittingRow

ON_LEAVE, AWAITED, THERE, LEFT = "on_leave", "awaited", "there", "left"


@dataclass(frozen=True)
class Arrival:
    """Somebody at the door with their code, as the page greets them; ``voters`` is the title of their class, if any.

    ``draws`` tells that they are still to be given a code to vote by.
    """

    attendee_id: UUID
    sitting_id: UUID
    sitting: str
    place: str
    name: str
    title: str
    voters: str
    state: str
    came_at: datetime | None
    draws: bool


@dataclass(frozen=True)
class Welcome:
    """What came of checking in; ``code`` is the one to vote by, shown this once, or empty."""

    arrival: Arrival
    code: str = field(default="", repr=False)


def arrival_by(session: Session, keyring: Keyring, written: str, now: datetime) -> Arrival:
    """Whose code it is; Refusal ``check_in.unknown``, or why nobody can check in now."""
    row = attendee_by_code(session, keyring, written)
    if row is None:
        raise Refusal("check_in.unknown")
    sitting = sitting_by(session, row.sitting_id)
    _takes_arrivals(sitting, now)
    return _arrival(sitting, row)


def check_in(office: Office, actor: str, written: str, now: datetime) -> Welcome:
    """Check in by one's own code, and be given a code to vote by where ballots are cast on phones.

    A second time nothing is given: whoever has lost their code goes to the office.
    """
    with office.store.reading() as session:
        arrival = arrival_by(session, office.keyring, written, now)
        voters = session.get_one(AttendeeRow, arrival.attendee_id).voters
    code = _drawn(office, actor, arrival.sitting_id, voters, now) if arrival.draws and voters else ""
    with office.desk(actor, now) as desk:
        sitting, row = held_attendee(desk.session, arrival.attendee_id)
        handed = bool(code) and row.medium is None
        _come(desk, sitting, row, Medium.PHONE if handed else None)
        return Welcome(_arrival(sitting, row), code if handed else "")


def note_coming(desk: Desk, attendee_id: UUID, medium: Medium | None = None) -> AttendeeRow:
    """The office notes that somebody has come, or is back, and what they were handed; again, nothing.

    Refuses a second thing to vote with (``check_in.handed``), and any for who sits in.
    """
    clerk_at(desk)
    sitting, row = held_attendee(desk.session, attendee_id)
    _may_be_handed(sitting, row, medium)
    if medium is not None and row.medium is not None and row.medium != medium:
        raise Refusal("check_in.handed", name=row.name, medium=row.medium)
    _come(desk, sitting, row, medium)
    return row


def replace_medium(desk: Desk, attendee_id: UUID, medium: Medium) -> AttendeeRow:
    """Somebody who is there votes with something else than they were handed, as when their code is lost."""
    clerk_at(desk)
    sitting, row = held_attendee(desk.session, attendee_id)
    not_closed(sitting)
    _may_be_handed(sitting, row, medium)
    if row.came_at is None:
        raise Refusal("check_in.not_there", name=row.name)
    if row.medium != medium:
        before, row.medium = row.medium, medium
        _note(desk, sitting, row, Action.ATTENDEE_CAME, medium=medium, instead_of=before or "")
    return row


def leave(desk: Desk, attendee_id: UUID) -> AttendeeRow:
    """They have left; again, nothing.  Refused for whoever has not come."""
    clerk_at(desk)
    sitting, row = held_attendee(desk.session, attendee_id)
    not_closed(sitting)
    if row.came_at is None:
        raise Refusal("check_in.not_there", name=row.name)
    if row.left_at is None:
        row.left_at = desk.now
        _note(desk, sitting, row, Action.ATTENDEE_LEFT)
    return row


def take_back(desk: Desk, attendee_id: UUID) -> AttendeeRow:
    """The office had noted the wrong person: they have not come; again, nothing.

    Refused once they have a code, for a code in somebody's hand cannot be taken back.
    """
    clerk_at(desk)
    sitting, row = held_attendee(desk.session, attendee_id)
    not_closed(sitting)
    if row.came_at is None:
        return row
    if row.medium == Medium.PHONE:
        raise Refusal("check_in.has_code", name=row.name)
    row.came_at = row.left_at = row.medium = None
    _note(desk, sitting, row, Action.ATTENDEE_LEFT, mistaken=True)
    return row


def media_for(sitting: SittingRow, voters: str) -> Collection[Medium]:
    """On what a class of voters casts the ballots that are counted; for one by name nobody needs a code."""
    ballots = [
        ballot
        for ballot in method_of(sitting.campaign).ballots
        if ballot.recording is Recording.COUNTED and (not ballot.electorate or voters in ballot.electorate)
    ]
    by_code = {medium for ballot in ballots if ballot.secrecy is Secrecy.SECRET for medium in ballot.media}
    paper = {Medium.PAPER} if any(Medium.PAPER in ballot.media for ballot in ballots) else set()
    return by_code | paper


def state_of(row: AttendeeRow) -> str:
    """Where somebody on the roll is now."""
    if row.left_at is not None:
        return LEFT
    if row.came_at is not None:
        return THERE
    return AWAITED if row.due else ON_LEAVE


def is_late(sitting: SittingRow, row: AttendeeRow) -> bool:
    """Whether they came after the sitting had begun."""
    return row.came_at is not None and sitting.opened_at is not None and row.came_at > sitting.opened_at


def _drawn(office: Office, actor: str, sitting_id: UUID, voters: str, now: datetime) -> str:
    with office.desk(actor, now) as desk:
        return draw(desk, sitting_by(desk.session, sitting_id), voters)


def _takes_arrivals(sitting: SittingRow, now: datetime) -> None:
    """From the beginning of its day until it is closed."""
    not_closed(sitting)
    if sitting.status == SittingStatus.PLANNED and now.date() < sitting.held_on:
        raise Refusal("check_in.early", sitting=sitting.title, held_on=sitting.held_on)


def _come(desk: Desk, sitting: SittingRow, row: AttendeeRow, medium: Medium | None) -> None:
    _takes_arrivals(sitting, desk.now)
    before = (row.came_at, row.left_at, row.medium)
    back = row.left_at is not None
    row.came_at, row.left_at = row.came_at or desk.now, None
    row.medium = row.medium or medium
    row.due = True
    if before != (row.came_at, row.left_at, row.medium):
        late = is_late(sitting, row)
        _note(desk, sitting, row, Action.ATTENDEE_CAME, medium=row.medium or "", late=late, back=back)


def _may_be_handed(sitting: SittingRow, row: AttendeeRow, medium: Medium | None) -> None:
    if medium is None:
        return
    if row.voters is None:
        raise Refusal("check_in.no_vote", name=row.name)
    if medium not in media_for(sitting, row.voters):
        raise Refusal("check_in.medium", name=row.name, medium=str(medium))


def _arrival(sitting: SittingRow, row: AttendeeRow) -> Arrival:
    titles = dict(voters_of(method_of(sitting.campaign)))
    about = (sitting.title, sitting.place, row.name, row.title, titles.get(row.voters, "") if row.voters else "")
    draws = row.voters is not None and row.medium is None and Medium.PHONE in media_for(sitting, row.voters)
    return Arrival(row.id, sitting.id, *about, state_of(row), row.came_at, draws)


def _note(desk: Desk, sitting: SittingRow, row: AttendeeRow, action: Action, **more: object) -> None:
    desk.record(sitting.campaign.slug, f"attendee:{row.id}", action, name=row.name, **more)
