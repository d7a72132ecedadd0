from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import count
from threading import Barrier

import pytest

from appraisal.domain.refusal import Refusal
from appraisal.operations import audit, duties
from appraisal.store.campaign_tables import SubmissionRow
from appraisal.store.record_tables import LedgerRow
from tests.operations.world import Campaign, instant, paper, refused

PLAN, REPORT = "rectification_plan", "rectification_report"
YEARS: Iterator[int] = count(2031)
"""The register is shared: every absence lies in a year of its own."""


def verdicts(campaign: Campaign) -> list[tuple[int, str | None, str | None]]:
    with campaign.office.store.reading() as session:
        rows = session.query(SubmissionRow).filter_by(obligation_id=campaign.duty(REPORT)).order_by(SubmissionRow.round)
        return [(row.round, row.verdict, row.verdict_by) for row in rows]


def test_signing_is_the_whole_of_a_duty_that_only_asks_for_it(campaign: Campaign) -> None:
    for at in ("2023-08-31T10:00", "2023-08-31T11:00"):
        campaign.acknowledge("opinion", at)
    row = campaign.row("opinion")
    assert (row.status, row.settled_at, row.next_check_at) == ("settled", instant("2023-08-31T10:00"), None)
    assert campaign.about("opinion", "obligation:fulfilled") == [{"by": "jyj-handler", "offline": False, "late": False}]


def test_signing_comes_before_a_paper_and_settles_nothing(campaign: Campaign) -> None:
    for at in ("2023-08-31T10:00", "2023-08-31T11:00"):
        campaign.acknowledge(REPORT, at)
    assert campaign.row(REPORT).status == "acknowledged"
    assert len(campaign.about(REPORT, "obligation:acknowledged")) == 1


def test_report_that_needs_no_paper_is_confirmed_once(campaign: Campaign) -> None:
    for who in ("office-1", "office-2"):
        campaign.confirm("launch_notice", "2023-08-29T10:00", who)
    (fact,) = campaign.about("launch_notice", "obligation:fulfilled", unit="")
    assert (campaign.row("launch_notice", "").status, fact["by"]) == ("settled", "office-1")


def test_paper_that_nobody_judges_settles_the_duty(campaign: Campaign) -> None:
    for at in ("2023-09-01T10:00", "2023-09-01T11:00"):
        campaign.submit(PLAN, at)
    assert campaign.row(PLAN).status == "settled"
    assert len(campaign.about(PLAN, "obligation:fulfilled")) == 1


def test_paper_waits_for_its_verdict_and_the_judges_are_told_once(campaign: Campaign) -> None:
    for at in ("2023-09-01T10:00", "2023-09-01T11:00"):
        campaign.submit(REPORT, at, paper())
    assert campaign.row(REPORT).status == "submitted"
    assert campaign.letters("submission-received") == ["office-1", "office-2"]
    assert verdicts(campaign) == [(1, None, None)]


def test_accepted_paper_settles_the_duty_once(campaign: Campaign) -> None:
    campaign.submit(REPORT, "2023-09-01T10:00", paper())
    for who in ("office-1", "office-2"):
        campaign.accept(REPORT, "2023-09-02T10:00", who=who)
    assert (campaign.row(REPORT).status, verdicts(campaign)) == ("settled", [(1, "accepted", "office-1")])
    assert campaign.letters("submission-accepted") == ["jyj-handler"]
    assert len(campaign.about(REPORT, "obligation:accepted")) == 1


def test_returned_paper_keeps_its_due_date_and_opens_the_next_round(campaign: Campaign) -> None:
    campaign.acknowledge("opinion", "2023-08-31T10:00")
    campaign.submit(REPORT, "2023-10-20T10:00", paper())
    assert campaign.row(REPORT).next_check_at is None
    campaign.give_back(REPORT, "2023-10-21T10:00")
    row = campaign.row(REPORT)
    assert (row.status, row.returns, row.due_on) == ("returned", 1, date(2023, 10, 31))
    assert row.next_check_at == instant("2023-10-24T09:00")
    assert campaign.letters("submission-returned") == ["jyj-handler", "jyj-head"]
    campaign.submit(REPORT, "2023-10-22T10:00", paper())
    campaign.accept(REPORT, "2023-10-23T10:00")
    assert verdicts(campaign) == [(1, "returned", "office-1"), (2, "accepted", "office-1")]


def test_paper_returned_twice_at_once_is_returned_once(campaign: Campaign) -> None:
    campaign.submit(REPORT, "2023-09-01T10:00", paper())
    campaign.give_back(REPORT, "2023-09-02T10:00")
    with refused("submission.nothing_to_judge", duty="整改落实报告"):
        campaign.give_back(REPORT, "2023-09-02T10:00", who="office-2")
    assert (campaign.row(REPORT).returns, len(campaign.about(REPORT, "obligation:returned"))) == (1, 1)


def test_late_paper_is_noted_and_a_late_verdict_is_not_the_units_fault(campaign: Campaign) -> None:
    campaign.acknowledge("opinion", "2023-08-31T10:00")
    campaign.acknowledge("opinion", "2023-08-31T10:00", "kjj")
    with campaign.desk("jyj-handler", "2023-10-31T23:59") as desk:
        duties.submit(desk, campaign.duty(REPORT), campaign.by("jyj-handler"), "已整改", [paper()])
    campaign.submit(REPORT, "2023-11-01T00:00", paper(), unit="kjj")
    campaign.accept(REPORT, "2023-11-20T10:00")
    handed_in = [campaign.about(REPORT, "obligation:submitted", unit=unit)[0]["late"] for unit in ("jyj", "kjj")]
    assert (handed_in, campaign.about(REPORT, "obligation:accepted")[0]["late"]) == ([False, True], False)


def test_office_enters_what_came_on_paper_and_another_hand_accepts_it(campaign: Campaign) -> None:
    with campaign.desk("office-1", "2023-09-01T10:00") as desk:
        by = campaign.by("office-1", offline=True)
        duties.submit(desk, campaign.duty(REPORT), by, "纸质报告", [paper()])
    with refused("submission.two_hands", duty="整改落实报告"):
        campaign.accept(REPORT, "2023-09-02T10:00")
    campaign.accept(REPORT, "2023-09-02T10:00", who="office-2")
    (fact,) = campaign.about(REPORT, "obligation:submitted")
    assert (fact["by"], fact["offline"]) == ("office-1", True)


@pytest.mark.parametrize("who", ["kjj-handler", "jyj-head", "office-1", "director"])
def test_duty_of_somebody_else_is_refused(unchanged: Campaign, who: str) -> None:
    with refused("obligation.not_yours", duty="评议意见签收", unit="市教育局"):
        unchanged.acknowledge("opinion", "2023-08-31T10:00", who=who)


@pytest.mark.parametrize("who", ["jyj-handler", "jyj-head"])
def test_offline_entry_and_verdict_are_the_offices_alone(campaign: Campaign, who: str) -> None:
    campaign.submit(REPORT, "2023-09-01T10:00", paper())
    with refused("obligation.not_yours", duty="整改落实报告", unit="市教育局"):
        campaign.accept(REPORT, "2023-09-02T10:00", who=who)
    offline = campaign.by(who, offline=True)
    with refused("obligation.not_yours", duty="评议意见签收", unit="市科学技术局"):  # noqa: SIM117 - one refusal
        with campaign.desk(who, "2023-09-01T10:00") as desk:
            duties.acknowledge(desk, campaign.duty("opinion", "kjj"), offline)


def test_paper_without_a_judge_cannot_be_judged(campaign: Campaign) -> None:
    campaign.submit(PLAN, "2023-09-01T10:00")
    with refused("obligation.not_yours", duty="整改计划", unit="市教育局"):
        campaign.accept(PLAN, "2023-09-02T10:00")


def test_empty_paper_is_refused(unchanged: Campaign) -> None:
    with refused("submission.empty", duty="整改计划"):
        unchanged.submit(PLAN, "2023-09-01T10:00", text=" \n")


def test_evidence_is_required_or_refused_as_the_method_says(unchanged: Campaign) -> None:
    with refused("submission.needs_attachment", duty="整改落实报告"):
        unchanged.submit(REPORT, "2023-09-01T10:00")
    with refused("submission.no_attachment", duty="整改计划"):
        unchanged.submit(PLAN, "2023-09-01T10:00", paper())


def test_wrong_sort_of_deed_is_refused(unchanged: Campaign) -> None:
    with refused("obligation.needs_no_paper", duty="评议意见签收"):
        unchanged.submit("opinion", "2023-09-01T10:00")
    with refused("obligation.needs_paper", duty="整改计划"), unchanged.desk("jyj-handler", "2023-09-01T10:00") as desk:
        duties.confirm(desk, unchanged.duty(PLAN), unchanged.by("jyj-handler"))


def test_nothing_handed_in_is_nothing_to_judge(unchanged: Campaign) -> None:
    with refused("submission.nothing_to_judge", duty="整改落实报告"):
        unchanged.accept(REPORT, "2023-09-02T10:00")


def test_return_without_a_reason_is_refused(campaign: Campaign) -> None:
    campaign.submit(REPORT, "2023-09-01T10:00", paper())
    with refused("submission.return_needs_reason", duty="整改落实报告"):
        campaign.give_back(REPORT, "2023-09-02T10:00", remarks=" ")
    assert campaign.row(REPORT).status == "submitted"


def test_another_paper_after_the_first_is_refused(campaign: Campaign) -> None:
    campaign.submit(REPORT, "2023-09-01T10:00", paper())
    possible = ["obligation:accepted", "obligation:returned", "obligation:withdrawn"]
    with refused("obligation.illegal", status="submitted", action="obligation:submitted", possible=possible):
        campaign.submit(REPORT, "2023-09-01T11:00", paper(), text="另一份")


def test_unknown_duty_is_refused(unchanged: Campaign) -> None:
    with refused("obligation.unknown"):
        unchanged.acknowledge("nothing", "2023-09-01T10:00")


def test_stand_in_acts_on_behalf_of_the_absent_and_only_meanwhile(campaign: Campaign) -> None:
    year = next(YEARS)
    campaign.absence("jyj-handler", "jyj-head", f"{year}-03-01", f"{year}-03-31")
    with refused("obligation.not_yours", duty="整改计划", unit="市教育局"):
        campaign.acknowledge(PLAN, f"{year}-03-01T10:00")
    campaign.acknowledge(PLAN, f"{year}-03-31T10:00", who="jyj-head")
    with campaign.office.store.reading() as session:
        signed = session.query(LedgerRow).filter_by(chain=campaign.slug, action="obligation:acknowledged").one()
    assert (signed.actor, signed.on_behalf_of) == ("person:jyj-head", "person:jyj-handler")
    with refused("obligation.not_yours", duty="评议意见签收", unit="市教育局"):
        campaign.acknowledge("opinion", f"{year}-04-01T10:00", who="jyj-head")


def test_two_hands_at_once_come_to_one_verdict(campaign: Campaign) -> None:
    """On PostgreSQL both find the paper waiting, unless the first holds the campaign."""
    campaign.submit(REPORT, "2023-09-01T10:00", paper())
    together = Barrier(2, timeout=30)
    deeds = {"office-1": campaign.accept, "office-2": campaign.give_back}

    def judge(who: str) -> str:
        together.wait()
        try:
            deeds[who](REPORT, "2023-09-02T10:00", who=who)
        except Refusal as refusal:
            return refusal.code
        return "judged"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(judge, ("office-1", "office-2")))
    assert answers == ["judged", "submission.nothing_to_judge"]
    assert len(campaign.about(REPORT, "obligation:accepted", "obligation:returned")) == 1
    with campaign.office.store.reading() as session:
        assert audit.verify(session) == []
