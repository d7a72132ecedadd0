"""Casting a ballot by phone: one code, one ballot in each round, and a receipt that tells that it is in.

A ballot and the note that its code is spent are one transaction, and neither has a time, an order or a key by which it
could be brought together with the other; no fact is put on the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import RoundStatus
from appraisal.domain.refusal import Refusal
from appraisal.keys import Keyring, plain_code
from appraisal.method.ballots import Ballot
from appraisal.method.vote_words import Medium, Secrecy
from appraisal.operations.ballot_codes import code_by
from appraisal.operations.ballot_marks import Cleaned, Marks, cleaned, longest
from appraisal.operations.office import Desk
from appraisal.operations.roll import attendee_by_code
from appraisal.operations.round_records import ballot_of, hold
from appraisal.operations.turnouts import phone_channel, turnout_of
from appraisal.store.ballot_tables import NamedBallotRow, RoundRow, SpentCodeRow
from appraisal.store.base import identity
from appraisal.store.sitting_tables import AttendeeRow, SittingRow
from appraisal.store.urn import Urn, forget_casting, size_for, spend


@dataclass(frozen=True)
class OpenRound:
    """A round of a code's class, and whether its ballot is in."""

    row: RoundRow
    ballot: Ballot
    already_in: bool


@dataclass(frozen=True)
class Door:
    """What is behind a code: the sitting, the class of voters, and the rounds that it may or might vote in.

    ``over`` are rounds that have ended.  ``attendee`` is who it is, where the code is one of check-in: those vote by
    name.
    """

    sitting: SittingRow
    voters: str
    rounds: Sequence[OpenRound]
    over: Sequence[OpenRound] = ()
    attendee: AttendeeRow | None = None


@dataclass(frozen=True)
class _Voter:
    sitting_id: UUID
    voters: str
    code_id: UUID | None = None
    attendee: AttendeeRow | None = None


def door(session: Session, keyring: Keyring, written: str) -> Door:
    """Refusal ``ballot.code_unknown`` for a code that was not handed out."""
    voter = _voter(session, keyring, written)
    sitting = session.get_one(SittingRow, voter.sitting_id)
    query = select(RoundRow).where(RoundRow.sitting_id == sitting.id)
    rows = session.scalars(query.order_by(RoundRow.opened_at, RoundRow.ballot))
    found = [OpenRound(row, ballot_of(row), _is_in(session, row, voter)) for row in rows if _may_vote(row, voter)]
    here = [each for each in found if each.row.status == RoundStatus.OPEN]
    return Door(sitting, voter.voters, here, [each for each in found if each not in here], voter.attendee)


def door_to(session: Session, keyring: Keyring, written: str, round_id: UUID) -> Door:
    """The same with one round and no other is looked at; refused as ``cast`` refuses, before anything is marked."""
    voter = _voter(session, keyring, written)
    row = _admitted(session, session.get(RoundRow, round_id), voter)
    entered = OpenRound(row, ballot_of(row), _is_in(session, row, voter))
    return Door(row.sitting, voter.voters, [entered], (), voter.attendee)


def cast(desk: Desk, code: str, round_id: UUID, marks: Marks, form: str = "") -> str:
    """Cast a ballot and return its receipt; the very same again gives the same receipt.

    ``form`` is a random number of the form that it was filled in on.  With it, nobody who comes by a code that has
    voted can try out marks until a receipt tells how it did.
    Refuses another ballot by a code that has voted (``ballot.spent``), a round that is closed, telling whether the
    ballot is in (``ballot.round_closed``), and what does not stand on the ballot (``ballot.marks_unknown``).
    """
    voter = _voter(desk.session, desk.office.keyring, code)
    row = _admitted(desk.session, hold(desk.session, round_id), voter)
    paper = cleaned(ballot_of(row), row.units, marks)
    if voter.attendee is not None:
        return _cast_by_name(desk, row, voter.attendee, paper)
    return _cast_secretly(desk, row, voter, f"{plain_code(code)}/{form}", paper)


def receipts_of(row: RoundRow) -> list[str]:
    """The receipts that came out of the urn with the papers, sorted; Refusal ``round.not_closed`` before."""
    if row.status == RoundStatus.OPEN:
        raise Refusal("round.not_closed", ballot=ballot_of(row).title)
    return list(row.receipts)


def _cast_secretly(desk: Desk, row: RoundRow, voter: _Voter, origin: str, paper: Cleaned) -> str:
    urn, ballot = Urn.of(desk.office.keyring, row), ballot_of(row)
    sealed = urn.paper(origin, voter.voters, paper)
    if _is_in(desk.session, row, voter):
        if urn.holds(desk.session, sealed):
            return sealed.receipt
        raise Refusal("ballot.spent", ballot=ballot.title)
    classes = [each.voters for each in turnout_of(row)]
    urn.put(desk.session, sealed, size_for(longest(ballot, row.units), classes))
    if voter.code_id is not None:
        spend(desk.session, row.id, voter.code_id)
    desk.work.afterwards(forget_casting)
    return sealed.receipt


def _cast_by_name(desk: Desk, row: RoundRow, attendee: AttendeeRow, paper: Cleaned) -> str:
    receipt = str(identity("named_ballot", row.id, attendee.id))[:8].upper()
    marks = {unit: {subject: list(marked) for subject, marked in lines.items()} for unit, lines in paper.items()}
    known = _named_ballot(desk.session, row, attendee)
    if known is None:
        kept = NamedBallotRow(id=uuid4(), round_id=row.id, attendee_id=attendee.id, marks=marks, cast_at=desk.now)
        desk.session.add(kept)
    elif known.marks != marks:
        raise Refusal("ballot.spent", ballot=ballot_of(row).title)
    return receipt


def _voter(session: Session, keyring: Keyring, written: str) -> _Voter:
    code = code_by(session, keyring, written)
    if code is not None:
        return _Voter(code.sitting_id, code.voters, code_id=code.id)
    attendee = attendee_by_code(session, keyring, written)
    if attendee is None or attendee.voters is None:
        raise Refusal("ballot.code_unknown")
    return _Voter(attendee.sitting_id, attendee.voters, attendee=attendee)


def _admitted(session: Session, row: RoundRow | None, voter: _Voter) -> RoundRow:
    """The round itself, if it is open for the voter."""
    if row is None or row.sitting_id != voter.sitting_id:
        raise Refusal("round.unknown")
    ballot = ballot_of(row)
    if not _may_vote(row, voter):
        raise Refusal("ballot.not_yours", ballot=ballot.title)
    if row.status != RoundStatus.OPEN:
        came = _is_in(session, row, voter)
        raise Refusal("ballot.round_closed", ballot=ballot.title, already_in=came, void=row.status == RoundStatus.VOID)
    return row


def _may_vote(row: RoundRow, voter: _Voter) -> bool:
    ballot = ballot_of(row)
    by_name = ballot.secrecy is Secrecy.NAMED
    here = (phone_channel(ballot), voter.voters)
    its_class = any(each.key == here for each in turnout_of(row))
    return its_class and Medium.PHONE in ballot.media and by_name == (voter.attendee is not None)


def _is_in(session: Session, row: RoundRow, voter: _Voter) -> bool:
    if voter.attendee is not None:
        return _named_ballot(session, row, voter.attendee) is not None
    spent = select(SpentCodeRow.code_id).where(SpentCodeRow.round_id == row.id, SpentCodeRow.code_id == voter.code_id)
    return session.scalar(spent) is not None


def _named_ballot(session: Session, row: RoundRow, attendee: AttendeeRow) -> NamedBallotRow | None:
    mine = NamedBallotRow.round_id == row.id, NamedBallotRow.attendee_id == attendee.id
    return session.scalar(select(NamedBallotRow).where(*mine))
