"""What the decisions on the units have come to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.method.words import SelectionWay
from appraisal.operations.loading import method_of
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import SelectionRow


def counted_targets(session: Session, campaign: CampaignRow) -> int:
    """How many units are appraised; those carried over take no place, unless they are all that the method wants."""
    if method_of(campaign).targets.selection.way is SelectionWay.CARRIED_OVER:
        return len(campaign.targets)
    return len(campaign.targets) - sum(1 for came_from in chosen_units(session, campaign).values() if came_from)


def chosen_units(session: Session, campaign: CampaignRow) -> dict[str, str]:
    """The units, by code, that were chosen by a decision, with the campaign that they were carried over from."""
    rows = session.scalars(select(SelectionRow).where(SelectionRow.campaign_id == campaign.id))
    return {unit["unit"]: unit.get("carried_from", "") for row in rows for unit in row.chosen}
