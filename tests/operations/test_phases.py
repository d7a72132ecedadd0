from datetime import date

from appraisal.operations import phases
from appraisal.operations.office import Office
from appraisal.operations.overview import campaigns
from appraisal.operations.phases import PhaseView
from tests.operations.world import (
    LANXI,
    Campaign,
    begin,
    edition,
    finish_rectifying,
    instant,
    open_phase,
    refused,
)


def ready(campaign: Campaign, at: str) -> list[str]:
    with campaign.office.desk("engine", instant(at)) as desk:
        return [phase.key for phase in phases.ready_to_open(desk, campaign.slug)]


def opened(office: Office, slug: str, at: str) -> Campaign:
    """The real method of 兰溪, not opened yet."""
    begin(office, edition(LANXI), slug, "2023年部门工作评议", ["jyj"], instant(at))
    return Campaign(office, slug)


def test_phase_opens_once_and_tells_each_unit_once(campaign: Campaign) -> None:
    for at in ("2023-08-29T10:00", "2023-08-30T10:00"):
        open_phase(campaign.office, campaign.slug, "prepare", instant(at))
    assert (campaign.phase("prepare").status, campaign.phase("prepare").opens_on) == ("open", date(2023, 8, 28))
    assert len(campaign.facts("phase:opened")) == 2
    assert campaign.letters("phase-opened") == ["jyj-handler", "jyj-head", "kjj-handler", "kjj-head"]


def test_phase_whose_day_has_not_come_is_refused(unchanged: Campaign) -> None:
    with refused("phase.not_yet", phase="结果公开", opens_on=date(2023, 12, 28)):
        open_phase(unchanged.office, unchanged.slug, "publish", instant("2023-12-27T10:00"))


def test_unknown_phase_and_campaign_are_refused(unchanged: Campaign) -> None:
    with refused("phase.unknown", phase="vote", known=["prepare", "rectify", "publish"]):
        open_phase(unchanged.office, unchanged.slug, "vote", instant("2023-08-29T10:00"))
    with unchanged.office.store.reading() as session:
        known = sorted(slug for slug, *_ in campaigns(session))
    with refused("campaign.unknown", campaign="nothing", known=known):
        open_phase(unchanged.office, "nothing", "prepare", instant("2023-08-29T10:00"))


def test_phase_that_follows_opens_when_the_one_before_has_closed(office: Office) -> None:
    lanxi = opened(office, "follows", "2023-04-03T10:00")
    assert ready(lanxi, "2023-04-03T10:00") == ["mobilise"]
    open_phase(office, "follows", "mobilise", instant("2023-04-03T10:00"))
    assert ready(lanxi, "2023-04-24T10:00") == []
    lanxi.confirm("launch_notice", "2023-04-10T10:00")
    lanxi.decide("mobilise", "2023-04-20T10:00")
    assert lanxi.close("mobilise", "2023-04-20T10:05") == "closed"
    assert ready(lanxi, "2023-04-20T10:06") == ["self-review"]
    assert (lanxi.phase("self-review").opens_on, lanxi.phase("self-review").closes_on) == (
        date(2023, 4, 20),
        date(2023, 6, 20),
    )


def test_campaign_that_is_planned_ahead_opens_on_its_day(office: Office) -> None:
    begin(office, edition(), "ahead", "评议", ["jyj"], instant("2023-09-04T00:00"))
    ahead = Campaign(office, "ahead")
    assert ready(ahead, "2023-09-03T23:59") == []
    assert ready(ahead, "2023-09-04T00:00") == ["prepare", "rectify"]


def test_closing_early_moves_the_phase_that_follows(campaign: Campaign) -> None:
    assert campaign.phase("publish").opens_on == date(2023, 12, 28)
    finish_rectifying(campaign)
    campaign.decide("rectify", "2023-12-04T10:00")
    campaign.close("rectify", "2023-12-04T10:05")
    rectify, publish = campaign.phase("rectify"), campaign.phase("publish")
    assert (rectify.closes_on, rectify.closed_at) == (date(2023, 12, 4), instant("2023-12-04T10:05"))
    assert (publish.opens_on, publish.closes_on) == (date(2023, 12, 4), date(2023, 12, 11))


def test_phase_without_an_approver_closes_by_rule_on_its_last_day(campaign: Campaign) -> None:
    finish_rectifying(campaign)
    campaign.decide("rectify", "2023-12-04T10:00")
    campaign.close("rectify", "2023-12-04T10:05")
    open_phase(campaign.office, campaign.slug, "publish", instant("2023-12-04T10:10"))
    assert [campaign.close("publish", at) for at in ("2023-12-10T23:59", "2023-12-11T00:00")] == ["open", "closed"]
    assert [fact["by"] for fact in campaign.facts("approval:granted")] == ["director", "rule"]
    assert campaign.letters("phase-closed") == ["jyj-head", "kjj-head"]
    # The first phase is still open, and so is the campaign.
    assert campaign.facts("campaign:closed") == []


def test_view_of_a_phase_is_what_the_engine_needs(unchanged: Campaign) -> None:
    with unchanged.office.store.reading() as session:
        (view,) = [
            view for view in phases.open_phases(session) if (view.campaign, view.key) == (unchanged.slug, "prepare")
        ]
    days = (date(2023, 8, 28), date(2023, 9, 18))
    assert view == PhaseView(unchanged.slug, "2023年部门工作评议", "prepare", "宣传发动", "mobilise", "open", *days)
    assert not view.closed
