"""Who is asked, and who may act, where a role sits on a panel."""

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.refusal import Refusal
from appraisal.operations import duties, problems
from appraisal.operations.issuing import issue_for_problems
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Office
from appraisal.operations.seats import coverage_seat
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.panel_tables import CoverageRow, PanelMemberRow, PanelRow
from appraisal.store.register_tables import UnitRow
from tests.operations.conftest import SLUGS
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase

METHOD = Path(__file__).parent / "data/panels-and-problems.yaml"
ON = "2023-09-04T10:00"


@pytest.fixture
def panels(office: Office) -> Campaign:
    """One panel with a head over the education bureau, another over the science bureau."""
    campaign = Campaign(office, f"p{next(SLUGS)}")
    begin(office, edition(METHOD), campaign.slug, "专项评议", ["jyj", "kjj"], instant(STARTS))
    with campaign.desk("office-1", STARTS) as desk:
        for number, (head, unit) in enumerate([("fgj-handler", "jyj"), ("wjj-handler", "kjj")], start=1):
            covered = desk.session.scalars(select(UnitRow).where(UnitRow.code == unit)).one()
            panel_id = identity("panel", campaign.slug, number)
            seat = coverage_seat(campaign.slug, covered)
            place = {"id": panel_id, "campaign_id": campaign_by(desk.session, campaign.slug).id, "position": number}
            panel = PanelRow(key=f"g{number}", title=f"第{number}组", kind="panel", **place)
            member = {"person_id": campaign.person(head).id, "role": "panel_head", "title": "组长", "position": 1}
            panel.members = [PanelMemberRow(panel_id=panel_id, **member)]
            panel.coverage = [CoverageRow(panel_id=panel_id, unit_id=covered.id, seat=seat)]
            desk.session.add(panel)
    open_phase(office, campaign.slug, "investigate", instant(STARTS))
    return campaign


def obligations(campaign: Campaign, key: str) -> dict[str, ObligationRow]:
    """The obligations of a duty by who owes them."""
    theirs = (ObligationRow.campaign_id == identity("campaign", campaign.slug), ObligationRow.key == key)
    with campaign.office.store.reading() as session:
        return {row.owner: row for row in session.scalars(select(ObligationRow).where(*theirs))}


def submit(campaign: Campaign, identifier: UUID, who: str, at: str) -> None:
    with campaign.desk(who, at) as desk:
        duties.submit(desk, identifier, campaign.by(who), "已完成", ())


def test_each_panel_owes_its_own_report_and_its_head_is_told(panels: Campaign) -> None:
    owed = obligations(panels, "visits")
    assert {owner: row.due_on for owner, row in owed.items()} == {
        "第1组": date(2023, 9, 25),
        "第2组": date(2023, 9, 25),
    }
    assert sorted(code for code in panels.letters("duty-issued") if code in ("fgj-handler", "wjj-handler")) == [
        "fgj-handler",
        "wjj-handler",
    ]


def test_report_of_a_panel_is_handed_in_by_its_own_head_alone(panels: Campaign) -> None:
    first = obligations(panels, "visits")["第1组"]
    with pytest.raises(Refusal) as refused:
        submit(panels, first.id, "wjj-handler", ON)
    assert (refused.value.code, refused.value.facts["unit"]) == ("obligation.not_yours", "第1组")
    submit(panels, first.id, "fgj-handler", ON)
    assert obligations(panels, "visits")["第1组"].status == "submitted"


def test_paper_of_a_unit_is_accepted_by_the_panel_over_it(panels: Campaign) -> None:
    panels.submit("clue", "2023-09-01T10:00", unit="jyj")
    with pytest.raises(Refusal, match=r"^obligation\.not_yours"):
        panels.accept("clue", ON, unit="jyj", who="wjj-handler")
    panels.accept("clue", ON, unit="jyj", who="fgj-handler")
    assert panels.row("clue", "jyj").status == "settled"


def test_panel_of_another_campaign_over_the_same_unit_has_no_say(office: Office, panels: Campaign) -> None:
    other = Campaign(office, f"p{next(SLUGS)}")
    begin(office, edition(METHOD), other.slug, "另一次评议", ["jyj"], instant(STARTS))
    open_phase(office, other.slug, "investigate", instant(STARTS))
    other.submit("clue", "2023-09-01T10:00", unit="jyj")
    with pytest.raises(Refusal, match=r"^obligation\.not_yours"):
        other.accept("clue", ON, unit="jyj", who="fgj-handler")


def test_reports_of_all_panels_make_one_event_with_the_last_of_them(panels: Campaign) -> None:
    heads = {"第1组": "fgj-handler", "第2组": "wjj-handler"}
    for owner, row in sorted(obligations(panels, "visits").items()):
        submit(panels, row.id, heads[owner], ON)
        with panels.desk("office-1", ON) as desk:
            duties.accept(desk, row.id, panels.by("office-1"))
        settled = [fact for fact in panels.facts("event:set") if fact["event"] == "visits.settled"]
        assert len(settled) == (0 if owner == "第1组" else 1)


def test_problem_assigned_early_is_owed_by_its_lead_unit_by_its_own_date(panels: Campaign) -> None:
    with panels.desk("office-1", ON) as desk:
        draft = Draft("窗口排队久", "jyj", due_on=date(2023, 10, 13), leader="张三", classes={"time": "immediate"})
        row = problems.record(desk, panels.slug, draft, Found(FindingKind.ENTERED, "窗口排队久", "office-1"))
        row.assigned_at = desk.now
        for _ in range(2):
            issue_for_problems(desk, campaign_by(desk.session, panels.slug), [row])
    (owed,) = obligations(panels, "solve").values()
    assert (owed.owner, owed.title, owed.due_on, owed.status) == (
        "市教育局",
        "问题整改：第1号问题 窗口排队久",
        date(2023, 10, 13),
        "issued",
    )
