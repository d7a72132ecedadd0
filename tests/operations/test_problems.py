from appraisal.operations import problems
from appraisal.store.campaign_tables import ProblemRow
from tests.operations.world import Campaign, refused


def listed(campaign: Campaign) -> list[tuple[str, int, str, str, str | None]]:
    with campaign.office.store.reading() as session:
        rows = session.query(ProblemRow).filter_by(campaign_id=campaign.phase("rectify").campaign_id)
        ordered = rows.order_by(ProblemRow.recorded_at, ProblemRow.number)
        return [(row.unit.code, row.number, row.title, row.status, row.closed_by) for row in ordered]


def test_problems_of_a_unit_are_numbered_and_recorded_once(campaign: Campaign) -> None:
    titles = ("教师编制不足", "校舍老旧", " 教师编制不足 ")
    assert [campaign.record_problem("2023-09-01T10:00", title) for title in titles] == [1, 2, 1]
    assert campaign.record_problem("2023-09-02T10:00", "教师编制不足", "市科学技术局") == 1
    assert listed(campaign) == [
        ("jyj", 1, "教师编制不足", "open", None),
        ("jyj", 2, "校舍老旧", "open", None),
        ("kjj", 1, "教师编制不足", "open", None),
    ]
    assert len(campaign.facts("problem:recorded")) == 3


def test_problem_is_closed_out_once_and_stays_closed(campaign: Campaign) -> None:
    campaign.record_problem("2023-09-01T10:00")
    for at in ("2023-10-01T10:00", "2023-10-02T10:00"):
        campaign.close_problem(at)
    assert listed(campaign) == [("jyj", 1, "教师编制不足", "closed", "评议小组")]
    assert campaign.facts("problem:closed") == [{"by": "评议小组"}]


def test_open_problem_keeps_the_phase_open_until_it_is_closed_out(campaign: Campaign) -> None:
    campaign.record_problem("2023-09-01T10:00")

    def codes(at: str) -> list[str]:
        return [obstacle.code for obstacle in campaign.ask("rectify", at).brief.obstacles]

    assert codes("2023-09-02T10:00").count("gate.problem_open") == 1
    campaign.close_problem("2023-10-01T10:00")
    assert codes("2023-10-02T10:00").count("gate.problem_open") == 0


def test_problem_without_a_title_or_an_aim_is_refused(unchanged: Campaign) -> None:
    with refused("problem.incomplete", unit="市教育局"):
        unchanged.record_problem("2023-09-01T10:00", " ")
    with refused("problem.incomplete", unit="市教育局"), unchanged.desk("office-1", "2023-09-01T10:00") as desk:
        problems.record_problem(desk, unchanged.slug, "jyj", "校舍老旧", "")


def test_problem_of_a_unit_that_is_not_appraised_is_refused(unchanged: Campaign) -> None:
    with refused("unit.not_appraised", unit="czj", campaign="2023年部门工作评议"):
        unchanged.record_problem("2023-09-01T10:00", unit="czj")


def test_number_that_was_not_given_is_refused(campaign: Campaign) -> None:
    campaign.record_problem("2023-09-01T10:00")
    for number in (0, 2):
        with refused("problem.unknown", unit="市教育局", number=number):
            campaign.close_problem("2023-10-01T10:00", number)
