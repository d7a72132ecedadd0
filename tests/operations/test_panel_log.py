from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from appraisal.operations import panel_log
from appraisal.operations.office import Office
from appraisal.operations.panel_log import Entry
from appraisal.operations.photos import StoredPhoto
from appraisal.store.panel_tables import LogEntryRow, PhotoRow
from tests.operations.conftest import SLUGS
from tests.operations.panel_world import closing_by_rule, enter, panel_id, visit, with_panels
from tests.operations.world import Campaign, instant, open_phase, refused

AT = "2023-09-04T15:00"
DAYS = ("2023-09-03", "2023-09-04", "2023-09-05")


@pytest.fixture
def campaign(office: Office) -> Campaign:
    return with_panels(office, f"l{next(SLUGS)}")


@pytest.fixture(scope="module")
def unchanged(office: Office) -> Campaign:
    return with_panels(office, f"l{next(SLUGS)}")


def count(campaign: Campaign) -> int:
    with campaign.office.store.reading() as session:
        mine = LogEntryRow.campaign_id == campaign.phase("investigate").campaign_id
        return session.scalar(select(func.count()).select_from(LogEntryRow).where(mine)) or 0


def test_entry_is_kept_with_what_was_done(campaign: Campaign) -> None:
    entry = Entry(
        "once",
        "visit",
        date(2023, 9, 1),
        panel=panel_id(campaign),
        announced=False,
        unit="市教育局",
        place=" 城关镇 ",
        text="审批慢",
        enterprises=("甲公司", " 甲公司 ", "", "乙  公司"),
        people=4,
    )
    row = enter(campaign, entry, AT)
    assert (row.title, row.place, row.announced, row.by) == ("走访企业", "城关镇", False, "fgj-handler")
    assert [each["name"] for each in row.enterprises] == ["甲公司", "乙 公司"]
    assert row.phase_id == campaign.phase("investigate").id


def test_form_sent_twice_is_one_entry(campaign: Campaign) -> None:
    mine = panel_id(campaign)
    rows = [enter(campaign, visit("twice", "2023-09-01", "甲公司", of=mine), AT) for _ in range(2)]
    assert (rows[0].id == rows[1].id, count(campaign), len(campaign.facts("log:entered"))) == (True, 1, 1)
    enter(campaign, visit("another", "2023-09-01", "甲公司", of=mine), AT)
    assert count(campaign) == 2


def test_ledger_does_not_tell_who_was_met_or_what_was_said(campaign: Campaign) -> None:
    entry = replace(visit("secret", "2023-09-01", "举报企业", of=panel_id(campaign)), text="反映张某索贿")
    enter(campaign, entry, AT)
    (fact,) = campaign.facts("log:entered")
    assert (fact["kind"], fact["on"], fact["panel"], fact["enterprises"]) == ("visit", "2023-09-01", "g1", 1)
    assert "举报" not in str(fact)
    assert "张某" not in str(fact)


def test_entry_counts_for_the_phase_its_day_falls_in(office: Office) -> None:
    campaign = with_panels(office, f"l{next(SLUGS)}", method=closing_by_rule(office.settings.home))
    assert campaign.close("investigate", "2023-09-04T15:00") == "closed"
    open_phase(office, campaign.slug, "rectify", instant("2023-09-04T15:05"))
    entries = {day: enter(campaign, visit(day, day, of=panel_id(campaign)), "2023-09-06T10:00") for day in DAYS}
    phases = {campaign.phase(key).id: key for key in ("investigate", "rectify")}
    assert [phases[entries[day].phase_id] for day in DAYS] == ["investigate", "rectify", "rectify"]


def test_photos_are_named_with_the_entry(campaign: Campaign) -> None:
    photo = StoredPhoto("image/jpeg", 800, 600, 1000, "c0ffee", f"{next(SLUGS):032x}")
    with campaign.desk("fgj-handler", AT) as desk:
        entry = visit("photo", "2023-09-01", of=panel_id(campaign))
        row = panel_log.enter(desk, campaign.slug, entry, campaign.person("fgj-handler"), [photo])
        key = row.id
    with campaign.office.store.reading() as session:
        kept = session.scalars(select(PhotoRow).where(PhotoRow.log_entry_id == key)).one()
    assert (kept.width, kept.position) == (800, 0)


def test_withdrawn_entry_stays_with_its_reason(campaign: Campaign) -> None:
    row = enter(campaign, visit("wrong", "2023-09-01", of=panel_id(campaign)), AT)
    with refused("log.withdrawal_needs_reason", entry="走访企业"), campaign.desk("czj-handler", AT) as desk:
        panel_log.withdraw(desk, row.id, campaign.person("czj-handler"), " ")
    for reason in ("日期填错", "再撤一次"):
        with campaign.desk("czj-handler", AT) as desk:
            panel_log.withdraw(desk, row.id, campaign.person("czj-handler"), reason)
    assert [fact["reason"] for fact in campaign.facts("log:withdrawn")] == ["日期填错"]
    assert count(campaign) == 1


def test_office_writes_for_any_panel_and_for_the_body(campaign: Campaign) -> None:
    assert enter(campaign, visit("o1", "2023-09-01", of=panel_id(campaign)), AT, "office-1").panel_id is not None
    assert enter(campaign, visit("o2", "2023-09-01", kind="seminar"), AT, "office-1").panel_id is None


def test_stand_in_of_a_member_writes_in_their_stead(campaign: Campaign) -> None:
    campaign.absence("czj-handler", "nyj-handler", "2023-09-04", "2023-09-04")
    enter(campaign, visit("s1", "2023-09-04", of=panel_id(campaign)), AT, "nyj-handler")
    with refused("panel.not_yours"):
        enter(campaign, visit("s2", "2023-09-04", of=panel_id(campaign)), "2023-09-05T10:00", "nyj-handler")


@pytest.mark.parametrize("who", ["wjj-handler", "jyj-head", "director"])
def test_others_do_not_write_in_the_log_of_a_panel(unchanged: Campaign, who: str) -> None:
    with refused("panel.not_yours"):
        enter(unchanged, visit("x", "2023-09-01", of=panel_id(unchanged)), AT, who)


def test_log_of_the_body_is_for_the_office_alone(unchanged: Campaign) -> None:
    with refused("panel.not_yours"):
        enter(unchanged, visit("x", "2023-09-01"), AT)


@pytest.mark.parametrize("day", ["2023-08-27", "2023-09-05"])
def test_day_before_the_campaign_or_still_to_come_is_refused(unchanged: Campaign, day: str) -> None:
    on = date.fromisoformat(day)
    with refused("log.day", on=on, first=date(2023, 8, 28), last=date(2023, 9, 4)):
        enter(unchanged, visit("x", day, of=panel_id(unchanged)), AT)


@pytest.mark.parametrize(
    ("changed", "code", "facts"),
    [
        ({"kind": "party"}, "log.kind_unknown", {"known": ["走访企业", "座谈会"]}),
        ({"unit": "kjj"}, "log.unit_not_covered", {"unit": "市科学技术局", "known": ["市教育局"]}),
        ({"place": "长" * 201}, "log.too_long", {"length": 201, "most": 200}),
        ({"enterprises": ["企业"] * 201}, "log.too_many_enterprises", {"count": 201, "most": 200}),
        ({"people": -1}, "log.impossible_figure", {"most": 100_000}),
        ({"count": 0}, "log.impossible_figure", {"most": 100_000}),
    ],
)
def test_entry_that_cannot_be_is_refused(
    unchanged: Campaign, changed: dict[str, Any], code: str, facts: dict[str, object]
) -> None:
    entry = replace(visit("x", "2023-09-01", of=panel_id(unchanged)), **changed)
    with refused(code, **facts):
        enter(unchanged, entry, AT)


def test_nothing_of_what_was_refused_was_kept(unchanged: Campaign) -> None:
    assert count(unchanged) == 0
