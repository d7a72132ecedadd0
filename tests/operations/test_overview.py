from collections import Counter
from datetime import date

from appraisal.domain.timeliness import Timeliness
from appraisal.operations.overview import Overview, PhaseLine, ResultLine, campaigns, overview
from tests.operations.world import Campaign, instant


def at(campaign: Campaign, when: str) -> Overview:
    with campaign.office.store.reading() as session:
        return overview(session, campaign.slug, instant(when))


def test_lights_are_told_from_the_clock(campaign: Campaign) -> None:
    campaign.confirm("launch_notice", "2023-08-29T10:00")
    campaign.acknowledge("opinion", "2023-08-31T10:00")
    assert at(campaign, "2023-09-04T10:00").lights == Counter(
        {
            Timeliness.WAITING: 7,  # the agenda, both papers of 市科学技术局, and in each unit a summary and a feedback
            Timeliness.ON_TIME: 2,
            Timeliness.DUE: 1,
            Timeliness.DONE: 2,
        }
    )
    assert at(campaign, "2023-09-05T00:00").lights[Timeliness.OVERDUE] == 1


def test_paper_that_is_looked_at_shows_as_done_until_it_is_returned(campaign: Campaign) -> None:
    campaign.acknowledge("opinion", "2023-08-31T10:00")
    campaign.submit("rectification_plan", "2023-09-01T10:00")
    lights = {(duty.key, duty.unit): duty.light for duty in at(campaign, "2023-10-08T00:00").duties}
    assert lights["rectification_plan", "市教育局"] is Timeliness.DONE
    assert lights["rectification_plan", "市科学技术局"] is Timeliness.WAITING


def test_phases_count_their_duties(campaign: Campaign) -> None:
    campaign.confirm("launch_notice", "2023-08-29T10:00")
    campaign.acknowledge("opinion", "2023-08-31T10:00")
    prepare, rectify, publish = at(campaign, "2023-09-01T10:00").phases
    assert prepare == PhaseLine("prepare", "宣传发动", "open", date(2023, 8, 28), date(2023, 9, 18), False, 1, 1)
    assert (rectify.duties, rectify.done, publish.duties, publish.opens_on) == (11, 1, 0, date(2023, 12, 28))


def test_upcoming_lists_what_falls_due_and_what_is_overdue_the_earliest_first(campaign: Campaign) -> None:
    campaign.acknowledge("opinion", "2023-08-31T10:00")
    found = at(campaign, "2023-10-01T10:00").upcoming(7, date(2023, 10, 1))
    assert [(duty.key, duty.unit, duty.due_on) for duty in found] == [
        ("launch_notice", "", date(2023, 9, 4)),
        ("opinion", "市科学技术局", date(2023, 9, 4)),
        ("rectification_plan", "市教育局", date(2023, 10, 7)),
    ]


def test_obstacles_of_every_open_phase_are_listed(unchanged: Campaign) -> None:
    found = at(unchanged, "2023-08-29T10:00").obstacles
    assert Counter(phase for phase, _ in found) == {"宣传发动": 1, "整改落实": 8}


def test_results_stand_in_the_order_of_the_units(campaign: Campaign) -> None:
    for unit in ("kjj", "jyj"):
        campaign.record_result("2023-11-03T10:00", unit)
    counts = {"satisfied": 28, "basic": 3, "dissatisfied": 0}
    assert at(campaign, "2023-11-04T10:00").results == (
        ResultLine("revote", "市教育局", "满意", counts),
        ResultLine("revote", "市科学技术局", "满意", counts),
    )


def test_campaigns_are_listed_the_newest_first(alone: Campaign) -> None:
    with alone.office.store.reading() as session:
        assert campaigns(session) == [("alone", "2023年部门工作评议", "running", date(2023, 8, 28))]
