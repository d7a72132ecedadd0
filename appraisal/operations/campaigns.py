"""Starting a campaign from a method, and closing it when its last phase has closed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import CAMPAIGN, OBLIGATION, OPEN_OBLIGATION, PHASE
from appraisal.domain.refusal import Refusal
from appraisal.method.load import Edition
from appraisal.method.schema import Method
from appraisal.method.words import Scope, SelectionWay
from appraisal.notices.recipients import holders_of
from appraisal.operations.briefs import counted
from appraisal.operations.chosen_units import chosen_units
from appraisal.operations.events import happen
from appraisal.operations.loading import method_of, unit_by
from appraisal.operations.office import Desk
from appraisal.operations.questionnaires import close_all
from appraisal.operations.telling import announce
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, EditionRow, ObligationRow, PhaseRow, TargetRow
from appraisal.store.register_tables import UnitRow
from appraisal.store.work import REGISTER


@dataclass(frozen=True)
class Unheld:
    """A role that nobody holds where the method needs somebody; ``needed`` when a duty or an approval hangs on it."""

    role: str
    title: str
    unit: str
    needed: bool


@dataclass(frozen=True)
class Started:
    """A campaign that runs, and the roles that are told of things but that nobody holds."""

    slug: str
    title: str
    unheld: tuple[Unheld, ...]


def start(desk: Desk, edition: Edition, slug: str, title: str, starts_on: date, units: Sequence[str]) -> Started:
    """Pin the method and plan the campaign; the same call again does nothing, whoever was chosen since.

    Units may be left out where the method has them chosen later (see ``operations.selecting``).  Refuses another
    campaign under the same name, the name of the register's own chain, a unit named twice or unknown, no units where
    the method names them beforehand, and a duty or an approval that nobody could do.
    """
    if slug == REGISTER:
        raise Refusal("campaign.reserved", campaign=slug)
    targets = _targets(desk, edition.method, units)
    unheld = unheld_roles(desk, edition.method, targets, starts_on)
    existing = desk.session.scalar(select(CampaignRow).where(CampaignRow.slug == slug))
    if existing is not None:
        return _same(existing, chosen_units(desk.session, existing), edition, starts_on, targets, unheld)
    if missing := [gap for gap in unheld if gap.needed]:
        raise Refusal("campaign.unheld", gaps=[{"role": gap.title, "unit": gap.unit} for gap in missing])
    campaign = _plan(desk, edition, slug, title, starts_on, targets)
    began = datetime.combine(starts_on, time(0), desk.now.tzinfo)
    happen(desk, campaign, ["campaign.started", *(["targets.chosen"] if targets else [])], began)
    return Started(slug, title, tuple(unheld))


def close_campaign(desk: Desk, campaign: CampaignRow) -> None:
    """Close the campaign and its questionnaires; what no gate waited for and is still open is withdrawn and no
    longer chased."""
    left = select(ObligationRow).where(
        ObligationRow.campaign_id == campaign.id, ObligationRow.status.in_(OPEN_OBLIGATION)
    )
    for row in desk.session.scalars(left):
        row.status = OBLIGATION.move(row.status, Action.OBLIGATION_WITHDRAWN)
        row.next_check_at = None
        desk.record(campaign.slug, f"obligation:{row.id}", Action.OBLIGATION_WITHDRAWN, why="campaign closed")
    close_all(desk, campaign)
    campaign.status = CAMPAIGN.move(campaign.status, Action.CAMPAIGN_CLOSED)
    campaign.closed_at = desk.now
    desk.record(campaign.slug, f"campaign:{campaign.id}", Action.CAMPAIGN_CLOSED)
    last = method_of(campaign).phases[-1]
    facts = {"counts_text": counted(desk.session, *campaign.phases)}
    announce(desk, campaign, "campaign-closed", "", last.announce.closed, facts)


def unheld_roles(desk: Desk, method: Method, units: Sequence[UnitRow], on: date) -> list[Unheld]:
    """Every role of the method that nobody holds on that day, in the body or in one of the units."""
    return vacant_roles(desk.session, method, units, on)


def vacant_roles(session: Session, method: Method, units: Sequence[UnitRow], on: date) -> list[Unheld]:
    """The same for who only reads."""
    needed = set(_needed_roles(method))
    known = [role for role in method.roles if role.scope is not Scope.PANEL]  # Panels are set when the campaign runs.
    places = [(role, unit) for role in known for unit in (units if role.scope is Scope.UNIT else [None])]
    held = holders_of(session, [(role.key, unit.id if unit else None) for role, unit in places], on)
    return [
        Unheld(role.key, role.title, unit.name if unit else "", role.key in needed)
        for role, unit in places
        if not held[role.key, unit.id if unit else None]
    ]


def _needed_roles(method: Method) -> Iterator[str]:
    """Whoever owes, accepts, consents or rules: without them the campaign would stand still."""
    if method.problems and method.problems.closing:
        yield from (method.problems.closing.by, *method.problems.closing.agreed_by)
    if method.extension:
        yield method.extension.consent
    if method.assignment and method.assignment.objection:
        yield method.assignment.objection.ruled_by
    for phase in method.phases:
        if phase.closing:
            yield phase.closing.by
        for duty in phase.duties:
            yield duty.role
            if duty.accepted_by:
                yield duty.accepted_by


def _targets(desk: Desk, method: Method, units: Sequence[str]) -> list[UnitRow]:
    if not units and method.targets.selection.way is SelectionWay.NAMED:
        raise Refusal("campaign.no_units")
    found = [unit_by(desk.session, unit) for unit in units]
    twice = sorted({unit.name for unit in found if found.count(unit) > 1})
    if twice:
        raise Refusal("campaign.unit_twice", units=twice)
    return found


def _same(
    existing: CampaignRow,
    chosen_later: Collection[str],
    edition: Edition,
    starts_on: date,
    targets: Sequence[UnitRow],
    unheld: Sequence[Unheld],
) -> Started:
    named = {row.unit_id for row in existing.targets if row.unit.code not in chosen_later}
    if (existing.digest, existing.starts_on, named) != (edition.digest, starts_on, {unit.id for unit in targets}):
        raise Refusal("campaign.exists", campaign=existing.slug, title=existing.title)
    return Started(existing.slug, existing.title, tuple(unheld))


def _plan(
    desk: Desk, edition: Edition, slug: str, title: str, starts_on: date, targets: Sequence[UnitRow]
) -> CampaignRow:
    if desk.session.get(EditionRow, edition.digest) is None:
        method = edition.method
        row = EditionRow(digest=edition.digest, method=method.method, title=method.title, text=edition.text)
        desk.session.add(row)
        desk.session.flush()
    campaign = CampaignRow(
        id=identity("campaign", slug),
        slug=slug,
        title=title,
        digest=edition.digest,
        calendar_digest=desk.office.calendar_digest,
        status=CAMPAIGN.move(None, Action.CAMPAIGN_STARTED),
        starts_on=starts_on,
        started_at=desk.now,
        targets=[TargetRow(unit_id=unit.id, position=number) for number, unit in enumerate(targets)],
        phases=[_phase(slug, edition.method, number) for number in range(len(edition.method.phases))],
    )
    desk.session.add(campaign)
    desk.session.flush()
    units = [unit.code for unit in targets]
    subject = f"campaign:{campaign.id}"
    desk.record(slug, subject, Action.CAMPAIGN_STARTED, method=edition.digest, units=units, starts_on=str(starts_on))
    for phase in campaign.phases:
        desk.record(slug, f"phase:{phase.id}", Action.PHASE_PLANNED, phase=phase.key)
    return campaign


def _phase(slug: str, method: Method, number: int) -> PhaseRow:
    phase = method.phases[number]
    return PhaseRow(
        id=identity("phase", slug, phase.key),
        key=phase.key,
        title=phase.title,
        kind=phase.kind,
        position=number,
        status=PHASE.move(None, Action.PHASE_PLANNED),
    )
