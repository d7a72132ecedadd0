"""What is signed for on the engine's screen: the code says who decides, and nobody else's name counts."""

from datetime import date
from itertools import count
from uuid import UUID

import pytest

from appraisal.keys import Keyring
from appraisal.method.words import Manner
from appraisal.operations import signed
from appraisal.operations.library import choices
from appraisal.operations.office import Office
from appraisal.operations.signed import Hand, SecondHand
from appraisal.operations.verdicts import Verified
from tests.operations.closing_world import LEADER, TwoHands, two_hands
from tests.operations.extending import REPORT, WHY, Extending, extending
from tests.operations.world import Campaign, instant, refused

SLUGS = count(1)
AT = "2023-10-27T10:00"


@pytest.fixture
def hands(office: Office) -> TwoHands:
    """The panel has verified the first problem."""
    campaign = two_hands(office, f"s{next(SLUGS)}")
    campaign.assigned("校舍老旧")
    campaign.verified()
    return campaign


@pytest.fixture
def asking(office: Office) -> Extending:
    return extending(office, f"e{next(SLUGS)}")


def code(campaign: Campaign, who: str) -> str:
    person = campaign.person(who)
    keyring: Keyring = campaign.office.keyring
    return keyring.approval_code(person.code, person.code_epoch)


def sign(hands: TwoHands, who: str, decided: SecondHand) -> None:
    signed.sign_second_hand(hands.office, hands.slug, 1, code(hands, who), instant(AT), decided)


def test_second_hand_reads_what_was_verified_and_who_has_not_agreed(hands: TwoHands) -> None:
    with hands.office.store.reading() as session:
        paper = signed.problem_to_sign(session, hands.slug, 1)
    assert (paper.what, paper.unit, paper.said, paper.by) == (
        "1. 校舍老旧",
        "市教育局",
        "属实",
        hands.person(LEADER).name,
    )
    assert (paper.manner, paper.verified_on, paper.missing) == ("on_site", date(2023, 10, 24), ("组长", "主要负责人"))


def test_second_hand_closes_out_by_their_own_code(hands: TwoHands) -> None:
    with refused("problem.not_agreed", number=1, roles=["组长", "主要负责人"]):
        sign(hands, "office-1", SecondHand(Hand.CLOSE))
    hands.agree("2023-10-26T10:00", LEADER, "jyj-head")
    for _ in range(2):
        sign(hands, "office-1", SecondHand(Hand.CLOSE, "整改到位"))
    assert (hands.problem().status, hands.problem().closed_by) == ("closed", "office-1")
    assert [kind for kind, _, _ in hands.course()] == ["verified", "closed"]
    with refused("problem.not_verified", number=1, status="closed"), hands.office.store.reading() as session:
        signed.problem_to_sign(session, hands.slug, 1)


def test_second_hand_returns_and_closes_a_part(hands: TwoHands) -> None:
    sign(hands, "office-1", SecondHand(Hand.RETURN, "两所学校仍超员", due_on=date(2023, 11, 15)))
    assert (hands.problem().status, hands.problem().due_on) == ("assigned", date(2023, 11, 15))
    hands.hand_in("2023-10-27T11:00")
    hands.verify("2023-10-28T10:00", verified=Verified(Manner.ON_SITE, date(2023, 10, 27)))
    hands.agree("2023-10-28T11:00", LEADER, "jyj-head")
    with refused("problem.part_incomplete", number=1):
        sign(hands, "office-1", SecondHand(Hand.PART, "一所学校"))
    sign(hands, "office-1", SecondHand(Hand.PART, "一所学校", "另一所"))
    assert [kind for kind, _, _ in hands.course()] == ["verified", "returned", "verified", "part_closed", "returned"]


@pytest.mark.parametrize("who", [LEADER, "jyj-head", "director"])
def test_code_of_somebody_who_does_not_close_out_decides_nothing(hands: TwoHands, who: str) -> None:
    with refused("code.wrong", left=None):
        sign(hands, who, SecondHand(Hand.CLOSE))
    assert hands.problem().status == "verified"


def test_answer_without_a_code_decides_nothing(hands: TwoHands) -> None:
    with refused("closing.no_code"):
        signed.sign_second_hand(hands.office, hands.slug, 1, " ", instant(AT), SecondHand(Hand.CLOSE))


def test_method_without_a_second_hand_is_told_how(campaign: Campaign) -> None:
    campaign.record_problem("2023-09-01T10:00")
    with refused("problem.closed_by_verdict", number=1), campaign.office.store.reading() as session:
        signed.problem_to_sign(session, campaign.slug, 1)
    with refused("problem.closed_by_verdict", number=1):
        signed.sign_second_hand(campaign.office, campaign.slug, 1, "x", instant(AT), SecondHand(Hand.CLOSE))


def test_petition_is_offered_until_it_is_decided_by_the_directors_code(asking: Extending) -> None:
    petition = asking.petition("2023-11-15", "2023-10-10T10:00")
    mark = petition.hex[:8]
    with asking.office.store.reading() as session:
        offered = [line for line in choices(session, asking.office).petitions if line.startswith(mark)]
        assert signed.petition_marked(session, asking.slug, mark) == petition
        paper = signed.petition_to_sign(session, petition)
    assert offered == [f"{mark} 市教育局：整改落实报告，申请延至2023年11月15日（星期三）"]
    assert (paper.said, paper.before, paper.until) == (WHY, date(2023, 10, 31), date(2023, 11, 15))
    with refused("code.wrong", left=9):
        grant(asking, petition, "office-1")
    for _ in range(2):
        grant(asking, petition, "director")
    assert asking.row(REPORT).due_on == date(2023, 11, 15)
    with asking.office.store.reading() as session:
        assert [line for line in choices(session, asking.office).petitions if line.startswith(mark)] == []
    with refused("extension.unknown"), asking.office.store.reading() as session:
        signed.petition_marked(session, asking.slug, "ffffffff")


def grant(asking: Extending, petition: UUID, who: str) -> None:
    at = instant("2023-10-12T10:00")
    signed.sign_extension(asking.office, petition, code(asking, who), at, granted=True)
