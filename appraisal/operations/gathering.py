"""Gathering what is the same and parting what is not: opinions into problems, problems into one, one into two."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OFF_THE_LIST, OPEN_PROBLEM, OPINION, OpinionStatus, ProblemStatus
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.refusal import Refusal
from appraisal.operations.closing_out import move
from appraisal.operations.loading import campaign_by, opinion_by
from appraisal.operations.office import Desk
from appraisal.operations.problems import add_finding, merged_into, new_problem, problem_by, record
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.opinion_tables import OpinionRow
from appraisal.store.problem_tables import FindingRow, ProblemRow


def gather(desk: Desk, slug: str, number: int, opinions: Sequence[UUID], by: str) -> ProblemRow:
    """Put opinions to a problem that is open (并入问题); each keeps its own thread.  One that is there stays.

    Refusal ``problem.not_open``, ``opinion.none_chosen``, and what refuses an opinion that is held or rejected.
    """
    campaign, row = campaign_by(desk.session, slug), problem_by(desk.session, slug, number)
    if not opinions:
        raise Refusal("opinion.none_chosen")
    row = merged_into(desk.session, row)
    _open(row)
    for identifier in opinions:
        add_finding(desk, campaign, row, found_by(opinion_by(desk.session, identifier), by))
    return row


def take_as_problem(desk: Desk, slug: str, opinions: Sequence[UUID], draft: Draft, by: str) -> ProblemRow:
    """List what opinions say as a problem of its own (列为新问题); the same again does nothing."""
    if not opinions:
        raise Refusal("opinion.none_chosen")
    first, *others = opinions
    row = record(desk, slug, draft, found_by(opinion_by(desk.session, first), by))
    return gather(desk, slug, row.number, others, by) if others else row


def found_by(opinion: OpinionRow, by: str) -> Found:
    """An opinion as the place where a problem was found."""
    return Found(FindingKind.OPINION, opinion.text, by, opinion_id=opinion.id, panel_id=opinion.panel_id)


def merge(desk: Desk, slug: str, number: int, into: int) -> ProblemRow:
    """Merge a problem into another that is open: its findings move, and it says where they went.

    What both hold already stays behind.  Refuses merging into itself, and one that is assigned or closed.
    """
    row, target = problem_by(desk.session, slug, number), problem_by(desk.session, slug, into)
    if row.merged_into_id == target.id:
        return target
    target = merged_into(desk.session, target)
    if target is row:
        raise Refusal("problem.merge_itself", number=number)
    _open(target)
    move(desk, slug, row, Action.PROBLEM_MERGED, into=target.number)
    row.merged_into_id = target.id
    held = {finding.opinion_id for finding in target.findings} - {None}
    _move_findings(desk, slug, [finding for finding in row.findings if finding.opinion_id not in held], target)
    return target


def split(desk: Desk, slug: str, number: int, findings: Sequence[UUID], draft: Draft) -> ProblemRow:
    """Part a problem: the chosen findings become a problem of their own; chosen once more, they stay there.

    Refuses a choice of none or of all, findings of another problem, and a problem that is not open.
    """
    campaign, row = campaign_by(desk.session, slug), problem_by(desk.session, slug, number)
    chosen = [finding for finding in row.findings if finding.id in findings]
    done = _split_off(desk.session, campaign, findings, draft)
    if done is not None:
        return done
    _open(row)
    if not chosen or len(chosen) == len(row.findings):
        raise Refusal("problem.split_none" if not chosen else "problem.split_all", number=number)
    fresh = new_problem(desk, campaign, draft)
    desk.record(slug, f"problem:{row.id}", Action.PROBLEM_SPLIT, off=fresh.number, findings=len(chosen))
    _move_findings(desk, slug, chosen, fresh)
    return fresh


def put_back(desk: Desk, slug: str, number: int, opinion: UUID) -> ProblemRow:
    """Take an opinion out of an open problem again, back to the desk unless another problem holds it.

    Refuses to take out the last finding: such a problem is dropped, with a reason.
    """
    row = problem_by(desk.session, slug, number)
    finding = next((each for each in row.findings if each.opinion_id == opinion), None)
    if finding is None:
        return row
    _open(row)
    if len(row.findings) == 1:
        raise Refusal("problem.last_finding", number=number)
    row.findings.remove(finding)
    desk.session.delete(finding)
    desk.session.flush()
    _free(desk, slug, [opinion], row)
    return row


def drop(desk: Desk, slug: str, number: int, reason: str) -> ProblemRow:
    """Strike a problem that is none off the list, with the reason; its opinions go back to the desk."""
    row = problem_by(desk.session, slug, number)
    if row.status == ProblemStatus.DROPPED:
        return row
    if not reason.strip():
        raise Refusal("problem.drop_needs_reason", number=number)
    move(desk, slug, row, Action.PROBLEM_DROPPED, reason=reason.strip())
    row.reason = reason.strip()
    desk.session.flush()
    _free(desk, slug, [finding.opinion_id for finding in row.findings if finding.opinion_id], row)
    return row


def _open(row: ProblemRow) -> None:
    if row.status not in OPEN_PROBLEM:
        raise Refusal("problem.not_open", number=row.number, status=row.status)


def _move_findings(desk: Desk, slug: str, findings: Sequence[FindingRow], target: ProblemRow) -> None:
    position = max((known.position for known in target.findings), default=-1) + 1
    for place, finding in enumerate(findings, start=position):
        finding.problem, finding.position = target, place
    desk.session.flush()
    moved = [str(finding.id) for finding in findings]
    desk.record(slug, f"problem:{target.id}", Action.PROBLEM_GATHERED, findings=moved)


def _split_off(session: Session, campaign: CampaignRow, findings: Sequence[UUID], draft: Draft) -> ProblemRow | None:
    """The problem that these findings, all of them, make up already under this title."""
    query = select(ProblemRow).join(ProblemRow.findings).where(FindingRow.id.in_(findings))
    homes = session.scalars(query.where(ProblemRow.campaign_id == campaign.id)).unique().all()
    return homes[0] if len(homes) == 1 and homes[0].title == draft.title.strip() else None


def _free(desk: Desk, slug: str, opinions: Sequence[UUID], row: ProblemRow) -> None:
    """Opinions that no other problem holds wait on the desk again."""
    elsewhere = (
        select(FindingRow.opinion_id)
        .join(ProblemRow, ProblemRow.id == FindingRow.problem_id)
        .where(FindingRow.opinion_id.in_(opinions), ProblemRow.id != row.id, ProblemRow.status.not_in(OFF_THE_LIST))
    )
    held = set(desk.session.scalars(elsewhere))
    for identifier in opinions:
        opinion = desk.session.get_one(OpinionRow, identifier)
        if identifier not in held and opinion.status == OpinionStatus.TAKEN_UP:
            opinion.status = OPINION.move(opinion.status, Action.OPINION_PUT_BACK)
            desk.record(slug, f"opinion:{identifier}", Action.OPINION_PUT_BACK, problem=row.number)
