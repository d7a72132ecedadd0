"""Panels of a campaign: set, changed and dissolved by the office; nobody looks into what they answer for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.domain.digest import digest
from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OBLIGATION, OPEN_OBLIGATION, CampaignStatus, PhaseStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.words import PanelKind
from appraisal.operations.issuing import issue
from appraisal.operations.loading import campaign_by, method_of, unit_by
from appraisal.operations.office import Desk
from appraisal.operations.panel_checks import Seated, check, seated
from appraisal.operations.seats import coverage_seat
from appraisal.operations.telling import letter, tell
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.panel_tables import CoverageRow, PanelMemberRow, PanelRow
from appraisal.store.register_tables import UnitRow

Content = dict[str, object]


@dataclass(frozen=True)
class PanelDraft:
    """A panel as the office writes it down: members as (code or name, role, title), units by code or name."""

    key: str
    title: str
    kind: str = PanelKind.PANEL
    members: Sequence[tuple[str, str, str]] = ()
    units: Sequence[str] = ()


def add_panel(desk: Desk, slug: str, draft: PanelDraft) -> PanelRow:
    """Set a panel under the next free key; the same panel again does nothing, another of its title is refused."""
    key = panel_key(desk.session, slug, draft.title.strip())
    before = _of_key(desk.session, campaign_by(desk.session, slug), key)
    stood = before is not None and before.active and _as_it_stands(before)
    row = set_panel(desk, slug, replace(draft, key=key))
    if stood and _as_it_stands(row) != stood:
        raise Refusal("panel.title_taken", panel=row.title)
    return row


def set_panel(desk: Desk, slug: str, draft: PanelDraft) -> PanelRow:
    """Set a panel, or make the one of that key what the draft says; what it says already changes nothing.

    Refuses what ``panel_checks.check`` refuses: a role that is none of a panel's, no head or several, a unit that
    another panel covers, a member who holds a post in a covered unit.  Its members are told, and the panel gets its
    duties in the phases that are open.
    """
    campaign = campaign_by(desk.session, slug)
    if campaign.status != CampaignStatus.RUNNING:
        raise Refusal("campaign.illegal", status=campaign.status)
    units = list(dict.fromkeys(unit_by(desk.session, unit) for unit in draft.units))
    members = seated(desk.session, method_of(campaign), draft.members)
    row = _of_key(desk.session, campaign, draft.key)
    check(desk, campaign, row, draft.title.strip(), draft.kind, members, units)
    content = _content(draft, members, units)
    if row is not None and row.active and _as_it_stands(row) == content:
        return row
    row = row or _new(desk, campaign, draft)
    _write(desk, campaign, row, draft, members, units)
    desk.record(slug, f"panel:{row.id}", Action.PANEL_SET, panel=row.key, **content)
    _tell(desk, campaign, row, content)
    for phase in campaign.phases:
        if phase.status == PhaseStatus.OPEN:
            issue(desk, phase)
    return row


def dissolve_panel(desk: Desk, slug: str, key: str) -> PanelRow:
    """Dissolve a panel: its log stays, what it still owes is withdrawn.  The second time does nothing."""
    campaign = campaign_by(desk.session, slug)
    row = _of_key(desk.session, campaign, key)
    if row is None:
        raise Refusal("panel.unknown")
    if row.active:
        row.active, row.since = False, None
        desk.record(slug, f"panel:{row.id}", Action.PANEL_DISSOLVED, panel=key)
        _withdraw_owed(desk, slug, row)
    return row


def panel_by(session: Session, identifier: UUID) -> PanelRow:
    """The panel, or Refusal ``panel.unknown``."""
    row = session.get(PanelRow, identifier)
    if row is None:
        raise Refusal("panel.unknown")
    return row


def covered(row: PanelRow) -> list[UnitRow]:
    """The units that the panel covers, in the order of the register."""
    return sorted((each.unit for each in row.coverage), key=lambda unit: (unit.position, unit.code))


def panel_key(session: Session, slug: str, title: str) -> str:
    """The key of the panel of that title, or the next that is free."""
    campaign = campaign_by(session, slug)
    query = select(PanelRow.title, PanelRow.key).where(PanelRow.campaign_id == campaign.id)
    keys = dict(session.execute(query.order_by(PanelRow.position)).all())
    if title in keys:
        return keys[title]
    return next(key for number in range(1, len(keys) + 2) if (key := f"p{number}") not in keys.values())


def _of_key(session: Session, campaign: CampaignRow, key: str) -> PanelRow | None:
    query = select(PanelRow).where(PanelRow.campaign_id == campaign.id, PanelRow.key == key)
    return session.scalar(query)


def _content(draft: PanelDraft, members: Sequence[Seated], units: Sequence[UnitRow]) -> Content:
    people = [[each.row.code, each.member.role, each.member.title] for each in members]
    codes = sorted(unit.code for unit in units)
    return {"title": draft.title.strip(), "kind": str(draft.kind), "members": people, "units": codes}


def _as_it_stands(row: PanelRow) -> Content:
    people = [[each.person.code, each.role, each.title] for each in row.members]
    codes = sorted(each.unit.code for each in row.coverage)
    return {"title": row.title, "kind": row.kind, "members": people, "units": codes}


def _new(desk: Desk, campaign: CampaignRow, draft: PanelDraft) -> PanelRow:
    last = desk.session.scalar(select(func.max(PanelRow.position)).where(PanelRow.campaign_id == campaign.id))
    row = PanelRow(
        id=identity("panel", campaign.slug, draft.key),
        campaign_id=campaign.id,
        key=draft.key,
        position=0 if last is None else last + 1,
        active=False,
        title="",
        kind="",
    )
    desk.session.add(row)
    return row


def _write(
    desk: Desk,
    campaign: CampaignRow,
    row: PanelRow,
    draft: PanelDraft,
    members: Sequence[Seated],
    units: Sequence[UnitRow],
) -> None:
    """A panel that sits again owes what comes back from today on, and not what it missed while it did not sit."""
    row.title, row.kind = draft.title.strip(), str(draft.kind)
    row.since = row.since if row.active and row.since else desk.office.hours.day_of(desk.now)
    row.active = True
    row.members.clear()
    row.coverage.clear()
    desk.session.flush()
    row.members += [
        PanelMemberRow(person=each.row, role=each.member.role, title=each.member.title, position=number)
        for number, each in enumerate(members)
    ]
    row.coverage += [CoverageRow(unit=unit, seat=coverage_seat(campaign.slug, unit)) for unit in units]
    desk.session.flush()


def _tell(desk: Desk, campaign: CampaignRow, row: PanelRow, content: Content) -> None:
    """Once for each composition, so that members hear of new units and newcomers of all."""
    method = method_of(campaign)
    facts = {
        "panel": row.title,
        "members": "、".join(
            f"{each.person.name}（{each.title or method.role(each.role).title}）" for each in row.members
        ),
        "units": "、".join(unit.name for unit in covered(row)),
    }
    key = f"{row.id}/{digest(content)[:16]}"
    roles = [each.role for each in row.members]
    tell(desk, campaign, [letter(campaign, "panel-set", key, roles, f"/panels/{row.id}", facts, owner=row)])


def _withdraw_owed(desk: Desk, slug: str, row: PanelRow) -> None:
    owed = select(ObligationRow).where(ObligationRow.panel_id == row.id, ObligationRow.status.in_(OPEN_OBLIGATION))
    for duty in desk.session.scalars(owed):
        duty.status = OBLIGATION.move(duty.status, Action.OBLIGATION_WITHDRAWN)
        duty.next_check_at = None
        desk.record(slug, f"obligation:{duty.id}", Action.OBLIGATION_WITHDRAWN, why="panel dissolved")
