from dataclasses import replace

import pytest

from appraisal.operations import duties, revising
from appraisal.operations.extensions import is_offered
from appraisal.operations.office import Office
from appraisal.operations.patrol import call_for_closings
from appraisal.store.campaign_tables import ObligationRow
from tests.operations.conftest import SLUGS
from tests.operations.stall_world import forecast
from tests.operations.tracking import LARGE, NOW, TIMED, Tracking, tracking_at
from tests.operations.world import instant


@pytest.fixture
def tracking(office: Office) -> Tracking:
    return tracking_at(office, f"t{next(SLUGS)}")


@pytest.mark.parametrize(
    ("classes", "owed"),
    [(NOW, ["fixed"]), (TIMED, ["report"]), (LARGE, ["halfway", "report"])],
    ids=["now", "timed", "large"],
)
def test_only_what_the_track_of_a_problem_asks_for_is_owed(
    tracking: Tracking, classes: dict[str, str], owed: list[str]
) -> None:
    number = tracking.assigned(classes)
    assert tracking.owed(number) == [(key, "issued") for key in owed]


def test_problem_that_goes_to_another_track_owes_what_goes_with_that(tracking: Tracking) -> None:
    number = tracking.assigned(NOW)
    for _ in range(2):
        tracking.reclassify(number, LARGE)
    assert tracking.owed(number) == [("fixed", "withdrawn"), ("halfway", "issued"), ("report", "issued")]
    tracking.reclassify(number, NOW, "2023-09-07T10:00")
    assert tracking.owed(number) == [
        ("fixed", "withdrawn"),
        ("fixed", "issued"),
        ("halfway", "withdrawn"),
        ("report", "withdrawn"),
    ]
    assert [fact["why"] for fact in tracking.facts("obligation:withdrawn")] == ["another track"] * 3
    assert tracking.letters("duty-issued", "市教育局").count("jyj-handler") == 4


def test_report_that_both_tracks_ask_for_stays_as_it_is(tracking: Tracking) -> None:
    number = tracking.assigned(TIMED)
    report = tracking.only(number, "report")
    tracking.reclassify(number, LARGE)
    assert tracking.only(number, "report") == report


def test_change_that_leaves_the_track_alone_issues_nothing(tracking: Tracking) -> None:
    number = tracking.assigned(NOW)
    with tracking.desk("office-1", "2023-09-05T10:00") as desk:
        draft = replace(revising.draft_of(tracking.problem(number)), detail="城区小学")
        revising.revise(desk, tracking.slug, number, draft)
    assert tracking.owed(number) == [("fixed", "issued")]
    assert tracking.problem(number).version == 3


def test_periods_of_a_problem_count_from_its_assignment(tracking: Tracking) -> None:
    """The phase opened on a Monday, the problem was assigned on a Tuesday."""
    number = tracking.assigned(TIMED)
    tracking.assigned(NOW, "校舍老旧")
    for at in ("2023-09-05T12:00", "2023-09-11T08:00", "2023-09-12T08:00", "2023-09-12T09:00"):
        tracking.issue_recurring(at)
    periods = [str(row.period) for row in tracking.obligations(number) if row.key == "progress"]
    assert periods == ["2023-09-05", "2023-09-12"]
    assert [str(row.due_on) for row in tracking.obligations(number) if row.key == "progress"] == [
        "2023-09-12",
        "2023-09-19",
    ]
    assert tracking.owed(2) == [("fixed", "issued")]


def test_accepted_report_closes_a_problem_though_its_progress_comes_back(tracking: Tracking) -> None:
    number = tracking.assigned(TIMED)
    tracking.issue_recurring("2023-09-05T12:00")
    report = tracking.only(number, "report")
    with tracking.desk("jyj-handler", "2023-09-06T10:00") as desk:
        duties.submit(desk, report, tracking.by("jyj-handler"), "已补充教师")
    with tracking.desk("office-1", "2023-09-07T10:00") as desk:
        duties.accept(desk, report, tracking.by("office-1"))
    assert tracking.problem(number).status == "closed"
    assert tracking.owed(number) == [("progress", "withdrawn"), ("report", "settled")]
    assert tracking.problem(number).closed_at == instant("2023-09-07T10:00")


def test_more_time_may_be_asked_for_on_the_tracks_that_the_method_names(tracking: Tracking) -> None:
    large, timed = tracking.assigned(LARGE), tracking.assigned(TIMED, "校车不足")
    with tracking.office.store.reading() as session:
        offered = [is_offered(session.get_one(ObligationRow, tracking.only(each, "report"))) for each in (large, timed)]
    assert offered == [True, False]


def test_each_problem_has_periods_of_its_own_to_come(tracking: Tracking) -> None:
    tracking.assigned(TIMED)
    tracking.assigned(NOW, "校舍老旧")
    tracking.issue_recurring("2023-09-05T10:05")
    assert [line for line in forecast(tracking, "2023-09-06T10:00") if line[1] == "period"] == [
        (f"2023-09-{day}", "period", "市教育局", "整改进展：第1号问题 教师编制不足", ("承办人",)) for day in (12, 19)
    ]


def test_closing_is_not_asked_for_before_there_was_any_problem(tracking: Tracking) -> None:
    def asked(at: str) -> list[str]:
        with tracking.office.desk("engine", instant(at)) as desk:
            call_for_closings(desk)
        return tracking.letters("approval-asked")

    assert asked("2023-08-28T10:05") == []
    number = tracking.assigned(NOW)
    assert asked("2023-09-05T10:05") == []
    tracking.close_problem("2023-09-06T10:00", number)
    assert asked("2023-09-06T10:05") == ["director"]
