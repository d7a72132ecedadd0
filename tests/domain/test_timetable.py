from datetime import date, datetime

from appraisal.domain.deadlines import Counted, Decided, Direction, DueRule, Fixed, Hours
from appraisal.domain.span import Span
from appraisal.domain.timetable import PhaseRule, timetable
from tests.domain.calendars import at, d, shipped


def after(event: str, span: str) -> DueRule:
    return DueRule(Counted(event, Span.parse(span)), "第一条")


def before(event: str, span: str) -> DueRule:
    return DueRule(Counted(event, Span.parse(span), Direction.BEFORE), "第一条")


FOUR = [
    PhaseRule("mobilise", None, after("phase.mobilise.opened", "3w")),
    PhaseRule("self-review", None, after("phase.self-review.opened", "2m")),
    PhaseRule("review", None, before("sitting", "1w")),
    PhaseRule("rectify", after("sitting", "0d"), after("phase.rectify.opened", "3m")),
]
STARTED = {"campaign.started": at(2023, 4, 3, 0)}
Days = tuple[date | None, date | None]


def windows(rules: list[PhaseRule], events: dict[str, datetime]) -> dict[str, Days]:
    found = timetable(rules, events, shipped(), Hours())
    return {key: (window.opens_on, window.closes_on) for key, window in found.items()}


def test_plan_shows_every_date_that_can_be_told_on_the_first_day() -> None:
    assert windows(FOUR, STARTED) == {
        "mobilise": (d("2023-04-03"), d("2023-04-24")),
        "self-review": (d("2023-04-24"), d("2023-06-25")),
        "review": (d("2023-06-25"), None),
        "rectify": (None, None),
    }


def test_what_happened_counts_as_it_happened() -> None:
    early = {"phase.mobilise.opened": at(2023, 4, 4), "phase.mobilise.closed": at(2023, 4, 20)}
    assert windows(FOUR, STARTED | early)["self-review"] == (d("2023-04-20"), d("2023-06-20"))


def test_sitting_that_is_set_dates_what_hangs_on_it() -> None:
    found = windows(FOUR, STARTED | {"sitting": at(2023, 8, 1)})
    assert (found["review"], found["rectify"]) == (
        (d("2023-06-25"), d("2023-07-25")),
        (d("2023-08-01"), d("2023-11-01")),
    )


def test_phases_may_overlap() -> None:
    side_by_side = [
        PhaseRule("first", DueRule(Fixed(d("2023-09-28")), "第一条"), after("phase.first.opened", "10wd")),
        PhaseRule("second", after("phase.first.opened", "5d"), after("phase.second.opened", "1m")),
    ]
    assert windows(side_by_side, STARTED) == {
        "first": (d("2023-09-28"), d("2023-10-18")),
        "second": (d("2023-10-07"), d("2023-11-07")),
    }


def test_phase_that_closes_as_decided_waits_for_the_decision() -> None:
    rules = [PhaseRule("first", None, DueRule(Decided(), "第一条"))]
    assert windows(rules, STARTED)["first"] == (d("2023-04-03"), None)
    decided = STARTED | {"phase.first.decided": at(2023, 5, 10)}
    assert windows(rules, decided)["first"] == (d("2023-04-03"), d("2023-05-10"))


def test_window_in_a_year_that_is_not_published_is_provisional() -> None:
    rules = [PhaseRule("first", None, after("phase.first.opened", "10wd"))]
    found = timetable(rules, {"campaign.started": at(2027, 3, 1)}, shipped(), Hours())["first"]
    assert (found.opens_on, found.closes_on, found.provisional) == (d("2027-03-01"), d("2027-03-15"), True)
    assert [step.code for step in found.steps if step.code == "deadline.provisional"] == ["deadline.provisional"]


def test_forecast_of_a_phase_that_follows_a_provisional_one_is_provisional() -> None:
    rules = [
        PhaseRule("first", None, after("phase.first.opened", "10wd")),
        PhaseRule("second", after("phase.first.closed", "0d"), after("phase.second.opened", "1d")),
    ]
    found = timetable(rules, {"campaign.started": at(2026, 12, 21)}, shipped(), Hours())
    assert {key: window.provisional for key, window in found.items()} == {"first": True, "second": True}
