from datetime import date
from itertools import count
from uuid import uuid4

import pytest

from appraisal.domain.intake_days import Batch
from appraisal.domain.problems import Draft
from appraisal.operations.gathering import merge
from appraisal.operations.inquiry_figures import Figures, GoalLine, Spread, figures
from appraisal.operations.intake_figures import Rate
from appraisal.operations.intake_guard import Pace
from appraisal.operations.office import Office
from appraisal.store.base import identity
from appraisal.store.opinion_tables import AnswerSheetRow, QuestionnaireRow
from tests.operations.hearing import Hearing, also, hearing
from tests.operations.listing import Listing
from tests.operations.panel_world import enter, panel_id, visit, with_panels
from tests.operations.world import Campaign, instant, running

SLUGS = count(1)


@pytest.fixture
def heard(office: Office) -> Hearing:
    return hearing(office, f"f{next(SLUGS)}")


def seen(campaign: Campaign, at: str) -> Figures:
    with campaign.office.store.reading() as session:
        return figures(session, campaign.slug, instant(at))


def speak(heard: Hearing, times: int, at: str, unit: str = "jyj", aspect: str = "service") -> None:
    for number in range(times):
        heard.take(also(text=f"意见{at}之{number}", unit=unit, aspect=aspect), f"{at}/{unit}/{number}", at)


def test_opinions_are_counted_by_day_aspect_and_unit_when_the_day_is_over(heard: Hearing) -> None:
    speak(heard, 6, "2023-09-05T15:04")
    speak(heard, 5, "2023-09-05T16:00", "kjj", "efficiency")
    assert seen(heard, "2023-09-05T23:59").opinions.total == 0
    told = seen(heard, "2023-09-06T00:00").opinions
    day = date(2023, 9, 5)
    assert (told.total, told.until, told.days) == (11, day, (Batch(day, day, 11),))
    assert told.aspects == (("服务态度", 6), ("办事效率", 5))
    assert told.units == (("市教育局", 6), ("市科学技术局", 5))


def test_few_who_speak_are_told_with_those_of_the_next_days(heard: Hearing) -> None:
    speak(heard, 5, "2023-09-05T15:04")
    speak(heard, 1, "2023-09-06T15:04", "kjj")
    assert seen(heard, "2023-09-08T10:00").opinions == seen(heard, "2023-09-06T10:00").opinions
    speak(heard, 4, "2023-09-08T15:04", "")
    told = seen(heard, "2023-09-09T10:00").opinions
    assert [(str(day.first), str(day.last), day.count) for day in told.days] == [
        ("2023-09-05", "2023-09-05", 5),
        ("2023-09-06", "2023-09-08", 5),
    ]
    assert told.units == (("市教育局", 5), ("市科学技术局", None), ("", None))


def test_what_is_held_back_does_not_count(heard: Hearing) -> None:
    speak(heard, 5, "2023-09-05T15:04")
    heard.take(also(text="又一条"), "held", "2023-09-05T15:04", pace=Pace.HELD)
    assert seen(heard, "2023-09-06T10:00").opinions.total == 5


def test_problems_are_counted_by_lead_unit_and_along_each_axis(listing: Listing) -> None:
    listing.record(Draft("编制不足", "jyj", classes={"时间": "立行立改"}))
    listing.record(Draft("平台空转", "kjj", classes={"时间": "长期整改"}))
    listing.record(Draft("服务不优", "kjj"))
    listing.record(Draft("无人认领"))
    double = listing.record(Draft("服务不好", "kjj"))
    with listing.desk("office-1", "2023-09-01T11:00") as desk:
        merge(desk, listing.slug, double, 3)
    found = seen(listing, "2023-09-01T12:00").found
    assert (found.total, found.suggestions) == (4, 0)
    assert found.units == (("市科学技术局", 2), ("市教育局", 1), ("", 1))
    assert found.axes[0] == Spread("时间", (("立行立改", 1), ("长期整改", 1), ("", 2)))


def test_goals_are_told_and_those_of_the_nameless_only_as_reached_or_not(office: Office) -> None:
    campaign = with_panels(office, f"f{next(SLUGS)}")
    enter(campaign, visit("1", "2023-09-01", "甲公司", of=panel_id(campaign)), "2023-09-04T15:00")
    assert seen(campaign, "2023-09-05T10:00").goals[0] == GoalLine(
        "走访调研", "", "走访企业", "3家", met=False, far="1家", percent=33
    )


def test_questionnaire_is_told_up_to_yesterday_while_it_is_out(office: Office) -> None:
    campaign = running(office, f"f{next(SLUGS)}")
    send_out(campaign, issued=10, returned={"2023-09-04": 6, "2023-09-05": 3})
    assert seen(campaign, "2023-09-05T10:00").questionnaires == (Rate("营商环境问卷", 10, 6, "60.0%"),)
    assert seen(campaign, "2023-09-06T10:00").questionnaires == (Rate("营商环境问卷", 10, 9, "90.0%"),)


def test_few_answers_are_hidden(office: Office) -> None:
    campaign = running(office, f"f{next(SLUGS)}")
    send_out(campaign, issued=10, returned={"2023-09-04": 4})
    assert seen(campaign, "2023-09-05T10:00").questionnaires == (Rate("营商环境问卷", 10, None, ""),)


def test_campaign_with_nothing_to_count_is_empty(office: Office) -> None:
    assert seen(running(office, f"f{next(SLUGS)}"), "2023-09-05T10:00").is_empty


def send_out(campaign: Campaign, issued: int, returned: dict[str, int]) -> None:
    """A questionnaire on paper."""
    key = identity("questionnaire", campaign.slug)
    with campaign.desk("office-1", "2023-09-01T10:00") as desk:
        desk.session.add(
            QuestionnaireRow(
                id=key,
                campaign_id=identity("campaign", campaign.slug),
                key="enterprises",
                title="营商环境问卷",
                text="",
                digest="",
                access="codes",
                token=campaign.slug,
                status="open",
                paper_issued=issued,
                opened_at=desk.now,
            )
        )
        desk.session.flush()
        for day, sheets in returned.items():
            common = {"questionnaire_id": key, "answers": {}, "valid": True, "faults": [], "medium": "paper"}
            desk.session.add_all(
                AnswerSheetRow(id=uuid4(), received_on=date.fromisoformat(day), **common) for _ in range(sheets)
            )
