from dataclasses import replace
from datetime import date
from typing import Any

from appraisal.operations import summonses
from appraisal.operations.loading import campaign_by
from appraisal.operations.summonses import Talk
from appraisal.store.problem_tables import SummonsRow
from tests.operations.world import Campaign, instant, refused

AT = "2023-09-18T10:00"
TALK = Talk("jyj", "局长", date(2023, 9, 15), "副主任", "整改进展缓慢", "说明了困难。", "九月底前报送时间表")


def record(campaign: Campaign, talk: Talk = TALK, who: str = "office-1", at: str = AT, **other: Any) -> SummonsRow:  # noqa: ANN401
    with campaign.desk(who, at) as desk:
        return summonses.record_summons(desk, campaign.slug, replace(talk, **other))


def test_summonses_are_numbered_and_the_same_record_again_does_nothing(campaign: Campaign) -> None:
    numbers = [record(campaign).number, record(campaign, unit="市教育局", person=" 局长 ").number]
    assert (numbers, record(campaign, unit="kjj").number) == ([1, 1], 2)
    assert campaign.facts("summons:recorded") == [
        {"number": 1, "unit": "jyj", "held_on": "2023-09-15"},
        {"number": 2, "unit": "kjj", "held_on": "2023-09-15"},
    ]
    with campaign.office.store.reading() as session:
        listed = summonses.summonses(session, campaign_by(session, campaign.slug))
    assert [(row.number, row.unit.code, row.recorded_by) for row in listed] == [
        (2, "kjj", "office-1"),
        (1, "jyj", "office-1"),
    ]


def test_unit_is_told_with_a_link_to_the_record(campaign: Campaign) -> None:
    record(campaign)
    assert campaign.letters("summons-recorded") == ["jyj-handler", "jyj-head"]
    ((_, letter), _) = campaign.posted("summons-recorded")
    assert letter.page == f"/campaigns/{campaign.slug}/summonses/1"


def test_summons_names_problems_of_the_unit_and_of_no_other(campaign: Campaign) -> None:
    first = campaign.record_problem("2023-09-01T10:00")
    other = campaign.record_problem("2023-09-01T10:00", "专利资助拖延", "kjj")
    assert record(campaign, problems=(first, first)).problems == [{"number": first, "title": "教师编制不足"}]
    with refused("summons.other_unit", numbers=[other], unit="市教育局"):
        record(campaign, problems=(first, other))


def test_summons_of_the_future_or_before_the_campaign_is_refused(campaign: Campaign) -> None:
    record(campaign, held_on=date(2023, 9, 18))
    with refused("summons.future", held_on=date(2023, 9, 19), today=date(2023, 9, 18)):
        record(campaign, held_on=date(2023, 9, 19))
    record(campaign, held_on=date(2023, 8, 28))
    with refused("summons.too_early", held_on=date(2023, 8, 27), starts_on=date(2023, 8, 28)):
        record(campaign, held_on=date(2023, 8, 27))


def test_record_that_lacks_a_part_or_names_no_unit_is_refused(unchanged: Campaign) -> None:
    with refused("summons.incomplete", missing=["被约谈人", "谈话记录"]):
        record(unchanged, person=" ", record="")
    with refused("unit.unknown", unit="市水务局"):
        record(unchanged, unit="市水务局")
    with refused("portal.staff_only.not_yours"):
        record(unchanged, who="jyj-head")


def test_record_is_for_the_office_and_for_those_who_answer_for_the_unit(campaign: Campaign) -> None:
    record(campaign)

    def read(who: str, number: int = 1) -> str:
        with campaign.office.store.reading() as session:
            person, on = campaign.person(who), instant(AT).date()
            return summonses.summons_for(session, campaign.slug, number, person, on).person

    assert {read(who) for who in ("office-2", "jyj-head", "jyj-handler")} == {"局长"}
    with refused("summons.not_yours"):
        read("kjj-head")
    with refused("summons.unknown", number=2):
        read("office-1", 2)
