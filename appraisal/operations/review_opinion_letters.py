"""Who is told of an opinion: whoever approves it, whoever drafted it, and the unit that it was delivered to."""

from collections.abc import Iterator, Sequence

from appraisal.domain.digest import digest
from appraisal.method.words import Scope
from appraisal.notices.post import Letter
from appraisal.notices.wording import phrase
from appraisal.operations.desks import STAFF
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.review_opinion_list import clause_of, problems_of
from appraisal.operations.telling import duty_page, letter, tell
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.sitting_tables import ReviewOpinionRow


def opinion_page(row: ReviewOpinionRow) -> str:
    """Where a version is read and decided on."""
    return f"/review-opinions/{row.id}"


def opinions_page(campaign: CampaignRow) -> str:
    """Where the opinions on all units are listed."""
    return f"/campaigns/{campaign.slug}/review-opinions"


def tell_asked(desk: Desk, campaign: CampaignRow, rows: Sequence[ReviewOpinionRow]) -> None:
    """One letter about all, where one and the same person approves all of them."""
    tell(desk, campaign, list(_asking(campaign, rows)), bundled=False)


def tell_decided(desk: Desk, row: ReviewOpinionRow) -> None:
    """The office, and whoever drafts by the method."""
    drafter = clause_of(row.campaign).drafted_by
    facts = {"version": row.version, "act": phrase(f"review_opinion.status.{row.status}"), "remarks": row.remarks}
    roles = (STAFF, *([drafter] if drafter else []))
    key = f"{row.id}/{row.status}"
    paper = letter(row.campaign, "review-opinion-decided", key, roles, opinion_page(row), facts, owner=row.unit)
    tell(desk, row.campaign, [paper])


def tell_delivered(desk: Desk, row: ReviewOpinionRow, obligation: ObligationRow) -> None:
    """Whoever signs for it, and whoever is told of that duty, with the link to where it is read and signed."""
    duty = method_of(row.campaign).duty(obligation.key)
    facts = {"duty": obligation.title, "due_on": str(obligation.due_on or ""), "count": len(problems_of(row))}
    facts |= {"digest": row.digest}
    roles = (duty.role, *duty.tell)
    page = duty_page(obligation)
    paper = letter(row.campaign, "review-opinion-delivered", str(row.id), roles, page, facts, owner=row.unit)
    tell(desk, row.campaign, [paper], bundled=False)


def _asking(campaign: CampaignRow, rows: Sequence[ReviewOpinionRow]) -> Iterator[Letter]:
    role = clause_of(campaign).approved_by
    together = method_of(campaign).role(role).scope is Scope.BODY
    for group in [list(rows)] if together and rows else [[row] for row in rows]:
        page = opinion_page(group[0]) if len(group) == 1 else opinions_page(campaign)
        facts = {"units": [row.unit.name for row in group]}
        key = digest([row.digest for row in group])
        owner = None if together else group[0].unit
        yield letter(campaign, "review-opinion-asked", key, (role,), page, facts, owner=owner)
