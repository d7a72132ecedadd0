"""A campaign with an opinion on each of its two units, which the head of the panel drafts and the director approves."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

from appraisal.domain.review_opinion import ProblemText
from appraisal.operations import review_opinions
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Office
from appraisal.operations.panels import PanelDraft
from appraisal.operations.review_opinion_list import newest_of
from appraisal.store.base import identity
from appraisal.store.sitting_tables import ReviewOpinionRow
from tests.operations.panel_world import set_panel
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase

METHOD = Path(__file__).parent / "data/review-opinions.yaml"
GOOD = ("教学质量稳步提高。",)
BAD = (ProblemText("教师编制不足，部分学科缺编", "年底前补齐", date(2023, 12, 31)),)
"""9 characters of achievements and 18 of problems: one third, two thirds."""
DRAFTED, ASKED, APPROVED, DELIVERED, SIGNED = (f"2023-09-0{day}T10:00" for day in (4, 5, 6, 7, 8))


def with_opinions(office: Office, slug: str) -> Campaign:
    """The first panel is over jyj, nobody over kjj; the phase in which the units sign is still to come."""
    begin(office, edition(METHOD), slug, "2023年部门工作评议", ["jyj", "kjj"], instant(STARTS))
    campaign = Campaign(office, slug)
    set_panel(campaign, PanelDraft("g1", "第一评议组", members=[("fgj-handler", "panel_head", "组长")], units=["jyj"]))
    open_phase(office, slug, "review", instant(STARTS))
    return campaign


def draft(
    campaign: Campaign,
    unit: str = "jyj",
    good: Sequence[str] = GOOD,
    bad: Sequence[ProblemText] = BAD,
    who: str = "office-1",
    at: str = DRAFTED,
    base: int | None = None,
) -> ReviewOpinionRow:
    with campaign.desk(who, at) as desk:
        return review_opinions.draft(desk, campaign.slug, unit, good, bad, base)


def put_up(campaign: Campaign, *rows: ReviewOpinionRow, who: str = "office-1", at: str = ASKED) -> int:
    with campaign.desk(who, at) as desk:
        return len(review_opinions.put_up(desk, campaign.slug, [row.id for row in rows]))


def approve(
    campaign: Campaign, row: ReviewOpinionRow, who: str = "director", at: str = APPROVED, seen: str = ""
) -> ReviewOpinionRow:
    with campaign.desk(who, at) as desk:
        return review_opinions.approve(desk, row.id, campaign.person(who), seen or row.digest)


def give_back(
    campaign: Campaign, row: ReviewOpinionRow, remarks: str, who: str = "director", at: str = APPROVED
) -> ReviewOpinionRow:
    with campaign.desk(who, at) as desk:
        return review_opinions.give_back(desk, row.id, campaign.person(who), row.digest, remarks)


def deliver(campaign: Campaign, row: ReviewOpinionRow, who: str = "office-1", at: str = DELIVERED) -> ReviewOpinionRow:
    with campaign.desk(who, at) as desk:
        return review_opinions.deliver(desk, row.id)


def delivered(campaign: Campaign, unit: str = "jyj") -> ReviewOpinionRow:
    """Drafted, put up, approved and delivered, a day each."""
    row = draft(campaign, unit)
    put_up(campaign, row)
    approve(campaign, row)
    return deliver(campaign, row)


def stands(campaign: Campaign, unit: str = "jyj") -> tuple[int, str]:
    """The version that counts, and its status."""
    with campaign.office.store.reading() as session:
        row = newest_of(session, campaign_by(session, campaign.slug))[identity("unit", unit)]
        return row.version, row.status


def version(campaign: Campaign, number: int, unit: str = "jyj") -> ReviewOpinionRow:
    with campaign.office.store.reading() as session:
        return session.get_one(ReviewOpinionRow, version_id(campaign, number, unit))


def version_id(campaign: Campaign, number: int, unit: str = "jyj") -> UUID:
    return identity("review_opinion", campaign.slug, unit, number)
