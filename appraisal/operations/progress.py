"""How far a round is: ballots in and sheets there, by class; never what is on any of them."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.method.vote_words import Secrecy
from appraisal.operations.round_records import ballot_of
from appraisal.operations.tellers import TELLERS, differences, places_of, sheets_of
from appraisal.operations.turnouts import phone_channel, turnout_of
from appraisal.store.ballot_tables import BallotCodeRow, NamedBallotRow, RoundRow, SpentCodeRow
from appraisal.store.sitting_tables import AttendeeRow


@dataclass(frozen=True)
class ClassProgress:
    """One channel and class: what was handed out, how many ballots came by phone, how many sheets of tellers are there.

    ``sheets_due`` is 0 where no papers are counted; ``agree`` is None until all of them are there.
    """

    channel: str
    voters: str
    present: int | None
    phone: int
    paper: int
    in_by_phone: int
    sheets: int
    sheets_due: int
    agree: bool | None


@dataclass(frozen=True)
class Progress:
    """How far a round is."""

    classes: tuple[ClassProgress, ...]

    @property
    def issued(self) -> int:
        """What was handed out in the hall, on phones and on paper."""
        return sum(each.phone + each.paper for each in self.classes)

    @property
    def in_by_phone(self) -> int:
        return sum(each.in_by_phone for each in self.classes)

    @property
    def ready(self) -> bool:
        """Whether nothing keeps the round from being closed."""
        return all(each.agree for each in self.classes if each.sheets_due)


def progress_of(session: Session, row: RoundRow) -> Progress:
    """The progress of a round that is open; of one that is closed, what there was."""
    ballot = ballot_of(row)
    came, by_phone = in_by_phone(session, row), phone_channel(ballot)
    sheets, due = sheets_of(session, row), {place.key for place in places_of(row)}
    differing = {(each.channel, each.voters) for each in differences(session, row)}
    found = []
    for each in turnout_of(row):
        there = len(sheets.get(each.key, []))
        wanted = len(TELLERS) if each.key in due else 0
        agree = each.key not in differing if wanted and there == wanted else None
        phoned = came.get(each.voters, 0) if each.channel == by_phone else 0
        found.append(ClassProgress(*each.key, each.present, each.phone, each.paper, phoned, there, wanted, agree))
    return Progress(tuple(found))


def in_by_phone(session: Session, row: RoundRow) -> dict[str, int]:
    """How many ballots came by phone, by class."""
    if ballot_of(row).secrecy is Secrecy.NAMED:
        named = select(AttendeeRow.voters, func.count()).join(
            NamedBallotRow, NamedBallotRow.attendee_id == AttendeeRow.id
        )
        query = named.where(NamedBallotRow.round_id == row.id).group_by(AttendeeRow.voters)
        return {voters or "": count for voters, count in session.execute(query)}
    spent = select(BallotCodeRow.voters, func.count()).join(SpentCodeRow, SpentCodeRow.code_id == BallotCodeRow.id)
    query = spent.where(SpentCodeRow.round_id == row.id).group_by(BallotCodeRow.voters)
    return {voters: number for voters, number in session.execute(query)}  # noqa: C416 - A row is no tuple to mypy.
