from datetime import date
from itertools import count
from typing import Any

import pytest
from sqlalchemy import update

from appraisal.domain.gate import Obstacle
from appraisal.domain.lifecycle import CampaignStatus
from appraisal.method.registry import CHOOSERS
from appraisal.method.words import SelectionWay
from appraisal.operations import briefs, campaigns
from appraisal.operations.office import Office
from appraisal.operations.selection_inputs import counted
from appraisal.operations.selection_paper import ASKED
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.record_tables import OutboxRow
from tests.operations.choosing import HALF, begun, by, choose, decision, find_problems, selections, targets
from tests.operations.world import Campaign, edition, instant, refused, running

SLUGS = count(1)
RANKED = {"wjj": 15, "jyj": 11, "rsj": 9, "kjj": 7, "mzj": 7, "nyj": 5, "jtj": 2}
SIX = dict.fromkeys(("wjj", "jyj", "rsj", "kjj", "mzj", "nyj"), 26)


def named(office: Office, way: str, units: tuple[str, ...] = (), **selection: object) -> Campaign:
    return begun(office, f"s{next(SLUGS)}", by(way, **selection), units)


def obstacles(campaign: Campaign) -> list[Obstacle]:
    with campaign.office.desk("engine", instant("2023-09-08T11:00")) as desk:
        row = desk.session.merge(campaign.phase("prepare"))
        return [found for found in briefs.obstacles_of(desk, row) if found.code == "gate.targets_unchosen"]


def outcomes(campaign: Campaign, number: int = 0) -> dict[str, str]:
    return {figure["unit"]: figure["outcome"] for figure in selections(campaign)[number].figures}


def test_six_units_are_ranked_then_voted_and_owe_at_once_what_the_open_phases_ask(office: Office) -> None:
    campaign = named(office, "ranked_then_voted", passing=HALF, decided_by="office")
    find_problems(campaign, RANKED)
    assert (targets(campaign), obstacles(campaign)) == ([], [Obstacle("gate.targets_unchosen", "", "1", "missing")])
    row = choose(campaign, decision(votes=SIX, base=29)).row
    assert row.figures[:2] == [
        {"unit": "wjj", "name": "市卫生健康局", "outcome": "chosen", "rank": 1, "problems": 15, "votes": 26},
        {"unit": "jyj", "name": "市教育局", "outcome": "chosen", "rank": 2, "problems": 11, "votes": 26},
    ]
    assert [figure.get("rank") for figure in row.figures] == [1, 2, 3, 4, 4, 6, 7]
    assert outcomes(campaign) == dict.fromkeys(SIX, "chosen") | {"jtj": "not_put"}
    assert (targets(campaign), obstacles(campaign)) == (list(SIX), [])
    assert (row.way, row.decided_by, row.decided_on) == (
        "ranked_then_voted",
        "市人大常委会第三十一次会议",
        date(2023, 9, 8),
    )
    assert row.terms == {"share": "1/2", "boundary": "exceed", "of": "all_members", "base": 29}
    assert {unit: campaign.row("opinion", unit).due_on for unit in SIX} == dict.fromkeys(SIX, date(2023, 9, 4))
    assert len(campaign.letters("duty-issued", "市教育局")) > 0


def test_same_decision_again_does_nothing_even_after_the_figures_have_moved(office: Office) -> None:
    campaign = named(office, "ranked_then_voted", passing=HALF)
    find_problems(campaign, RANKED)
    first = choose(campaign, decision(votes=SIX, base=29)).row
    find_problems(campaign, {"czj": 30})
    second = choose(campaign, decision(votes={"市卫生健康局" if k == "wjj" else k: v for k, v in SIX.items()}, base=29))
    assert (second.row.id, second.row.figures) == (first.id, first.figures)
    assert len(campaign.facts("targets:chosen")) == 1
    assert len(campaign.facts("obligation:issued")) == 2 + 5 * 6


def test_choice_is_on_the_ledger_and_copied_to_those_the_method_names(office: Office) -> None:
    campaign = named(office, "council_decision")
    choose(campaign, decision(units=["jyj", "kjj"], document="主任会议纪要〔2023〕12号"))
    by_whom = "市人大常委会第三十一次会议"
    assert campaign.facts("targets:chosen") == [{"way": "council_decision", "units": ["jyj", "kjj"], "by": by_whom}]
    assert [fact for fact in campaign.facts("event:set") if fact["event"] == "targets.chosen"] == [
        {"event": "targets.chosen", "unit": "", "at": "2023-09-08T09:00:00+08:00", "before": ""}
    ]
    assert campaign.letters("copy") == ["city-committee"]


def test_later_decision_adds_units_counted_from_its_own_day_and_drops_none(office: Office) -> None:
    campaign = named(office, "council_decision", count=3)
    choose(campaign, decision(units=["jyj", "kjj"], document="第12号"))
    assert obstacles(campaign) == [Obstacle("gate.targets_unchosen", "", "1", "missing")]
    choose(campaign, decision("2023-09-15", units=["mzj"], document="第13号"), "2023-09-15T10:00")
    assert (targets(campaign), obstacles(campaign)) == (["jyj", "kjj", "mzj"], [])
    chosen = [(fact["unit"], fact["at"]) for fact in campaign.facts("event:set") if fact["event"] == "targets.chosen"]
    assert chosen == [("", "2023-09-08T09:00:00+08:00"), ("mzj", "2023-09-15T09:00:00+08:00")]
    with refused("selection.too_many", given=1, places=0):
        choose(campaign, decision("2023-09-15", units=["czj"], document="第14号"), "2023-09-15T11:00")


def test_unit_that_is_in_already_is_refused_and_so_is_one_given_twice(office: Office) -> None:
    campaign = named(office, "council_decision")
    choose(campaign, decision(units=["jyj"], document="第12号"))
    with refused("selection.chosen_already", units=["市教育局"]):
        choose(campaign, decision(units=["jyj", "kjj"], document="第12号"))
    with refused("selection.twice", units=["市科学技术局"]):
        choose(campaign, decision(units=["kjj", "市科学技术局"], document="第12号"))


def test_no_unit_is_added_once_a_result_is_recorded(office: Office) -> None:
    campaign = named(office, "council_decision")
    choose(campaign, decision(units=["jyj"], document="第12号"))
    campaign.record_result("2023-09-08T15:00")
    with refused("selection.voted", campaign="2023年部门工作评议"):
        choose(campaign, decision(units=["kjj"], document="第13号"))


def test_decision_of_the_future_by_nobody_or_without_its_document_is_refused(office: Office) -> None:
    campaign = named(office, "council_decision")
    with refused("selection.future", decided_on=date(2023, 9, 9), today=date(2023, 9, 8)):
        choose(campaign, decision("2023-09-09", units=["jyj"], document="第12号"))
    with refused("selection.no_decider"):
        choose(campaign, decision("2023-09-08", " ", units=["jyj"], document="第12号"))
    with refused("selection.no_document"):
        choose(campaign, decision(units=["jyj"]))
    with refused("selection.nobody"):
        choose(campaign, decision(document="第12号"))


def test_unit_where_nobody_holds_a_needed_role_is_refused(office: Office) -> None:
    campaign = named(office, "council_decision")
    with office.desk("cli", instant("2023-09-01T10:00")) as desk:
        post = desk.session.merge(campaign.person("czj-handler"))
        post.active = False
    try:
        with refused("selection.unheld", gaps=[{"role": "承办人", "unit": "市财政局"}]):
            choose(campaign, decision(units=["czj"], document="第12号"))
    finally:
        with office.desk("cli", instant("2023-09-01T10:00")) as desk:
            desk.session.merge(campaign.person("czj-handler")).active = True


def test_committee_vote_records_who_did_not_pass(office: Office) -> None:
    campaign = named(office, "committee_vote", count=2, passing=HALF | {"boundary": "reach"})
    choose(campaign, decision(votes={"jyj": 20, "kjj": 16, "mzj": 15}, base=32))
    assert (targets(campaign), outcomes(campaign)) == (
        ["jyj", "kjj"],
        {"jyj": "chosen", "kjj": "chosen", "mzj": "not_passed"},
    )


def test_vote_at_which_nobody_passed_chooses_nobody(office: Office) -> None:
    campaign = named(office, "committee_vote", passing=HALF)
    with refused("selection.none_passed"):
        choose(campaign, decision(votes={"jyj": 16}, base=32))


@pytest.mark.parametrize("way", ["public_vote", "deputies_vote"])
def test_vote_of_many_takes_the_most_votes_and_wants_ties_decided(office: Office, way: str) -> None:
    campaign = named(office, way, count=2)
    votes = {"jyj": 1204, "kjj": 980, "mzj": 980}
    with refused("selection.tie", units=["市科学技术局", "市民政局"], places=1):
        choose(campaign, decision(votes=votes))
    row = choose(campaign, decision(votes=votes, settled=["mzj"])).row
    assert (targets(campaign), row.terms) == (["jyj", "mzj"], {"count": 2, "settled": ["市民政局"]})


def test_drawn_units_are_confirmed_and_the_seed_is_kept(office: Office) -> None:
    campaign = named(office, "lottery_then_confirmed", count=2)
    pool = ["jyj", "kjj", "mzj"]
    with refused("selection.not_drawn", units=["市科学技术局"], drawn=["市民政局", "市教育局"]):
        choose(campaign, decision(seed="20231027", pool=pool, units=["kjj"]))
    row = choose(campaign, decision(seed="20231027", pool=pool, units=["jyj", "mzj"])).row
    assert outcomes(campaign) == {"jyj": "chosen", "mzj": "chosen", "kjj": "not_drawn"}
    assert row.terms == {"count": 2, "seed": "20231027", "pool": ["市教育局", "市科学技术局", "市民政局"]}


def test_turn_counts_closed_campaigns_of_the_term_and_what_was_entered(office: Office) -> None:
    earlier = running(office, "rotated", ("jyj",))
    campaign = named(office, "term_rotation", count=1)
    given: dict[str, Any] = {"pool": ["jyj", "kjj", "mzj"], "earlier": ["mzj"], "term_since": date(2022, 1, 1)}
    with office.desk("cli", instant("2023-09-01T10:00")) as desk:
        its = update(CampaignRow).where(CampaignRow.slug == earlier.slug)
        desk.session.execute(its.values(status=CampaignStatus.CLOSED))
    with refused("selection.not_their_turn", units=["市教育局"], waiting=["市科学技术局"]):
        choose(campaign, decision(units=["jyj"], **given))
    with refused("selection.no_term"):
        choose(campaign, decision(units=["kjj"]))
    choose(campaign, decision(units=["kjj"], **given))
    assert targets(campaign) == ["kjj"]
    with office.desk("cli", instant("2023-09-01T10:00")) as desk:
        desk.session.execute(its.values(status=CampaignStatus.RUNNING))


def test_units_carried_over_join_beside_those_chosen_and_take_no_place(office: Office) -> None:
    running(office, "earlier", ("jyj", "kjj"))
    campaign = named(office, "council_decision", count=1, carried_over=True)
    given: dict[str, Any] = {"units": ["mzj"], "document": "第12号", "carried_from": "earlier"}
    with refused("selection.not_in_earlier", units=["市财政局"], campaign="2023年部门工作评议"):
        choose(campaign, decision(carried=["czj"], **given))
    row = choose(campaign, decision(carried=["kjj"], **given)).row
    assert row.chosen == [
        {"unit": "mzj", "name": "市民政局"},
        {"unit": "kjj", "name": "市科学技术局", "carried_from": "earlier"},
    ]
    assert (targets(campaign), obstacles(campaign)) == (["mzj", "kjj"], [])


def test_method_that_only_carries_over_takes_units_of_the_earlier_campaign(office: Office) -> None:
    running(office, "before", ("jyj", "kjj"))
    campaign = named(office, "carried_over", count=1)
    with refused("selection.too_many", given=2, places=1):
        choose(campaign, decision(units=["jyj", "kjj"], carried_from="before"))
    row = choose(campaign, decision(carried=["jyj"], carried_from="before")).row
    assert (targets(campaign), outcomes(campaign)) == (["jyj"], {"jyj": "carried"})
    assert (row.chosen[0]["carried_from"], obstacles(campaign)) == ("before", [])


def test_method_that_does_not_say_so_carries_nobody_over(office: Office) -> None:
    campaign = named(office, "council_decision")
    with refused("selection.no_carrying"):
        choose(campaign, decision(units=["jyj"], document="第12号", carried=["kjj"], carried_from=campaign.slug))


def test_named_units_are_chosen_by_starting_and_one_may_be_added(office: Office) -> None:
    campaign = named(office, "named", ("jyj",))
    assert [fact["at"] for fact in campaign.facts("event:set") if fact["event"] == "targets.chosen"] == [
        "2023-08-28T00:00:00+08:00"
    ]
    choose(campaign, decision(units=["kjj"]))
    assert targets(campaign) == ["jyj", "kjj"]


def test_start_without_units_is_the_same_start_after_the_choice(office: Office) -> None:
    campaign = named(office, "council_decision")
    choose(campaign, decision(units=["jyj"], document="第12号"))
    method = by("council_decision")
    for _ in range(2):
        with office.desk("cli", instant("2023-08-28T10:00")) as desk:
            assert campaigns.start(desk, method, campaign.slug, "", date(2023, 8, 28), ()).slug == campaign.slug
    with refused("campaign.no_units"), office.desk("cli", instant("2023-08-28T10:00")) as desk:
        campaigns.start(desk, edition(), "nobody", "", date(2023, 8, 28), ())


def test_refused_decision_leaves_no_trace(office: Office) -> None:
    campaign = named(office, "committee_vote", passing=HALF)
    with refused("selection.no_base"):
        choose(campaign, decision(votes={"jyj": 16}))
    with campaign.office.store.reading() as session:
        copies = session.query(OutboxRow).filter_by(campaign_id=campaign.phase("prepare").campaign_id, template="copy")
        assert copies.count() == 0
    assert (targets(campaign), selections(campaign), campaign.facts("targets:chosen")) == ([], [], [])


def test_votes_for_one_unit_entered_twice_are_refused() -> None:
    assert counted([("市教育局", 20), ("市民政局", 3)]) == {"市教育局": 20, "市民政局": 3}
    with refused("selection.twice", units=["市教育局"]):
        counted([("市教育局", 20), ("市民政局", 3), ("市教育局", 21)])


def test_every_way_has_its_rule_and_its_form() -> None:
    assert set(CHOOSERS) == set(ASKED) == set(SelectionWay)
