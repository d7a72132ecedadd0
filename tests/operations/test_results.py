from collections.abc import Mapping
from datetime import date

import pytest

from appraisal.operations import results
from appraisal.operations.office import Office
from appraisal.operations.results import Tally
from appraisal.store.campaign_tables import ResultRow
from tests.operations.world import LANXI, Campaign, begin, edition, instant, refused

TITLES = ["满意", "基本满意", "不满意"]


def entered(campaign: Campaign) -> list[tuple[str, str, Mapping[str, int]]]:
    with campaign.office.store.reading() as session:
        rows = session.query(ResultRow).filter_by(campaign_id=campaign.phase("rectify").campaign_id)
        return [(row.unit.name, row.grade, row.counts) for row in rows]


def test_result_is_recorded_once_told_and_copied(campaign: Campaign) -> None:
    for at in ("2023-11-03T10:00", "2023-11-04T10:00"):
        campaign.record_result(at)
    assert entered(campaign) == [("市教育局", "满意", {"satisfied": 28, "basic": 3, "dissatisfied": 0})]
    assert len(campaign.facts("result:recorded")) == 1
    assert campaign.letters("result-recorded") == ["jyj-head"]
    assert campaign.letters("copy") == ["city-committee"]
    (told,) = [row.context["counts_text"] for _, row in campaign.posted("result-recorded")]
    assert told == "满意 28、基本满意 3、不满意 0"


def test_grade_is_taken_by_its_title_or_its_key(campaign: Campaign) -> None:
    campaign.record_result("2023-11-03T10:00", grade="satisfied")
    campaign.record_result("2023-11-03T10:00", grade="满意")
    assert [grade for _, grade, _ in entered(campaign)] == ["满意"]


def test_other_result_for_the_same_unit_is_refused(campaign: Campaign) -> None:
    campaign.record_result("2023-11-03T10:00")
    with refused("result.recorded_already", unit="市教育局", ballot="整改情况再测评", grade="满意"):
        campaign.record_result("2023-11-03T11:00", tally=Tally(31, 31, 31, {"satisfied": 27, "basic": 4}))
    with refused("result.recorded_already", unit="市教育局", ballot="整改情况再测评", grade="满意"):
        campaign.record_result("2023-11-03T11:00", grade="基本满意")


@pytest.mark.parametrize(
    ("tally", "code", "facts"),
    [
        (Tally(30, 31, 31, {"satisfied": 31}), "result.returned_exceeds_issued", {"issued": 30, "returned": 31}),
        (Tally(31, 30, 31, {"satisfied": 31}), "result.valid_exceeds_returned", {"returned": 30, "valid": 31}),
        (Tally(31, 31, 31, {"satisfied": 30}), "result.counts_differ", {"valid": 31, "total": 30}),
        (Tally(31, 31, 0, {"satisfied": 1, "basic": -1}), "result.negative", {}),
        (Tally(31, 31, 31, {"good": 31}), "result.unknown_option", {"options": ["good"], "known": TITLES}),
    ],
)
def test_counts_that_do_not_add_up_are_refused(
    unchanged: Campaign, tally: Tally, code: str, facts: dict[str, object]
) -> None:
    with refused(code, **facts):
        unchanged.record_result("2023-11-03T10:00", tally=tally)
    assert entered(unchanged) == []


def test_tally_at_its_limits_is_taken(campaign: Campaign) -> None:
    campaign.record_result("2023-11-03T10:00", tally=Tally(31, 30, 29, {"satisfied": 29}))
    campaign.record_result("2023-11-03T10:00", "kjj", tally=Tally(0, 0, 0, {}))
    assert len(entered(campaign)) == 2


def test_unknown_grade_unit_or_ballot_is_refused(unchanged: Campaign) -> None:
    with refused("result.unknown_grade", grade="优秀", known=TITLES):
        unchanged.record_result("2023-11-03T10:00", grade="优秀")
    with refused("unit.not_appraised", unit="czj", campaign="2023年部门工作评议"):
        unchanged.record_result("2023-11-03T10:00", unit="czj")
    known = ["整改情况再测评（revote）"]
    tally = Tally(1, 1, 1, {"satisfied": 1})
    with refused("ballot.unknown", ballot="vote", known=known), unchanged.desk("office-1", "2023-11-03T10:00") as desk:
        results.record_result(desk, unchanged.slug, "vote", "jyj", tally, "满意")


def test_result_of_a_phase_that_is_not_open_is_refused(office: Office) -> None:
    begin(office, edition(), "not-open", "评议", ["jyj"], instant("2023-08-28T10:00"))
    with refused("result.phase_not_open", phase="整改落实", ballot="整改情况再测评"):
        Campaign(office, "not-open").record_result("2023-08-29T10:00")


def test_result_is_an_event_of_the_unit(campaign: Campaign) -> None:
    campaign.record_result("2023-11-03T10:00")
    happened = [(fact["event"], fact["unit"], fact["at"]) for fact in campaign.facts("event:set")][-2:]
    at = instant("2023-11-03T10:00").isoformat()
    assert happened == [("revote.recorded", "jyj", at), ("result.recorded", "jyj", at)]
    assert campaign.phase("rectify").closes_on == date(2023, 12, 28)


def test_marks_may_be_named_by_the_titles_that_the_tellers_read_out(campaign: Campaign) -> None:
    campaign.record_result("2023-11-03T10:00", tally=Tally(31, 31, 30, {"满意": 27, "基本满意": 3}))
    campaign.record_result("2023-11-03T10:05", tally=Tally(31, 31, 30, {"satisfied": 27, "basic": 3}))
    assert [counts for _, _, counts in entered(campaign)] == [{"satisfied": 27, "basic": 3, "dissatisfied": 0}]


def test_result_that_the_system_counts_is_not_entered_by_hand(office: Office) -> None:
    begin(office, edition(LANXI), "counted", "评议", ["jyj"], instant("2023-08-28T10:00"))
    tally = Tally(31, 31, 31, {"satisfied": 31})
    campaign = Campaign(office, "counted")
    with refused("result.counted", ballot="满意度测评"), campaign.desk("office-1", "2023-08-29T10:00") as desk:
        results.record_result(desk, "counted", "satisfaction", "jyj", tally, "满意")
