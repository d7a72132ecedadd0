"""A problem that is found after rectification has closed: it is owed all the same, and the campaign waits for it."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from appraisal.domain.problems import Draft, FindingKind, Found, LookBack
from appraisal.method.words import Manner, OrderKind
from appraisal.operations import assigning, duties, orders, problems
from appraisal.operations.briefs import brief_of
from appraisal.operations.loading import campaign_by, phase_by
from appraisal.operations.office import Office
from appraisal.operations.orders import Order
from appraisal.operations.verdicts import Verified
from appraisal.store.campaign_tables import ObligationRow
from tests.operations.closing_world import LEADER, METHOD, PANEL, TwoHands
from tests.operations.conftest import SLUGS
from tests.operations.panel_world import set_panel
from tests.operations.varying import varied
from tests.operations.world import STARTS, begin, edition, instant, open_phase, refused

ASSIGNED = "2023-11-20T10:00"
DUE = date(2024, 1, 15)
OF_RECTIFYING = [
    {
        "key": "signing",
        "title": "签收交办函",
        "owed_by": "each_assignment",
        "role": "handler",
        "does": "acknowledge",
        "due": {"after": "problem.assigned", "within": "3wd"},
        "evidence": "none",
        "basis": "第七条",
    },
    {
        "key": "plan",
        "title": "整改方案",
        "owed_by": "each_problem",
        "role": "handler",
        "does": "submit",
        "due": {"after": "phase.rectify.opened", "within": "1m"},
        "accepted_by": "office",
        "basis": "第七条：整改阶段开始后一个月内",
    },
    {
        "key": "help",
        "title": "配合整改",
        "owed_by": "each_supporting",
        "supports": "rectification",
        "role": "handler",
        "does": "submit",
        "due": {"before": "rectification.due", "within": "5d"},
        "accepted_by": "office",
        "basis": "第七条",
    },
    {
        "key": "answer",
        "title": "督办反馈",
        "owed_by": "each_order",
        "answers": ["supervise"],
        "role": "handler",
        "does": "submit",
        "due": {"after": "order.given", "within": "5wd"},
        "basis": "第七条",
    },
]


def _with_a_plan_and_a_gate(tree: Any) -> None:  # noqa: ANN401
    rectify, look_back = tree["phases"]
    rectify["duties"] += OF_RECTIFYING
    rectify["gate"] = [{"rule": "problems_closed", "basis": "第九条"}]
    look_back["gate"] = [{"rule": "duties_settled", "basis": "第十条"}]
    look_back["duties"] = look_back["duties"][:1]
    tree["orders"] = [{"kind": "supervise", "mark": "兰人评督", "basis": "第十一条"}]
    del tree["ballots"], tree["consequences"]


@pytest.fixture
def hands(office: Office) -> TwoHands:
    """Monday, 20 November 2023: rectification closed on the 6th with nothing to rectify, the look-back goes on."""
    path, slug = varied(METHOD, office.settings.home, _with_a_plan_and_a_gate), f"late{next(SLUGS)}"
    begin(office, edition(path), slug, "2023年整改评议", ("jyj", "kjj"), instant(STARTS))
    hands = TwoHands(office, slug)
    set_panel(hands, PANEL)
    open_phase(office, slug, "rectify", instant(STARTS))
    open_phase(office, slug, "look_back", instant("2023-10-28T10:00"))
    hands.decide("rectify", "2023-11-06T10:00")
    assert hands.close("rectify", "2023-11-06T10:05") == "closed"
    return hands


def late_in_an_open_phase(office: Office, at: str) -> TwoHands:
    plan = [each for each in OF_RECTIFYING if each["key"] == "plan"]
    path = varied(METHOD, office.settings.home, lambda tree: tree["phases"][0]["duties"].extend(plan))
    slug = f"late{next(SLUGS)}"
    begin(office, edition(path), slug, "2023年整改评议", ("jyj", "kjj"), instant(STARTS))
    open_phase(office, slug, "rectify", instant(STARTS))
    hands = TwoHands(office, slug)
    hands.assigned("校车超员", at=at)
    return hands


def assign_late(hands: TwoHands, at: str = ASSIGNED) -> None:
    with hands.desk("office-1", at) as desk:
        draft = Draft("校车超员", "jyj", classes={"time": "now"}, supporting=("kjj",), due_on=DUE)
        problems.record(desk, hands.slug, draft, Found(FindingKind.ENTERED, draft.title, "office-1"))
        for _ in range(2):
            assigning.assign(desk, hands.slug, [1])


def owed(hands: TwoHands) -> list[tuple[str, str, str, date | None]]:
    with hands.office.store.reading() as session:
        campaign = campaign_by(session, hands.slug)
        rows = session.query(ObligationRow).filter_by(campaign_id=campaign.id).all()
        found = [(row.key, row.unit.code if row.unit else "", row.phase.key, row.due_on) for row in rows]
    return sorted(found)


def identifier(hands: TwoHands, key: str, unit: str = "jyj") -> UUID:
    with hands.office.store.reading() as session:
        campaign = campaign_by(session, hands.slug)
        rows = session.query(ObligationRow).filter_by(campaign_id=campaign.id, key=key).all()
        return next(row.id for row in rows if row.unit and row.unit.code == unit)


def in_the_way(hands: TwoHands, key: str = "look_back") -> list[str]:
    with hands.office.store.reading() as session:
        return [each.what for each in brief_of(session, phase_by(session, hands.slug, key)).obstacles]


def hand_in(hands: TwoHands, key: str, at: str, unit: str = "jyj") -> None:
    with hands.desk(f"{unit}-handler", at) as desk:
        duties.submit(desk, identifier(hands, key, unit), hands.by(f"{unit}-handler"), "已办")
    with hands.desk("office-2", at) as desk:
        duties.accept(desk, identifier(hands, key, unit), hands.by("office-2"))


def sign(hands: TwoHands, key: str, at: str, unit: str = "jyj") -> None:
    with hands.desk(f"{unit}-handler", at) as desk:
        duties.acknowledge(desk, identifier(hands, key, unit), hands.by(f"{unit}-handler"))


def test_late_problem_is_owed_in_the_phase_that_has_closed_with_dates_from_its_assignment(hands: TwoHands) -> None:
    assign_late(hands)
    assert owed(hands) == [
        ("help", "kjj", "rectify", date(2024, 1, 10)),
        ("plan", "jyj", "rectify", date(2023, 12, 20)),
        ("receipt", "jyj", "rectify", date(2023, 11, 27)),
        ("rectification", "jyj", "rectify", DUE),
        ("signing", "jyj", "rectify", date(2023, 11, 23)),
        ("signing", "kjj", "rectify", date(2023, 11, 23)),
    ]
    (letter,) = [row for _, row in hands.posted("duty-issued") if row.context["duty"].startswith("整改方案")]
    assert (letter.context["phase"], letter.context["phase_closed_on"]) == ("整改落实", "2023-11-06")
    assert any("2023年11月20日" in line for line in letter.context["reason"])


def test_date_that_had_not_passed_at_the_assignment_stays_as_the_method_counts_it(office: Office) -> None:
    """Rectification opened on Monday, 28 August: what is due a month later is so for a problem of 20 September too."""
    hands = late_in_an_open_phase(office, "2023-09-20T10:00")
    assert [row.due_on for row in hands.owed("plan")] == [date(2023, 9, 28)]


def test_date_that_had_passed_is_counted_from_the_assignment_in_an_open_phase_too(office: Office) -> None:
    """29 October 2023 is a Sunday."""
    hands = late_in_an_open_phase(office, "2023-09-28T23:59")
    assert [row.due_on for row in hands.owed("plan")] == [date(2023, 9, 28)]
    hands = late_in_an_open_phase(office, "2023-09-29T00:00")
    assert [row.due_on for row in hands.owed("plan")] == [date(2023, 10, 30)]


def test_open_phase_waits_for_what_was_issued_after_its_own_phase_had_closed(hands: TwoHands) -> None:
    assert in_the_way(hands) == []
    assign_late(hands)
    titles = [f"签收交办函：评议交办〔2023〕{number}号" for number in (1, 2)]
    titles += [f"{duty}：第1号问题 校车超员" for duty in ("签收问题", "整改方案", "配合整改", "整改报告")]
    assert sorted(in_the_way(hands)) == sorted([*titles, "1. 校车超员"])
    with hands.office.store.reading() as session:
        brief = brief_of(session, phase_by(session, hands.slug, "look_back"))
        assert sorted(duty.title for duty in brief.duties) == sorted(titles)


def test_order_for_a_late_problem_is_answered(hands: TwoHands) -> None:
    assign_late(hands)
    with hands.desk("office-1", "2023-12-01T10:00") as desk:
        orders.give(desk, hands.slug, Order(OrderKind.SUPERVISE, "请抓紧整改。", "jyj", problem=1))
    assert [each for each in owed(hands) if each[0] == "answer"] == [("answer", "jyj", "rectify", date(2023, 12, 8))]


def test_late_problem_is_planned_rectified_verified_closed_out_and_looked_back_at(hands: TwoHands) -> None:
    assign_late(hands)
    for unit in ("jyj", "kjj"):
        sign(hands, "signing", "2023-11-21T10:00", unit)
    sign(hands, "receipt", "2023-11-21T10:00")
    hand_in(hands, "plan", "2023-11-28T10:00")
    hand_in(hands, "help", "2024-01-05T10:00", "kjj")
    hands.hand_in("2024-01-10T10:00")
    assert in_the_way(hands) == ["整改报告：第1号问题 校车超员", "1. 校车超员"]
    hands.verify("2024-01-11T10:00", verified=Verified(Manner.ON_SITE, date(2024, 1, 11)))
    assert hands.problem().status == "verified"
    hands.agree("2024-01-12T10:00", LEADER, "jyj-head")
    hands.close_out("2024-01-12T15:00")
    assert (hands.problem().status, in_the_way(hands)) == ("closed", ["抽查：第1号问题 校车超员"])
    hands.look_back("2024-01-30T10:00", "spot_check", LEADER, LookBack.HOLDS)
    assert hands.close("look_back", "2024-04-28T10:00") == "closed"
    with hands.office.store.reading() as session:
        assert campaign_by(session, hands.slug).status == "closed"


def test_nothing_is_owed_any_more_once_the_campaign_is_closed(hands: TwoHands) -> None:
    assert hands.close("look_back", "2024-04-28T10:00") == "closed"
    with refused("problem.assigned_too_late", numbers=[1], campaign="2023年整改评议"):
        assign_late(hands, "2024-05-06T10:00")
    assert owed(hands) == []
