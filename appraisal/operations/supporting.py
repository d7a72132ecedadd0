"""Units that come to support a problem after it was assigned, or support it no more (配合单位的增减)."""

from collections.abc import Sequence

from appraisal.domain.lifecycle import ProblemStatus
from appraisal.notices.post import Letter
from appraisal.operations.assigning import send_letters
from appraisal.operations.closing_out import less_is_owed, owed_for, withdraw
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.reassigning import owed_for_empty_letters
from appraisal.operations.telling import letter, tell
from appraisal.operations.unit_posts import answering_roles
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow

WHY = "supports no more"


def follow_supporting(desk: Desk, campaign: CampaignRow, row: ProblemRow, before: Sequence[UnitRow]) -> None:
    """Write to the units that are new to an assigned problem; withdraw what the others owed for it, and tell them."""
    if row.status != ProblemStatus.ASSIGNED:
        return
    gone = [unit for unit in before if unit not in row.supporting]
    for unit in gone:
        owed = [each for each in owed_for(desk.session, row) if each.unit_id == unit.id]
        withdraw(desk, campaign.slug, [*owed, *owed_for_empty_letters(desk, row, unit)], WHY)
    tell(desk, campaign, [_ended(campaign, row, unit) for unit in gone])
    fresh = [unit for unit in row.supporting if unit not in before]
    if fresh:
        send_letters(desk, campaign, [row], fresh)
    if gone:
        less_is_owed(desk, row)


def _ended(campaign: CampaignRow, row: ProblemRow, unit: UnitRow) -> Letter:
    facts = {"problem": row.number, "title": row.title, "lead": row.unit.name if row.unit else ""}
    roles, page = answering_roles(method_of(campaign)), f"/campaigns/{campaign.slug}/problems"
    key = f"{row.id}/{unit.code}/{row.version}"
    return letter(campaign, "support-ended", key, roles, page, facts, owner=unit, about=row)
