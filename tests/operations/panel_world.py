"""A campaign with two panels over one bureau each, in a method with daily reports, goals and a daily brief."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from appraisal.operations import duties, panel_log, panels, recurring, roundups
from appraisal.operations.office import Office
from appraisal.operations.panel_log import Entry
from appraisal.operations.panels import PanelDraft
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.panel_tables import LogEntryRow, PanelRow
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase

METHOD = Path(__file__).parent / "data/panels-and-problems.yaml"
HEADS = {"g1": "fgj-handler", "g2": "wjj-handler"}
FIRST = PanelDraft(
    "g1",
    "第一评议组",
    members=[("fgj-handler", "panel_head", "组长"), ("czj-handler", "panel_member", "专家")],
    units=["jyj"],
)
SECOND = PanelDraft("g2", "第二评议组", members=[("wjj-handler", "panel_head", "组长")], units=["市科学技术局"])


def with_panels(
    office: Office,
    slug: str,
    at: str = STARTS,
    drafts: Sequence[PanelDraft] = (FIRST, SECOND),
    method: Path = METHOD,
) -> Campaign:
    """The campaign starts, the panels are set, its first phase opens."""
    begin(office, edition(method), slug, "专项评议", ["jyj", "kjj"], instant(at))
    campaign = Campaign(office, slug)
    for draft in drafts:
        set_panel(campaign, draft, at)
    open_phase(office, slug, "investigate", instant(at))
    return campaign


def closing_by_rule(home: Path) -> Path:
    """The same method, but its first phase closes by itself after a week."""
    text = METHOD.read_text(encoding="utf-8").replace("within: 6w", "within: 1w")
    begin, end = text.index("    gate:"), text.index("  - key: rectify")
    path = home / "closing-by-rule.yaml"
    path.write_text(text[:begin] + text[end:], encoding="utf-8")
    return path


def set_panel(campaign: Campaign, draft: PanelDraft, at: str = STARTS) -> UUID:
    with campaign.desk("office-1", at) as desk:
        return panels.set_panel(desk, campaign.slug, draft).id


def panel_id(campaign: Campaign, key: str = "g1") -> UUID:
    return identity("panel", campaign.slug, key)


def panel(campaign: Campaign, key: str = "g1") -> PanelRow:
    with campaign.office.store.reading() as session:
        row = session.get_one(PanelRow, panel_id(campaign, key))
        assert (row.members is not None, row.coverage is not None) == (True, True)
        return row


def enter(campaign: Campaign, entry: Entry, at: str, who: str = "fgj-handler") -> LogEntryRow:
    with campaign.desk(who, at) as desk:
        return panel_log.enter(desk, campaign.slug, entry, campaign.person(who))


def issue_recurring(campaign: Campaign, at: str) -> int:
    """What the patrol does first."""
    with campaign.office.desk("engine", instant(at)) as desk:
        return recurring.issue_recurring(desk)


def send_roundups(campaign: Campaign, at: str) -> int:
    with campaign.office.desk("engine", instant(at)) as desk:
        return roundups.send_roundups(desk)


def daily(campaign: Campaign, key: str = "g1") -> dict[str, ObligationRow]:
    """The daily reports of a panel by their day."""
    theirs = (ObligationRow.panel_id == panel_id(campaign, key), ObligationRow.key == "daily_report")
    with campaign.office.store.reading() as session:
        found = session.scalars(select(ObligationRow).where(*theirs).order_by(ObligationRow.period))
        return {str(row.period): row for row in found}


def report(campaign: Campaign, day: str, at: str, text: str = "走访三家企业", key: str = "g1") -> None:
    who = HEADS[key]
    with campaign.desk(who, at) as desk:
        duties.submit(desk, daily(campaign, key)[day].id, campaign.by(who), text)


def visit(once: str, day: str, *enterprises: str, kind: str = "visit", of: UUID | None = None, count: int = 1) -> Entry:
    return Entry(once, kind, date.fromisoformat(day), panel=of, enterprises=enterprises, count=count)
