from dataclasses import replace
from datetime import date
from itertools import count

import pytest

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.review_opinion import ProblemText
from appraisal.operations import problems
from appraisal.operations.office import Office
from appraisal.operations.review_opinion_list import lacking, measure_of, measured_words
from appraisal.operations.review_opinion_views import (
    OpinionsOnDesk,
    opinion_to_write,
    opinions_on_desk,
)
from tests.operations.opinions_on_units import (
    APPROVED,
    BAD,
    DELIVERED,
    DRAFTED,
    METHOD,
    approve,
    deliver,
    draft,
    give_back,
    put_up,
    stands,
    version,
    with_opinions,
)
from tests.operations.world import Campaign, edition, instant, refused

SLUGS = count(1)
TODAY = date(2023, 9, 7)
PRAISE = ("成" * 13,)
"""13 characters of 31 are more than 40 in a hundred."""


@pytest.fixture
def opinions(office: Office) -> Campaign:
    return with_opinions(office, f"o{next(SLUGS)}")


def desk_of(campaign: Campaign, who: str, at: str = DELIVERED) -> OpinionsOnDesk:
    with campaign.office.store.reading() as session:
        found = opinions_on_desk(session, campaign.person(who), instant(at))
    theirs = [[row for row in rows if row.campaign.slug == campaign.slug] for rows in (found.to_approve, found.to_mend)]
    return OpinionsOnDesk(*theirs)


def test_shares_are_exact_and_said_with_what_is_asked_of_them() -> None:
    method = edition(METHOD).method
    good, bad = ["成" * 4], [ProblemText("问" * 6, "", date(2023, 12, 31))]
    found = measure_of(method, good, bad)
    assert (found.met, measured_words(method, found)) == (
        True,
        {"achievements": "成绩4字，占40%（应不超过40%）", "problems": "问题6字，占60%（应不少于60%）"},
    )
    assert lacking(method, good, bad) == ["第1个问题没有写整改目标"]
    assert lacking(method, ["成" * 40_001], [ProblemText("问" * 60_000, "", date(2023, 12, 31))]) == [
        "成绩40001字，占40.001%（应不超过40%）",
        "问题60000字，占59.999%（应不少于60%）",
        "第1个问题没有写整改目标",
    ]
    assert lacking(method, [], [ProblemText("问", "改")])[0] == "第1个问题没有写整改时限"


def test_first_draft_is_prefilled_from_the_open_problems_of_the_unit(opinions: Campaign) -> None:
    for number, (title, unit) in enumerate([("编制不足", "jyj"), ("专利拖延", "kjj"), ("学位不足", "jyj")], start=1):
        with opinions.desk("office-1", DRAFTED) as desk:
            found = Found(FindingKind.ENTERED, title, "office-1")
            due = date(2023, 12, number)
            problems.record(desk, opinions.slug, Draft(title, unit, aim="补齐", due_on=due), found)
    with opinions.desk("office-1", DRAFTED) as desk:
        problems.close_problem(desk, opinions.slug, 3, "评议小组")
    with opinions.office.store.reading() as session:
        person = opinions.person("fgj-handler")
        written, row, words = opinion_to_write(session, opinions.slug, "jyj", person, TODAY)
    assert (written.code, row) == ("jyj", None)
    assert words.problems == [ProblemText("编制不足", "补齐", date(2023, 12, 1), 1)]
    assert draft(opinions, bad=words.problems).problems == [
        {"text": "编制不足", "aim": "补齐", "due_on": "2023-12-01", "number": 1}
    ]
    with refused("review_opinion.other_problem", numbers=[2, 9], unit="市教育局"):
        draft(opinions, bad=[ProblemText("甲", number=2), ProblemText("乙", number=9), ProblemText("丙", number=1)])


def test_draft_is_for_the_office_and_for_the_panel_over_the_unit(opinions: Campaign) -> None:
    assert draft(opinions, who="fgj-handler").drafted_by == "fgj-handler"
    with refused("review_opinion.drafting.not_yours", unit="市科学技术局"):
        draft(opinions, "kjj", who="fgj-handler")
    with refused("review_opinion.drafting.not_yours", unit="市教育局"):
        draft(opinions, who="jyj-head")
    with refused("review_opinion.drafting.not_yours", unit="市教育局"):
        draft(opinions, who="director")
    assert draft(opinions, "kjj", who="office-2").version == 1


def test_same_words_are_the_same_version_and_other_words_the_next(opinions: Campaign) -> None:
    versions = [draft(opinions).version, draft(opinions, good=[" 教学质量稳步提高。", " "]).version]
    versions += [draft(opinions, good=PRAISE).version, draft(opinions).version]
    assert versions == [1, 1, 2, 3]
    assert [version(opinions, number).status for number in (1, 2, 3)] == ["drafted"] * 3
    assert [(each["version"], each["achievements"], each["problems"]) for each in facts(opinions, "drafted")] == [
        (1, 9, 18),
        (2, 13, 18),
        (3, 9, 18),
    ]
    assert len({version(opinions, number).digest for number in (1, 2, 3)}) == 3


def test_draft_without_a_word_or_of_another_campaign_is_refused(opinions: Campaign) -> None:
    with refused("review_opinion.empty", unit="市教育局"):
        draft(opinions, good=[" "], bad=[ProblemText(" ", "补齐")])
    with refused("review_opinion.too_many", count=101, most=100):
        draft(opinions, bad=[ProblemText("问")] * 100)
    with refused("review_opinion.too_long", length=20_001, most=20_000):
        draft(opinions, good=["成" * 20_001])
    with refused("unit.not_appraised", unit="wjj", campaign="2023年部门工作评议"):
        draft(opinions, "wjj")


def test_campaign_whose_method_has_no_opinions_refuses_them(unchanged: Campaign) -> None:
    with refused("review_opinion.not_in_method", campaign="2023年部门工作评议"):
        draft(unchanged)


def test_nobody_writes_over_what_another_wrote_meanwhile(opinions: Campaign) -> None:
    draft(opinions, base=0)
    draft(opinions, good=PRAISE, base=1, who="fgj-handler")
    with refused("review_opinion.written_meanwhile", unit="市教育局", version=2):
        draft(opinions, good=["另写。"], base=1)


def test_draft_that_misses_its_shares_is_kept_but_neither_put_up_nor_approved(opinions: Campaign) -> None:
    row = draft(opinions, good=PRAISE, bad=[replace(BAD[0], due_on=None)])
    lacks = [
        "成绩13字，占41.9%（应不超过40%）",
        "问题18字，占58.1%（应不少于60%）",
        "第1个问题没有写整改时限",
    ]
    with refused("review_opinion.lacking", unit="市教育局", lacks=lacks):
        put_up(opinions, row)
    with refused("review_opinion.lacking", unit="市教育局", lacks=lacks):
        approve(opinions, row)
    assert stands(opinions) == (1, "drafted")
    assert opinions.letters("review-opinion-asked") == []


def test_approvers_are_asked_by_one_letter_and_see_it_on_their_desk(opinions: Campaign) -> None:
    first, second = draft(opinions), draft(opinions, "kjj")
    assert desk_of(opinions, "director").to_approve == []
    assert (put_up(opinions, first, second), put_up(opinions, first, second)) == (2, 0)
    ((who, letter),) = opinions.posted("review-opinion-asked")
    assert (who, letter.page) == ("director", f"/campaigns/{opinions.slug}/review-opinions")
    assert letter.context["units"] == ["市教育局", "市科学技术局"]
    assert [row.unit.code for row in desk_of(opinions, "director").to_approve] == ["jyj", "kjj"]
    assert desk_of(opinions, "office-1").to_approve == []
    assert len(facts(opinions, "asked")) == 2


def test_letter_about_a_single_opinion_leads_to_it(opinions: Campaign) -> None:
    row = draft(opinions)
    put_up(opinions, row, who="fgj-handler")
    ((_, letter),) = opinions.posted("review-opinion-asked")
    assert letter.page == f"/review-opinions/{row.id}"


def test_approval_is_in_other_hands_and_binds_what_was_seen(opinions: Campaign) -> None:
    row = draft(opinions)
    with refused("review_opinion.approving.not_yours", unit="市教育局"):
        approve(opinions, row, "office-2")
    with refused("review_opinion.changed", unit="市教育局"):
        approve(opinions, row, seen="0" * 64)
    assert [approve(opinions, row).status, approve(opinions, row, at=DELIVERED).status] == ["approved", "approved"]
    (fact,) = facts(opinions, "approved")
    assert fact == {"unit": "jyj", "version": 1, "digest": row.digest, "by": "director"}
    assert sorted(opinions.letters("review-opinion-decided")) == ["fgj-handler", "office-1", "office-2"]


def test_whoever_drafted_does_not_approve_even_as_stand_in(opinions: Campaign) -> None:
    opinions.absence("director", "office-1", "2023-09-01", "2023-09-30")
    try:
        row = draft(opinions)
        with refused("review_opinion.two_hands", unit="市教育局"):
            approve(opinions, row, "office-1")
        other = draft(opinions, "kjj", who="office-2")
        assert approve(opinions, other, "office-1").approved_by == "office-1"
    finally:
        opinions.absence("director", "office-1", "2023-09-01", "2023-09-01")


def test_new_draft_voids_an_approval_and_is_told_to_whoever_read_the_old_one(opinions: Campaign) -> None:
    row = draft(opinions)
    put_up(opinions, row)
    approve(opinions, row)
    assert draft(opinions, good=["教学质量提高。"], at=APPROVED).version == 2
    assert [fact.get("voids") for fact in facts(opinions, "drafted")] == [None, 1]
    assert stands(opinions) == (2, "drafted")
    with refused("review_opinion.followed", unit="市教育局", version=1, newest=2):
        approve(opinions, row)
    with refused("review_opinion.followed", unit="市教育局", version=1, newest=2):
        deliver(opinions, row)
    with refused("review_opinion.not_approved", unit="市教育局", status="drafted"):
        deliver(opinions, version(opinions, 2))
    assert desk_of(opinions, "director").to_approve == []


def test_draft_that_comes_back_lies_on_the_desk_of_whoever_wrote_it(opinions: Campaign) -> None:
    row = draft(opinions, who="fgj-handler")
    put_up(opinions, row)
    with refused("review_opinion.no_reason", unit="市教育局"):
        give_back(opinions, row, " ")
    returned = [give_back(opinions, row, " 请写明缺编学科 "), give_back(opinions, row, "请写明缺编学科")]
    assert [(each.status, each.remarks) for each in returned] == [("returned", "请写明缺编学科")] * 2
    assert desk_of(opinions, "director").to_approve == []
    assert [each.id for each in desk_of(opinions, "fgj-handler").to_mend] == [row.id]
    with refused("review_opinion.illegal", status="returned", action="review_opinion:approved", possible=[]):
        approve(opinions, row)
    again = draft(opinions, good=["教学质量提高。"], who="fgj-handler")
    assert (again.version, desk_of(opinions, "fgj-handler").to_mend) == (2, [])
    assert approve(opinions, again).status == "approved"


def facts(campaign: Campaign, done: str) -> list[dict[str, object]]:
    return campaign.facts(f"review_opinion:{done}")
