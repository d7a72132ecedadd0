"""Who may see what is stalled, and what is to come: the office and who gets the weekly brief, and each their own."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from appraisal.domain.refusal import Refusal
from appraisal.method.schema import Method
from appraisal.method.words import Scope
from appraisal.notices.recipients import Place, holders_of
from appraisal.operations.desks import holds, is_staff
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Office
from appraisal.operations.panel_access import own_panels, secret_titles
from appraisal.operations.stalls import StallLine, StallsSought, stalled
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.register_tables import PersonRow


def stalled_for(
    session: Session, office: Office, now: datetime, person: PersonRow, sought: StallsSought
) -> list[StallLine]:
    """What the person may see of what is stalled; Refusal ``stalls.not_yours`` for whoever has no part in it.

    Whoever comes unannounced is named to nobody who may not know of them.
    """
    campaign = campaign_by(session, sought.campaign)
    units = units_seen(session, campaign, person, now.date())
    if units is not None and not units:
        raise Refusal("stalls.not_yours", campaign=campaign.title)
    secret = secret_titles(session, campaign, person, now.date())
    lines = stalled(session, office, now, replace(sought, units=units))
    return [
        replace(line, panels=tuple(panel for panel in line.panels if panel[1] not in secret))
        for line in lines
        if line.unit not in secret
    ]


def units_seen(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> frozenset[str] | None:
    """The codes of the units of which the person may see what is stalled; None for all of them, and of the rest."""
    if sees_all(session, campaign, person, on):
        return None
    method = method_of(campaign)
    roles = [role.key for role in method.roles if role.scope is Scope.UNIT]
    codes = {target.unit_id: target.unit.code for target in campaign.targets}
    places: list[Place] = [(role, unit) for role in roles for unit in codes]
    held = holders_of(session, places, on) if places else {}
    own = {
        codes[unit]
        for (_, unit), found in held.items()
        if unit is not None and any(each.person.id == person.id for each in found)
    }
    own |= {cover.unit.code for panel in own_panels(session, campaign, person, on) for cover in panel.coverage}
    return frozenset(own)


def sees_all(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> bool:
    """The office, and whoever gets the weekly brief of the whole campaign."""
    places: list[Place] = [(role, None) for role in _told_weekly(method_of(campaign))]
    return is_staff(session, person, on) or holds(session, person, places, on)


def may_see_forecast(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> None:
    """Refuse whoever may not see the whole campaign."""
    if not sees_all(session, campaign, person, on):
        raise Refusal("forecast.not_yours", campaign=campaign.title)


def _told_weekly(method: Method) -> list[str]:
    told = method.weekly.to if method.weekly else []
    return [role for role in told if method.role(role).scope is Scope.BODY]
