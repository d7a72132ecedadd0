"""Duties that come back (每日报告 and the like): one obligation for each holder and period while the phase is open."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OBLIGATION, OWED, CampaignStatus, PhaseStatus
from appraisal.domain.rhythm import beginnings, next_beginning
from appraisal.method.duties import Duty
from appraisal.method.words import OwedBy
from appraisal.operations.issuing import issue_all
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk, Office
from appraisal.operations.owing import Owed, about_problems, assigned_problems, called_for, found_at
from appraisal.operations.telling import panels_of
from appraisal.operations.tracks import is_on_track
from appraisal.store.campaign_tables import CampaignRow, ObligationRow, PhaseRow
from appraisal.store.problem_tables import ProblemRow

Who = tuple[UUID | None, UUID | None, UUID | None]
"""The unit, the panel and the problem of an obligation."""


def issue_recurring(desk: Desk) -> int:
    """Issue the period that began last of every duty that comes back, in all open phases; returns how many are new.

    After a time without patrol nobody gets the periods that were missed one by one: they are named on the ledger with
    the one that is issued.  A panel owes from the day on which it was set.
    """
    return sum(_issue(desk, phase) for phase in _open_phases(desk))


def withdraw_recurring(desk: Desk, phase: PhaseRow) -> None:
    """A period that is still owed when its phase closes is owed no more; what was handed in may still be accepted."""
    open_ones = select(ObligationRow).where(
        ObligationRow.phase_id == phase.id,
        ObligationRow.period.is_not(None),
        ObligationRow.status.in_(OWED),
    )
    for row in desk.session.scalars(open_ones):
        row.status = OBLIGATION.move(row.status, Action.OBLIGATION_WITHDRAWN)
        row.next_check_at = None
        desk.record(phase.campaign.slug, f"obligation:{row.id}", Action.OBLIGATION_WITHDRAWN, why="phase closed")


def next_periods(desk: Desk, campaign: CampaignRow) -> Iterator[date]:
    """The day on which the next period of each duty that comes back begins, as long as its phase is open."""
    today = desk.office.hours.day_of(desk.now)
    for phase in campaign.phases:
        if phase.status == PhaseStatus.OPEN and phase.opens_on:
            for duty in _recurring(phase):
                starts = {_start(desk, phase, owed) or phase.opens_on for owed in _awaited(desk, phase, duty)}
                if duty.rhythm:
                    every = duty.rhythm.every
                    yield from (next_beginning(every, start, today, desk.office.calendar) for start in sorted(starts))


def coming_periods(
    session: Session, campaign: CampaignRow, office: Office, after: date, until: date
) -> Iterator[tuple[Duty, ProblemRow | None, date]]:
    """Every period that begins after the one day and by the other, of the duties of open phases that come back."""
    for phase in campaign.phases:
        if phase.status == PhaseStatus.OPEN and phase.opens_on:
            rhythms = [(duty, duty.rhythm.every) for duty in _recurring(phase) if duty.rhythm]
            for duty, every in rhythms:
                for problem in _reported_on(session, phase, duty):
                    start = office.hours.day_of(problem.assigned_at) if problem and problem.assigned_at else None
                    begun = beginnings(every, start or phase.opens_on, until, office.calendar)
                    yield from ((duty, problem, day) for day in begun if day > after)


def _reported_on(session: Session, phase: PhaseRow, duty: Duty) -> Sequence[ProblemRow | None]:
    """The problems whose periods begin at days of their own; of anything else the one thing there is."""
    if duty.owed_by is not OwedBy.EACH_PROBLEM:
        return [None]
    method = method_of(phase.campaign)
    return [row for row in assigned_problems(session, phase) if is_on_track(method, duty, row)]


def _open_phases(desk: Desk) -> list[PhaseRow]:
    """Those with a duty that comes back; the campaign is held, so that two patrols do not issue the same."""
    query = (
        select(PhaseRow)
        .join(PhaseRow.campaign)
        .where(PhaseRow.status == PhaseStatus.OPEN, CampaignRow.status == CampaignStatus.RUNNING)
        .order_by(CampaignRow.slug, PhaseRow.position)
        .with_for_update(of=CampaignRow, key_share=True)
    )
    return [phase for phase in desk.session.scalars(query) if _recurring(phase)]


def _recurring(phase: PhaseRow) -> list[Duty]:
    return [duty for duty in method_of(phase.campaign).phase(phase.key).duties if duty.rhythm]


def _issue(desk: Desk, phase: PhaseRow) -> int:
    today = desk.office.hours.day_of(desk.now)
    due: list[tuple[Owed, list[date]]] = []
    for duty in _recurring(phase):
        last = _last_periods(desk, phase, duty)
        for holder in called_for(desk, phase, _holders(desk, phase, duty)):
            missing = _missing(desk, phase, holder, last.get(_who(holder)), today)
            if missing:
                due.append((replace(holder, period=missing[-1]), missing[:-1]))
    fresh = issue_all(desk, phase, [owed for owed, _ in due])
    for owed, skipped in due:
        if skipped:
            subject = f"obligation:{owed.identity(phase.campaign.slug)}"
            desk.record(phase.campaign.slug, subject, Action.OBLIGATION_SKIPPED, periods=[str(day) for day in skipped])
    return fresh


def _holders(desk: Desk, phase: PhaseRow, duty: Duty) -> Iterator[Owed]:
    match duty.owed_by:
        case OwedBy.BODY:
            yield Owed(duty)
        case OwedBy.EACH_UNIT:
            yield from (Owed(duty, target.unit) for target in phase.campaign.targets)
        case OwedBy.EACH_PANEL:
            yield from (Owed(duty, panel=panel) for panel in panels_of(desk.session, phase.campaign))
        case OwedBy.EACH_PROBLEM:
            yield from about_problems(
                desk, phase, [(row, row.unit, [duty]) for row in assigned_problems(desk.session, phase)]
            )


def _last_periods(desk: Desk, phase: PhaseRow, duty: Duty) -> dict[Who, date]:
    who = (ObligationRow.unit_id, ObligationRow.panel_id, ObligationRow.problem_id)
    theirs = (ObligationRow.phase_id == phase.id, ObligationRow.key == duty.key, ObligationRow.period.is_not(None))
    found = desk.session.execute(select(*who, func.max(ObligationRow.period)).where(*theirs).group_by(*who))
    return {(unit, panel, problem): period for unit, panel, problem, period in found if period}


def _who(owed: Owed) -> Who:
    unit, panel, problem = (each.id if each else None for each in (owed.unit, owed.panel, owed.problem))
    return unit, panel, problem


def _missing(desk: Desk, phase: PhaseRow, owed: Owed, last: date | None, today: date) -> list[date]:
    """The periods that have begun and are not issued; none from before there was anybody, or anything, to report on."""
    if owed.duty.rhythm is None or phase.opens_on is None:
        return []
    begun = beginnings(owed.duty.rhythm.every, _start(desk, phase, owed) or phase.opens_on, today, desk.office.calendar)
    since = owed.panel.since if owed.panel else phase.opens_on
    if owed.duty.only_if and owed.unit and (at := found_at(desk.session, phase, owed.duty.only_if, owed.unit)):
        since = desk.office.hours.day_of(at)
    return [day for day in begun if (last is None or day > last) and (since is None or day >= since)]


def _start(desk: Desk, phase: PhaseRow, owed: Owed) -> date | None:
    """The day from which periods are counted: of a problem its assignment, else the opening of the phase."""
    assigned_at = owed.problem.assigned_at if owed.problem else None
    return desk.office.hours.day_of(assigned_at) if assigned_at else phase.opens_on


def _awaited(desk: Desk, phase: PhaseRow, duty: Duty) -> Iterable[Owed]:
    """Whose periods begin at days of their own, or one for all whose periods begin together."""
    return _holders(desk, phase, duty) if duty.owed_by is OwedBy.EACH_PROBLEM else [Owed(duty)]
