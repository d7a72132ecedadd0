from datetime import date
from pathlib import Path

import pytest

from appraisal.notices.render import render
from appraisal.operations import roundups
from appraisal.operations.roundups import DailyBrief, Doings, Report
from appraisal.store.work import Store
from tests.operations.panel_world import (
    daily,
    enter,
    issue_recurring,
    panel_id,
    report,
    send_roundups,
    visit,
    with_panels,
)
from tests.operations.world import Campaign, instant, open_office, refused

STARTS = "2023-09-27T09:00"


@pytest.fixture
def campaign(store: Store, home: Path) -> Campaign:
    """The only campaign of its office; Wednesday, 27 September, both panels owe their first report."""
    office = open_office(store, home, instant(STARTS))
    campaign = with_panels(office, "brief", STARTS)
    issue_recurring(campaign, "2023-09-27T09:05")
    return campaign


def brief(campaign: Campaign, day: str) -> DailyBrief:
    with campaign.office.store.reading() as session:
        (only,) = roundups.briefs_of(session, campaign.slug, date.fromisoformat(day), campaign.office.calendar)
        return only


def body(campaign: Campaign) -> str:
    (_, row), *_ = campaign.posted("roundup")
    message = render(row.template, row.context, f"http://portal{row.page}", row.key, date(2023, 9, 28))
    return f"{message.subject}\n{message.body}"


def test_brief_goes_out_once_on_the_next_working_morning(campaign: Campaign) -> None:
    report(campaign, "2023-09-27", "2023-09-27T17:00")
    at = ("2023-09-27T09:30", "2023-09-28T08:29", "2023-09-28T08:30", "2023-09-28T08:35", "2023-09-28T15:00")
    assert [send_roundups(campaign, each) for each in at] == [0, 0, 1, 0, 0]
    ((who, row),) = campaign.posted("roundup")
    assert (who, row.page, row.not_before) == ("director", "/campaigns/brief/briefs/2023-09-27", instant(at[2]))


def test_brief_says_who_reported_what_was_done_and_who_did_not_report(campaign: Campaign) -> None:
    enter(campaign, visit("1", "2023-09-27", "甲公司", "乙公司", of=panel_id(campaign)), "2023-09-27T16:00")
    report(campaign, "2023-09-27", "2023-09-27T17:00", "走访两家企业。\n审批环节多。")
    send_roundups(campaign, "2023-09-28T08:30")
    text = body(campaign)
    for line in (
        "【简报】每日简报（2023年9月27日（星期三）），1个未报送",
        "1. 第一评议组：走访两家企业。 审批环节多。",
        "· 第一评议组：走访企业1；企业2家",
        "未报送：第二评议组",
    ):
        assert line in text


def test_day_on_which_nobody_reported_says_so(campaign: Campaign) -> None:
    assert send_roundups(campaign, "2023-09-28T08:30") == 1
    assert brief(campaign, "2023-09-27").missing == ("第一评议组", "第二评议组")


def test_brief_after_the_holiday_is_about_the_last_working_day_before_it(campaign: Campaign) -> None:
    issue_recurring(campaign, "2023-09-28T00:05")
    report(campaign, "2023-09-28", "2023-09-28T17:00")
    enter(campaign, visit("1", "2023-10-01", of=panel_id(campaign)), "2023-10-01T16:00")
    at = ("2023-09-29T08:30", "2023-10-06T08:30", "2023-10-07T08:30", "2023-10-07T09:00")
    assert [send_roundups(campaign, each) for each in at] == [0, 0, 1, 0]
    found = brief(campaign, "2023-09-28")
    assert (found.day, found.until) == (date(2023, 9, 28), date(2023, 10, 6))
    assert found.doings == (Doings("第一评议组", (("走访企业", 1),), 0, 0),)


def test_day_on_which_nobody_had_to_report_says_nothing(campaign: Campaign) -> None:
    assert send_roundups(campaign, "2023-10-09T08:30") == 0
    with refused("roundup.unknown", day=date(2023, 10, 8)):
        brief(campaign, "2023-10-08")
    with refused("roundup.unknown", day=date(2023, 9, 30)):
        brief(campaign, "2023-09-30")


def test_late_report_is_told_as_late(campaign: Campaign) -> None:
    report(campaign, "2023-09-27", "2023-09-28T07:00", "补报")
    assert brief(campaign, "2023-09-27").reports == (
        Report("第一评议组", date(2023, 9, 27), "补报", late=True, missing=False),
        Report("第二评议组", date(2023, 9, 27), "", late=False, missing=True),
    )


def test_days_with_briefs_are_listed_the_newest_first(campaign: Campaign) -> None:
    issue_recurring(campaign, "2023-09-28T00:05")
    with campaign.office.store.reading() as session:
        days = roundups.days_with_briefs(session, campaign.slug, campaign.office.calendar)
    assert days == [date(2023, 9, 28), date(2023, 9, 27)]
    assert list(daily(campaign)) == ["2023-09-27", "2023-09-28"]
