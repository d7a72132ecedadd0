"""Who may look into the work of panels: the office into all of it, a member into that of their own panel."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import CampaignStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.words import PanelKind
from appraisal.notices.recipients import Place, holders_of
from appraisal.operations.desks import holds, is_staff
from appraisal.operations.loading import method_of
from appraisal.operations.panel_checks import panel_roles
from appraisal.operations.telling import panels_of
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.panel_tables import PanelRow
from appraisal.store.register_tables import PersonRow


def own_panels(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> list[PanelRow]:
    """The panels on which the person sits that day, or stands in for somebody who does."""
    roles = list(panel_roles(method_of(campaign)))
    panels = panels_of(session, campaign)
    places: list[Place] = [(role, panel.id) for panel in panels for role in roles]
    held = holders_of(session, places, on) if places else {}
    mine: set[UUID | None] = {
        seat for (_, seat), found in held.items() if any(each.person.id == person.id for each in found)
    }
    return [panel for panel in panels if panel.id in mine]


def my_panels(session: Session, person: PersonRow, on: date) -> list[tuple[str, PanelRow]]:
    """The panels of all running campaigns on which the person sits, each with the title of its campaign."""
    with_panels = select(PanelRow.campaign_id).where(PanelRow.active)
    running = select(CampaignRow).where(CampaignRow.status == CampaignStatus.RUNNING, CampaignRow.id.in_(with_panels))
    campaigns = session.scalars(running.order_by(CampaignRow.slug)).all()
    return [(each.title, panel) for each in campaigns for panel in own_panels(session, each, person, on)]


def known_panels(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> list[PanelRow]:
    """The panels that the person may know of: all for the office and those who get the briefs; whoever comes
    unannounced is known to nobody else but its members."""
    panels = panels_of(session, campaign)
    if may_read_briefs(session, campaign, person, on):
        return list(panels)
    own = {panel.id for panel in own_panels(session, campaign, person, on)}
    return [panel for panel in panels if panel.id in own or panel.kind == PanelKind.PANEL]


def secret_titles(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> frozenset[str]:
    """The titles of the panels that the person may not know of."""
    unannounced = [panel for panel in panels_of(session, campaign) if panel.kind != PanelKind.PANEL]
    known = {panel.id for panel in known_panels(session, campaign, person, on)} if unannounced else set()
    return frozenset(panel.title for panel in unannounced if panel.id not in known)


def may_write(session: Session, campaign: CampaignRow, panel: PanelRow | None, person: PersonRow, on: date) -> None:
    """Refuse whoever is neither of the office nor on the panel, and what is written for a panel that is no more."""
    may_read(session, campaign, panel, person, on)
    if panel is not None and not panel.active:
        raise Refusal("panel.dissolved", panel=panel.title)


def may_read(session: Session, campaign: CampaignRow, panel: PanelRow | None, person: PersonRow, on: date) -> None:
    """Refuse whoever is neither of the office nor on the panel; what the body did itself is for the office alone."""
    if panel is not None and panel.campaign_id != campaign.id:
        raise Refusal("panel.unknown")
    if is_staff(session, person, on):
        return
    if panel is None or panel.id not in {mine.id for mine in own_panels(session, campaign, person, on)}:
        raise Refusal("panel.not_yours")


def may_read_briefs(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> bool:
    """Whether the daily briefs of a campaign are for this person."""
    method = method_of(campaign)
    roles = {role for roundup in method.roundups for role in roundup.to}
    units: list[UUID | None] = [None, *(target.unit_id for target in campaign.targets)]
    places: list[Place] = [(role, unit) for role in roles for unit in units]
    return is_staff(session, person, on) or holds(session, person, places, on)
