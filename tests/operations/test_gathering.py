from uuid import uuid4

from appraisal.domain.problems import Draft
from appraisal.operations import gathering, problems
from tests.operations.listing import AT, Listing
from tests.operations.world import refused


def gather(listing: Listing, number: int, *texts: str) -> None:
    opinions = [listing.opinion(text) for text in texts]
    with listing.desk("office-1", AT) as desk:
        gathering.gather(desk, listing.slug, number, opinions, "office-1")


def merge(listing: Listing, number: int, into: int) -> int:
    with listing.desk("office-1", AT) as desk:
        return gathering.merge(desk, listing.slug, number, into).number


def split(listing: Listing, number: int, texts: list[str], title: str) -> int:
    chosen = listing.finding_ids(number, texts)
    with listing.desk("office-1", AT) as desk:
        return gathering.split(desk, listing.slug, number, chosen, Draft(title, "kjj")).number


def test_opinion_becomes_a_problem_once_and_is_taken_up(listing: Listing) -> None:
    opinion = listing.opinion("学校老师不够")
    assert [listing.taken_up(opinion) for _ in range(2)] == [1, 1]
    assert listing.findings(1) == [("opinion", "学校老师不够")]
    assert listing.status(opinion) == "taken_up"
    actions = ("opinion:received", "opinion:taken_up")
    assert len(listing.facts(*actions, subject=f"opinion:{opinion}")) == 2


def test_many_opinions_are_gathered_in_one_problem_each_with_its_own_thread(listing: Listing) -> None:
    number = listing.record()
    opinions = [listing.opinion(text) for text in ("老师不够", "一个班六十人")]
    for _ in range(2):
        with listing.desk("office-1", AT) as desk:
            gathering.gather(desk, listing.slug, number, opinions, "office-1")
    assert listing.findings(1) == [
        ("entered", "教师编制不足"),
        ("opinion", "老师不够"),
        ("opinion", "一个班六十人"),
    ]
    assert {listing.status(opinion) for opinion in opinions} == {"taken_up"}


def test_opinion_of_another_campaign_is_refused(listing: Listing) -> None:
    listing.record()
    with refused("opinion.unknown"), listing.desk("office-1", AT) as desk:
        gathering.gather(desk, listing.slug, 1, [uuid4()], "office-1")
    with refused("opinion.none_chosen"), listing.desk("office-1", AT) as desk:
        gathering.gather(desk, listing.slug, 1, [], "office-1")


def test_merging_moves_every_finding_and_tells_where_to(listing: Listing) -> None:
    listing.record()
    listing.record(Draft("老师少", "jyj"))
    gather(listing, 2, "老师不够")
    assert [merge(listing, 2, 1) for _ in range(2)] == [1, 1]
    assert [text for _, text in listing.findings(1)] == ["教师编制不足", "老师少", "老师不够"]
    assert (listing.findings(2), listing.problem(2).status) == ([], "merged")
    assert listing.problem(2).merged_into_id == listing.problem(1).id
    assert len(listing.facts("problem:merged")) == 1


def test_problem_is_found_where_it_was_merged_to(listing: Listing) -> None:
    listing.record()
    listing.record(Draft("老师少", "jyj"))
    merge(listing, 2, 1)
    assert listing.record(Draft("老师少", "jyj")) == 1
    gather(listing, 2, "一个班六十人")
    assert listing.findings(1)[-1] == ("opinion", "一个班六十人")


def test_what_both_problems_hold_stays_behind(listing: Listing) -> None:
    opinion = listing.opinion("老师不够，校舍也旧")
    assert [listing.taken_up(opinion, Draft(title, "jyj")) for title in ("老师少", "校舍旧")] == [1, 2]
    listing.record(Draft("校舍旧", "jyj"))
    merge(listing, 2, 1)
    assert [text for _, text in listing.findings(1)] == ["老师不够，校舍也旧", "校舍旧"]
    assert [text for _, text in listing.findings(2)] == ["老师不够，校舍也旧"]


def test_problem_is_not_merged_into_itself_nor_into_one_that_is_over(listing: Listing) -> None:
    for title in ("甲", "乙", "丙"):
        listing.record(Draft(title, "jyj"))
    with refused("problem.merge_itself", number=1):
        merge(listing, 1, 1)
    listing.close_problem(AT, 2)
    with refused("problem.not_open", number=2, status="closed"):
        merge(listing, 1, 2)
    merge(listing, 3, 1)
    with refused("problem.merge_itself", number=1):
        merge(listing, 1, 3)


def test_chosen_findings_become_a_problem_of_their_own_once(listing: Listing) -> None:
    listing.record()
    gather(listing, 1, "实验室设备旧", "电脑开不了机", "老师不够")
    chosen = listing.finding_ids(1, ["实验室设备旧", "电脑开不了机"])
    for _ in range(2):
        with listing.desk("office-1", AT) as desk:
            row = gathering.split(desk, listing.slug, 1, chosen, Draft("设备陈旧", "kjj"))
            assert (row.number, row.title) == (2, "设备陈旧")
    assert {text for _, text in listing.findings(2)} == {"实验室设备旧", "电脑开不了机"}
    assert [text for _, text in listing.findings(1)] == ["教师编制不足", "老师不够"]


def test_splitting_off_none_or_all_is_refused(listing: Listing) -> None:
    listing.record()
    with refused("problem.split_none", number=1):
        split(listing, 1, [], "设备陈旧")
    with refused("problem.split_all", number=1):
        split(listing, 1, ["教师编制不足"], "设备陈旧")


def test_opinion_put_back_waits_on_the_desk_again(listing: Listing) -> None:
    listing.record()
    opinion = listing.opinion("老师不够")
    for _ in range(2):
        with listing.desk("office-1", AT) as desk:
            gathering.gather(desk, listing.slug, 1, [opinion], "office-1")
        for _ in range(2):
            with listing.desk("office-1", AT) as desk:
                gathering.put_back(desk, listing.slug, 1, opinion)
        assert (listing.status(opinion), len(listing.findings(1))) == ("received", 1)
    assert len(listing.facts("opinion:put_back")) == 2


def test_opinion_that_another_problem_holds_stays_taken_up(listing: Listing) -> None:
    opinion = listing.opinion("老师不够，校舍也旧")
    for title in ("老师少", "校舍旧"):
        listing.taken_up(opinion, Draft(title, "jyj"))
    listing.record(Draft("校舍旧", "jyj"))
    with listing.desk("office-1", AT) as desk:
        gathering.put_back(desk, listing.slug, 2, opinion)
    assert listing.status(opinion) == "taken_up"


def test_last_finding_is_not_put_back(listing: Listing) -> None:
    opinion = listing.opinion("老师不够")
    listing.taken_up(opinion)
    with refused("problem.last_finding", number=1), listing.desk("office-1", AT) as desk:
        gathering.put_back(desk, listing.slug, 1, opinion)


def test_problem_is_dropped_with_a_reason_and_frees_its_opinions(listing: Listing) -> None:
    opinion = listing.opinion("老师不够")
    listing.taken_up(opinion)
    with refused("problem.drop_needs_reason", number=1), listing.desk("office-1", AT) as desk:
        gathering.drop(desk, listing.slug, 1, " ")
    for _ in range(2):
        with listing.desk("office-1", AT) as desk:
            gathering.drop(desk, listing.slug, 1, "不属实")
    assert (listing.problem(1).status, listing.problem(1).reason) == ("dropped", "不属实")
    assert listing.status(opinion) == "received"
    assert listing.facts("problem:dropped") == [{"reason": "不属实"}]
    assert listing.taken_up(opinion) == 2


def test_problem_found_again_after_it_was_closed_is_a_new_one(listing: Listing) -> None:
    listing.record()
    listing.close_problem(AT)
    assert listing.record() == 1
    assert listing.taken_up(listing.opinion("老师还是不够")) == 2
    with listing.desk("office-1", AT) as desk:
        assert problems.problem_by(desk.session, listing.slug, 1).status == "closed"
