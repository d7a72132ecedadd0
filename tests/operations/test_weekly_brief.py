"""The weekly brief around the National Day holiday of 2023: 29 September to 6 October are off, 7 and 8 are worked."""

from datetime import date
from pathlib import Path

import pytest

from appraisal.notices.render import render
from appraisal.operations import weekly_brief
from appraisal.store.work import Store
from tests.operations.stall_world import send_weekly, weekly_edition
from tests.operations.world import STARTS, Campaign, begin, instant, open_office, open_phase

WEEKS = ("2023-09-25", "2023-10-07", "2023-10-09")


def campaign_of(store: Store, home: Path, on: str, *roles: str) -> Campaign:
    """Monday, 28 August 2023, 10:00: after the hour of that day's brief."""
    office = open_office(store, home, instant(STARTS))
    begin(office, weekly_edition(on, *roles), "weekly", "2023年部门工作评议", ["jyj", "kjj"], instant(STARTS))
    for key in ("prepare", "rectify"):
        open_phase(office, "weekly", key, instant(STARTS))
    return Campaign(office, "weekly")


@pytest.fixture
def campaign(store: Store, home: Path) -> Campaign:
    return campaign_of(store, home, "monday", "director", "office")


def bodies(campaign: Campaign, who: str) -> list[str]:
    found = [row for code, row in campaign.posted("weekly-brief") if code == who]
    rendered = [
        render(row.template, row.context, f"http://portal{row.page}", row.key, date(2023, 9, 4)) for row in found
    ]
    return [f"{message.subject}\n{message.body}" for message in rendered]


def test_brief_goes_out_once_at_the_hour_of_digests(campaign: Campaign) -> None:
    at = ("2023-08-28T10:05", "2023-09-01T10:00", "2023-09-04T08:29", "2023-09-04T08:30", "2023-09-04T09:00")
    assert [send_weekly(campaign, each) for each in at] == [0, 0, 0, 1, 0]
    assert {code for code, _ in campaign.posted("weekly-brief")} == {"director", "office-1", "office-2"}
    (_, row), *_ = campaign.posted("weekly-brief")
    assert (row.page, row.not_before) == ("/campaigns/weekly/stalled", instant("2023-09-04T08:30"))


def test_brief_of_a_holiday_goes_out_on_the_make_up_saturday(campaign: Campaign) -> None:
    at = ("2023-09-25T08:30", "2023-10-02T08:30", "2023-10-06T08:30", "2023-10-07T08:29", "2023-10-07T08:30")
    assert [send_weekly(campaign, each) for each in at] == [1, 0, 0, 0, 1]
    assert [send_weekly(campaign, each) for each in ("2023-10-08T08:30", "2023-10-09T08:30")] == [0, 1]


def test_brief_missed_in_its_hour_is_sent_later_in_the_week_and_not_in_place_of_the_next(campaign: Campaign) -> None:
    assert [send_weekly(campaign, each) for each in ("2023-09-06T15:00", "2023-09-11T08:30")] == [1, 1]
    assert [row.context["day"] for code, row in campaign.posted("weekly-brief") if code == "director"] == [
        "2023-09-06",
        "2023-09-11",
    ]


def test_next_brief_is_foreseen(campaign: Campaign) -> None:
    def foreseen(at: str) -> list[str]:
        with campaign.office.desk("engine", instant(at)) as desk:
            return [each.strftime("%Y-%m-%dT%H:%M") for each in weekly_brief.next_weekly(desk)]

    at = ("2023-09-25T08:29", "2023-09-25T08:30", "2023-10-07T08:30")
    assert [foreseen(each) for each in at] == [[f"{day}T08:30"] for day in WEEKS]


def test_brief_says_what_is_stalled_and_what_comes(campaign: Campaign) -> None:
    campaign.acknowledge("opinion", "2023-08-31T10:00", "kjj")
    campaign.patrol("2023-09-11T08:00")
    send_weekly(campaign, "2023-09-11T08:30")
    (text,) = bodies(campaign, "director")
    for line in (
        "【周报】2023年9月11日（星期一）：停滞事项2件",
        "停滞事项2件：未签收1件，逾期未办1件。",
        "2. 市教育局：评议意见签收（未签收）",
        "2023年9月4日（星期一）到期，至今没有签收。2023年9月11日（星期一）已黄牌警示。",
        "下一步：2023年9月11日（星期一）红牌警示：主要负责人、分管副市长。",
        "· 2023年9月18日（星期一）：“宣传发动”阶段计划结束，告知主任",
    ):
        assert line in text


def test_brief_with_nothing_stalled_says_so(campaign: Campaign) -> None:
    for unit in ("jyj", "kjj"):
        campaign.acknowledge("opinion", "2023-08-31T10:00", unit)
    campaign.confirm("launch_notice", "2023-08-31T10:00")
    send_weekly(campaign, "2023-09-04T08:30")
    assert "目前没有停滞事项。" in bodies(campaign, "director")[0]


def test_unit_is_told_of_its_own_alone(store: Store, home: Path) -> None:
    campaign = campaign_of(store, home, "monday", "head")
    campaign.acknowledge("opinion", "2023-08-31T10:00", "kjj")
    send_weekly(campaign, "2023-09-11T08:30")
    assert campaign.letters("weekly-brief") == ["jyj-head"]
    assert "市科学技术局" not in bodies(campaign, "jyj-head")[0]


def test_campaign_without_a_brief_sends_none(alone: Campaign) -> None:
    assert send_weekly(alone, "2023-09-04T08:30") == 0
