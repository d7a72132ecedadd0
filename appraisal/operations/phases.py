"""Opening a phase, issuing its duties, closing it when its gate and its approval allow, and what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.deadlines import Due, compute
from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import PHASE, CampaignStatus, PhaseStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.rules import opening_rule
from appraisal.method.words import PhaseKind
from appraisal.operations.briefs import counted
from appraisal.operations.campaigns import close_campaign
from appraisal.operations.closings import granted_and_unchanged
from appraisal.operations.events import happen
from appraisal.operations.issuing import issue
from appraisal.operations.loading import method_of, phase_by
from appraisal.operations.occurred import events_of, sittings_of
from appraisal.operations.office import Desk
from appraisal.operations.projects import Completion, completion_of, put_to_units, tell_completion
from appraisal.operations.recurring import withdraw_recurring
from appraisal.operations.telling import announce
from appraisal.store.campaign_tables import CampaignRow, PhaseRow


@dataclass(frozen=True)
class PhaseView:
    """A phase as the engine needs to know it."""

    campaign: str
    campaign_title: str
    key: str
    title: str
    kind: str
    status: str
    opens_on: date | None
    closes_on: date | None

    @property
    def closed(self) -> bool:
        """Whether the phase has been closed."""
        return self.status == PhaseStatus.CLOSED


def view(row: PhaseRow) -> PhaseView:
    """The view of a phase row."""
    campaign = row.campaign
    place = (campaign.slug, campaign.title, row.key, row.title, row.kind)
    return PhaseView(*place, row.status, row.opens_on, row.closes_on)


def open_phase(desk: Desk, slug: str, key: str) -> PhaseView:
    """Open a phase whose day has come; one that is open or closed stays as it is.  Refuses ``phase.not_yet``."""
    row = phase_by(desk.session, slug, key)
    if row.status != PhaseStatus.PLANNED:
        return view(row)
    if key not in {phase.key for phase in ready_to_open(desk, slug)}:
        raise Refusal("phase.not_yet", phase=row.title, opens_on=row.opens_on)
    row.status = PHASE.move(row.status, Action.PHASE_OPENED)
    row.opened_at, row.opens_on = desk.now, desk.office.hours.day_of(desk.now)
    done = _projects(desk.session, row)
    desk.record(slug, f"phase:{row.id}", Action.PHASE_OPENED, phase=key, **_kept(done))
    happen(desk, row.campaign, [f"phase.{key}.opened"], desk.now)
    _announce(desk, row, "phase-opened", method_of(row.campaign).phase(key).announce.opened)
    tell_completion(desk, row, done)
    return view(row)


def issue_duties(desk: Desk, slug: str, key: str) -> int:
    """Give every holder of a duty of the phase an obligation; returns how many are new.

    A phase that supervises projects puts them to their units first.
    """
    row = phase_by(desk.session, slug, key)
    put_to_units(desk, row)
    return issue(desk, row)


def close_phase(desk: Desk, slug: str, key: str) -> PhaseView:
    """Close the phase if its approval stands; else leave it open.

    An approval is granted only while the gate is met, and is bound to the brief.  The brief is drawn up again
    here, in the closing transaction: had anything changed since, the approval is made void.
    """
    row = phase_by(desk.session, slug, key)
    if row.status != PhaseStatus.OPEN or not granted_and_unchanged(desk, row):
        return view(row)
    row.status = PHASE.move(row.status, Action.PHASE_CLOSED)
    row.closed_at, row.closes_on = desk.now, desk.office.hours.day_of(desk.now)
    desk.record(slug, f"phase:{row.id}", Action.PHASE_CLOSED, phase=key)
    withdraw_recurring(desk, row)
    happen(desk, row.campaign, [f"phase.{key}.closed"], desk.now)
    _announce(desk, row, "phase-closed", method_of(row.campaign).phase(key).announce.closed)
    if all(phase.status == PhaseStatus.CLOSED for phase in row.campaign.phases):
        close_campaign(desk, row.campaign)
    return view(row)


def ready_to_open(desk: Desk, slug: str | None = None) -> list[PhaseView]:
    """The planned phases whose opening day has come, in all running campaigns or in one."""
    running = select(CampaignRow).where(CampaignRow.status == CampaignStatus.RUNNING)
    chosen = running if slug is None else running.where(CampaignRow.slug == slug)
    campaigns = desk.session.scalars(chosen.order_by(CampaignRow.slug))
    return [view(phase) for campaign in campaigns for phase in _opening(desk, campaign)]


def open_phases(session: Session) -> list[PhaseView]:
    """Every phase that is open, whatever the engine knows of it."""
    query = select(PhaseRow).where(PhaseRow.status == PhaseStatus.OPEN).join(PhaseRow.campaign)
    return [view(row) for row in session.scalars(query.order_by(CampaignRow.slug, PhaseRow.position))]


def _opening(desk: Desk, campaign: CampaignRow) -> Iterator[PhaseRow]:
    method = method_of(campaign)
    events = events_of(desk.session, campaign)
    sittings = sittings_of(method, events, desk.office)
    previous = "campaign.started"
    for row in campaign.phases:
        rule = opening_rule(method, method.phase(row.key))
        if row.status == PhaseStatus.PLANNED:
            if rule is None:
                begins = events.body.get(previous)
                come = begins is not None and begins <= desk.now
            else:
                due = compute(rule, events.body, desk.office.calendar, desk.office.hours, sittings=sittings)
                come = isinstance(due, Due) and due.due_on <= desk.office.hours.day_of(desk.now)
            if come:
                yield row
        previous = f"phase.{row.key}.closed"


def _projects(session: Session, row: PhaseRow) -> list[Completion]:
    """How far the projects are that the phase evaluates; nothing where it evaluates none."""
    evaluates = method_of(row.campaign).phase(row.key).kind is PhaseKind.EVALUATE
    return completion_of(session, row.campaign) if evaluates else []


def _kept(done: list[Completion]) -> dict[str, object]:
    """What the deputies judge is as it was when they began: the ledger keeps it."""
    return {"projects": [each.facts for each in done]} if done else {}


def _announce(desk: Desk, row: PhaseRow, template: str, roles: list[str]) -> None:
    facts = {"phase": row.title, "due_on": str(row.closes_on or ""), "counts_text": counted(desk.session, row)}
    announce(desk, row.campaign, template, row.key, roles, facts)
