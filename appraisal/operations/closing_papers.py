"""What an approver reads before a phase closes, and what has been decided about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.gate import DutyState
from appraisal.domain.lifecycle import ApprovalStatus, PhaseStatus
from appraisal.domain.refusal import Refusal
from appraisal.operations.briefs import Brief, brief_of
from appraisal.operations.closings import BY_RULE
from appraisal.operations.desks import STAFF, holds
from appraisal.operations.loading import method_of, phase_by
from appraisal.store.campaign_tables import ApprovalRow, PhaseRow
from appraisal.store.register_tables import PersonRow


@dataclass(frozen=True)
class Decision:
    """A decision that was made about the closing."""

    status: str
    by: str
    at: datetime | None
    via: str
    remarks: str


@dataclass(frozen=True)
class ClosingPaper:
    """The brief as it stands now, what was decided so far, and whether this reader may decide."""

    slug: str
    key: str
    status: str
    approver: str
    brief: Brief
    digest: str
    asked: bool
    decisions: tuple[Decision, ...]
    """The newest first."""
    may_decide: bool
    ballots: dict[str, str]
    """What the ballots are called."""

    @property
    def duties(self) -> dict[str, list[DutyState]]:
        """The duties of the phase by status."""
        found: dict[str, list[DutyState]] = {}
        for duty in self.brief.duties:
            found.setdefault(duty.status, []).append(duty)
        return found


def closing_paper(session: Session, slug: str, key: str, person: PersonRow, now: datetime) -> ClosingPaper:
    """The paper, for the approver and the office; Refusal ``approval.not_yours`` for everybody else."""
    row = phase_by(session, slug, key)
    method = method_of(row.campaign)
    closing = method.phase(key).closing
    approves = closing is not None and holds(session, person, [(closing.by, None)], now.date())
    if not approves and not holds(session, person, [(STAFF, None)], now.date()):
        raise Refusal("approval.not_yours", phase=row.title)
    requests = _requests(session, row)
    brief = brief_of(session, row)
    waiting = row.status == PhaseStatus.OPEN and bool(requests) and requests[0].status in _UNDECIDED
    return ClosingPaper(
        slug,
        key,
        row.status,
        method.role(closing.by).title if closing else "",
        brief,
        brief.digest(),
        bool(requests),
        tuple(_decision(session, request) for request in requests if request.decided_at),
        approves and waiting,
        {ballot.key: ballot.title for ballot in method.ballots},
    )


_UNDECIDED = frozenset({ApprovalStatus.PENDING, ApprovalStatus.VOID})


def _requests(session: Session, row: PhaseRow) -> Sequence[ApprovalRow]:
    query = select(ApprovalRow).where(ApprovalRow.phase_id == row.id)
    return session.scalars(query.order_by(ApprovalRow.round.desc())).all()


def _decision(session: Session, row: ApprovalRow) -> Decision:
    known = session.scalar(select(PersonRow.name).where(PersonRow.code == row.decided_by))
    name = "" if row.decided_by == BY_RULE else known or row.decided_by or ""
    return Decision(row.status, name, row.decided_at, row.via or "", row.remarks or "")
