"""Issuing the duties of a phase: one obligation for each holder, with its due date and its letter."""

from collections.abc import Callable, Sequence

from sqlalchemy import select

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OBLIGATION, CampaignStatus, PhaseStatus
from appraisal.domain.reasoning import steps_from_json
from appraisal.method.duties import Duty
from appraisal.method.schema import Method
from appraisal.notices.post import Letter
from appraisal.notices.wording import reason
from appraisal.operations.closing_steps import part_closed, returned_since
from appraisal.operations.events import happen
from appraisal.operations.ladders import rungs_of
from appraisal.operations.loading import method_of
from appraisal.operations.naming import event_title, event_titles
from appraisal.operations.occurred import Events, events_of, keep_lead
from appraisal.operations.office import Desk
from appraisal.operations.owing import (
    Owed,
    called_for,
    owed_for_closed,
    owed_for_letters,
    owed_for_orders,
    owed_for_problems,
    owed_in,
)
from appraisal.operations.planning import due_for, follow_leads, set_due
from appraisal.operations.telling import duty_letter, tell
from appraisal.operations.things import forget, things_about
from appraisal.store.assignment_tables import AssignmentRow, OrderRow
from appraisal.store.campaign_tables import CampaignRow, ObligationRow, PhaseRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow


def issue(desk: Desk, phase: PhaseRow) -> int:
    """Issue what is not issued yet; returns how many obligations are new.  What recurs is issued period by period."""
    return issue_all(desk, phase, called_for(desk, phase, owed_in(desk, phase)))


def issue_for_consequence(desk: Desk, campaign: CampaignRow, consequence: str, unit: UnitRow) -> int:
    """Issue what the consequence asks of the unit, in the phases that are open."""
    phases = [phase for phase in campaign.phases if phase.status == PhaseStatus.OPEN]
    return sum(
        issue_all(desk, phase, [each for each in called_for(desk, phase, asked) if each.unit is unit])
        for phase in phases
        if (asked := [each for each in owed_in(desk, phase) if each.duty.only_if == consequence])
    )


def issue_for_problems(desk: Desk, campaign: CampaignRow, problems: Sequence[ProblemRow]) -> int:
    """Issue what units owe for assigned problems, even before the phase of the duty (边评边改) and after it.

    Leading and supporting units owe it; the letters in which they were assigned are there already.  What was withdrawn,
    because the problem went to another track or unit, is issued anew, and so is what is owed once more because the
    problem was returned or has come back.
    """
    return _issue_in(desk, campaign, lambda phase: owed_for_problems(desk, phase, problems))


def issue_for_letters(desk: Desk, campaign: CampaignRow, letters: Sequence[AssignmentRow]) -> int:
    """Issue what units owe for letters of assignment, such as signing for them."""
    return _issue_in(desk, campaign, lambda phase: owed_for_letters(phase, letters))


def issue_for_order(desk: Desk, campaign: CampaignRow, order: OrderRow) -> int:
    """Issue what the unit owes for an order, even before the phase of the duty and after it."""
    return _issue_in(desk, campaign, lambda phase: owed_for_orders(phase, [order]))


def issue_look_backs(desk: Desk, campaign: CampaignRow) -> int:
    """Issue who looks back at what is closed out by now, in the phases that are open."""
    return _issue_in(
        desk, campaign, lambda phase: owed_for_closed(desk, phase) if phase.status == PhaseStatus.OPEN else []
    )


def _issue_in(desk: Desk, campaign: CampaignRow, owed: Callable[[PhaseRow], list[Owed]]) -> int:
    """What is given to a unit after a phase has closed is owed in that phase all the same, while the campaign runs."""
    if campaign.status == CampaignStatus.CLOSED:
        return 0
    asked = [(phase, owed(phase)) for phase in campaign.phases]
    return sum(issue_all(desk, phase, each) for phase, each in asked if each)


def issue_all(desk: Desk, phase: PhaseRow, owed: Sequence[Owed]) -> int:
    """Issue each of these that is not issued yet, with its due date and its letter; returns how many are new."""
    campaign = phase.campaign
    events = events_of(desk.session, campaign)
    issued = set(desk.session.scalars(select(ObligationRow.id).where(ObligationRow.phase_id == phase.id)))
    missing = [each for each in owed if each.identity(campaign.slug) not in issued]
    missing.sort(key=lambda each: each.duty.supports is not None)
    for each in missing:
        _not_done_yet(events, each)
    fresh = [(_issue(desk, phase, each, events), each) for each in missing]
    desk.session.flush()
    follow_leads(desk, campaign, [row for row, _ in fresh])
    tell(desk, campaign, [_letter(desk, row, each.duty) for row, each in fresh])
    shared = [(row, each.duty) for row, each in fresh if each.shared]
    for unit in dict.fromkeys(row.unit for row, _ in shared):
        happen(desk, campaign, [f"{duty.key}.issued" for row, duty in shared if row.unit is unit], desk.now, unit)
    return len(fresh)


def _not_done_yet(events: Events, owed: Owed) -> None:
    """What is owed anew about a problem is not done, whatever was done about it before."""
    for thing in things_about(owed.problem, owed.assignment, owed.unit):
        forget(events.things, thing, owed.duty)


def _issue(desk: Desk, phase: PhaseRow, owed: Owed, events: Events) -> ObligationRow:
    campaign = phase.campaign
    row = ObligationRow(
        id=owed.identity(campaign.slug),
        campaign=campaign,
        phase=phase,
        unit=owed.unit,
        unit_id=owed.unit.id if owed.unit else None,
        panel=owed.panel,
        problem=owed.problem,
        order=owed.order,
        assignment=owed.assignment,
        period=owed.period,
        times=owed.times,
        key=owed.duty.key,
        title=owed.title,
        status=OBLIGATION.move(None, Action.OBLIGATION_ISSUED),
        issued_at=desk.now,
        last_rung=-1,
        returns=_returns_before(desk, owed),
        unmoved=_unmoved_before(desk, method_of(campaign), owed),
    )
    set_due(method_of(campaign), row, due_for(method_of(campaign), row, events, desk.office), desk.office)
    keep_lead(events, row)
    desk.session.add(row)
    desk.record(campaign.slug, f"obligation:{row.id}", Action.OBLIGATION_ISSUED, **_facts(row))
    return row


def _returns_before(desk: Desk, owed: Owed) -> int:
    """What is owed once more because a closing was returned keeps count of the returns; after a relapse it begins anew.

    What was sent back within the duty before counts too: the ladder asks how often the unit has failed.
    """
    if owed.times == 1 or owed.problem is None or owed.turn:
        return 0
    part = bool(part_closed(desk.session, owed.problem))
    if not part and not returned_since(desk.session, owed.problem):
        return 0
    same = (ObligationRow.key == owed.duty.key, ObligationRow.problem_id == owed.problem.id)
    before = desk.session.scalar(select(ObligationRow.returns).where(*same, ObligationRow.times == owed.times - 1))
    return (before or 0) + (not part)


def _unmoved_before(desk: Desk, method: Method, owed: Owed) -> int:
    """How many reports running said nothing new when the period began, where the ladder of the reports counts them."""
    counted = any(rung.when and rung.when.unmoved for rung in rungs_of(method, owed.duty.key))
    if owed.period is None or owed.problem is None or not counted:
        return 0
    same = (ObligationRow.key == owed.duty.key, ObligationRow.problem_id == owed.problem.id)
    theirs = (ObligationRow.unit_id == (owed.unit.id if owed.unit else None), ObligationRow.period < owed.period)
    last = select(ObligationRow.unmoved).where(*same, *theirs).order_by(ObligationRow.period.desc()).limit(1)
    return desk.session.scalar(last) or 0


def _facts(row: ObligationRow) -> dict[str, object]:
    facts = {"duty": row.key, "unit": row.unit.code if row.unit else "", "due_on": str(row.due_on or "")}
    about = {
        "panel": row.panel.key if row.panel else "",
        "problem": row.problem.number if row.problem else "",
        "order": row.order.mark if row.order else "",
        "assignment": row.assignment.mark if row.assignment else "",
        "period": str(row.period or ""),
        "times": row.times if row.times > 1 else "",
    }
    return {**facts, "reason": row.reason, **{name: value for name, value in about.items() if value}}


def _letter(desk: Desk, row: ObligationRow, duty: Duty) -> Letter:
    waits_for = event_title(method_of(row.campaign), row.waits_for) if row.waits_for else ""
    return duty_letter(
        row,
        "duty-issued",
        str(row.id),
        (duty.role, *duty.tell),
        {
            "phase": row.phase.title,
            "phase_closed_on": str(desk.office.hours.day_of(row.closed_before)) if row.closed_before else "",
            "due_on": str(row.due_on or ""),
            "waits_for": waits_for,
            "reason": reason(steps_from_json(row.reason), event_titles(method_of(row.campaign))),
        },
    )
