"""Long-term problems go over to next year's follow-up, and everything else stays until it is done."""

from itertools import count

import pytest

from appraisal.operations import handing_over
from appraisal.operations.briefs import brief_of
from appraisal.operations.loading import phase_by
from appraisal.operations.office import Office
from tests.operations.closing_world import TwoHands, two_hands
from tests.operations.world import refused

SLUGS = count(1)
AT = "2023-12-20T10:00"


@pytest.fixture
def hands(office: Office) -> TwoHands:
    campaign = two_hands(office, f"over{next(SLUGS)}")
    campaign.assigned("学位不足", time="long")
    campaign.assigned("校车超员")
    return campaign


def hand_on(hands: TwoHands, *numbers: int, reason: str = "新校舍2025年建成") -> list[int]:
    with hands.desk("office-1", AT) as desk:
        return [row.number for row in handing_over.hand_on(desk, hands.slug, numbers, "office-1", reason)]


def test_long_term_problem_is_handed_on_once_and_owed_no_more(hands: TwoHands) -> None:
    assert [hand_on(hands, 1) for _ in range(2)] == [[1], []]
    row = hands.problem(1)
    assert (row.status, row.reason) == ("handed_on", "新校舍2025年建成")
    assert [each.status for key in ("receipt", "rectification") for each in hands.owed(key, 1)] == ["withdrawn"] * 2
    assert hands.course(1) == [("handed_on", "office-1", "新校舍2025年建成")]
    assert sorted(hands.letters("problem-handed-on")) == ["jyj-handler", "office-1", "office-2"]


def test_problem_of_another_track_is_not_handed_on_and_nothing_is(hands: TwoHands) -> None:
    with refused("problem.stays_here", numbers=[2]):
        hand_on(hands, 1, 2)
    with refused("problem.hand_on_needs_reason"):
        hand_on(hands, 1, reason=" ")
    assert hands.problem(1).status == "assigned"


def test_problem_that_is_verified_is_closed_out_and_not_handed_on(hands: TwoHands) -> None:
    hands.verified(1)
    with refused("problem.not_under_way", numbers=[1]):
        hand_on(hands, 1)


def test_handed_on_problem_does_not_stand_in_the_way_of_closing(hands: TwoHands) -> None:
    def standing() -> list[str]:
        with hands.office.store.reading() as session:
            brief = brief_of(session, phase_by(session, hands.slug, "rectify"))
            return [each.what for each in brief.obstacles if each.code == "gate.problem_open"]

    assert standing() == ["1. 学位不足", "2. 校车超员"]
    hand_on(hands, 1)
    assert standing() == ["2. 校车超员"]


def test_next_campaign_takes_over_what_was_handed_on_once(hands: TwoHands) -> None:
    hand_on(hands, 1)
    later = two_hands(hands.office, f"{hands.slug}-next")
    for expected in ([1], []):
        with later.desk("office-1", AT) as desk:
            assert [row.number for row in handing_over.take_over(desk, later.slug, hands.slug)] == expected
    row = later.problem(1)
    assert (row.title, row.status, row.classes, row.carried_from_id) == (
        "学位不足",
        "found",
        {"time": "long"},
        hands.problem(1).id,
    )
    with refused("problem.takes_over_itself", campaign="2023年整改评议"), later.desk("office-1", AT) as desk:
        handing_over.take_over(desk, later.slug, later.slug)
