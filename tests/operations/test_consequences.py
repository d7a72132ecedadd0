from datetime import date
from itertools import count
from pathlib import Path

import pytest

from appraisal.operations import duties, recurring, results
from appraisal.operations.consequence_views import consequence_paper
from appraisal.operations.consequences import awaiting_round, units_for
from appraisal.operations.further_rounds import rounds_due
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Office
from appraisal.operations.overview import overview
from appraisal.operations.points_kept import points_kept
from appraisal.operations.results import Tally
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ResultRow
from tests.operations.world import Campaign, begin, edition, instant, open_phase, refused

METHOD = Path(__file__).parent / "data/consequences.yaml"
UNITS = ("jyj", "kjj", "wjj")
GOOD = {"satisfied": 30}
ONE_AGAINST = {"satisfied": 29, "dissatisfied": 1}
BAD = {"satisfied": 5, "dissatisfied": 25}
SLUGS = count(1)


@pytest.fixture
def campaign(office: Office) -> Campaign:
    """Three units; the phase of the vote is open."""
    slug = f"f{next(SLUGS)}"
    begin(office, edition(METHOD), slug, "2023年部门工作评议", UNITS, instant("2023-08-28T10:00"))
    open_phase(office, slug, "review", instant("2023-08-28T10:00"))
    return Campaign(office, slug)


def vote(campaign: Campaign, at: str, unit: str, counts: dict[str, int], grade: str, number: int = 1) -> None:
    tally = Tally(30, 30, 30, counts)
    ballot = "satisfaction" if campaign.phase("look-back").status == "planned" else "until"
    with campaign.desk("office-1", at) as desk:
        results.record_result(desk, campaign.slug, ballot, unit, tally, grade, number)


def found(campaign: Campaign) -> list[tuple[str, str]]:
    return [(fact["consequence"], fact["unit"]) for fact in campaign.facts("consequence:found")]


def issued(campaign: Campaign) -> list[tuple[str, str]]:
    return [(fact["duty"], fact["unit"]) for fact in campaign.facts("obligation:issued")]


def awaiting(campaign: Campaign, ballot: str = "satisfaction") -> list[str]:
    with campaign.office.store.reading() as session:
        row = campaign_by(session, campaign.slug)
        return [unit.code for unit in awaiting_round(session, row, method_of(row).ballot(ballot))]


def about(campaign: Campaign, ballot: str) -> list[str]:
    with campaign.office.store.reading() as session:
        row = campaign_by(session, campaign.slug)
        return [unit.code for unit in units_for(session, row, method_of(row).ballot(ballot))]


def obstacles(campaign: Campaign, at: str) -> list[tuple[str, str]]:
    return [(each.code, each.unit) for each in campaign.ask("review", at).brief.obstacles]


def test_one_dissatisfied_vote_is_found_told_and_put_on_the_ledger_once(campaign: Campaign) -> None:
    for at in ("2023-09-28T10:00", "2023-09-28T11:00"):
        vote(campaign, at, "jyj", ONE_AGAINST, "满意")
    vote(campaign, "2023-09-28T11:00", "kjj", GOOD, "满意")
    assert found(campaign) == [("look_back", "jyj")]
    assert [fact["event"] for fact in campaign.facts("event:set") if fact["unit"]][-1] == "result.recorded"
    assert campaign.letters("consequence-found") == ["city-committee", "jyj-head"]
    (_, letter), _ = campaign.posted("consequence-found")
    assert (letter.context["what"], letter.context["why"], letter.context["then"]) == (
        "回头看",
        ["“满意度测评”的结果为“满意”", "“不满意”1票"],
        ["由跟踪检查组回头看"],
    )


def test_duty_of_a_later_phase_is_issued_to_those_units_alone_when_the_phase_opens(campaign: Campaign) -> None:
    vote(campaign, "2023-09-28T10:00", "jyj", ONE_AGAINST, "满意")
    vote(campaign, "2023-09-28T10:00", "kjj", GOOD, "满意")
    vote(campaign, "2023-09-28T10:00", "wjj", {"satisfied": 27, "dissatisfied": 3}, "满意")
    assert issued(campaign) == []
    close_review(campaign, "2023-10-28T10:00")
    for _ in range(2):
        open_phase(campaign.office, campaign.slug, "look-back", instant("2023-10-28T10:00"))
    assert sorted(issued(campaign)) == [
        ("plan", "jyj"),
        ("plan", "kjj"),
        ("plan", "wjj"),
        ("progress", "jyj"),
        ("progress", "wjj"),
    ]


def test_gate_waits_only_for_the_duties_that_were_issued(campaign: Campaign) -> None:
    for unit in UNITS:
        vote(campaign, "2023-09-28T10:00", unit, GOOD, "满意")
    assert (issued(campaign), obstacles(campaign, "2023-10-28T09:00")) == ([], [])


def test_failure_starts_a_duty_at_once_counted_from_the_day_it_was_found(campaign: Campaign) -> None:
    vote(campaign, "2023-09-08T10:00", "jyj", BAD, "不满意")
    assert found(campaign) == [("look_back", "jyj"), ("failed", "jyj")]
    assert issued(campaign) == [("again_report", "jyj")]
    assert campaign.row("again_report").due_on == date(2023, 9, 28)
    assert campaign.letters("duty-issued", "市教育局") == ["jyj-handler"]


def test_second_round_is_due_after_the_report_and_the_gate_says_so(campaign: Campaign) -> None:
    vote(campaign, "2023-09-08T10:00", "jyj", BAD, "不满意")
    for unit in ("kjj", "wjj"):
        vote(campaign, "2023-09-08T10:00", unit, GOOD, "满意")
    assert awaiting(campaign) == ["jyj"]
    assert obstacles(campaign, "2023-09-09T10:00") == [("gate.round_due", "市教育局"), ("gate.duty_open", "市教育局")]
    assert not ready(campaign, "2023-09-20T09:00")
    campaign.submit("again_report", "2023-09-20T10:00")
    assert ready(campaign, "2023-09-20T10:00")
    for at in ("2023-10-08T10:00", "2023-10-09T10:00"):
        vote(campaign, at, "jyj", GOOD, "满意", 2)
    assert (awaiting(campaign), obstacles(campaign, "2023-10-10T10:00")) == ([], [])
    assert standing(campaign) == [("jyj", 1, False), ("jyj", 2, True), ("kjj", 1, True), ("wjj", 1, True)]
    assert found(campaign) == [("look_back", "jyj"), ("failed", "jyj")]


def test_second_failure_is_the_last_and_has_its_own_consequence(campaign: Campaign) -> None:
    vote(campaign, "2023-09-08T10:00", "jyj", BAD, "不满意")
    campaign.submit("again_report", "2023-09-20T10:00")
    vote(campaign, "2023-10-09T10:00", "jyj", BAD, "不满意", 2)
    assert awaiting(campaign) == []
    assert found(campaign)[2:] == [("look_back", "jyj"), ("failed", "jyj"), ("failed_twice", "jyj")]
    assert issued(campaign) == [("again_report", "jyj"), ("again_report", "jyj"), ("explanation", "jyj")]
    with campaign.office.store.reading() as session:
        paper = consequence_paper(session, campaign.slug)
    assert [(each.title, each.why, each.then) for each in paper.followed if each.title == "两次不满意"] == [
        ("两次不满意", ("“满意度测评”第2轮的结果为“不满意”", "已有2次为该等次"), ("予以通报", "考核计-5分"))
    ]
    assert [duty.title for duty in paper.followed[0].duties] == ["再次整改报告", "再次整改报告（第2次）"]
    with refused("result.round_not_due", unit="市教育局", ballot="满意度测评", round=3, last=2):
        vote(campaign, "2023-10-10T10:00", "jyj", GOOD, "满意", 3)
    with campaign.office.store.reading() as session:
        kept = points_kept(session, campaign.slug)
    assert [(unit.unit, unit.total) for unit in kept] == [("jyj", 5), ("kjj", 0), ("wjj", 0)]


def test_duty_that_comes_back_begins_for_those_units_with_the_week_in_which_it_was_found(campaign: Campaign) -> None:
    vote(campaign, "2023-09-13T10:00", "jyj", BAD, "不满意")
    vote(campaign, "2023-09-13T10:00", "kjj", GOOD, "满意")
    periods = []
    for at in ("2023-09-14T08:00", "2023-09-18T08:00", "2023-09-18T09:00", "2023-09-25T08:00"):
        with campaign.office.desk("engine", instant(at)) as desk:
            recurring.issue_recurring(desk)
        weekly = [fact for fact in campaign.facts("obligation:issued") if fact["duty"] == "weekly"]
        periods.append([(fact["unit"], fact["period"]) for fact in weekly])
    first, second = ("jyj", "2023-09-18"), ("jyj", "2023-09-25")
    assert periods == [[], [first], [first], [first, second]]
    assert campaign.facts("obligation:skipped") == []


def test_duty_that_is_still_open_is_not_issued_again(campaign: Campaign) -> None:
    vote(campaign, "2023-09-08T10:00", "jyj", BAD, "不满意")
    vote(campaign, "2023-10-09T10:00", "jyj", BAD, "不满意", 2)
    assert issued(campaign) == [("again_report", "jyj"), ("explanation", "jyj")]


def test_round_that_no_result_calls_for_is_refused(campaign: Campaign) -> None:
    vote(campaign, "2023-09-08T10:00", "jyj", GOOD, "满意")
    with refused("result.round_not_due", unit="市教育局", ballot="满意度测评", round=2, last=1):
        vote(campaign, "2023-09-09T10:00", "jyj", GOOD, "满意", 2)
    with refused("result.round_not_due", unit="市科学技术局", ballot="满意度测评", round=2, last=0):
        vote(campaign, "2023-09-09T10:00", "kjj", GOOD, "满意", 2)


def test_repeated_vote_is_about_those_that_failed_and_goes_on_until_none_does(campaign: Campaign) -> None:
    vote(campaign, "2023-09-08T10:00", "jyj", BAD, "不满意")
    for unit in ("kjj", "wjj"):
        vote(campaign, "2023-09-08T10:00", unit, GOOD, "满意")
    campaign.submit("again_report", "2023-09-20T10:00")
    vote(campaign, "2023-10-09T10:00", "jyj", BAD, "不满意", 2)
    with campaign.desk("jyj-handler", "2023-10-10T10:00") as desk:
        duties.confirm(desk, campaign.duty("explanation"), campaign.by("jyj-handler"))
    again = identity("obligation", campaign.slug, "again_report", "jyj", "times=2")
    with campaign.desk("jyj-handler", "2023-10-20T10:00") as desk:
        row = duties.submit(desk, again, campaign.by("jyj-handler"), "再次整改", [])
        assert (campaign.row("again_report").times, row.times) == (1, 2)
    close_review(campaign, "2023-10-28T10:00")
    open_phase(campaign.office, campaign.slug, "look-back", instant("2023-10-28T10:00"))
    assert about(campaign, "until") == ["jyj"]
    for number, day in enumerate(("2023-11-01", "2023-11-15", "2023-12-01"), start=1):
        vote(campaign, f"{day}T10:00", "jyj", BAD, "不满意", number)
        assert awaiting(campaign, "until") == ["jyj"]
    vote(campaign, "2023-12-15T10:00", "jyj", GOOD, "满意", 4)
    assert awaiting(campaign, "until") == []


def test_sealed_result_leads_to_nothing_and_is_shown_to_nobody(campaign: Campaign) -> None:
    vote(campaign, "2023-09-08T10:00", "jyj", GOOD, "满意")
    with campaign.desk("office-1", "2023-09-08T11:00") as desk:
        row = desk.session.query(ResultRow).filter_by(campaign_id=campaign.phase("review").campaign_id).one()
        row.released, row.grade = False, "不满意"
    assert awaiting(campaign) == []
    assert ("gate.result_sealed", "市教育局") in obstacles(campaign, "2023-09-09T10:00")
    brief = campaign.ask("review", "2023-09-09T10:00").brief
    assert brief.results == (("satisfaction", "市教育局", "已封存"),)
    with campaign.office.store.reading() as session:
        (line,) = overview(session, campaign.slug, instant("2023-09-09T10:00")).results
    assert (line.grade, line.counts) == ("已封存", {})


def ready(campaign: Campaign, at: str) -> bool:
    with campaign.office.store.reading() as session:
        row = campaign_by(session, campaign.slug)
        (due,) = rounds_due(session, row, method_of(row).ballot("satisfaction"))
        return due.ready(instant(at))


def standing(campaign: Campaign) -> list[tuple[str, int, bool]]:
    with campaign.office.store.reading() as session:
        rows = session.query(ResultRow).filter_by(campaign_id=campaign.phase("review").campaign_id)
        return sorted((row.unit.code, row.round, row.stands) for row in rows)


def close_review(campaign: Campaign, at: str) -> None:
    campaign.decide("review", at)
    assert campaign.close("review", at) == "closed"
