from datetime import date
from itertools import count
from uuid import uuid4

import pytest

from appraisal.domain.reasoning import steps_from_json
from appraisal.operations import assigning, extensions, planning
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Office
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ObligationRow
from tests.operations.extending import REPORT, WHY, Extending, extending, extending_list
from tests.operations.listing import Listing
from tests.operations.world import instant, paper, refused

SLUGS = count(1)
ONCE = "consent: director, ceiling: 30d, counted_from: due, asked_before: 1d"
DUE = date(2023, 10, 31)


@pytest.fixture
def campaign(office: Office) -> Extending:
    """The report may be put off twice, 30 days at most from the date as it stands; to be asked for by 21 October."""
    return extending(office, f"x{next(SLUGS)}")


def dates(campaign: Extending, key: str = REPORT) -> tuple[date | None, date | None, date | None]:
    row = campaign.row(key)
    return row.due_on, row.first_due_on, row.extended_on


def codes(campaign: Extending, key: str = REPORT) -> list[str]:
    return [step.code for step in steps_from_json(campaign.row(key).reason)]


def test_granted_petition_moves_the_date_keeps_both_and_tells_those_concerned(campaign: Extending) -> None:
    before = codes(campaign)
    petition = campaign.petition("2023-11-15", "2023-10-10T10:00")
    assert (campaign.letters("extension-asked"), dates(campaign)) == (["director"], (DUE, None, None))
    campaign.grant(petition, "2023-10-12T10:00")
    assert dates(campaign) == (date(2023, 11, 15), DUE, date(2023, 11, 15))
    assert codes(campaign) == [*before, "deadline.extended", "deadline.ends_midnight"]
    step = next(each for each in steps_from_json(campaign.row(REPORT).reason) if each.code == "deadline.extended")
    assert step.facts == {"from": "2023-10-31", "to": "2023-11-15", "by": "主任", "number": 1}
    moved = campaign.about(REPORT, "obligation:due_moved")
    assert [(fact["old_on"], fact["new_on"]) for fact in moved] == [("2023-10-31", "2023-11-15")]
    assert campaign.letters("extension-decided") == ["jyj-handler", "jyj-head"]
    assert campaign.letters("due-moved") == []


def test_everything_done_twice_is_done_once(campaign: Extending) -> None:
    first, again = (campaign.petition("2023-11-15", "2023-10-10T10:00") for _ in range(2))
    assert first == again
    for _ in range(2):
        campaign.grant(first, "2023-10-12T10:00")
    other = campaign.petition("2023-11-20", "2023-10-13T10:00")
    for _ in range(2):
        campaign.withdraw(other, "2023-10-13T11:00")
    third = campaign.petition("2023-11-20", "2023-10-14T10:00")
    for _ in range(2):
        campaign.refuse(third, "2023-10-15T10:00")
    assert [status for status, _ in campaign.petitions()] == ["granted", "withdrawn", "refused"]
    for action, times in (("asked", 3), ("granted", 1), ("withdrawn", 1), ("refused", 1)):
        assert len(campaign.facts(f"petition:{action}")) == times
    assert len(campaign.letters("extension-asked")) == 3
    assert len(campaign.letters("extension-decided")) == 4
    assert len(campaign.about(REPORT, "obligation:due_moved")) == 1


def test_asking_is_possible_on_the_last_day_and_refused_on_the_day_after(campaign: Extending) -> None:
    with refused("extension.too_late", due_on=DUE, ask_by=date(2023, 10, 21)):
        campaign.petition("2023-11-15", "2023-10-22T00:00")
    campaign.petition("2023-11-15", "2023-10-21T23:59")


@pytest.mark.parametrize("until", ["2023-11-01", "2023-11-29", "2023-11-30"])
def test_days_up_to_the_ceiling_may_be_asked_for(campaign: Extending, until: str) -> None:
    campaign.petition(until, "2023-10-10T10:00")
    assert campaign.petitions() == [("asked", date.fromisoformat(until))]


def test_days_past_the_ceiling_or_no_later_than_the_present_are_refused(campaign: Extending) -> None:
    with refused("extension.beyond_ceiling", until=date(2023, 12, 1), latest=date(2023, 11, 30)):
        campaign.petition("2023-12-01", "2023-10-10T10:00")
    with refused("extension.not_later", until=DUE, due_on=DUE):
        campaign.petition("2023-10-31", "2023-10-10T10:00")
    with refused("extension.needs_reason"):
        campaign.petition("2023-11-15", "2023-10-10T10:00", reason=" \n")


def test_second_extension_counts_from_the_new_date_and_a_third_is_refused(campaign: Extending) -> None:
    campaign.grant(campaign.petition("2023-11-15", "2023-10-10T10:00"), "2023-10-12T10:00")
    with refused("extension.beyond_ceiling", until=date(2023, 12, 16), latest=date(2023, 12, 15)):
        campaign.petition("2023-12-16", "2023-11-01T10:00")
    campaign.grant(campaign.petition("2023-12-15", "2023-11-05T10:00"), "2023-11-06T10:00")
    assert dates(campaign) == (date(2023, 12, 15), DUE, date(2023, 12, 15))
    step = next(each for each in steps_from_json(campaign.row(REPORT).reason) if each.code == "deadline.extended")
    assert (step.facts["from"], step.facts["number"]) == ("2023-10-31", 2)
    with refused("extension.used_up", granted=2, times=2):
        campaign.petition("2023-12-20", "2023-11-20T10:00")


def test_ceiling_from_the_first_date_stays_where_it_was(office: Office) -> None:
    rule = "consent: director, ceiling: 1m, counted_from: first_due, asked_before: 5wd, times: 2"
    campaign = extending(office, f"x{next(SLUGS)}", rule)
    campaign.grant(campaign.petition("2023-11-15", "2023-10-10T10:00"), "2023-10-12T10:00")
    with refused("extension.beyond_ceiling", until=date(2023, 12, 1), latest=date(2023, 11, 30)):
        campaign.petition("2023-12-01", "2023-11-01T10:00")
    with refused("extension.too_late", due_on=date(2023, 11, 15), ask_by=date(2023, 11, 8)):
        campaign.petition("2023-11-30", "2023-11-09T09:00")
    campaign.petition("2023-11-30", "2023-11-08T10:00")


def test_ceiling_from_an_event_waits_for_it(office: Office) -> None:
    rule = "consent: director, ceiling: 2m, counted_from: event, event: sitting, asked_before: 0d"
    campaign = extending(office, f"x{next(SLUGS)}", rule)
    with refused("extension.not_begun"):
        campaign.petition("2023-11-15", "2023-10-31T10:00")
    campaign.set_event("sitting", "2023-09-20", "2023-09-21T10:00")
    with refused("extension.beyond_ceiling", until=date(2023, 11, 21), latest=date(2023, 11, 20)):
        campaign.petition("2023-11-21", "2023-10-31T10:00")
    campaign.petition("2023-11-20", "2023-10-31T10:00")


def test_one_petition_waits_at_a_time_and_after_a_refusal_one_may_ask_again(campaign: Extending) -> None:
    first = campaign.petition("2023-11-15", "2023-10-10T10:00")
    with refused("extension.pending"):
        campaign.petition("2023-11-10", "2023-10-11T10:00")
    with refused("extension.refusal_needs_reason", duty="整改落实报告"):
        campaign.refuse(first, "2023-10-12T10:00", remarks=" ")
    campaign.refuse(first, "2023-10-12T10:00")
    assert dates(campaign) == (DUE, None, None)
    second = campaign.petition("2023-11-15", "2023-10-12T11:00")
    campaign.grant(second, "2023-10-13T10:00")
    assert [status for status, _ in campaign.petitions()] == ["refused", "granted"]
    assert (campaign.asked(first).remarks, campaign.asked(first).decided_by) == ("理由不充分", "director")
    with refused("extension.decided_already", duty="整改落实报告", status="refused"):
        campaign.grant(first, "2023-10-14T10:00")


def test_only_whoever_owes_the_duty_asks_and_only_the_named_role_decides(campaign: Extending) -> None:
    with refused("extension.not_yours", duty="整改落实报告", unit="市教育局"):
        campaign.petition("2023-11-15", "2023-10-10T10:00", who="jyj-head")
    with refused("extension.not_offered", duty="整改计划"):
        campaign.petition("2023-11-15", "2023-09-10T10:00", key="rectification_plan")
    petition = campaign.petition("2023-11-15", "2023-10-10T10:00", who="office-1", offline=True)
    for who in ("jyj-handler", "office-1"):
        with refused("extension.decision.not_yours", duty="整改落实报告", unit="市教育局"):
            campaign.grant(petition, "2023-10-12T10:00", who=who)
    with refused("extension.not_yours", duty="整改落实报告", unit="市教育局"):
        campaign.withdraw(petition, "2023-10-12T10:00", who="kjj-handler")
    with refused("extension.unknown"):
        campaign.grant(uuid4(), "2023-10-12T10:00")


def test_whoever_asked_never_decides(office: Office) -> None:
    campaign = extending(office, f"x{next(SLUGS)}", ONCE.replace("director", "office"))
    petition = campaign.petition("2023-11-15", "2023-10-10T10:00", who="office-1", offline=True)
    with refused("extension.two_hands", duty="整改落实报告"):
        campaign.grant(petition, "2023-10-12T10:00", who="office-1")
    campaign.grant(petition, "2023-10-12T10:00", who="office-2")
    assert dates(campaign)[0] == date(2023, 11, 15)


def test_stand_in_decides_on_behalf_of_the_absent(campaign: Extending) -> None:
    campaign.absence("director", "office-2", "2023-10-30", "2023-10-30")
    petition = campaign.petition("2023-11-15", "2023-10-10T10:00")
    campaign.grant(petition, "2023-10-30T10:00", who="office-2")
    assert campaign.asked(petition).decided_by == "office-2"


def test_replanning_keeps_the_extension_and_records_nothing(campaign: Extending) -> None:
    campaign.grant(campaign.petition("2023-11-15", "2023-10-10T10:00"), "2023-10-12T10:00")
    facts = campaign.about(REPORT, "obligation:due_moved")
    with campaign.office.desk("engine", instant("2023-10-13T10:00")) as desk:
        planning.replan(desk, campaign_by(desk.session, campaign.slug))
    assert campaign.about(REPORT, "obligation:due_moved") == facts
    assert dates(campaign)[0] == date(2023, 11, 15)


def test_date_of_the_rule_that_moves_past_the_extension_stands(office: Office) -> None:
    change = ("due: {after: opinion.received, within: 2m}", "due: {before: sitting, within: 10d}")
    campaign = extending(office, f"x{next(SLUGS)}", ONCE, change)
    campaign.set_event("sitting", "2023-11-10", "2023-10-01T10:00")
    assert dates(campaign)[0] == DUE
    campaign.grant(campaign.petition("2023-11-15", "2023-10-10T10:00"), "2023-10-12T10:00")
    campaign.set_event("sitting", "2023-11-20", "2023-10-13T10:00")
    assert dates(campaign) == (date(2023, 11, 15), DUE, date(2023, 11, 15))
    campaign.set_event("sitting", "2023-12-20", "2023-10-14T10:00")
    assert dates(campaign)[0] == date(2023, 12, 8)
    assert "deadline.extended" not in codes(campaign)
    told = [(who, row.page) for who, row in campaign.posted("due-moved")]
    page = f"/duties/{campaign.duty(REPORT)}"
    assert [who for who, about in told if about == page] == ["jyj-handler", "jyj-head"]


def test_day_of_rest_rolls_to_the_day_after(campaign: Extending) -> None:
    campaign.grant(campaign.petition("2023-11-18", "2023-10-10T10:00"), "2023-10-12T10:00")
    assert dates(campaign) == (date(2023, 11, 20), DUE, date(2023, 11, 18))


def test_overdue_is_cleared_and_rungs_that_fired_stay_fired(campaign: Extending) -> None:
    petition = campaign.petition("2023-11-20", "2023-10-20T10:00")
    campaign.patrol("2023-11-02T10:00")
    late = campaign.row(REPORT)
    assert (late.overdue_at is not None, late.last_rung >= 0) == (True, True)
    campaign.grant(petition, "2023-11-02T11:00")
    now = campaign.row(REPORT)
    assert (now.overdue_at, now.last_rung) == (None, late.last_rung)
    assert now.next_check_at is not None
    assert now.next_check_at > instant("2023-11-02T11:00")


def test_petition_that_was_overtaken_is_not_granted(campaign: Extending) -> None:
    petition = campaign.petition("2023-11-15", "2023-10-10T10:00")
    campaign.submit(REPORT, "2023-10-11T10:00", paper())
    with refused("extension.overtaken_by_deed", duty="整改落实报告", status="submitted"):
        campaign.grant(petition, "2023-10-12T10:00")
    with refused("extension.not_owed", duty="整改落实报告", status="submitted"):
        campaign.petition("2023-11-16", "2023-10-11T11:00")
    campaign.refuse(petition, "2023-10-12T10:00", remarks="材料已经提交")


def test_duty_without_a_date_is_not_extended(office: Office) -> None:
    campaign = extending(office, f"x{next(SLUGS)}", ONCE)
    with refused("extension.no_date", duty="走访反馈"):
        campaign.petition("2023-11-15", "2023-10-10T10:00", key="feedback")


def test_date_of_the_problem_follows(office: Office) -> None:
    campaign = extending_list(office, f"x{next(SLUGS)}")
    listing = Listing(office, campaign.slug)
    number = listing.record()
    with campaign.desk("office-1", "2023-09-01T11:00") as desk:
        assigning.assign(desk, campaign.slug, [number])
    duty = identity("obligation", campaign.slug, "rectification", "jyj", f"problem={number}")
    version = listing.problem(number).version
    campaign.grant(campaign.petition_for(duty, "2023-11-24", "2023-10-20T10:00"), "2023-10-21T10:00")
    problem = listing.problem(number)
    assert (problem.due_on, problem.version) == (date(2023, 11, 24), version + 1)
    with office.store.reading() as session:
        row = session.get_one(ObligationRow, duty)
        assert (row.due_on, row.first_due_on) == (date(2023, 11, 24), DUE)
        steps = [step.facts.get("day") for step in steps_from_json(row.reason) if step.code == "deadline.decided"]
        assert steps == ["2023-10-31"]
    with refused("extension.used_up", granted=1, times=1):
        campaign.petition_for(duty, "2023-11-28", "2023-10-22T10:00", reason=WHY)


def test_offer_names_the_limits_and_what_refuses(campaign: Extending) -> None:
    with campaign.office.store.reading() as session:
        row = session.get_one(ObligationRow, campaign.duty(REPORT))
        offer = extensions.offer_of(session, campaign.office, row, instant("2023-10-21T10:00"))
        assert offer.limits is not None
        assert (offer.limits.ask_by, offer.limits.latest) == (date(2023, 10, 21), date(2023, 11, 30))
        late = extensions.offer_of(session, campaign.office, row, instant("2023-10-22T10:00"))
        assert late.refusal is not None
        assert (late.limits, late.refusal.code) == (None, "extension.too_late")
