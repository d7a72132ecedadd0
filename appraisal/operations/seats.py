"""Seats: where a role of a method is held — in the body, in a unit, on a panel, or on the panels over a unit."""

from uuid import UUID

from appraisal.method.schema import Method
from appraisal.method.words import PhaseKind, Scope
from appraisal.notices.recipients import Place
from appraisal.operations.loading import method_of
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.panel_tables import PanelRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow


def coverage_seat(slug: str, unit: UnitRow) -> UUID:
    """The seat of all panels of a campaign that cover the unit."""
    return identity("seat", slug, unit.code)


def seat(
    campaign: CampaignRow,
    role: str,
    unit: UnitRow | None,
    panel: PanelRow | None = None,
    about: ProblemRow | None = None,
) -> UUID | None:
    """Where the role is asked for in a matter of that unit, panel or problem; None for the body.

    Where projects are supervised, each is watched by the team it is on the list for, if that still works.
    """
    method = method_of(campaign)
    if not _is_of_panels(method, role):
        return unit.id if unit else None
    panel = panel or (team_of(method, about) if about else None)
    return panel.id if panel else coverage_seat(campaign.slug, unit) if unit else None


def looks_after(campaign: CampaignRow, panel: PanelRow, problem: ProblemRow) -> bool:
    """Whether it is this panel's matter: that of its team or, where it has none, of the panels over its lead unit."""
    team = team_of(method_of(campaign), problem)
    return panel is team if team else problem.unit_id in {covering.unit_id for covering in panel.coverage}


def supervises(method: Method) -> bool:
    """Whether teams watch over projects in some phase."""
    return any(phase.kind is PhaseKind.SUPERVISE for phase in method.phases)


def team_of(method: Method, project: ProblemRow) -> PanelRow | None:
    """The team that watches a project, where projects are supervised: the panel that was last put down with it."""
    if not supervises(method):
        return None
    teams = [finding.panel for finding in project.findings if finding.panel]
    return teams[-1] if teams and teams[-1].active else None


def place_of(row: ObligationRow, role: str) -> Place:
    """A role as one obligation asks for it."""
    return role, seat(row.campaign, role, row.unit, row.panel, row.problem)


def held_in(row: ObligationRow, role: str) -> str:
    """The unit or panel in which whoever owes the obligation holds the role; empty for the body and its panels."""
    scope = method_of(row.campaign).role(role).scope
    if scope is Scope.UNIT:
        return row.unit.name if row.unit else ""
    return row.panel.title if scope is Scope.PANEL and row.panel else ""


def _is_of_panels(method: Method, role: str) -> bool:
    for known in method.roles:  # A loop, for it is asked for every letter.
        if known.key == role:
            return known.scope is Scope.PANEL
    return False
