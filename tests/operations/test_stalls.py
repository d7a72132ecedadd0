"""The two bureaus were told on 28 August 2023 to sign for the opinion within five working days: by 4 September."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import event

from appraisal.clock import ZONE
from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import ObligationStatus, PetitionStatus
from appraisal.domain.stalls import StallKind
from appraisal.method import load
from appraisal.method.load import Edition
from appraisal.method.schema import Method
from appraisal.operations.loading import unit_by
from appraisal.operations.office import Office
from appraisal.operations.problems import problem_by
from appraisal.operations.rungs_ahead import RungAhead
from appraisal.operations.stalls import StallsSought, Told, counts, stalled
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.rectification_tables import PetitionRow
from tests.operations.panel_world import issue_recurring, report, with_panels
from tests.operations.stall_world import stalls
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase


def test_nothing_is_stalled_before_its_day_is_over(campaign: Campaign) -> None:
    assert stalls(campaign, "2023-09-04T23:59") == []


def test_opinion_that_nobody_signed_for_is_told_with_the_ladder_around_it(campaign: Campaign) -> None:
    campaign.confirm("launch_notice", "2023-08-30T10:00")
    campaign.acknowledge("opinion", "2023-08-31T10:00", "kjj")
    campaign.patrol("2023-09-05T09:00")
    (line,) = stalls(campaign, "2023-09-05T10:00")
    assert (line.unit_code, line.unit, line.what, line.kind) == (
        "jyj",
        "市教育局",
        "评议意见签收",
        StallKind.UNACKNOWLEDGED,
    )
    assert (line.since, line.why) == (date(2023, 9, 5), "2023年9月4日（星期一）到期，至今没有签收。")
    assert line.told == Told("urge", instant("2023-09-05T09:00"))
    assert line.next == RungAhead(instant("2023-09-07T09:00"), "yellow", ("主要负责人",))
    assert line.page == f"/duties/{campaign.duty('opinion')}"


def test_top_of_the_ladder_tells_nobody_more(campaign: Campaign) -> None:
    campaign.patrol("2023-09-20T09:00")
    line = stalls(campaign, "2023-09-20T10:00", unit="jyj")[0]
    assert (line.told, line.next) == (Told("red", instant("2023-09-20T09:00")), None)


def test_plan_signed_for_and_not_handed_in_is_overdue_after_the_make_up_saturday(campaign: Campaign) -> None:
    """A month after 7 September ends on 7 October 2023, a Saturday that is worked."""
    for unit in ("jyj", "kjj"):
        campaign.acknowledge("opinion", "2023-09-07T10:00", unit)
    campaign.acknowledge("rectification_plan", "2023-09-08T10:00")
    assert [line for line in stalls(campaign, "2023-10-07T23:59") if line.unit] == []
    found = [(line.unit, line.kind, line.since) for line in stalls(campaign, "2023-10-08T00:00") if line.unit]
    assert found == [
        ("市教育局", StallKind.OVERDUE, date(2023, 10, 8)),
        ("市科学技术局", StallKind.UNACKNOWLEDGED, date(2023, 10, 8)),
    ]


def test_what_is_handed_in_is_stalled_no_more(campaign: Campaign) -> None:
    campaign.acknowledge("opinion", "2023-09-07T10:00")
    campaign.submit("rectification_plan", "2023-10-09T10:00")
    assert stalls(campaign, "2023-10-09T11:00", unit="jyj") == []


def test_two_reports_without_anything_new_are_a_stall_before_the_date(campaign: Campaign) -> None:
    campaign.acknowledge("opinion", "2023-09-01T10:00")
    with campaign.office.store.work("engine") as work:
        row = work.session.get_one(ObligationRow, campaign.duty("rectification_plan"))
        row.unmoved, row.moved_at = 2, instant("2023-09-11T16:00")
    (line,) = stalls(campaign, "2023-09-25T10:00", unit="jyj")
    assert (line.kind, line.since) == (StallKind.UNMOVED, date(2023, 9, 11))
    assert line.why == "连续2次报送没有新的进展。"


def test_petition_that_nobody_decides_on_goes_before_the_unit_that_waits(campaign: Campaign) -> None:
    campaign.acknowledge("opinion", "2023-08-31T10:00")
    ask_for_time(campaign, "rectification_plan", "2023-09-25T09:00")
    assert stalls(campaign, "2023-10-07T23:59", unit="jyj") == []
    (line,) = stalls(campaign, "2023-10-08T00:00", unit="jyj")
    assert (line.kind, "单位此前已提出申请，至今没有决定" in line.why) == (StallKind.UNDECIDED, True)


def ask_for_time(campaign: Campaign, duty: str, at: str) -> None:
    """As the row of a petition stands while nobody has decided."""
    with campaign.desk("jyj-handler", at) as desk:
        row = desk.session.get_one(ObligationRow, campaign.duty(duty))
        identifier = identity("petition", row.id, 1)
        asked = {"status": PetitionStatus.ASKED, "asked_by": "jyj-handler", "asked_at": instant(at)}
        about = {"campaign_id": row.campaign_id, "unit_id": row.unit_id, "obligation_id": row.id}
        words = {"kind": "extension", "position": 1, "reason": "假期施工", "role": "office"}
        desk.session.add(PetitionRow(id=identifier, **about, **words, **asked))
        desk.record(campaign.slug, f"petition:{identifier}", Action.PETITION_ASKED)


def test_supporting_unit_that_is_late_holds_up_the_lead_unit(office: Office) -> None:
    begin(office, supported(), "held-up", "2023年部门工作评议", ["jyj", "kjj"], instant(STARTS))
    open_phase(office, "held-up", "rectify", instant(STARTS))
    campaign = Campaign(office, "held-up")
    number = campaign.record_problem("2023-09-01T10:00", "校车站点不足")
    owe(campaign, number, "support", "kjj", "2023-09-28")
    owe(campaign, number, "lead", "jyj", "2023-10-09")
    (line,) = [line for line in stalls(campaign, "2023-09-29T00:00") if line.problem]
    assert (line.unit, line.kind, line.holds_up, line.held_up_by) == (
        "市科学技术局",
        StallKind.HELD_UP,
        "市教育局",
        (),
    )
    assert line.why == "配合事项2023年9月28日（星期四）到期没有办结，拖住了牵头单位市教育局。"
    found = {line.unit: line for line in stalls(campaign, "2023-10-10T00:00") if line.problem}
    assert (found["市教育局"].holds_up, found["市教育局"].held_up_by) == ("", ("市科学技术局",))


def supported() -> Edition:
    """The small method with a duty about problems that supporting units owe, and the lead unit's own."""
    plain = edition().method.model_dump(mode="json", exclude_none=True)
    about = {"role": "handler", "does": "confirm", "due": {"at": "decided"}, "basis": "第九条"}
    plain["phases"][1]["duties"] += [
        {"key": "support", "title": "配合整改", "owed_by": "each_supporting", **about},
        {"key": "lead", "title": "牵头整改", "owed_by": "each_problem", **about},
    ]
    return load.edition(Method.model_validate(plain))


def owe(campaign: Campaign, number: int, key: str, unit: str, due_on: str) -> None:
    """As an obligation about a problem stands once it is issued."""
    identifier, due = campaign.duty(key, unit), date.fromisoformat(due_on)
    with campaign.office.desk("engine", instant("2023-09-01T10:05")) as desk:
        problem, owner = problem_by(desk.session, campaign.slug, number), unit_by(desk.session, unit)
        where = {"campaign_id": problem.campaign_id, "phase_id": campaign.phase("rectify").id}
        who = {"unit_id": owner.id, "problem_id": problem.id, "key": key, "title": key}
        ends = datetime.combine(due + timedelta(days=1), time(), ZONE)
        dates = {"due_on": due, "due_at": ends, "issued_at": desk.now}
        desk.session.add(ObligationRow(id=identifier, status=ObligationStatus.ISSUED, **where, **who, **dates))
        desk.record(campaign.slug, f"obligation:{identifier}", Action.OBLIGATION_ISSUED)


@pytest.fixture
def panels(office: Office, request: pytest.FixtureRequest) -> Campaign:
    """Wednesday, 27 September 2023: two panels over one bureau each owe a report each working day."""
    campaign = with_panels(office, f"p-{request.node.name[:20].replace('_', '-')}", "2023-09-27T09:00")
    issue_recurring(campaign, "2023-09-27T09:05")
    return campaign


def test_panel_that_does_not_report_is_silent(panels: Campaign) -> None:
    report(panels, "2023-09-27", "2023-09-27T17:00")
    (line,) = stalls(panels, "2023-09-28T00:00")
    assert (line.unit, line.unit_code, line.kind) == ("第二评议组", "", StallKind.SILENT)
    assert (line.panels, line.since) == ((("g2", "第二评议组"),), date(2023, 9, 28))


def test_stalls_are_sought_by_unit_panel_and_leader(panels: Campaign) -> None:
    """The papers that both bureaus owe to their panels were due on 11 October."""
    late = [line for line in stalls(panels, "2023-10-12T00:00") if line.unit_code]
    assert [(line.unit, line.panels, line.leader) for line in late] == [
        ("市教育局", (("g1", "第一评议组"),), late[0].leader),
        ("市科学技术局", (("g2", "第二评议组"),), late[1].leader),
    ]
    assert late[0].leader
    assert late[0].leader != late[1].leader
    at = "2023-10-12T00:00"
    assert [line.unit_code for line in stalls(panels, at, unit="kjj")] == ["kjj"]
    assert {line.unit for line in stalls(panels, at, panel="g1")} == {"市教育局", "第一评议组"}
    assert [line.unit_code for line in stalls(panels, at, leader=late[0].leader)] == ["jyj"]
    assert dict(counts(late)) == {StallKind.UNACKNOWLEDGED: 2}


def test_statements_are_as_many_for_one_line_as_for_many(campaign: Campaign) -> None:
    def statements(at: str) -> tuple[int, int]:
        said: list[str] = []
        engine = campaign.office.store.engine

        def note(*args: object) -> None:
            said.append(str(args[2]))

        event.listen(engine, "before_cursor_execute", note)
        with campaign.office.store.reading() as session:
            lines = stalled(session, campaign.office, instant(at), StallsSought(campaign.slug))
        event.remove(engine, "before_cursor_execute", note)
        return len(lines), len(said)

    for unit in ("jyj", "kjj"):
        campaign.acknowledge("opinion", "2023-08-31T10:00", unit)
    few, many = statements("2023-09-05T10:00"), statements("2024-03-01T10:00")
    assert few[0] < many[0]
    assert few[1] == many[1]
    assert few[1] <= 12
