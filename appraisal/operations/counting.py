"""Counting a round: what was in the urn and what the tellers read out become equal lines, counted together."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from appraisal.domain.count import SITTING, Count, Line, Paper, Verdict
from appraisal.domain.digest import digest
from appraisal.domain.grading import is_void
from appraisal.domain.lifecycle import RoundStatus
from appraisal.domain.marking import counted, judged_together
from appraisal.domain.refusal import Refusal
from appraisal.keys import Keyring
from appraisal.method.ballots import Ballot
from appraisal.method.grading_rules import terms_of
from appraisal.method.vote_words import Secrecy
from appraisal.notices.wording import reason
from appraisal.operations.loading import method_of
from appraisal.operations.round_records import ballot_of
from appraisal.operations.tellers import lines_of
from appraisal.operations.turnouts import ClassTurnout, phone_channel, turnout_of
from appraisal.store.ballot_tables import CountRow, NamedBallotRow, RoundRow, TellerSheetRow
from appraisal.store.urn import Urn

_RANDOM = random.SystemRandom()


@dataclass(frozen=True)
class Papers:
    """What came by phone, and the receipts that were with it."""

    papers: Sequence[Paper]
    receipts: Sequence[str]


def counted_papers(session: Session, keyring: Keyring, row: RoundRow) -> Papers:
    """Everything that came by phone in a round that is about to be closed."""
    ballot = ballot_of(row)
    channel = phone_channel(ballot) or SITTING
    if ballot.secrecy is Secrecy.NAMED:
        named = session.scalars(select(NamedBallotRow).where(NamedBallotRow.round_id == row.id))
        return Papers([_named(channel, each) for each in named], [])
    sealed = Urn.of(keyring, row).papers(session)
    papers = [Paper(channel, each.voters, each.marks) for each in sealed]
    return Papers(papers, [each.receipt for each in sealed])


def keep_count(session: Session, row: RoundRow, papers: Papers, sheets: Sequence[TellerSheetRow]) -> Count:
    """Count the round, keep the lines in no order, and complete its turnout."""
    terms = terms_of(method_of(row.campaign), ballot_of(row))
    by_phone = judged_together(terms, ((paper, 1) for paper in papers.papers))
    on_paper = chain.from_iterable(lines_of(sheet) for sheet in sheets)
    lines = counted(chain(by_phone, on_paper))
    units = {target.unit.code: target.unit_id for target in row.campaign.targets}
    rows = [
        {
            "id": uuid4(),
            "round_id": row.id,
            "channel": line.channel,
            "voters": line.voters,
            "unit_id": units[line.unit],
            "subject": line.subject,
            "mark": line.mark,
            "verdict": str(line.verdict),
            "count": line.count,
        }
        for line in lines
    ]
    _RANDOM.shuffle(rows)
    if rows:
        session.execute(insert(CountRow), rows)
    row.turnout = [each.plain() for each in _completed(row, papers, sheets)]
    return Count(lines, {each.key: each.counted() for each in turnout_of(row)})


def count_of(session: Session, row: RoundRow) -> Count:
    """The count of a closed round; Refusal ``round.not_closed`` while it is open, for nobody sees a part of it."""
    if row.status == RoundStatus.OPEN:
        raise Refusal("round.not_closed", ballot=ballot_of(row).title)
    kept = session.scalars(select(CountRow).where(CountRow.round_id == row.id))
    lines = (
        Line(each.channel, each.voters, each.unit.code, each.subject, each.mark, Verdict(each.verdict), each.count)
        for each in kept
    )
    return Count(counted(lines), {each.key: each.counted() for each in turnout_of(row)})


def why_void(row: RoundRow, count: Count) -> str:
    """Why the vote is void, in words; empty for one that holds."""
    return "；".join(reason(is_void(terms_of(method_of(row.campaign), ballot_of(row)), count)))


def seal_of(row: RoundRow, count: Count) -> str:
    """The hash that a round is sealed by: of its count, its turnout, its receipts, and the rules of the ballot."""
    lines = [
        [line.channel, line.voters, line.unit, line.subject, line.mark, str(line.verdict), line.count]
        for line in sorted(count.lines)
    ]
    return digest(
        {
            "campaign": row.campaign.slug,
            "round": [row.ballot, row.number],
            "units": list(row.units),
            "turnout": [each.plain() for each in turnout_of(row)],
            "lines": lines,
            "receipts": list(row.receipts),
            "terms": _digest_of_terms(ballot_of(row)),
        }
    )


def _digest_of_terms(ballot: Ballot) -> str:
    return digest(ballot.model_dump(mode="json"))


def _named(channel: str, row: NamedBallotRow) -> Paper:
    marks = {unit: {subject: tuple(marked) for subject, marked in lines.items()} for unit, lines in row.marks.items()}
    return Paper(channel, row.attendee.voters or "", marks)


def _completed(row: RoundRow, papers: Papers, sheets: Sequence[TellerSheetRow]) -> Iterator[ClassTurnout]:
    came = Counter((paper.channel, paper.voters) for paper in papers.papers)
    told = {(sheet.channel, sheet.voters): sheet for sheet in sheets}
    for each in turnout_of(row):
        sheet = told.get(each.key)
        issued = each.phone + (sheet.issued if sheet else each.paper)
        members = each.members
        if members is None and each.present is not None:
            members = row.sitting.members.get(each.voters)
        returned = came[each.key] + (sheet.returned if sheet else 0)
        yield replace(each, members=members, issued=issued, returned=returned)
