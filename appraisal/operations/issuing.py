"""Issuing the duties of a phase: one obligation for each holder, with its due date and its letter."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OBLIGATION, OPEN_OBLIGATION, PhaseStatus, ProblemStatus
from appraisal.domain.reasoning import steps_from_json
from appraisal.method.duties import Duty
from appraisal.method.sequence import applies
from appraisal.method.words import OwedBy
from appraisal.notices.post import Letter
from appraisal.notices.recipients import holders_of, names
from appraisal.notices.wording import phrase, reason
from appraisal.operations.events import happen
from appraisal.operations.letters import letters_of, times_given
from appraisal.operations.loading import method_of
from appraisal.operations.naming import event_title, event_titles
from appraisal.operations.office import Desk
from appraisal.operations.planning import Events, due_for, events_of, follow_leads, keep_lead, set_due
from appraisal.operations.seats import place_of
from appraisal.operations.telling import duty_page, letter, panels_of, tell
from appraisal.store.assignment_tables import AssignmentRow, OrderRow
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, ConsequenceRow, ObligationRow, PhaseRow
from appraisal.store.panel_tables import PanelRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow


@dataclass(frozen=True)
class Owed:
    """A duty and whoever owes it: a unit, a panel or (with neither) the body; about a problem, a letter or a period.

    ``times`` counts how often a consequence has called for it, or the unit was given the problem.
    """

    duty: Duty
    unit: UnitRow | None = None
    panel: PanelRow | None = None
    problem: ProblemRow | None = None
    assignment: AssignmentRow | None = None
    period: date | None = None
    times: int = 1
    order: OrderRow | None = None

    @property
    def shared(self) -> bool:
        """Whether there is one obligation for each unit, or one for the body, and no more."""
        return not (self.panel or self.problem or self.assignment or self.order or self.period)

    def identity(self, slug: str) -> UUID:
        """The id of the obligation: the same thing owed twice is one."""
        parts = {
            "panel": self.panel and self.panel.key,
            "problem": self.problem and self.problem.number,
            "assignment": self.assignment and self.assignment.number,
            "period": self.period,
            "order": self.order and self.order.id,
        }
        more = [f"{kind}={part}" for kind, part in parts.items() if part]
        more += [f"times={self.times}"] if self.times > 1 else []
        return identity("obligation", slug, self.duty.key, self.unit.code if self.unit else "", *more)


def issue(desk: Desk, phase: PhaseRow) -> int:
    """Issue what is not issued yet; returns how many obligations are new.  What recurs is issued period by period."""
    return issue_all(desk, phase, called_for(desk, phase, _owed(desk, phase)))


def issue_for_consequence(desk: Desk, campaign: CampaignRow, consequence: str, unit: UnitRow) -> int:
    """Issue what the consequence asks of the unit, in the phases that are open."""
    phases = [phase for phase in campaign.phases if phase.status == PhaseStatus.OPEN]
    return sum(
        issue_all(desk, phase, [each for each in called_for(desk, phase, asked) if each.unit is unit])
        for phase in phases
        if (asked := [each for each in _owed(desk, phase) if each.duty.only_if == consequence])
    )


def issue_for_problems(desk: Desk, campaign: CampaignRow, problems: Sequence[ProblemRow]) -> int:
    """Issue what units owe for assigned problems, even before the phase of the duty (边评边改).

    Leading and supporting units owe it; the letters in which they were assigned are there already.
    """
    phases = [phase for phase in campaign.phases if phase.status != PhaseStatus.CLOSED]
    owed = [(phase, list(_for_problems(desk, phase, problems))) for phase in phases]
    return sum(issue_all(desk, phase, each) for phase, each in owed if each)


def issue_for_letters(desk: Desk, campaign: CampaignRow, letters: Sequence[AssignmentRow]) -> int:
    """Issue what units owe for letters of assignment, such as signing for them."""
    phases = [phase for phase in campaign.phases if phase.status != PhaseStatus.CLOSED]
    owed = [(phase, list(_for_letters(phase, letters))) for phase in phases]
    return sum(issue_all(desk, phase, each) for phase, each in owed if each)


def issue_for_order(desk: Desk, campaign: CampaignRow, order: OrderRow) -> int:
    """Issue what the unit owes for an order, even before the phase of the duty."""
    phases = [phase for phase in campaign.phases if phase.status != PhaseStatus.CLOSED]
    asking = [(phase, owed) for phase in phases if (owed := list(_answering(phase, [order])))]
    return sum(issue_all(desk, phase, owed) for phase, owed in asking)


def issue_all(desk: Desk, phase: PhaseRow, owed: Sequence[Owed]) -> int:
    """Issue each of these that is not issued yet, with its due date and its letter; returns how many are new."""
    campaign = phase.campaign
    events = events_of(desk.session, campaign)
    issued = set(desk.session.scalars(select(ObligationRow.id).where(ObligationRow.phase_id == phase.id)))
    missing = [each for each in owed if each.identity(campaign.slug) not in issued]
    missing.sort(key=lambda each: each.duty.supports is not None)
    fresh = [(_issue(desk, phase, each, events), each) for each in missing]
    desk.session.flush()
    follow_leads(desk, campaign, [row for row, _ in fresh])
    places = [place_of(row, each.duty.role) for row, each in fresh]
    held = holders_of(desk.session, places, desk.now.date())
    letters = zip(fresh, places, strict=True)
    tell(desk, campaign, [_letter(row, each.duty, names(held[place])) for (row, each), place in letters])
    shared = [(row, each.duty) for row, each in fresh if each.shared]
    for unit in dict.fromkeys(row.unit for row, _ in shared):
        happen(desk, campaign, [f"{duty.key}.issued" for row, duty in shared if row.unit is unit], desk.now, unit)
    return len(fresh)


def called_for(desk: Desk, phase: PhaseRow, owed: Iterable[Owed]) -> list[Owed]:
    """Those that are owed by everybody, and of those that hang on a consequence the ones for which it was found."""
    listed = list(owed)
    if not any(each.duty.only_if for each in listed):
        return listed
    found = events_of(desk.session, phase.campaign).units
    return [
        _numbered(desk, phase, each)
        for each in listed
        if each.duty.only_if is None or (each.unit and applies(each.duty.only_if) in found.get(each.unit.id, {}))
    ]


def _numbered(desk: Desk, phase: PhaseRow, owed: Owed) -> Owed:
    """Owed once more where the consequence was found anew after the unit had done with it."""
    if owed.duty.only_if is None or owed.unit is None or owed.duty.rhythm:
        return owed
    mine = (ObligationRow.phase_id == phase.id, ObligationRow.key == owed.duty.key)
    rows = desk.session.scalars(select(ObligationRow).where(*mine, ObligationRow.unit_id == owed.unit.id)).all()
    latest = found_at(desk.session, phase, owed.duty.only_if, owed.unit)
    done = all(row.status not in OPEN_OBLIGATION and latest and row.issued_at < latest for row in rows)
    return replace(owed, times=len(rows) + done if rows else 1)


def found_at(session: Session, phase: PhaseRow, consequence: str, unit: UnitRow) -> datetime | None:
    """When the consequence was last found for the unit."""
    mine = (ConsequenceRow.campaign_id == phase.campaign_id, ConsequenceRow.key == consequence)
    return session.scalar(select(func.max(ConsequenceRow.found_at)).where(*mine, ConsequenceRow.unit_id == unit.id))


def _owed(desk: Desk, phase: PhaseRow) -> Iterator[Owed]:
    yield from (Owed(duty) for duty in _duties(phase, OwedBy.BODY))
    for duty in _duties(phase, OwedBy.EACH_UNIT):
        yield from (Owed(duty, target.unit) for target in phase.campaign.targets)
    for duty in _duties(phase, OwedBy.EACH_PANEL):
        yield from (Owed(duty, panel=panel) for panel in panels_of(desk.session, phase.campaign))
    yield from _for_problems(desk, phase, assigned_problems(desk, phase))
    if _duties(phase, OwedBy.EACH_ASSIGNMENT):
        yield from _for_letters(phase, letters_of(desk.session, phase.campaign))
    if _duties(phase, OwedBy.EACH_ORDER):
        those = select(OrderRow).where(OrderRow.campaign_id == phase.campaign_id)
        yield from _answering(phase, desk.session.scalars(those.order_by(OrderRow.given_at, OrderRow.id)))


def _answering(phase: PhaseRow, orders: Iterable[OrderRow]) -> Iterator[Owed]:
    """What is owed for each order; of one that presses no unit, nothing."""
    duties = _duties(phase, OwedBy.EACH_ORDER)
    for order in orders:
        asked = [duty for duty in duties if order.unit and order.kind in duty.answers]
        yield from (Owed(duty, order.unit, order=order) for duty in asked)


def _for_problems(desk: Desk, phase: PhaseRow, problems: Sequence[ProblemRow]) -> Iterator[Owed]:
    leading, supporting = _duties(phase, OwedBy.EACH_PROBLEM), _duties(phase, OwedBy.EACH_SUPPORTING)
    if not problems or not (leading or supporting):
        return
    given = times_given(desk.session, problems)
    for row in problems:
        pairs = [(row.unit, leading), *((unit, supporting) for unit in row.supporting)]
        for unit, duties in pairs:
            times = row.reopened + given.get((row.id, unit.id if unit else None), 1)
            yield from (Owed(duty, unit, problem=row, times=times) for duty in duties)


def _for_letters(phase: PhaseRow, letters: Sequence[AssignmentRow]) -> Iterator[Owed]:
    duties = _duties(phase, OwedBy.EACH_ASSIGNMENT)
    yield from (Owed(duty, letter.unit, assignment=letter) for letter in letters for duty in duties)


def _duties(phase: PhaseRow, owed_by: OwedBy) -> list[Duty]:
    duties = method_of(phase.campaign).phase(phase.key).duties
    return [duty for duty in duties if duty.owed_by is owed_by and duty.rhythm is None]


def assigned_problems(desk: Desk, phase: PhaseRow) -> Sequence[ProblemRow]:
    """The problems of the campaign that are assigned and not closed out, in the order of their numbers."""
    those = (ProblemRow.campaign_id == phase.campaign_id, ProblemRow.status == ProblemStatus.ASSIGNED)
    return desk.session.scalars(select(ProblemRow).where(*those).order_by(ProblemRow.number)).all()


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
        title=_title(owed),
        status=OBLIGATION.move(None, Action.OBLIGATION_ISSUED),
        issued_at=desk.now,
        last_rung=-1,
        returns=0,
    )
    set_due(method_of(campaign), row, due_for(method_of(campaign), row, events, desk.office), desk.office)
    keep_lead(events, row)
    desk.session.add(row)
    desk.record(campaign.slug, f"obligation:{row.id}", Action.OBLIGATION_ISSUED, **_facts(row))
    return row


def _facts(row: ObligationRow) -> dict[str, object]:
    facts = {"duty": row.key, "unit": row.unit.code if row.unit else "", "due_on": str(row.due_on or "")}
    about = {
        "panel": row.panel.key if row.panel else "",
        "problem": row.problem.number if row.problem else "",
        "order": row.order.mark if row.order else "",
        "assignment": row.assignment.mark if row.assignment else "",
        "period": str(row.period or ""),
    }
    return {**facts, "reason": row.reason, **{name: value for name, value in about.items() if value}}


def _title(owed: Owed) -> str:
    if owed.order:
        return phrase("duty.of_order", duty=owed.duty.title, mark=owed.order.mark)
    if owed.problem:
        return phrase("duty.about_problem", duty=owed.duty.title, number=owed.problem.number, title=owed.problem.title)
    if owed.assignment:
        return phrase("duty.about_assignment", duty=owed.duty.title, mark=owed.assignment.mark)
    if owed.times > 1:
        return phrase("duty.called_for_again", duty=owed.duty.title, times=owed.times)
    return phrase("duty.of_period", duty=owed.duty.title, period=owed.period) if owed.period else owed.duty.title


def _letter(row: ObligationRow, duty: Duty, owed_by: str) -> Letter:
    waits_for = event_title(method_of(row.campaign), row.waits_for) if row.waits_for else ""
    return letter(
        row.campaign,
        "duty-issued",
        str(row.id),
        (duty.role, *duty.tell),
        duty_page(row),
        {
            "duty": row.title,
            "phase": row.phase.title,
            "due_on": str(row.due_on or ""),
            "owed_by": owed_by,
            "waits_for": waits_for,
            "reason": reason(steps_from_json(row.reason), event_titles(method_of(row.campaign))),
        },
        owner=row.unit or row.panel,
    )
