"""Rounds of a ballot (轮次): opened once the quorum is there, closed when all is counted, sealed by a hash."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import ROUND, RoundStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.ballots import Ballot
from appraisal.method.vote_words import Medium, Secrecy
from appraisal.operations.ballot_words import Words
from appraisal.operations.clerks import clerk_at
from appraisal.operations.counted_results import may_release, record_results, release_results
from appraisal.operations.counting import count_of, counted_papers, keep_count, seal_of, why_void
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.opening import Opening, opening_of
from appraisal.operations.progress import Progress, progress_of
from appraisal.operations.round_records import ballot_of, not_closed, note, open_round_by, round_by, sealed
from appraisal.operations.sittings import held_sitting
from appraisal.operations.tellers import for_closing
from appraisal.operations.turnouts import (
    ClassTurnout,
    Issued,
    small_groups,
    small_text,
    turnout_now,
    turnout_of,
    with_issued,
)
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.sitting_tables import SittingRow
from appraisal.store.urn import destroy, forget_round, new_key

__all__ = [
    "Given",
    "Issued",
    "Opening",
    "Progress",
    "close_round",
    "count_of",
    "issue_more",
    "open_round",
    "opening_of",
    "progress_of",
    "release",
    "round_by",
    "rounds_of",
    "void_round",
]
LONGEST_REASON = 2000
NAMES = re.compile(r"[、，,；;\s]+")


@dataclass(frozen=True)
class Given:
    """What the office says when it opens a round.

    ``issued`` is what is handed out by channel and class, where that differs from the roll; ``units`` are codes, all
    that the round is about without them.  ``aware`` says that so few voters may be known by their votes.
    """

    issued: Mapping[tuple[str, str], Issued] = field(default_factory=dict)
    units: tuple[str, ...] = ()
    scrutineers: str = ""
    aware: bool = False


def rounds_of(session: Session, campaign: CampaignRow) -> Sequence[RoundRow]:
    """All rounds of a campaign, in the order in which they were opened."""
    query = select(RoundRow).where(RoundRow.campaign_id == campaign.id)
    return session.scalars(query.order_by(RoundRow.opened_at, RoundRow.ballot, RoundRow.number)).all()


def open_round(desk: Desk, sitting_id: UUID, ballot_key: str, given: Given) -> RoundRow:
    """Open a round; the same again does nothing.  Refuses with the first of the obstacles that ``opening_of`` names."""
    clerk_at(desk)
    sitting = held_sitting(desk.session, sitting_id)
    opening = opening_of(desk.session, sitting, ballot_key, desk.now)
    known = _opened_already(desk.session, sitting, opening, given)
    if known is not None:
        return known
    if opening.obstacles:
        raise opening.obstacles[0]
    units = _chosen(opening, given)
    turnout = with_issued(opening.turnout, given.issued)
    _may_be_issued(opening.ballot, turnout)
    _aware(sitting.campaign, opening.ballot, turnout, given)
    _watched(sitting.campaign, opening.ballot, given)
    row = RoundRow(
        id=identity("round", sitting.campaign.slug, ballot_key, opening.number),
        campaign=sitting.campaign,
        sitting=sitting,
        ballot=ballot_key,
        number=opening.number,
        status=ROUND.move(None, Action.ROUND_OPENED),
        units=units,
        turnout=[each.plain() for each in turnout],
        scrutineers=given.scrutineers.strip(),
        urn_key=new_key(desk.office.keyring) if opening.ballot.secrecy is Secrecy.SECRET else None,
        opened_at=desk.now,
    )
    desk.session.add(row)
    desk.work.afterwards(forget_round)
    note(desk, row, Action.ROUND_OPENED, sitting=sitting.key, units=units, issued=_issued_plainly(turnout))
    return row


def issue_more(desk: Desk, round_id: UUID, voters: str, phone: int, paper: int) -> RoundRow:
    """Hand out to those who came late, in the sitting's channel; the numbers are those of the class in all.

    Said again, it does nothing; fewer than before is refused (``round.issued_less``).
    """
    clerk_at(desk)
    row = open_round_by(desk.session, round_id)
    ballot = ballot_of(row)
    mine = next((each for each in turnout_of(row) if each.voters == voters and each.present is not None), None)
    if mine is None:
        raise Refusal("round.class_unknown", ballot=ballot.title)
    if phone < mine.phone or paper < mine.paper:
        raise Refusal("round.issued_less", phone=mine.phone, paper=mine.paper)
    now = {each.key: each for each in turnout_now(desk.session, row.sitting, method_of(row.campaign), ballot)}
    there = now.get(mine.key, mine)
    more = ClassTurnout(*mine.key, there.members, there.due, there.present, phone, paper)
    if more == mine:
        return row
    _may_be_issued(ballot, [more])
    row.turnout = [(more if each.key == mine.key else each).plain() for each in turnout_of(row)]
    note(desk, row, Action.ROUND_ISSUED, voters=voters, phone=phone, paper=paper, present=there.present)
    return row


def close_round(desk: Desk, round_id: UUID) -> RoundRow:
    """Count the round and seal it; once closed it stays as it is.

    Refuses while sheets of tellers are missing (``round.sheets_missing``) or differ (``round.sheets_differ``).  A vote
    in which more came back than was handed out is void, where the method says so.
    """
    clerk_at(desk)
    row = round_by(desk.session, round_id)
    if row.status == RoundStatus.CLOSED or (row.status == RoundStatus.VOID and row.digest):
        return row
    not_closed(row)
    sheets = for_closing(desk.session, row)
    papers = counted_papers(desk.session, desk.office.keyring, row)
    count = keep_count(desk.session, row, papers, sheets)
    why = why_void(row, count)
    row.receipts = sorted(papers.receipts)
    _empty(desk, row)
    row.closed_at, row.digest, row.why_void = desk.now, seal_of(row, count), why
    row.status = ROUND.move(row.status, Action.ROUND_VOIDED if why else Action.ROUND_CLOSED)
    told: dict[str, Any] = {"digest": row.digest, "turnout": _came_plainly(row)}
    if why:
        note(desk, row, Action.ROUND_VOIDED, why=why, **told)
        return row
    note(desk, row, Action.ROUND_CLOSED, **told)
    row.released_at = None if sealed(row) else desk.now
    record_results(desk, row, count)
    return row


def void_round(desk: Desk, round_id: UUID, why: str) -> RoundRow:
    """Break off an open round: its papers are destroyed unread, and it is held again as a new one."""
    clerk_at(desk)
    row, reason = round_by(desk.session, round_id), why.strip()
    if row.status == RoundStatus.VOID:
        return row
    not_closed(row)
    if not reason or len(reason) > LONGEST_REASON:
        raise Refusal("round.why", most=LONGEST_REASON)
    _empty(desk, row)
    row.closed_at, row.why_void = desk.now, reason
    row.status = ROUND.move(row.status, Action.ROUND_VOIDED)
    note(desk, row, Action.ROUND_VOIDED, why=reason)
    return row


def release(desk: Desk, round_id: UUID) -> RoundRow:
    """Show a sealed result, and have follow what follows from it; only whom the method names may."""
    row = round_by(desk.session, round_id)
    if row.status != RoundStatus.CLOSED:
        raise Refusal("round.not_closed", ballot=ballot_of(row).title)
    if row.released_at is None:
        may_release(desk, row)
        row.released_at = desk.now
        note(desk, row, Action.ROUND_RELEASED)
        release_results(desk, row)
    return row


def _opened_already(session: Session, sitting: SittingRow, opening: Opening, given: Given) -> RoundRow | None:
    """The open round, if it is what is asked for."""
    row = session.get(RoundRow, identity("round", sitting.campaign.slug, opening.ballot.key, opening.number - 1))
    if row is None or row.status != RoundStatus.OPEN or row.sitting_id != sitting.id:
        return None
    wanted = {each.key: (each.phone, each.paper) for each in with_issued(turnout_of(row), given.issued)}
    same_issued = wanted == {each.key: (each.phone, each.paper) for each in turnout_of(row)}
    same_units = not given.units or set(given.units) == set(row.units)
    return row if same_issued and same_units and row.scrutineers == given.scrutineers.strip() else None


def _chosen(opening: Opening, given: Given) -> list[str]:
    known = [unit.code for unit in opening.units]
    strange = sorted(set(given.units) - set(known))
    if strange:
        raise Refusal("round.units_unknown", units=strange, known=[unit.name for unit in opening.units])
    return [code for code in known if not given.units or code in given.units]


def _may_be_issued(ballot: Ballot, turnout: Sequence[ClassTurnout]) -> None:
    if any(min(each.phone, each.paper) < 0 for each in turnout):
        raise Refusal("round.issued_negative")
    for medium, count in (
        (Medium.PHONE, sum(each.phone for each in turnout)),
        (Medium.PAPER, sum(each.paper for each in turnout)),
    ):
        if count and medium not in ballot.media:
            raise Refusal("round.medium", ballot=ballot.title, medium=str(medium), count=count)
    if all(each.present is not None and each.phone + each.paper == 0 for each in turnout):
        raise Refusal("round.nothing_issued", ballot=ballot.title)


def _aware(campaign: CampaignRow, ballot: Ballot, turnout: Sequence[ClassTurnout], given: Given) -> None:
    small = small_groups(turnout)
    if small and ballot.secrecy is Secrecy.SECRET and not given.aware:
        raise Refusal("round.too_small", groups=[small_text(Words(campaign, ballot), each) for each in small])


def _watched(campaign: CampaignRow, ballot: Ballot, given: Given) -> None:
    """As many scrutineers are named as the method asks for."""
    scrutiny, named = method_of(campaign).scrutiny, {name for name in NAMES.split(given.scrutineers) if name}
    if scrutiny and len(named) < scrutiny.scrutineers:
        raise Refusal("round.scrutineers", ballot=ballot.title, wanted=scrutiny.scrutineers, named=len(named))


def _empty(desk: Desk, row: RoundRow) -> None:
    destroy(desk.session, row)
    desk.work.afterwards(forget_round)


def _issued_plainly(turnout: Sequence[ClassTurnout]) -> list[list[Any]]:
    return [[each.channel, each.voters, each.phone, each.paper] for each in turnout]


def _came_plainly(row: RoundRow) -> list[list[Any]]:
    return [[each.channel, each.voters, each.issued, each.returned] for each in turnout_of(row)]
