"""Submit, verify, close out in two hands; returned, closed in part, relapsed."""

from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

import pytest

from appraisal.method.words import Manner
from appraisal.operations import campaigns, duties, problems, reopening, revising
from appraisal.operations.closing_views import closing_view
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Office
from appraisal.operations.verdicts import UNSAID, Verified
from tests.operations.closing_world import LEADER, MEMBER, ON_SITE, TwoHands, two_hands
from tests.operations.world import instant, refused

SLUGS = count(1)
TITLE = "整改报告：第1号问题 校车超员"


@pytest.fixture
def hands(office: Office) -> TwoHands:
    campaign = two_hands(office, f"close{next(SLUGS)}")
    campaign.assigned("校车超员")
    return campaign


def test_problem_is_verified_by_one_and_closed_out_by_another(hands: TwoHands) -> None:
    hands.verified()
    assert (hands.problem().status, hands.letters("problem-verified")) == (
        "verified",
        ["fgj-handler", "jyj-head", "office-1", "office-2"],
    )
    hands.agree("2023-10-26T10:00", LEADER, "jyj-head")
    for _ in range(2):
        hands.close_out("2023-10-27T10:00")
    assert (hands.problem().status, hands.problem().closed_by) == ("closed", "office-1")
    assert hands.course() == [("verified", LEADER, "属实"), ("closed", "office-1", "整改到位")]
    assert [row.status for row in hands.owed("receipt")] == ["withdrawn"]
    assert sorted(hands.letters("problem-closed")) == [MEMBER, LEADER, "jyj-handler"]
    assert hands.facts("problem:verified") == [{"by": LEADER, "manner": "on_site", "on": "2023-10-24"}]


def test_nobody_closes_out_what_is_not_verified(hands: TwoHands) -> None:
    with refused("problem.not_verified", number=1, status="assigned"):
        hands.close_out("2023-10-20T10:00")


def test_refusal_to_close_lists_all_who_have_not_agreed(hands: TwoHands) -> None:
    hands.verified()
    with refused("problem.not_agreed", number=1, roles=["组长", "主要负责人"]):
        hands.close_out("2023-10-26T10:00")
    assert hands.agree("2023-10-26T11:00", LEADER, LEADER) == [["panel_head"], ["panel_head"]]
    with refused("problem.not_agreed", number=1, roles=["主要负责人"]):
        hands.close_out("2023-10-26T12:00")
    assert [fact["role"] for fact in hands.facts("problem:agreed")] == ["panel_head"]


def test_who_is_not_asked_does_not_agree_and_nobody_agrees_to_what_is_not_verified(hands: TwoHands) -> None:
    with refused("problem.not_verified", number=1, status="assigned"):
        hands.agree("2023-10-20T10:00", LEADER)
    hands.verified()
    with refused("problem.not_asked", number=1, by="kjj-head"):
        hands.agree("2023-10-26T10:00", "kjj-head")


def test_unit_panel_and_whoever_verified_do_not_close_out(hands: TwoHands) -> None:
    hands.verified()
    with refused("problem.own_hand", number=1, by="jyj-head"):
        hands.close_out("2023-10-26T10:00", who="jyj-head")
    with refused("problem.not_closer", number=1, role="办公室工作人员", by=LEADER):
        hands.close_out("2023-10-26T10:00", who=LEADER)


def test_nobody_of_a_supporting_unit_closes_out(office: Office) -> None:
    hands = two_hands(office, f"close{next(SLUGS)}")
    hands.assigned("校车超员", supporting=["kjj"])
    hands.verified()
    with refused("problem.own_hand", number=1, by="kjj-head"):
        hands.close_out("2023-10-26T10:00", who="kjj-head")


def test_stand_in_of_the_office_who_verified_does_not_close_out(hands: TwoHands) -> None:
    hands.absence("office-1", LEADER, "2023-10-30", "2023-10-31")
    hands.verified()
    with refused("problem.two_hands", number=1, by=hands.person(LEADER).name):
        hands.close_out("2023-10-30T10:00", who=LEADER)


def test_whoever_accepted_an_earlier_paper_does_not_close_out_and_is_offered_no_form(hands: TwoHands) -> None:
    hands.absence(LEADER, "office-1", "2023-10-24", "2023-10-24")
    paper = hands.hand_in("2023-10-23T10:00")
    with hands.desk("office-1", "2023-10-24T10:00") as desk:
        duties.accept(desk, paper, hands.by("office-1"), "属实", ON_SITE)
    hands.send_back("2023-10-25T10:00", "又有一辆超员", who="office-2")
    hands.hand_in("2023-10-26T10:00")
    hands.verify("2023-10-27T10:00", verified=Verified(Manner.ON_SITE, date(2023, 10, 27)))
    hands.agree("2023-10-28T10:00", LEADER, "jyj-head")
    assert [may_close(hands, who, "2023-10-28T11:00") for who in ("office-1", "office-2")] == [False, True]
    with refused("problem.two_hands", number=1, by=hands.person("office-1").name):
        hands.close_out("2023-10-28T11:00")
    hands.close_out("2023-10-28T11:00", who="office-2")


def may_close(hands: TwoHands, who: str, at: str) -> bool:
    with hands.office.store.reading() as session:
        row = problems.problem_by(session, hands.slug, 1)
        return closing_view(session, row, hands.person(who), instant(at).date(), staff=True).may_close


@pytest.mark.parametrize(
    ("verified", "code", "facts"),
    [
        (UNSAID, "verdict.needs_manner", {"allowed": ["on_site", "on_paper"]}),
        (Verified(Manner.ON_SITE), "verdict.needs_manner", {"allowed": ["on_site", "on_paper"]}),
        (Verified(Manner.ON_SITE, date(2023, 10, 26)), "verdict.in_future", {"on": "2023-10-26"}),
        (
            Verified(Manner.ON_SITE, date(2023, 10, 22)),
            "verdict.before_submission",
            {"on": "2023-10-22", "handed_in": "2023-10-23"},
        ),
    ],
)
def test_verdict_says_how_and_when_it_was_come_to(
    hands: TwoHands, verified: Verified, code: str, facts: dict[str, object]
) -> None:
    hands.hand_in("2023-10-23T10:00")
    with refused(code, duty=TITLE, **facts):
        hands.verify("2023-10-25T10:00", verified=verified)


@pytest.mark.parametrize("day", [date(2023, 10, 23), date(2023, 10, 25)])
def test_verdict_on_the_day_of_the_submission_and_today_counts(hands: TwoHands, day: date) -> None:
    hands.hand_in("2023-10-23T10:00")
    hands.verify("2023-10-25T10:00", verified=Verified(Manner.ON_PAPER, day))
    assert hands.problem().status == "verified"


def test_return_by_the_panel_says_how_it_was_looked_at(hands: TwoHands) -> None:
    identifier = hands.hand_in("2023-10-23T10:00")
    with hands.desk(LEADER, "2023-10-25T10:00") as desk:
        row = duties.give_back(desk, identifier, hands.by(LEADER), "照片看不清", ON_SITE)
        last = row.submissions[-1]
        assert (last.verdict, last.manner, last.verified_on) == ("returned", "on_site", date(2023, 10, 24))


def test_returned_problem_is_owed_once_more_and_needs_agreement_anew(hands: TwoHands) -> None:
    hands.verified()
    hands.agree("2023-10-26T10:00", LEADER, "jyj-head")
    with refused("problem.return_needs_reason", number=1):
        hands.send_back("2023-10-27T10:00", " ")
    hands.send_back("2023-10-27T10:00", "两所学校仍超员", due_on=date(2023, 11, 15))
    assert (hands.problem().status, hands.problem().reopened) == ("assigned", 0)
    owed = [(row.times, row.status, row.due_on) for row in hands.owed("rectification")]
    assert owed == [(1, "settled", date(2023, 10, 31)), (2, "issued", date(2023, 11, 15))]
    assert [row.times for row in hands.owed("receipt")] == [1]
    assert sorted(hands.letters("problem-returned")) == [MEMBER, LEADER, "jyj-handler", "office-1", "office-2"]
    hands.hand_in("2023-11-10T10:00")
    hands.verify("2023-11-13T10:00", verified=Verified(Manner.ON_PAPER, date(2023, 11, 13)))
    with refused("problem.not_agreed", number=1, roles=["组长", "主要负责人"]):
        hands.close_out("2023-11-14T10:00")
    hands.agree("2023-11-14T10:00", LEADER, "jyj-head")
    hands.close_out("2023-11-14T11:00")
    assert [kind for kind, _, _ in hands.course()] == ["verified", "returned", "verified", "closed"]


def test_date_that_has_passed_moves_on_by_as_long_as_there_was(hands: TwoHands) -> None:
    hands.verified()
    hands.send_back("2023-11-02T10:00", "不到位")
    assert hands.problem().due_on == date(2024, 1, 2)  # New Year's Day is none to finish on.
    with refused("problem.not_verified", number=1, status="assigned"):
        hands.send_back("2023-11-02T11:00", "不到位")


def test_new_date_in_the_past_is_refused_and_today_is_not(hands: TwoHands) -> None:
    hands.verified()
    with refused("problem.date_past", number=1, due_on="2023-11-01"):
        hands.send_back("2023-11-02T10:00", "不到位", due_on=date(2023, 11, 1))
    hands.send_back("2023-11-02T10:00", "不到位", due_on=date(2023, 11, 2))
    assert hands.problem().due_on == date(2023, 11, 2)


def test_part_is_closed_out_and_the_rest_goes_on(hands: TwoHands) -> None:
    hands.verified()
    hands.agree("2023-10-26T10:00", LEADER, "jyj-head")
    with hands.desk("office-1", "2023-10-27T10:00") as desk:
        with refused("problem.part_incomplete", number=1):
            reopening.close_part(desk, hands.slug, 1, "office-1", "三所学校", "")
        reopening.close_part(desk, hands.slug, 1, "office-1", "三所学校", "其余两所")
    (_, letter), *_ = hands.posted("problem-returned")
    assert (letter.context["closed"], letter.context["reason"]) == ("三所学校", "其余两所")
    assert [row.returns for row in hands.owed("rectification")] == [0, 0]
    assert hands.problem().status == "assigned"
    assert hands.course()[1:] == [("part_closed", "office-1", "三所学校"), ("returned", "office-1", "其余两所")]
    assert hands.facts("problem:part_closed") == [{"by": "office-1", "closed": "三所学校", "remaining": "其余两所"}]
    assert [row.times for row in hands.owed("rectification")] == [1, 2]


def test_relapse_opens_the_problem_again_with_everything_owed_anew(hands: TwoHands) -> None:
    hands.closed()
    for _ in range(2):
        hands.reopen("2023-12-01T10:00", "校车又超员", due_on=date(2023, 12, 29))
    row = hands.problem()
    assert (row.status, row.reopened, row.closed_at, row.closed_by) == ("assigned", 1, None, None)
    assert [(each.times, each.status) for each in hands.owed("receipt")] == [(1, "withdrawn"), (2, "issued")]
    assert hands.owed("receipt")[1].due_on == date(2023, 12, 8)
    assert hands.owed("rectification")[1].due_on == date(2023, 12, 29)
    assert sorted(hands.letters("problem-reopened")) == [MEMBER, LEADER, "jyj-handler", "office-1", "office-2"]
    assert len(hands.facts("problem:reopened")) == 1


def test_problem_relapses_twice_with_a_return_between(hands: TwoHands) -> None:
    hands.closed()
    hands.reopen("2023-11-01T10:00", "反弹")
    hands.hand_in("2023-11-06T10:00")
    hands.verify("2023-11-07T10:00", verified=Verified(Manner.ON_PAPER, date(2023, 11, 7)))
    hands.send_back("2023-11-08T10:00", "不到位")
    hands.hand_in("2023-11-09T10:00")
    hands.verify("2023-11-10T10:00", verified=Verified(Manner.ON_PAPER, date(2023, 11, 10)))
    hands.agree("2023-11-10T11:00", LEADER, "jyj-head")
    hands.close_out("2023-11-13T10:00")
    hands.reopen("2023-11-20T10:00", "再次反弹")
    assert [row.times for row in hands.owed("rectification")] == [1, 2, 3, 4]
    assert [row.times for row in hands.owed("receipt")] == [1, 2, 3]


def test_unit_outsiders_and_people_without_a_reason_do_not_reopen(hands: TwoHands) -> None:
    hands.closed()
    with refused("problem.own_hand", number=1, by="jyj-head"):
        hands.reopen("2023-12-01T10:00", "反弹", who="jyj-head")
    with refused("problem.not_reopener", number=1, by="kjj-head"):
        hands.reopen("2023-12-01T10:00", "反弹", who="kjj-head")
    with refused("problem.reopen_needs_reason", number=1):
        hands.reopen("2023-12-01T10:00", "")
    hands.reopen("2023-12-01T10:00", "反弹", who=MEMBER)
    assert hands.problem().status == "assigned"


def test_closing_by_hand_follows_the_same_rules(hands: TwoHands) -> None:
    hands.verified()
    hands.agree("2023-10-26T10:00", LEADER, "jyj-head")
    with refused("problem.not_closer", number=1, role="办公室工作人员", by="评议小组"):
        hands.close_problem("2023-10-27T10:00")
    other = hands.person("office-2").name
    with refused("problem.not_signed", number=1, by=other), hands.desk("office-1", "2023-10-27T10:00") as desk:
        problems.close_problem(desk, hands.slug, 1, other)
    with hands.desk("office-2", "2023-10-27T10:00") as desk:
        problems.close_problem(desk, hands.slug, 1, other)
    assert hands.problem().closed_by == "office-2"


def test_name_that_is_typed_by_whoever_verified_is_no_second_hand(hands: TwoHands) -> None:
    hands.verified()
    closer = hands.person("office-1").name
    with refused("problem.not_signed", number=1, by=closer), hands.desk(LEADER, "2023-10-26T10:00") as desk:
        reopening.return_problem(desk, hands.slug, 1, closer, "未到位")


@pytest.mark.parametrize("changed", [{"unit": "kjj"}, {"due_on": date(2023, 12, 31)}], ids=["unit", "date"])
def test_unit_and_date_stand_while_a_problem_is_verified(hands: TwoHands, changed: dict[str, Any]) -> None:
    hands.verified()
    with (
        hands.desk("office-1", "2023-10-26T10:00") as desk,
        refused("problem.assigned_already", number=1, unit="市教育局"),
    ):
        revising.revise(desk, hands.slug, 1, replace(revising.draft_of(hands.problem()), **changed))


def test_nothing_is_owed_anew_in_a_campaign_that_is_closed(hands: TwoHands) -> None:
    hands.verified()
    with hands.office.desk("engine", instant("2024-06-01T10:00")) as desk:
        campaigns.close_campaign(desk, campaign_by(desk.session, hands.slug))
    with refused("problem.campaign_closed", number=1, campaign="2023年整改评议"):
        hands.send_back("2024-06-02T10:00", "两所学校仍超员")
    with refused("problem.assigned_too_late", numbers=[2], campaign="2023年整改评议"):
        hands.assigned("食堂不洁", at="2024-06-02T10:00")
