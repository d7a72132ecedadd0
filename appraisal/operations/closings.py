"""Closing a phase: the brief that is approved, the request, the decision, and what stands in the way.

An approval is bound to the digest of its brief.  Whatever changes the brief afterwards makes the approval
void, and the next round asks anew.  The first decision counts, whichever screen it came by.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import APPROVAL, ApprovalStatus, PhaseStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.words import GateRule
from appraisal.notices.recipients import Recipient, absent, holders
from appraisal.notices.wording import phrase
from appraisal.operations.briefs import Brief, brief_of, counted, obstacles_of, said, told
from appraisal.operations.loading import approval_by, method_of, phase_by
from appraisal.operations.office import Desk
from appraisal.operations.telling import letter, tell
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ApprovalRow, PhaseRow
from appraisal.store.register_tables import PersonRow

BY_RULE = "rule"


@dataclass(frozen=True)
class Closing:
    """A request to close a phase, as the engine and the approver see it."""

    campaign: str
    approval: UUID
    round: int
    status: str
    role: str
    brief: Brief
    digest: str
    decided_by: str | None
    decided_at: datetime | None
    via: str | None


def ask(desk: Desk, slug: str, key: str) -> Closing:
    """The standing request to close the phase, or a new round of it.

    A request that is pending or granted is given back as it is; after a refused or void one a new round begins.
    """
    row = phase_by(desk.session, slug, key)
    last = _last(desk.session, row)
    if last is not None and last.status in (ApprovalStatus.PENDING, ApprovalStatus.GRANTED):
        return _closing(desk.session, last)
    if row.status == PhaseStatus.CLOSED and last is not None:
        return _closing(desk.session, last)
    return _closing(desk.session, _ask(desk, row, (last.round if last else 0) + 1))


def decide(
    desk: Desk, slug: str, key: str, person: PersonRow, *, agreed: bool, seen: str, via: str, remarks: str = ""
) -> Closing:
    """Grant or refuse the closing of a phase, by somebody who holds the approving role today.

    Refuses when it has been decided (saying by whom, when and where), when the brief is no longer the one
    that was ``seen``, and when it is granted while the gate is not met (listing every obstacle).
    """
    row = phase_by(desk.session, slug, key)
    if row.status != PhaseStatus.OPEN:
        raise Refusal("approval.not_asked", phase=row.title)
    last = _last(desk.session, row) or _ask(desk, row, 1)
    _may_decide(desk, row, last, person)
    brief = brief_of(desk.session, row)
    if brief.digest() != seen:
        raise Refusal("approval.changed", phase=row.title)
    if agreed and brief.obstacles:
        raise Refusal("phase.gate_unmet", phase=row.title, obstacles=[said(found) for found in brief.obstacles])
    pending = last if last.digest == seen and last.status == ApprovalStatus.PENDING else _renew(desk, row, last)
    _decide(desk, pending, person.code, agreed=agreed, via=via, remarks=remarks)
    return _closing(desk.session, pending)


def void(desk: Desk, slug: str, key: str, round_number: int, why: str) -> None:
    """End a round that is still pending, so that the next one asks anew; one that was decided stands."""
    last = _last(desk.session, phase_by(desk.session, slug, key))
    if last is not None and last.round == round_number and last.status == ApprovalStatus.PENDING:
        _void(desk, last, why)


def decide_by_rule(desk: Desk, slug: str, key: str) -> Closing:
    """Grant the closing of a phase that needs nobody's consent, once its gate is met and its date has come."""
    row = phase_by(desk.session, slug, key)
    closing = ask(desk, slug, key)
    approval = approval_by(desk.session, closing.approval)
    if approval.status != ApprovalStatus.PENDING or approval.role or not ripe(desk, row):
        return closing
    current = approval if approval.digest == brief_of(desk.session, row).digest() else _renew(desk, row, approval)
    _decide(desk, current, BY_RULE, agreed=True, via=BY_RULE, remarks="")
    return _closing(desk.session, current)


def ripe(desk: Desk, row: PhaseRow) -> bool:
    """Whether a phase that closes by itself may close: its gate met, its last day come."""
    today = desk.office.hours.day_of(desk.now)
    return row.closes_on is not None and row.closes_on <= today and not obstacles_of(desk, row)


def granted_and_unchanged(desk: Desk, row: PhaseRow) -> bool:
    """Whether the last request is granted and its brief is still what was approved; else it is made void."""
    last = _last(desk.session, row)
    if last is None or last.status != ApprovalStatus.GRANTED:
        return False
    if last.digest == brief_of(desk.session, row).digest():
        return True
    _void(desk, last, "changed")
    return False


def call(desk: Desk, row: PhaseRow) -> bool:
    """Ask the approver by a letter, once for each brief, when the gate is met or the last day has come.

    A request whose brief is out of date is renewed first; one that was refused is not put again unchanged.
    """
    closing = ask(desk, row.campaign.slug, row.key)
    approval = approval_by(desk.session, closing.approval)
    if approval.status != ApprovalStatus.PENDING or not approval.role:
        return False
    today = desk.office.hours.day_of(desk.now)
    come = row.closes_on is not None and row.closes_on <= today
    if not come and (closing.brief.obstacles or _has_not_begun(row, closing.brief)):
        return False
    if approval.digest != closing.brief.digest():
        approval = _renew(desk, row, approval)
    if approval.called_at or _put_before(desk.session, approval):
        return False
    approval.called_at = desk.now
    items = [item for item in (counted(desk.session, row), *told(closing.brief.obstacles)) if item]
    facts = {"phase": row.title, "what": phrase("closing.what", phase=row.title), "items": items}
    page = f"/approvals/{row.campaign.slug}/{row.key}"
    key = f"{row.key}/{approval.round}"
    paper = letter(
        row.campaign, "approval-asked", key, (approval.role,), page, facts | {"items": [item for item in items if item]}
    )
    tell(desk, row.campaign, [paper], bundled=False)
    return True


def _has_not_begun(row: PhaseRow, brief: Brief) -> bool:
    """Whether the phase waits for problems alone and none has been put on the list yet."""
    rules = {gate.rule for gate in method_of(row.campaign).phase(row.key).gate}
    return not brief.problems and bool(rules) and rules <= {GateRule.PROBLEMS_CLOSED, GateRule.PROBLEMS_CLASSIFIED}


def approvers(desk: Desk, row: PhaseRow) -> list[PersonRow]:
    """Who may approve the closing of the phase today, stand-ins in place of the absent."""
    return [found.person for found in _consenting(desk, row)]


def _consenting(desk: Desk, row: PhaseRow) -> list[Recipient]:
    closing = method_of(row.campaign).phase(row.key).closing
    return holders(desk.session, closing.by, None, desk.now.date()) if closing else []


def _may_decide(desk: Desk, row: PhaseRow, last: ApprovalRow, person: PersonRow) -> None:
    if person.id not in {approver.id for approver in approvers(desk, row)}:
        raise Refusal("approval.not_yours", phase=row.title)
    if last.status in (ApprovalStatus.GRANTED, ApprovalStatus.REFUSED):
        who = desk.session.scalar(select(PersonRow.name).where(PersonRow.code == last.decided_by)) or ""
        at = last.decided_at.isoformat() if last.decided_at else ""
        raise Refusal("approval.decided", phase=row.title, by=who, at=at, via=last.via, status=last.status)


def _decide(desk: Desk, approval: ApprovalRow, by: str, *, agreed: bool, via: str, remarks: str) -> None:
    action = Action.APPROVAL_GRANTED if agreed else Action.APPROVAL_REFUSED
    approval.status = APPROVAL.move(approval.status, action)
    approval.decided_at, approval.decided_by, approval.via, approval.remarks = desk.now, by, via, remarks
    chain, subject = approval.phase.campaign.slug, f"approval:{approval.id}"
    behalf = absent(_consenting(desk, approval.phase), by)
    desk.record(chain, subject, action, behalf, by=by, via=via, digest=approval.digest, remarks=remarks)
    phase, campaign = approval.phase, approval.phase.campaign
    what = phrase("closing.what", phase=phase.title)
    act = phrase(f"approval.status.{approval.status}")
    facts = {"phase": phase.title, "what": what, "act": act, "remarks": remarks}
    page = f"/approvals/{campaign.slug}/{phase.key}"
    if via != BY_RULE:
        key = f"{phase.key}/{approval.round}"
        tell(desk, campaign, [letter(campaign, "approval-decided", key, ("office",), page, facts)])


def _renew(desk: Desk, row: PhaseRow, last: ApprovalRow) -> ApprovalRow:
    if last.status == ApprovalStatus.PENDING:
        _void(desk, last, "changed")
    return _ask(desk, row, last.round + 1)


def _void(desk: Desk, approval: ApprovalRow, why: str) -> None:
    approval.status = APPROVAL.move(approval.status, Action.APPROVAL_VOIDED)
    chain = approval.phase.campaign.slug
    desk.record(chain, f"approval:{approval.id}", Action.APPROVAL_VOIDED, why=why)


def _ask(desk: Desk, row: PhaseRow, round_number: int) -> ApprovalRow:
    brief = brief_of(desk.session, row)
    consent = method_of(row.campaign).phase(row.key).closing
    approval = ApprovalRow(
        id=identity("approval", row.campaign.slug, row.key, round_number),
        phase=row,
        round=round_number,
        role=consent.by if consent else "",
        status=APPROVAL.move(None, Action.APPROVAL_ASKED),
        digest=brief.digest(),
        asked_at=desk.now,
    )
    desk.session.add(approval)
    desk.session.flush()
    subject = f"approval:{approval.id}"
    desk.record(row.campaign.slug, subject, Action.APPROVAL_ASKED, phase=row.key, digest=approval.digest)
    return approval


def _put_before(session: Session, approval: ApprovalRow) -> bool:
    """Whether the approver was asked about this very brief before: then another letter says nothing new."""
    same = select(ApprovalRow.id).where(
        ApprovalRow.phase_id == approval.phase_id,
        ApprovalRow.round < approval.round,
        ApprovalRow.digest == approval.digest,
        ApprovalRow.called_at.is_not(None),
    )
    return session.scalar(same.limit(1)) is not None


def _last(session: Session, row: PhaseRow) -> ApprovalRow | None:
    newest = select(func.max(ApprovalRow.round)).where(ApprovalRow.phase_id == row.id).scalar_subquery()
    return session.scalar(select(ApprovalRow).where(ApprovalRow.phase_id == row.id, ApprovalRow.round == newest))


def _closing(session: Session, approval: ApprovalRow) -> Closing:
    brief = brief_of(session, approval.phase)
    decided = (approval.decided_by, approval.decided_at, approval.via)
    return Closing(
        approval.phase.campaign.slug,
        approval.id,
        approval.round,
        approval.status,
        approval.role,
        brief,
        approval.digest,
        *decided,
    )
