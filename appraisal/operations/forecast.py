"""What will happen if nobody acts: rungs, dates missed, periods that begin, phases that open and end, day by day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from appraisal.clock import ZONE
from appraisal.domain.deadlines import Due
from appraisal.domain.lifecycle import OWED, CampaignStatus, PhaseStatus
from appraisal.method.duties import Duty
from appraisal.method.schema import Method
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.occurred import Events, events_of
from appraisal.operations.office import Office
from appraisal.operations.owing import Owed
from appraisal.operations.planning import due_of
from appraisal.operations.recurring import coming_periods
from appraisal.operations.rungs_ahead import rungs_ahead, titles
from appraisal.operations.telling import duty_page
from appraisal.store.campaign_tables import CampaignRow, ObligationRow, PhaseRow
from appraisal.store.problem_tables import ProblemRow

DAYS = 14


class ComingKind(StrEnum):
    """What will happen, in the order in which a day tells it."""

    OPENS = "opens"
    PERIOD = "period"
    OVERDUE = "overdue"
    RUNG = "rung"
    CLOSES = "closes"


@dataclass(frozen=True)
class Coming:
    """One thing that will happen on a day.

    ``act`` is what a rung does, ``due_on`` by when a period has to be reported; ``told`` are titles of roles.
    ``unit_code`` is empty where it concerns no single unit.
    """

    on: date
    kind: ComingKind
    what: str
    owner: str
    unit_code: str
    told: tuple[str, ...]
    page: str
    problem: int | None = None
    act: str = ""
    due_on: date | None = None


def if_nobody_acts(
    session: Session, office: Office, now: datetime, slug: str, days: int = DAYS
) -> list[tuple[date, list[Coming]]]:
    """What comes today and in so many days, by day; nothing where the campaign is over."""
    campaign = campaign_by(session, slug)
    if campaign.status != CampaignStatus.RUNNING:
        return []
    until = office.hours.day_of(now) + timedelta(days=days)
    method = method_of(campaign)
    events = events_of(session, campaign)
    found = [*_of_obligations(session, campaign, method, office, now, until)]
    found += [*_of_phases(campaign, method, now.date(), until)]
    found += [*_of_periods(session, campaign, method, events, office, now.date(), until)]
    ordered = sorted(found, key=_place)
    return [(day, list(same)) for day, same in groupby(ordered, key=attrgetter("on"))]


def _of_obligations(
    session: Session, campaign: CampaignRow, method: Method, office: Office, now: datetime, until: date
) -> Iterator[Coming]:
    """Only those at which the patrol would look by then."""
    end = datetime.combine(until + timedelta(days=1), time(), ZONE)
    due = (
        select(ObligationRow)
        .where(
            ObligationRow.campaign_id == campaign.id,
            ObligationRow.next_check_at < end,
            ObligationRow.status.in_(OWED),
        )
        .options(joinedload(ObligationRow.problem).lazyload(ProblemRow.supporting))
    )
    for row in session.scalars(due).unique():
        for rung in rungs_ahead(method, row, office, now):
            if rung.at < end:
                yield _coming(row, max(rung.at, now).date(), ComingKind.RUNG, rung.told, rung.act)
        if row.due_at and row.due_on and row.overdue_at is None and row.due_at < end:
            duty = method.duty(row.key)
            yield _coming(row, max(row.due_at, now).date(), ComingKind.OVERDUE, titles(method, [duty.role]))


def _coming(row: ObligationRow, on: date, kind: ComingKind, told: tuple[str, ...], act: str = "") -> Coming:
    number = row.problem.number if row.problem else None
    unit = row.unit.code if row.unit else ""
    return Coming(on, kind, row.title, row.owner, unit, told, duty_page(row), number, act, row.due_on)


def _of_phases(campaign: CampaignRow, method: Method, today: date, until: date) -> Iterator[Coming]:
    """When phases open and end; whose day has passed does so at the next patrol."""
    for phase in campaign.phases:
        rule = method.phase(phase.key)
        if phase.status == PhaseStatus.PLANNED and phase.opens_on and phase.opens_on <= until:
            told = titles(method, rule.announce.opened)
            yield _phase(campaign, phase, max(phase.opens_on, today), ComingKind.OPENS, told)
        if phase.status != PhaseStatus.CLOSED and phase.closes_on and today <= phase.closes_on <= until:
            told = titles(method, [rule.closing.by] if rule.closing else rule.announce.closed)
            yield _phase(campaign, phase, phase.closes_on, ComingKind.CLOSES, told)


def _phase(campaign: CampaignRow, phase: PhaseRow, on: date, kind: ComingKind, told: tuple[str, ...]) -> Coming:
    return Coming(on, kind, phase.title, "", "", told, f"/campaigns/{campaign.slug}")


def _of_periods(
    session: Session, campaign: CampaignRow, method: Method, events: Events, office: Office, today: date, until: date
) -> Iterator[Coming]:
    for duty, problem, period in coming_periods(session, campaign, office, today, until):
        due = _due(method, duty, period, events, office)
        due_on, missed = (due.due_on, due.due_at.date()) if due else (None, date.max)
        yield _period(
            campaign, duty, problem, period, ComingKind.PERIOD, titles(method, [duty.role, *duty.tell]), due_on
        )
        if missed <= until:
            yield _period(campaign, duty, problem, missed, ComingKind.OVERDUE, titles(method, [duty.role]), due_on)


def _period(
    campaign: CampaignRow,
    duty: Duty,
    problem: ProblemRow | None,
    on: date,
    kind: ComingKind,
    told: tuple[str, ...],
    due_on: date | None,
) -> Coming:
    unit, page = problem.unit if problem else None, f"/campaigns/{campaign.slug}"
    what = Owed(duty, problem=problem, times=1 + problem.reopened if problem else 1).title
    number, name, code = problem.number if problem else None, unit.name if unit else "", unit.code if unit else ""
    return Coming(on, kind, what, name, code, told, page, number, due_on=due_on)


def _due(method: Method, duty: Duty, period: date, events: Events, office: Office) -> Due | None:
    """By when a period that has not begun will have to be reported."""
    begun = {f"{duty.key}.issued": datetime.combine(period, time(), ZONE)}
    found = due_of(method, duty, events.body | begun, events, office)
    return found if isinstance(found, Due) else None


def _place(coming: Coming) -> tuple[date, int, str, int, str]:
    kinds: Sequence[ComingKind] = list(ComingKind)
    return coming.on, kinds.index(coming.kind), coming.owner, coming.problem or 0, coming.what
