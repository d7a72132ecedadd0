"""Handing long-term problems on to next year's follow-up (结转), and taking them over there."""

from collections.abc import Sequence

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import CampaignStatus, ProblemStatus
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.refusal import Refusal
from appraisal.method.schema import Method
from appraisal.method.words import OwedBy
from appraisal.notices.wording import phrase
from appraisal.operations.classifying import axes_of
from appraisal.operations.closing_out import concerned_roles, move, owed_for, withdraw
from appraisal.operations.closing_steps import add_step
from appraisal.operations.desks import STAFF
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk
from appraisal.operations.problems import add_finding, new_problem, problem_by
from appraisal.operations.telling import letter, tell
from appraisal.operations.tracks import is_handed_on
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import ProblemRow


def hand_on(desk: Desk, slug: str, numbers: Sequence[int], by: str, reason: str) -> list[ProblemRow]:
    """Hand problems on to next year's follow-up; those that are handed on already stay so.  Returns those that are new.

    Refuses all without a reason (``problem.hand_on_needs_reason``), when the track of one is not handed on
    (``problem.stays_here`` names them), or when one is not being rectified (``problem.not_under_way``).
    """
    campaign = campaign_by(desk.session, slug)
    if not numbers:
        raise Refusal("problem.none_chosen")
    if not reason.strip():
        raise Refusal("problem.hand_on_needs_reason")
    chosen = [problem_by(desk.session, slug, number) for number in dict.fromkeys(numbers)]
    fresh = [row for row in chosen if row.status != ProblemStatus.HANDED_ON]
    _may_be_handed_on(method_of(campaign), fresh)
    for row in fresh:
        move(desk, slug, row, Action.PROBLEM_HANDED_ON, by=by, reason=reason.strip())
        row.reason = reason.strip()
        add_step(desk, row, "handed_on", by, reason.strip())
        withdraw(desk, slug, owed_for(desk.session, row), "problem handed on")
        _tell(desk, campaign, row)
    return fresh


def take_over(desk: Desk, slug: str, from_slug: str) -> list[ProblemRow]:
    """Put what an earlier campaign has handed on on the list of this one, each once; returns those that are new.

    Classes stay as far as this method has them; what another campaign has taken over stays there.  Refusal
    ``problem.takes_over_itself`` for one campaign twice, ``problem.takes_over_closed`` where this one has ended.
    """
    campaign, earlier = campaign_by(desk.session, slug), campaign_by(desk.session, from_slug)
    if campaign is earlier:
        raise Refusal("problem.takes_over_itself", campaign=campaign.title)
    if campaign.status == CampaignStatus.CLOSED:
        raise Refusal("problem.takes_over_closed", campaign=campaign.title)
    handed = desk.session.scalars(waiting_in(earlier)).all()
    return [_take_over(desk, campaign, earlier, row) for row in handed]


def waiting_in(earlier: CampaignRow) -> Select[ProblemRow]:
    """What a campaign has handed on and none has taken over yet, by number."""
    later = aliased(ProblemRow)
    taken = exists().where(later.carried_from_id == ProblemRow.id)
    those = (ProblemRow.campaign_id == earlier.id, ProblemRow.status == ProblemStatus.HANDED_ON, ~taken)
    return select(ProblemRow).where(*those).order_by(ProblemRow.number)


def classes_kept(method: Method, old: ProblemRow) -> dict[str, str]:
    """The classes of a problem of another method as far as this one has them."""
    known = {axis.key: {value.key for value in axis.values} for axis in axes_of(method)}
    return {axis: value for axis, value in dict(old.classes).items() if value in known.get(axis, ())}


def _may_be_handed_on(method: Method, rows: Sequence[ProblemRow]) -> None:
    still = [row.number for row in rows if row.status != ProblemStatus.ASSIGNED]
    if still:
        raise Refusal("problem.not_under_way", numbers=still)
    staying = [row.number for row in rows if not is_handed_on(method, row)]
    if staying:
        raise Refusal("problem.stays_here", numbers=staying)


def _take_over(desk: Desk, campaign: CampaignRow, earlier: CampaignRow, old: ProblemRow) -> ProblemRow:
    draft = Draft(
        title=old.title,
        unit=old.unit.code if old.unit else None,
        detail=old.detail,
        aim=old.aim,
        classes=classes_kept(method_of(campaign), old),
        supporting=[unit.code for unit in old.supporting],
        leader=old.leader,
        due_on=old.due_on,
        kind=old.kind,
    )
    row = new_problem(desk, campaign, draft)
    row.carried_from_id, row.percent = old.id, old.percent
    text = phrase("problem.carried", campaign=earlier.title, number=old.number, reason=old.reason or "")
    add_finding(desk, campaign, row, Found(FindingKind.ENTERED, text, desk.work.actor))
    return row


def _tell(desk: Desk, campaign: CampaignRow, row: ProblemRow) -> None:
    told = concerned_roles(method_of(campaign), OwedBy.EACH_PROBLEM)
    facts = {"problem": row.number, "title": row.title, "reason": row.reason or ""}
    key, page = str(row.number), f"/problems/{row.id}"
    roles = (*told, STAFF)
    tell(desk, campaign, [letter(campaign, "problem-handed-on", key, roles, page, facts, owner=row.unit, about=row)])
