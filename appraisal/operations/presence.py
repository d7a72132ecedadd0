"""Who is at a sitting (应到、实到), by class of voters, and whether that is enough for a vote to open."""

from dataclasses import dataclass

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from appraisal.domain.count import VOTERS
from appraisal.domain.quorum import Figures, QuorumState, quorum, quorum_rule
from appraisal.domain.selection import share_of
from appraisal.method.ballots import Ballot
from appraisal.method.schema import Method
from appraisal.method.vote_words import Medium
from appraisal.notices.wording import phrase
from appraisal.operations.loading import method_of
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.sitting_tables import AgendaItemRow, AttendeeRow, SittingRow


@dataclass(frozen=True)
class Presence:
    """Of a class of voters: all members (None until somebody says so), due, present; and what is in their hands.

    Whoever left has kept their code, so ``phone`` counts all that were handed out, and ``paper`` those present.
    """

    members: int | None
    due: int
    present: int
    phone: int
    paper: int


def voters_of(method: Method) -> list[tuple[str, str]]:
    """The classes of voters of a method with their titles; one for all where it names none."""
    return [(each.key, each.title) for each in method.voters] or [(VOTERS, phrase("voters.all"))]


def presence_of(session: Session, sitting: SittingRow) -> dict[str, Presence]:
    """How many are there, by class of voters; those who sit in are in none."""
    there = and_(AttendeeRow.came_at.is_not(None), AttendeeRow.left_at.is_(None))
    counted = (
        AttendeeRow.due,
        there,
        AttendeeRow.medium == Medium.PHONE,
        and_(there, AttendeeRow.medium == Medium.PAPER),
    )
    columns = [func.sum(case((condition, 1), else_=0)) for condition in counted]
    mine = AttendeeRow.sitting_id == sitting.id, AttendeeRow.voters.is_not(None)
    rows = session.execute(select(AttendeeRow.voters, *columns).where(*mine).group_by(AttendeeRow.voters))
    found = {voters: tuple(int(number) for number in numbers) for voters, *numbers in rows}
    classes = [key for key, _ in voters_of(method_of(sitting.campaign))]
    return {key: Presence(sitting.members.get(key), *found.get(key, (0, 0, 0, 0))) for key in classes}


def quorum_of(session: Session, sitting: SittingRow, ballot: Ballot) -> QuorumState | None:
    """Whether enough of the classes that are counted are there; None for a ballot that asks for no quorum."""
    terms = ballot.quorum
    if terms is None:
        return None
    rule = quorum_rule(share_of(terms.share), str(terms.boundary), str(terms.base))
    presence = presence_of(session, sitting)
    classes = terms.voters or ballot.electorate or list(presence)
    counted = [presence[key] for key in classes]
    return quorum(rule, [Figures(each.members, each.due, each.present) for each in counted])


def ballots_at(session: Session, sitting: SittingRow) -> list[Ballot]:
    """The ballots that stand on the agenda, and those of which a round was held at the sitting."""
    on_agenda = select(AgendaItemRow.ballot).where(AgendaItemRow.sitting_id == sitting.id)
    keys = {*session.scalars(on_agenda), *session.scalars(select(RoundRow.ballot).filter_by(sitting_id=sitting.id))}
    return [ballot for ballot in method_of(sitting.campaign).ballots if ballot.key in keys]
