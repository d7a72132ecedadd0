"""Two methods that no shipped one resembles, run by their data alone.

``consultation`` is that of a body that asks and does not order: replies run from the signing of each letter.
``county`` has reports by the 25th of each month, dates counted back from a sitting, points, lists by number.
"""

from datetime import date, datetime

import pytest

from appraisal.domain.problems import LookBack
from appraisal.method.words import Manner
from appraisal.operations import duties
from appraisal.operations.office import Office
from appraisal.operations.verdicts import Verified
from tests.operations.closing_world import LEADER
from tests.operations.conftest import SLUGS
from tests.operations.strange_world import Strange, strange
from tests.operations.world import instant, open_phase, paper, refused


@pytest.fixture
def consulting(office: Office) -> Strange:
    """Monday, 2 March 2026: the opinions are delivered, the consultation is set for 10 September."""
    begun = strange(
        office, f"s{next(SLUGS)}", "consultation", "2026-03-02T09:00", chair="director", vice_chair="office-2"
    )
    begun.set_event("consultation", "2026-09-10", "2026-03-02T09:10")
    begun.set_event("plenary", "2026-10-20", "2026-03-02T09:10")
    open_phase(office, begun.slug, "deliver", instant("2026-03-02T09:20"))
    return begun


def test_reply_runs_from_the_signing_of_the_letter_that_the_problem_is_in(consulting: Strange) -> None:
    consulting.put("审批慢", {"reply": "a"}, "2026-03-02T10:00")
    assert consulting.dates("reply") == ["receipt.acknowledged"]
    consulting.sign("2026-03-04T10:00")
    consulting.put("收费乱", {"reply": "b"}, "2026-04-01T10:00")
    # The day of the start counts here: three months from 4 March end on 3 June.
    assert consulting.dates("reply") == [date(2026, 6, 3), "receipt.acknowledged"]
    consulting.put("办事远", {"reply": "a"}, "2026-04-02T10:00")
    consulting.sign("2026-04-03T10:00")
    assert consulting.dates("reply") == [date(2026, 6, 3), "receipt.acknowledged", date(2026, 7, 2)]
    moved = [fact["new_on"] for fact in consulting.facts("obligation:due_set", "obligation:due_moved")]
    assert moved == ["2026-06-03", "2026-07-02"]


def test_what_waits_for_one_letter_does_not_wait_for_another(consulting: Strange) -> None:
    for title in ("审批慢", "收费乱"):
        consulting.put(title, {"reply": "a"}, "2026-03-02T10:00")
    letter, other = consulting.all_of("receipt")
    with consulting.desk("jyj-handler", "2026-03-03T10:00") as desk:
        duties.acknowledge(desk, other.id, consulting.by("jyj-handler"))
    assert consulting.dates("reply") == ["receipt.acknowledged", date(2026, 6, 2)]
    with consulting.desk("jyj-handler", "2026-03-05T10:00") as desk:
        duties.acknowledge(desk, letter.id, consulting.by("jyj-handler"))
    assert consulting.dates("reply") == [date(2026, 6, 4), date(2026, 6, 2)]


def test_report_is_due_so_long_ahead_of_the_next_sitting(consulting: Strange) -> None:
    # The day of the start counts: the tenth day back from 10 September is the 1st; from 20 October it is the 11th, a
    # Sunday.  Before that come the days off work at the National Day, until Saturday, 10 October, which is worked.
    assert consulting.dates("summary") == [date(2026, 9, 1)] * 2
    consulting.set_event("consultation", "2026-03-10", "2026-03-05T10:00")
    assert consulting.dates("summary") == [date(2026, 10, 10)] * 2


def test_more_time_is_counted_from_the_request(consulting: Strange) -> None:
    consulting.put("审批慢", {"reply": "a"}, "2026-03-02T10:00")
    consulting.sign("2026-03-04T10:00")
    (reply,) = consulting.all_of("reply")
    # Fifteen working days from Monday, 25 May, over the Dragon Boat Festival (Friday, 19 June, comes after): 15 June.
    with refused("extension.beyond_ceiling", until=date(2026, 6, 16), latest=date(2026, 6, 15)):
        consulting.petition_for(reply.id, "2026-06-16", "2026-05-25T10:00")
    petition = consulting.petition_for(reply.id, "2026-06-15", "2026-05-25T10:00")
    consulting.grant(petition, "2026-06-01T10:00", "office-2")
    assert consulting.dates("reply") == [date(2026, 6, 15)]


@pytest.fixture
def county(office: Office) -> Strange:
    """The opinions are voted on on 28 March 2025, so rectification opens on Monday, 7 April; 4 April is a holiday."""
    begun = strange(
        office, f"s{next(SLUGS)}", "county", "2025-03-03T09:00", council="director", county_committee="office-2"
    )
    begun.set_event("sitting.review", "2025-03-28", "2025-03-03T09:10")
    begun.set_event("sitting.revote", "2025-09-25", "2025-03-03T09:11")
    open_phase(office, begun.slug, "rectify", instant("2025-04-07T08:00"))
    return begun


def test_reports_are_due_by_the_25th_of_each_month(county: Strange) -> None:
    county.put("校车不足", {"term": "limited", "source": "deputies"}, "2025-04-08T10:00", date(2025, 7, 8))
    for at in ("2025-04-08T10:05", "2025-05-08T08:00", "2025-06-09T08:00"):
        county.issue_recurring(at)
    # 25 May 2025 is a Sunday.
    assert county.dates("progress") == [date(2025, 4, 25), date(2025, 5, 26), date(2025, 6, 25)]


def test_problem_whose_track_counts_the_days_needs_no_date_and_the_register_shows_the_counted_one(
    county: Strange,
) -> None:
    with refused("problem.unclassified", problems=[{"number": 1, "title": "学位不足", "missing": ["整改时限"]}]):
        county.put("学位不足", {"term": "long", "source": "survey"}, "2025-04-08T10:00")
    number = county.put("标线不清", {"term": "now", "source": "masses"}, "2025-04-08T10:00")
    assert county.dates("fix") == [date(2025, 4, 23)]
    shown = [county.register(who, "2025-04-23T10:00").row(0) for who in ("office-1", "jyj-handler")]
    assert [(row["序号"], row["时限"], row["完成情况"]) for row in shown] == [
        (number, datetime(2025, 4, 23), "整改中，0%"),  # noqa: DTZ001 - as a cell holds it
    ] * 2
    assert county.register("office-1", "2025-04-24T10:00").row(0)["完成情况"] == "整改中，0%，已逾期"


def test_share_of_the_time_of_a_date_counted_back_runs_from_the_issuing(county: Strange) -> None:
    (report, _) = county.all_of("report")
    assert report.due_on == date(2025, 9, 15)
    # Half of the 161 days since 7 April are gone on 27 June; five working days before the 15th is the 8th.
    for at in ("2025-06-26T10:00", "2025-06-27T10:00", "2025-09-08T10:00", "2025-09-16T10:00"):
        county.patrol(at)
    assert county.fired(report) == [("06-27", "remind"), ("09-08", "remind"), ("09-16", "yellow")]


def test_supporting_unit_is_due_before_the_lead_also_after_more_time(county: Strange) -> None:
    county.put("校车不足", {"term": "limited", "source": "deputies"}, "2025-04-08T10:00", date(2025, 7, 8), ["kjj"])
    assert (county.dates("solve"), county.dates("support")) == ([date(2025, 7, 8)], [date(2025, 7, 1)])
    (solve,) = county.all_of("solve")
    with refused("extension.too_late", due_on=date(2025, 7, 8), ask_by=date(2025, 7, 1)):
        county.petition_for(solve.id, "2025-08-07", "2025-07-02T09:00")
    county.grant(county.petition_for(solve.id, "2025-08-07", "2025-07-01T10:00"), "2025-07-01T11:00")
    assert (county.dates("solve"), county.dates("support")) == ([date(2025, 8, 7)], [date(2025, 7, 31)])


def test_late_plan_costs_points_and_is_listed_and_answered(county: Strange) -> None:
    plan = next(row for row in county.all_of("plan") if row.unit and row.unit.code == "jyj")
    for at in ("2025-04-23T09:30", "2025-04-28T09:30", "2025-05-08T09:30"):
        county.patrol(at)
    assert county.fired(plan)[-4:] == [
        ("04-23", "yellow"),
        ("04-28", "red"),
        ("05-08", "summon passed over"),
        ("05-08", "list"),
    ]
    (listed, *_) = county.facts("order:given")
    assert (listed["mark"], listed["kind"]) == ("青人评挂〔2025〕1号", "list")
    assert county.dates("delist") == [date(2025, 7, 8)] * 2


def test_silence_begins_when_the_date_is_known(consulting: Strange) -> None:
    consulting.put("审批慢", {"reply": "a"}, "2026-03-02T10:00")
    consulting.patrol("2026-04-01T09:30")
    consulting.sign("2026-04-01T10:00")
    (reply,) = consulting.all_of("reply")
    # Thirty days from the signing, not from the letter a month before it.
    for at in ("2026-04-30T10:00", "2026-05-01T10:00"):
        consulting.patrol(at)
    assert consulting.fired(reply) == [("05-01", "remind")]


def test_reports_that_say_nothing_new_are_counted_over_the_periods(county: Strange) -> None:
    county.put("校车不足", {"term": "limited", "source": "deputies"}, "2025-04-08T10:00", date(2025, 12, 8))
    for period, percent in (("2025-04-08", 20), ("2025-05-08", 20), ("2025-06-09", 20), ("2025-07-08", 20)):
        county.issue_recurring(f"{period}T10:05")
        county.patrol(f"{period}T10:10")
        row = county.all_of("progress")[-1]
        with county.desk("jyj-handler", f"{period}T11:00") as desk:
            duties.submit(desk, row.id, county.by("jyj-handler"), f"情况如前（{period}）", percent=percent)
    assert [row.unmoved for row in county.all_of("progress")] == [0, 1, 2, 3]
    fired = [county.fired(row) for row in county.all_of("progress")]
    assert fired[:3] == [[], [], []]
    assert fired[3][-1] == ("07-08", "yellow")


def test_look_back_holds_no_sooner_than_three_months_after_the_closing(county: Strange) -> None:
    for title in ("标线不清", "围挡破损"):
        number = county.put(title, {"term": "now", "source": "masses"}, "2025-04-08T10:00")
        (fix,) = [row for row in county.all_of("fix") if row.title.endswith(title)]
        with county.desk("jyj-handler", "2025-04-14T10:00") as desk:
            duties.submit(desk, fix.id, county.by("jyj-handler"), "已改", (paper(),))
        with county.desk(LEADER, "2025-04-15T10:00") as desk:
            duties.accept(desk, fix.id, county.by(LEADER), "属实", Verified(Manner.ON_SITE, date(2025, 4, 15)))
        county.agree("2025-04-16T10:00", LEADER, "jyj-head", "office-1", number=number)
        county.close_out("2025-04-17T10:00", number, "director")
    open_phase(county.office, county.slug, "look_back", instant("2025-05-07T09:00"))
    # A fifth of two is one; four months from 17 April end on Sunday, 17 August.
    (look,) = county.all_of("look")
    assert look.due_on == date(2025, 8, 18)
    days = {"closed_on": date(2025, 4, 17), "first": date(2025, 7, 17)}
    with (
        refused("submission.too_early", duty=look.title, **days),
        county.desk(LEADER, "2025-07-16T10:00") as desk,
    ):
        duties.submit(desk, look.id, county.by(LEADER), "没有反弹", finding=LookBack.HOLDS)
    with county.desk(LEADER, "2025-07-17T10:00") as desk:
        duties.submit(desk, look.id, county.by(LEADER), "没有反弹", finding=LookBack.HOLDS)
    assert county.all_of("look")[0].status == "submitted"
