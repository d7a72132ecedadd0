"""Checking the record: the chains of the ledger, that replaying it gives the tables, and the seals of votes."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import LIFECYCLES, RoundStatus
from appraisal.domain.refusal import Refusal
from appraisal.operations.counting import count_of, seal_of
from appraisal.store import ledger
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.campaign_tables import ApprovalRow, CampaignRow, ObligationRow, PhaseRow
from appraisal.store.opinion_tables import OpinionRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.record_tables import LedgerRow
from appraisal.store.rectification_tables import PetitionRow
from appraisal.store.sitting_tables import ReviewOpinionRow, SittingRow

Table = type[
    ObligationRow
    | PhaseRow
    | CampaignRow
    | ApprovalRow
    | ProblemRow
    | OpinionRow
    | SittingRow
    | RoundRow
    | ReviewOpinionRow
    | PetitionRow
]
TABLES: dict[str, Table] = {
    "obligation": ObligationRow,
    "phase": PhaseRow,
    "campaign": CampaignRow,
    "approval": ApprovalRow,
    "problem": ProblemRow,
    "opinion": OpinionRow,
    "sitting": SittingRow,
    "round": RoundRow,
    "review_opinion": ReviewOpinionRow,
    "petition": PetitionRow,
}


@dataclass(frozen=True)
class Finding:
    """Something that does not hold: where, a stable code, and what was found against what was expected."""

    where: str
    code: str
    found: str = ""
    expected: str = ""


def verify(session: Session) -> list[Finding]:
    """Everything wrong with the record; empty when the chains and seals hold and the replay gives the tables."""
    broken = [Finding(f"{found.chain}#{found.link}", f"ledger.{found.what}") for found in ledger.verify(session)]
    return [*broken, *_replayed(session), *_unsealed(session)]


def _unsealed(session: Session) -> Iterator[Finding]:
    """Rounds whose kept count is no longer what they were sealed with when they closed, as the ledger has it."""
    closed = select(LedgerRow).where(LedgerRow.action == Action.ROUND_CLOSED)
    seals = {entry.subject: str(json.loads(entry.payload).get("digest", "")) for entry in session.scalars(closed)}
    for row in session.scalars(select(RoundRow).where(RoundRow.status == RoundStatus.CLOSED)):
        seal = seal_of(row, count_of(session, row))
        if seal != seals.get(f"round:{row.id}"):
            yield Finding(f"round:{row.id}", "round.seal_broken", seal, seals.get(f"round:{row.id}", ""))


def _replayed(session: Session) -> Iterator[Finding]:
    statuses: dict[str, str] = {}
    entries = select(LedgerRow.subject, LedgerRow.action).order_by(LedgerRow.seq).execution_options(yield_per=1000)
    for subject, name in session.execute(entries):
        kind = subject.partition(":")[0]
        cycle, action = LIFECYCLES.get(kind), Action(name)
        if cycle is None or not cycle.changes(action):
            continue
        try:
            statuses[subject] = cycle.move(statuses.get(subject), action)
        except Refusal:
            yield Finding(subject, "replay.illegal", name, str(statuses.get(subject)))
    unnoted = frozenset(session.scalars(select(OpinionRow.id).where(~OpinionRow.noted)))
    for kind, table in TABLES.items():
        yield from _compared(session, kind, table, statuses, unnoted)


def _compared(
    session: Session, kind: str, table: Table, statuses: dict[str, str], unnoted: Collection[UUID]
) -> Iterator[Finding]:
    """What the tables say against the replay; ``unnoted`` are opinions whose receipt is not on the ledger yet."""
    seen: set[str] = set()
    for identifier, status in session.execute(select(table.id, table.status)):
        subject = f"{kind}:{identifier}"
        seen.add(subject)
        if statuses.get(subject) != status and not (subject not in statuses and identifier in unnoted):
            yield Finding(subject, "replay.differs", status, statuses.get(subject, ""))
    for subject in sorted(subject for subject in statuses if subject.startswith(f"{kind}:") and subject not in seen):
        yield Finding(subject, "replay.row_missing", "", statuses[subject])
