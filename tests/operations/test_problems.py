from datetime import date

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.operations import problems
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import FindingRow, ProblemRow
from tests.operations.world import Campaign, refused

ENTERED = Found(FindingKind.ENTERED, "教师编制不足", "office-1")


def listed(campaign: Campaign) -> list[tuple[int, str, str, str, str | None]]:
    with campaign.office.store.reading() as session:
        rows = session.query(ProblemRow).filter_by(campaign_id=campaign.phase("rectify").campaign_id)
        ordered = rows.order_by(ProblemRow.number).all()
        return [
            (row.number, row.unit.code if row.unit else "", row.title, row.status, row.closed_by) for row in ordered
        ]


def findings(campaign: Campaign, number: int) -> list[tuple[str, str, str]]:
    with campaign.office.store.reading() as session:
        query = session.query(FindingRow).join(ProblemRow).join(CampaignRow, CampaignRow.id == ProblemRow.campaign_id)
        mine = query.filter(CampaignRow.slug == campaign.slug, ProblemRow.number == number)
        return [(row.kind, row.text, row.by) for row in mine.order_by(FindingRow.position)]


def record(campaign: Campaign, draft: Draft, found: Found = ENTERED, at: str = "2023-09-01T10:00") -> int:
    with campaign.desk("office-1", at) as desk:
        return problems.record(desk, campaign.slug, draft, found).number


def test_problems_are_numbered_through_the_campaign_and_recorded_once(campaign: Campaign) -> None:
    titles = ("教师编制不足", "校舍老旧", " 教师编制不足 ")
    assert [campaign.record_problem("2023-09-01T10:00", title) for title in titles] == [1, 2, 1]
    assert campaign.record_problem("2023-09-02T10:00", "教师编制不足", "市科学技术局") == 3
    assert listed(campaign) == [
        (1, "jyj", "教师编制不足", "found", None),
        (2, "jyj", "校舍老旧", "found", None),
        (3, "kjj", "教师编制不足", "found", None),
    ]
    assert len(campaign.facts("problem:recorded")) == 3


def test_problem_of_a_unit_that_is_not_appraised_and_of_no_unit_yet_is_recorded(campaign: Campaign) -> None:
    assert record(campaign, Draft("办件超时", "czj")) == 1
    assert [record(campaign, Draft("无人认领")) for _ in range(2)] == [2, 2]
    assert [line[:3] for line in listed(campaign)] == [(1, "czj", "办件超时"), (2, "", "无人认领")]


def test_same_problem_found_elsewhere_gets_the_new_finding_once(campaign: Campaign) -> None:
    draft, seminar = Draft("教师编制不足", "jyj"), Found(FindingKind.SEMINAR, "座谈会上三位校长提到", "office-2")
    for found in (ENTERED, seminar, seminar):
        assert record(campaign, draft, found) == 1
    assert findings(campaign, 1) == [
        ("entered", "教师编制不足", "office-1"),
        ("seminar", "座谈会上三位校长提到", "office-2"),
    ]
    assert [fact["kind"] for fact in campaign.facts("problem:gathered")] == ["entered", "seminar"]


def test_problem_is_closed_out_once_and_stays_closed(campaign: Campaign) -> None:
    campaign.record_problem("2023-09-01T10:00")
    for at in ("2023-10-01T10:00", "2023-10-02T10:00"):
        campaign.close_problem(at)
    assert listed(campaign) == [(1, "jyj", "教师编制不足", "closed", "评议小组")]
    assert campaign.facts("problem:closed") == [{"by": "评议小组"}]


def test_unit_does_not_close_what_it_caused(campaign: Campaign) -> None:
    campaign.record_problem("2023-09-01T10:00")
    handler = campaign.person("jyj-handler")
    for by in (handler.code, handler.name):
        with refused("problem.own_hand", number=1, by=by), campaign.desk("office-1", "2023-10-01T10:00") as desk:
            problems.close_problem(desk, campaign.slug, 1, by)


def test_open_problem_keeps_the_phase_open_until_it_is_closed_out(campaign: Campaign) -> None:
    campaign.record_problem("2023-09-01T10:00")

    def codes(at: str) -> list[str]:
        return [obstacle.code for obstacle in campaign.ask("rectify", at).brief.obstacles]

    assert codes("2023-09-02T10:00").count("gate.problem_open") == 1
    campaign.close_problem("2023-10-01T10:00")
    assert codes("2023-10-02T10:00").count("gate.problem_open") == 0


def test_problem_without_a_title_is_refused(unchanged: Campaign) -> None:
    with refused("problem.no_title"):
        unchanged.record_problem("2023-09-01T10:00", " ")


def test_problem_of_a_unit_that_is_not_in_the_register_is_refused(unchanged: Campaign) -> None:
    with refused("unit.unknown", unit="nobody"):
        unchanged.record_problem("2023-09-01T10:00", unit="nobody")


def test_unit_that_leads_does_not_support_itself(unchanged: Campaign) -> None:
    with refused("problem.lead_supports", unit="市教育局"):
        record(unchanged, Draft("校舍老旧", "jyj", supporting=["czj", "市教育局"]))


def test_class_on_an_axis_that_the_method_does_not_have_is_refused(unchanged: Campaign) -> None:
    with refused("problem.axis_unknown", axis="时间", known=[]):
        record(unchanged, Draft("校舍老旧", "jyj", classes={"时间": "立行立改"}))


def test_suggestion_has_owner_leader_and_deadline_on_the_spot(campaign: Campaign) -> None:
    raised = Found(FindingKind.SEMINAR, "请统一窗口材料清单", "office-1")
    with refused("problem.suggestion_incomplete", title="统一清单", missing=["lead", "leader", "due"]):
        record(campaign, Draft("统一清单", kind="suggestion"), raised)
    with refused("problem.suggestion_incomplete", title="统一清单", missing=["due"]):
        record(campaign, Draft("统一清单", "jyj", leader="王局长", kind="suggestion"), raised)
    full = Draft("统一清单", "jyj", leader="王局长", due_on=date(2023, 10, 31), kind="suggestion")
    assert [record(campaign, full, raised) for _ in range(2)] == [1, 1]


def test_number_that_was_not_given_is_refused(campaign: Campaign) -> None:
    campaign.record_problem("2023-09-01T10:00")
    for number in (0, 2):
        with refused("problem.unknown", campaign="2023年部门工作评议", number=number):
            campaign.close_problem("2023-10-01T10:00", number)
