from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest

from appraisal.domain.gate import Obstacle
from appraisal.domain.refusal import Refusal
from appraisal.operations import closings
from appraisal.store.campaign_tables import ApprovalRow
from appraisal.store.record_tables import LedgerRow
from tests.operations.world import Campaign, finish_rectifying, instant, refused

DECIDED = "2023-08-30T10:00:00+08:00"


def ready(campaign: Campaign) -> str:
    """Nothing stands in the way of the first phase any more; returns what its approver reads."""
    campaign.confirm("launch_notice", "2023-08-29T10:00")
    return campaign.ask("prepare", "2023-08-29T11:00").brief.digest()


def rounds(campaign: Campaign, key: str = "prepare") -> list[tuple[int, str]]:
    with campaign.office.store.reading() as session:
        rows = session.query(ApprovalRow).filter_by(phase_id=campaign.phase(key).id).order_by(ApprovalRow.round)
        return [(row.round, row.status) for row in rows]


def test_asking_again_gives_the_standing_request(campaign: Campaign) -> None:
    first, again = (campaign.ask("prepare", at) for at in ("2023-08-28T11:00", "2023-08-29T11:00"))
    assert (first.approval, first.round, first.status) == (again.approval, 1, "pending")
    assert len(campaign.facts("approval:asked")) == 1


def test_gate_lists_everything_that_stands_in_the_way(campaign: Campaign) -> None:
    campaign.acknowledge("opinion", "2023-08-31T10:00")
    campaign.record_result("2023-09-01T10:00")
    campaign.record_problem("2023-09-01T10:00")
    obstacles = campaign.ask("rectify", "2023-09-02T10:00").brief.obstacles
    assert sorted(obstacles, key=str) == sorted(
        [
            Obstacle("gate.duty_open", "市教育局", "整改计划", "issued", date(2023, 10, 7)),
            Obstacle("gate.duty_open", "市教育局", "整改落实报告", "issued", date(2023, 10, 31)),
            Obstacle("gate.duty_open", "市科学技术局", "评议意见签收", "issued", date(2023, 9, 4)),
            Obstacle("gate.duty_open", "市科学技术局", "整改计划", "issued"),
            Obstacle("gate.duty_open", "市科学技术局", "整改落实报告", "issued"),
            Obstacle("gate.result_missing", "市科学技术局", "整改情况再测评", "missing"),
            Obstacle("gate.problem_open", "市教育局", "1. 教师编制不足", "found"),
        ],
        key=str,
    )


def test_granting_while_the_gate_is_unmet_is_refused_with_every_obstacle(campaign: Campaign) -> None:
    obstacle = {"code": "gate.duty_open", "unit": "", "what": "印发评议通知", "status": "issued"}
    obstacles = [obstacle | {"due_on": date(2023, 9, 4)}]
    with refused("phase.gate_unmet", phase="宣传发动", obstacles=obstacles):
        campaign.decide("prepare", "2023-08-29T10:00")
    assert rounds(campaign) == [(1, "pending")]


def test_granted_closing_closes_the_phase_once(campaign: Campaign) -> None:
    ready(campaign)
    closing = campaign.decide("prepare", "2023-08-30T10:00")
    assert (closing.status, closing.decided_by, closing.via) == ("granted", "director", "portal")
    assert [campaign.close("prepare", at) for at in ("2023-08-30T10:05", "2023-08-30T10:06")] == ["closed", "closed"]
    assert len(campaign.facts("phase:closed")) == 1
    assert campaign.letters("approval-decided") == ["office-1", "office-2"]
    assert campaign.letters("phase-closed") == ["office-1", "office-2"]
    assert campaign.ask("prepare", "2023-08-31T10:00").status == "granted"


def test_phase_that_was_not_granted_stays_open(campaign: Campaign) -> None:
    ready(campaign)
    assert campaign.close("prepare", "2023-08-30T10:00") == "open"


@pytest.mark.parametrize(("first", "then"), [(True, False), (False, True), (True, True)])
def test_second_decision_is_refused_with_who_when_and_where(campaign: Campaign, first: bool, then: bool) -> None:
    seen = ready(campaign)
    campaign.decide("prepare", "2023-08-30T10:00", agreed=first, seen=seen)
    status = "granted" if first else "refused"
    with refused("approval.decided", phase="宣传发动", by="试用丙", at=DECIDED, via="portal", status=status):
        campaign.decide("prepare", "2023-08-30T11:00", agreed=then, seen=seen)


def test_two_screens_at_once_come_to_one_decision(campaign: Campaign) -> None:
    """On PostgreSQL both find the request pending, unless the first holds the campaign."""
    seen, together = ready(campaign), Barrier(2, timeout=30)

    def decide(agreed: bool) -> str:
        together.wait()
        try:
            return campaign.decide("prepare", "2023-08-30T10:00", agreed=agreed, seen=seen).status
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(decide, (True, False)))
    assert answers.count("approval.decided") == 1
    assert len(campaign.facts("approval:granted", "approval:refused")) == 1


def test_somebody_else_may_not_decide(campaign: Campaign) -> None:
    ready(campaign)
    with refused("approval.not_yours", phase="宣传发动"):
        campaign.decide("prepare", "2023-08-30T10:00", who="office-1")


def test_planned_or_closed_phase_cannot_be_decided(campaign: Campaign) -> None:
    seen = ready(campaign)
    with refused("approval.not_asked", phase="结果公开"):
        campaign.decide("publish", "2023-08-30T10:00", seen=seen)
    campaign.decide("prepare", "2023-08-30T10:00", seen=seen)
    campaign.close("prepare", "2023-08-30T10:05")
    with refused("approval.not_asked", phase="宣传发动"):
        campaign.decide("prepare", "2023-08-30T11:00", seen=seen)


def test_refused_closing_opens_the_next_round(campaign: Campaign) -> None:
    ready(campaign)
    campaign.decide("prepare", "2023-08-30T10:00", agreed=False)
    assert campaign.close("prepare", "2023-08-30T10:05") == "open"
    assert campaign.ask("prepare", "2023-08-30T11:00").round == 2
    campaign.decide("prepare", "2023-08-30T12:00")
    assert rounds(campaign) == [(1, "refused"), (2, "granted")]


def test_brief_that_changed_since_it_was_read_is_not_decided(campaign: Campaign) -> None:
    seen = campaign.ask("prepare", "2023-08-28T11:00").brief.digest()
    ready(campaign)
    with refused("approval.changed", phase="宣传发动"):
        campaign.decide("prepare", "2023-08-30T10:00", seen=seen)


def test_request_for_an_older_brief_is_void_once_the_newer_is_decided(campaign: Campaign) -> None:
    campaign.ask("prepare", "2023-08-28T11:00")
    campaign.decide("prepare", "2023-08-30T10:00", seen=ready(campaign))
    assert rounds(campaign) == [(1, "void"), (2, "granted")]
    assert campaign.close("prepare", "2023-08-30T10:05") == "closed"


def test_change_between_the_grant_and_the_close_voids_the_grant(campaign: Campaign) -> None:
    ready(campaign)
    campaign.decide("prepare", "2023-08-30T10:00")
    campaign.record_problem("2023-08-30T10:01")
    assert [campaign.close("prepare", at) for at in ("2023-08-30T10:05", "2023-08-30T10:06")] == ["open", "open"]
    assert rounds(campaign) == [(1, "void"), (2, "pending")]
    assert campaign.facts("approval:voided") == [{"why": "changed"}]
    campaign.decide("prepare", "2023-08-30T11:00")
    assert campaign.close("prepare", "2023-08-30T11:05") == "closed"


def test_voiding_ends_a_pending_round_and_leaves_a_decided_one(campaign: Campaign) -> None:
    ready(campaign)
    for _ in range(2):
        with campaign.office.desk("engine", instant("2023-08-29T12:00")) as desk:
            closings.void(desk, campaign.slug, "prepare", 1, "closing.no_code")
    campaign.decide("prepare", "2023-08-30T10:00")
    with campaign.office.desk("engine", instant("2023-08-30T12:00")) as desk:
        closings.void(desk, campaign.slug, "prepare", 2, "closing.no_code")
    assert rounds(campaign) == [(1, "void"), (2, "granted")]


def test_stand_in_approves_on_behalf_of_the_absent_approver(campaign: Campaign) -> None:
    ready(campaign)
    campaign.absence("director", "leader-1", "2029-03-01", "2029-03-31")
    with refused("approval.not_yours", phase="宣传发动"):
        campaign.decide("prepare", "2029-03-31T10:00")
    campaign.decide("prepare", "2029-03-31T10:00", who="leader-1")
    with campaign.office.store.reading() as session:
        granted = session.query(LedgerRow).filter_by(chain=campaign.slug, action="approval:granted").one()
    assert (granted.actor, granted.on_behalf_of) == ("person:leader-1", "person:director")


def test_phase_with_an_approver_never_closes_by_rule(campaign: Campaign) -> None:
    ready(campaign)
    assert campaign.close("prepare", "2023-12-31T10:00") == "open"
    assert rounds(campaign) == [(1, "pending")]


def test_brief_of_a_finished_phase_has_nothing_in_the_way(campaign: Campaign) -> None:
    finish_rectifying(campaign)
    before = campaign.ask("rectify", "2023-11-04T10:00").brief
    assert (before.obstacles, before.closes_on, before.by_hand) == (
        (),
        date(2023, 12, 28),
        ("在电视、报纸、网站公开整改落实情况",),
    )
    assert [(ballot, grade) for ballot, _, grade in before.results] == [("revote", "满意"), ("revote", "满意")]
