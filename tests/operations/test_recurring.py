"""Daily reports over the National Day of 2023: 29 September to 6 October are off, the 7th and the 8th are worked."""

from datetime import date

import pytest

from appraisal.operations import patrol
from appraisal.operations.office import Office
from appraisal.store.campaign_tables import FiringRow
from tests.operations.conftest import SLUGS
from tests.operations.panel_world import (
    FIRST,
    SECOND,
    closing_by_rule,
    daily,
    issue_recurring,
    report,
    set_panel,
    with_panels,
)
from tests.operations.world import Campaign, instant

STARTS = "2023-09-27T09:00"


@pytest.fixture
def campaign(office: Office) -> Campaign:
    return with_panels(office, f"r{next(SLUGS)}", STARTS, (FIRST,))


def test_report_is_owed_on_every_working_day_and_on_no_other(campaign: Campaign) -> None:
    days = [
        "2023-09-27",
        "2023-09-28",
        *(f"2023-09-{day}" for day in (29, 30)),
        *(f"2023-10-0{n}" for n in range(1, 10)),
    ]
    fresh = [issue_recurring(campaign, f"{day}T00:05") for day in days if day > "2023-09-27"]
    assert list(daily(campaign)) == ["2023-09-28", "2023-10-07", "2023-10-08", "2023-10-09"]
    assert sum(fresh) >= 4


def test_period_is_issued_once_with_its_day_and_its_own_date(campaign: Campaign) -> None:
    for _ in range(2):
        issue_recurring(campaign, "2023-09-27T09:05")
    (row,) = daily(campaign).values()
    assert (row.title, row.period, row.due_on, row.due_at) == (
        "每日情况（2023年9月27日（星期三））",
        date(2023, 9, 27),
        date(2023, 9, 27),
        instant("2023-09-28T00:00"),
    )
    assert campaign.letters("duty-issued").count("fgj-handler") == 2


def test_days_that_were_missed_are_named_and_not_chased_one_by_one(campaign: Campaign) -> None:
    issue_recurring(campaign, "2023-09-27T09:05")
    issue_recurring(campaign, "2023-10-09T08:00")
    assert list(daily(campaign)) == ["2023-09-27", "2023-10-09"]
    assert campaign.facts("obligation:skipped") == [{"periods": ["2023-09-28", "2023-10-07", "2023-10-08"]}]
    assert issue_recurring(campaign, "2023-10-09T08:05") == 0


def test_period_that_was_missed_over_the_holiday_is_issued_on_a_day_off(campaign: Campaign) -> None:
    issue_recurring(campaign, "2023-09-27T09:05")
    issue_recurring(campaign, "2023-10-02T09:00")
    assert list(daily(campaign)) == ["2023-09-27", "2023-09-28"]
    assert daily(campaign)["2023-09-28"].due_on == date(2023, 9, 28)


def test_panel_that_is_set_late_owes_nothing_from_before(campaign: Campaign) -> None:
    issue_recurring(campaign, "2023-09-27T09:05")
    set_panel(campaign, SECOND, "2023-10-08T10:00")
    issue_recurring(campaign, "2023-10-08T10:05")
    assert (list(daily(campaign)), list(daily(campaign, "g2"))) == (["2023-09-27", "2023-10-08"], ["2023-10-08"])
    assert campaign.facts("obligation:skipped") == [{"periods": ["2023-09-28", "2023-10-07"]}]


def test_missing_report_climbs_its_ladder_like_any_other_duty(campaign: Campaign) -> None:
    issue_recurring(campaign, "2023-09-28T00:05")
    for at in ("2023-09-28T09:00", "2023-09-29T00:00", "2023-10-07T09:00", "2023-10-07T09:05"):
        with campaign.office.desk("engine", instant(at)) as desk:
            patrol.fire_due(desk)
    row = daily(campaign)["2023-09-28"]
    assert row.overdue_at == instant("2023-09-29T00:00")
    with campaign.office.store.reading() as session:
        fired = session.query(FiringRow).filter_by(obligation_id=row.id).order_by(FiringRow.rung)
        assert [(each.rung, each.act) for each in fired] == [(0, "remind"), (1, "urge")]
    assert campaign.letters("rung-urge") == ["fgj-handler", "office-1", "office-2"]


def test_report_that_was_handed_in_is_not_chased(campaign: Campaign) -> None:
    issue_recurring(campaign, "2023-09-28T00:05")
    report(campaign, "2023-09-28", "2023-09-28T17:00")
    row = daily(campaign)["2023-09-28"]
    assert (row.status, row.next_check_at) == ("settled", None)


def test_open_period_does_not_hold_up_the_closing_and_is_withdrawn_with_it(office: Office) -> None:
    path = closing_by_rule(office.settings.home)
    campaign = with_panels(office, f"r{next(SLUGS)}", "2023-08-28T09:00", (FIRST,), path)
    for day in ("2023-08-28", "2023-08-29"):
        issue_recurring(campaign, f"{day}T09:05")
    report(campaign, "2023-08-28", "2023-08-28T17:00")
    for _ in range(2):
        campaign.close("investigate", "2023-09-04T10:00")
    assert {day: row.status for day, row in daily(campaign).items()} == {
        "2023-08-28": "settled",
        "2023-08-29": "withdrawn",
    }
    assert issue_recurring(campaign, "2023-09-05T09:00") == 0


def test_gate_that_names_the_report_waits_for_every_one_of_them(campaign: Campaign) -> None:
    issue_recurring(campaign, "2023-09-27T09:05")
    brief = campaign.ask("investigate", "2023-09-27T10:00").brief
    assert [duty.key for duty in brief.duties if duty.recurs] == []
    assert [each.what for each in brief.obstacles if each.code == "gate.duty_open"] == ["走访调研报告"]
