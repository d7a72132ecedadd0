"""The problem list (问题清单): a problem is recorded with where it was found, and closed out by another hand."""

from dataclasses import replace
from uuid import uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OPEN_PROBLEM, OPINION, PROBLEM, OpinionStatus, ProblemStatus
from appraisal.domain.problems import Draft, Found, ProblemKind, tidied
from appraisal.domain.refusal import Refusal
from appraisal.operations.classifying import default_leader, read_classes
from appraisal.operations.closing_out import close_out
from appraisal.operations.loading import campaign_by, method_of, unit_by
from appraisal.operations.noting import note_one
from appraisal.operations.office import Desk
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.opinion_tables import OpinionRow
from appraisal.store.problem_tables import FindingRow, ProblemRow
from appraisal.store.register_tables import UnitRow


def record(desk: Desk, slug: str, draft: Draft, found: Found) -> ProblemRow:
    """Put a problem on the list of the campaign, numbered through; same title and lead unit are the same problem.

    One that is there already gets the new finding; the same finding again does nothing.  Refuses a draft without
    a title, an unknown unit, axis or class, a lead unit that supports itself, and a suggestion (现场建议) without
    unit, leader and due date.
    """
    campaign = campaign_by(desk.session, slug)
    draft = tidied(draft)
    lead = unit_by(desk.session, draft.unit) if draft.unit else None
    row = _same(desk.session, campaign, draft, lead, found) or new_problem(desk, campaign, draft)
    add_finding(desk, campaign, row, found)
    return row


def close_problem(desk: Desk, slug: str, number: int, by: str, text: str = "") -> ProblemRow:
    """Close out a problem (销号); one that is closed stays closed, and what was still owed for it is withdrawn.

    ``by`` is who verified it, by code or name, or the second hand where the method names one; refuses whatever
    ``closing_out.close_out`` refuses.
    """
    row = problem_by(desk.session, slug, number)
    close_out(desk, slug, row, by, text)
    return row


def problem_by(session: Session, slug: str, number: int) -> ProblemRow:
    """The problem of that number in the campaign, or Refusal ``problem.unknown``."""
    campaign = campaign_by(session, slug)
    query = select(ProblemRow).where(ProblemRow.campaign_id == campaign.id, ProblemRow.number == number)
    row = session.scalar(query)
    if row is None:
        raise Refusal("problem.unknown", campaign=campaign.title, number=number)
    return row


def add_finding(desk: Desk, campaign: CampaignRow, row: ProblemRow, found: Found) -> None:
    """Add where a problem was found; an opinion is taken up by it.  The same finding again does nothing."""
    if _holds(row, found):
        return
    opinion = desk.session.get_one(OpinionRow, found.opinion_id) if found.opinion_id else None
    if opinion is not None:
        take_up(desk, campaign, opinion, row)
    position = max((known.position for known in row.findings), default=-1) + 1
    key = uuid4()
    row.findings.append(
        FindingRow(
            id=key,
            position=position,
            kind=found.kind,
            text=found.text.strip(),
            opinion_id=found.opinion_id,
            log_entry_id=found.log_entry_id,
            panel_id=found.panel_id,
            unit_id=found.unit_id,
            by=found.by,
            at=desk.now,
        )
    )
    desk.session.flush()
    desk.record(campaign.slug, f"problem:{row.id}", Action.PROBLEM_GATHERED, finding=str(key), kind=str(found.kind))


def take_up(desk: Desk, campaign: CampaignRow, opinion: OpinionRow, row: ProblemRow) -> None:
    """Mark an opinion as taken up in a problem; one that is taken up already stays so."""
    if opinion.campaign_id != campaign.id:
        raise Refusal("opinion.unknown")
    if opinion.status == OpinionStatus.TAKEN_UP:
        return
    note_one(desk, opinion)
    opinion.status = OPINION.move(opinion.status, Action.OPINION_TAKEN_UP)
    desk.record(campaign.slug, f"opinion:{opinion.id}", Action.OPINION_TAKEN_UP, problem=row.number)


def _same(
    session: Session, campaign: CampaignRow, draft: Draft, lead: UnitRow | None, found: Found
) -> ProblemRow | None:
    """The problem that this is already; what was merged stands where it was merged to, what was dropped nowhere.

    One that is closed is found again only by what was its own: found anew, it is a new problem.
    """
    query = select(ProblemRow).where(
        ProblemRow.campaign_id == campaign.id,
        ProblemRow.kind == draft.kind,
        ProblemRow.title == draft.title,
        ProblemRow.unit_id == (lead.id if lead else None),
    )
    known = [merged_into(session, row) for row in session.scalars(query.order_by(ProblemRow.number))]
    own = [row for row in known if row.status == ProblemStatus.CLOSED and _holds(row, found)]
    return next((row for row in known if row.status in OPEN_PROBLEM), own[0] if own else None)


def merged_into(session: Session, row: ProblemRow) -> ProblemRow:
    """The problem that a merged one has become in the end; any other is itself."""
    while row.merged_into_id is not None:
        row = session.get_one(ProblemRow, row.merged_into_id)
    return row


def new_problem(desk: Desk, campaign: CampaignRow, written: Draft) -> ProblemRow:
    """Put a problem on the list whatever is on it already; it wants a finding, which the caller adds."""
    draft = tidied(written)
    lead = unit_by(desk.session, draft.unit) if draft.unit else None
    supporting = list(dict.fromkeys(unit_by(desk.session, unit) for unit in draft.supporting))
    if lead in supporting:
        raise Refusal("problem.lead_supports", unit=lead.name if lead else "")
    method = method_of(campaign)
    leader = draft.leader or default_leader(desk, method, lead)
    complete_suggestion(replace(draft, leader=leader))
    last = desk.session.scalar(select(func.max(ProblemRow.number)).where(ProblemRow.campaign_id == campaign.id)) or 0
    row = ProblemRow(
        id=identity("problem", campaign.slug, last + 1),
        campaign_id=campaign.id,
        number=last + 1,
        kind=draft.kind,
        unit=lead,
        title=draft.title,
        detail=draft.detail,
        aim=draft.aim,
        classes=read_classes(method, draft.classes),
        leader=leader,
        due_on=draft.due_on,
        status=PROBLEM.move(None, Action.PROBLEM_RECORDED),
        recorded_at=desk.now,
        supporting=supporting,
    )
    desk.session.add(row)
    desk.session.flush()
    unit = lead.code if lead else ""
    desk.record(
        campaign.slug,
        f"problem:{row.id}",
        Action.PROBLEM_RECORDED,
        kind=str(row.kind),
        unit=unit,
        number=row.number,
        title=row.title,
    )
    return row


def complete_suggestion(draft: Draft) -> None:
    """Refuse a suggestion (现场建议) without unit, leader and due date; a problem may lack any of them."""
    if draft.kind != ProblemKind.SUGGESTION:
        return
    missing = [
        part for part, there in (("lead", draft.unit), ("leader", draft.leader), ("due", draft.due_on)) if not there
    ]
    if missing:
        raise Refusal("problem.suggestion_incomplete", title=draft.title, missing=missing)


def _holds(row: ProblemRow, found: Found) -> bool:
    return any(_alike(known, found) for known in row.findings)


def _alike(known: FindingRow, found: Found) -> bool:
    if found.opinion_id is not None:
        return known.opinion_id == found.opinion_id
    here = (known.kind, known.log_entry_id, known.panel_id, known.unit_id, known.text)
    return here == (found.kind, found.log_entry_id, found.panel_id, found.unit_id, found.text.strip())
