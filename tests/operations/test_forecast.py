"""What comes in fourteen days if nobody acts, as it is told on days of the autumn of 2023."""

import pytest

from appraisal.operations.office import Office
from tests.operations.panel_world import issue_recurring, with_panels
from tests.operations.stall_world import forecast
from tests.operations.world import Campaign, close_everything


def test_ladder_of_an_opinion_is_told_rung_by_rung_with_whom_it_tells(campaign: Campaign) -> None:
    campaign.patrol("2023-09-01T09:00")
    found = [(*line[:2], *line[3:]) for line in forecast(campaign, "2023-09-01T10:00") if line[2] == "市教育局"]
    assert found == [
        ("2023-09-03", "rung", "评议意见签收 remind", ("承办人",)),
        ("2023-09-05", "overdue", "评议意见签收", ("承办人",)),
        ("2023-09-05", "rung", "评议意见签收 urge", ("承办人", "主要负责人")),
        ("2023-09-07", "rung", "评议意见签收 yellow", ("主要负责人",)),
        ("2023-09-11", "rung", "评议意见签收 red", ("主要负责人", "分管副市长")),
    ]


def test_what_was_missed_comes_at_once_and_only_the_highest(campaign: Campaign) -> None:
    """The system was down from 3 to 8 September."""
    campaign.patrol("2023-09-03T09:00")
    found = [(*line[:2], line[3]) for line in forecast(campaign, "2023-09-08T10:00", 2) if line[2] == "市教育局"]
    assert found == [
        ("2023-09-08", "overdue", "评议意见签收"),
        ("2023-09-08", "rung", "评议意见签收 yellow"),
    ]


def test_phases_that_open_and_end_are_told(campaign: Campaign) -> None:
    phases = [line for line in forecast(campaign, "2023-09-08T10:00") if line[1] in ("opens", "closes")]
    assert phases == [("2023-09-18", "closes", "", "宣传发动", ("主任",))]


def test_campaign_that_is_over_has_nothing_to_come(campaign: Campaign) -> None:
    close_everything(campaign)
    assert forecast(campaign, "2023-12-11T10:00") == []


@pytest.fixture
def panels(office: Office, request: pytest.FixtureRequest) -> Campaign:
    """Wednesday, 27 September 2023: two panels owe a report each working day."""
    campaign = with_panels(office, f"f-{request.node.name[:20].replace('_', '-')}", "2023-09-27T09:00")
    issue_recurring(campaign, "2023-09-27T09:05")
    return campaign


def test_periods_go_on_after_the_holiday_on_the_make_up_weekend(panels: Campaign) -> None:
    """29 September to 6 October 2023 is the holiday; Saturday and Sunday, 7 and 8 October, are worked."""
    found = [line for line in forecast(panels, "2023-09-27T10:00") if line[1] == "period"]
    days = ["2023-09-28", "2023-10-07", "2023-10-08", "2023-10-09", "2023-10-10", "2023-10-11"]
    assert [line[0] for line in found] == days
    assert {line[2:] for line in found} == {("", "每日情况", ("组长",))}


def test_periods_to_come_are_missed_in_their_turn(panels: Campaign) -> None:
    found = [line[:4] for line in forecast(panels, "2023-09-27T10:00", 3) if line[1] == "overdue"]
    assert found == [
        ("2023-09-28", "overdue", "第一评议组", "每日情况（2023年9月27日（星期三））"),
        ("2023-09-28", "overdue", "第二评议组", "每日情况（2023年9月27日（星期三））"),
        ("2023-09-29", "overdue", "", "每日情况"),
    ]
