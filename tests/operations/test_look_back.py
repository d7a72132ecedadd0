"""Looking back at what is closed out: by sample, or for those with dissatisfied votes; relapse opens it again."""

from collections.abc import Sequence
from datetime import date
from itertools import count

import pytest

from appraisal.domain.problems import LookBack
from appraisal.method.words import Manner
from appraisal.operations import results
from appraisal.operations.office import Office
from appraisal.operations.results import Tally
from appraisal.operations.verdicts import Verified
from tests.operations.closing_world import LEADER, MEMBER, TwoHands, two_hands
from tests.operations.world import instant, open_phase, refused

SLUGS = count(1)


@pytest.fixture
def hands(office: Office) -> TwoHands:
    return two_hands(office, f"back{next(SLUGS)}")


def closed(hands: TwoHands, how_many: int) -> list[int]:
    numbers = hands.assigned(*(f"问题{number}" for number in range(1, how_many + 1)))
    for number in numbers:
        hands.closed(number)
    return numbers


def open_look_back(hands: TwoHands, at: str = "2023-11-01T10:00") -> None:
    open_phase(hands.office, hands.slug, "look_back", instant(at))


def vote(hands: TwoHands, dissatisfied: int, at: str = "2023-11-03T10:00") -> None:
    with hands.desk("office-1", at) as desk:
        counts = {"satisfied": 31 - dissatisfied, "dissatisfied": dissatisfied}
        results.record_result(desk, hands.slug, "satisfaction", "jyj", Tally(31, 31, 31, counts), "满意")


def drawn(hands: TwoHands, numbers: Sequence[int]) -> list[int]:
    return [number for number in numbers if hands.owed("spot_check", number)]


def test_three_tenths_are_drawn_when_the_phase_opens_and_stay_drawn(hands: TwoHands) -> None:
    numbers = closed(hands, 4)
    assert drawn(hands, numbers) == []
    open_look_back(hands)
    first = drawn(hands, numbers)
    assert len(first) == 2
    open_look_back(hands, "2023-11-02T10:00")
    assert drawn(hands, numbers) == first
    (row,) = hands.owed("spot_check", first[0])
    assert (row.due_on, row.unit_id) == (date(2023, 11, 27), hands.problem(first[0]).unit_id)
    assert hands.letters("duty-issued").count(LEADER) == 2


def test_what_is_closed_while_the_phase_is_open_enters_the_sample(hands: TwoHands) -> None:
    numbers = hands.assigned("甲", "乙", "丙", "丁")
    open_look_back(hands, "2023-10-01T10:00")
    sizes = []
    for number in numbers:
        hands.closed(number)
        sizes.append(len(drawn(hands, numbers)))
    assert sizes == [1, 1, 1, 2]


def test_look_back_that_holds_leaves_the_problem_closed(hands: TwoHands) -> None:
    closed(hands, 1)
    open_look_back(hands)
    with refused("submission.needs_finding", duty="抽查：第1号问题 问题1"):
        hands.look_back("2023-11-10T10:00", "spot_check", LEADER, None)
    for _ in range(2):
        hands.look_back("2023-11-10T10:00", "spot_check", LEADER, LookBack.HOLDS)
    assert (hands.problem().status, hands.owed("spot_check")[0].status) == ("closed", "settled")


def test_relapse_opens_the_problem_again_at_once_and_it_is_looked_back_at_anew(hands: TwoHands) -> None:
    closed(hands, 1)
    open_look_back(hands)
    for _ in range(2):
        hands.look_back("2023-11-10T10:00", "spot_check", LEADER, LookBack.RELAPSED)
    assert (hands.problem().status, hands.problem().reopened) == ("assigned", 1)
    assert hands.course()[-1] == ("reopened", LEADER, "回头看情况")
    hands.hand_in("2023-11-20T10:00")
    hands.verify("2023-11-21T10:00", verified=Verified(Manner.ON_SITE, date(2023, 11, 21)))
    hands.agree("2023-11-21T11:00", LEADER, "jyj-head")
    hands.close_out("2023-11-22T10:00")
    assert [(row.times, row.status) for row in hands.owed("spot_check")] == [(1, "settled"), (2, "issued")]


def test_only_units_with_dissatisfied_votes_are_followed_up(hands: TwoHands) -> None:
    closed(hands, 2)
    open_look_back(hands)
    assert hands.owed("follow_up") == []
    vote(hands, 1)
    assert [len(hands.owed("follow_up", number)) for number in (1, 2)] == [1, 1]
    assert hands.owed("follow_up")[0].due_on == date(2023, 11, 17)


def test_units_without_dissatisfied_votes_are_not_followed_up(hands: TwoHands) -> None:
    closed(hands, 1)
    open_look_back(hands)
    vote(hands, 0)
    assert hands.owed("follow_up") == []


def test_relapse_that_somebody_has_to_accept_opens_the_problem_on_acceptance(hands: TwoHands) -> None:
    closed(hands, 1)
    open_look_back(hands)
    vote(hands, 2)
    identifier = hands.look_back("2023-11-10T10:00", "follow_up", MEMBER, LookBack.RELAPSED)
    assert hands.problem().status == "closed"
    on_paper = Verified(Manner.ON_PAPER, date(2023, 11, 13))
    with refused(
        "verdict.manner_not_allowed", duty="有不满意票的回头看：第1号问题 问题1", manner="on_site", allowed=["on_paper"]
    ):
        hands.judge("2023-11-13T10:00", identifier, Verified(Manner.ON_SITE, date(2023, 11, 13)))
    for _ in range(2):
        hands.judge("2023-11-13T10:00", identifier, on_paper)
    assert (hands.problem().status, hands.problem().reopened) == ("assigned", 1)
    assert hands.owed("spot_check")[0].status == "withdrawn"


def test_what_is_no_look_back_has_no_finding(hands: TwoHands) -> None:
    hands.assigned("校车超员")
    with refused("submission.no_finding", duty="整改报告：第1号问题 校车超员"):
        hands.look_back("2023-10-10T10:00", "rectification", "jyj-handler", LookBack.HOLDS)
