"""Seats: where a role of a method is held — in the body, in a unit, on a panel, or on the panels over a unit."""

from uuid import UUID

from appraisal.method.schema import Method
from appraisal.method.words import Scope
from appraisal.notices.recipients import Place
from appraisal.operations.loading import method_of
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.panel_tables import PanelRow
from appraisal.store.register_tables import UnitRow


def coverage_seat(slug: str, unit: UnitRow) -> UUID:
    """The seat of all panels of a campaign that cover the unit."""
    return identity("seat", slug, unit.code)


def seat(campaign: CampaignRow, role: str, unit: UnitRow | None, panel: PanelRow | None = None) -> UUID | None:
    """Where the role is asked for in a matter of that unit or that panel; None for the body."""
    if _is_of_panels(method_of(campaign), role):
        return panel.id if panel else coverage_seat(campaign.slug, unit) if unit else None
    return unit.id if unit else None


def place_of(row: ObligationRow, role: str) -> Place:
    """A role as one obligation asks for it."""
    return role, seat(row.campaign, role, row.unit, row.panel)


def held_in(row: ObligationRow, role: str) -> str:
    """The unit or panel in which whoever owes the obligation holds the role; empty for the body and its panels."""
    scope = method_of(row.campaign).role(role).scope
    if scope is Scope.UNIT:
        return row.unit.name if row.unit else ""
    return row.panel.title if scope is Scope.PANEL and row.panel else ""


def _is_of_panels(method: Method, role: str) -> bool:
    return any(known.key == role and known.scope is Scope.PANEL for known in method.roles)
