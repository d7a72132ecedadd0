from datetime import date

import pytest

from appraisal.domain.extension import ExtensionRule, Limits, Standing, check_asked, limits, may_ask
from appraisal.domain.refusal import Refusal
from appraisal.domain.span import Span
from tests.domain.calendars import shipped

DUE = date(2023, 10, 10)


def rule(asked_before: str, ceiling: str = "1m") -> ExtensionRule:
    return ExtensionRule(Span.parse(asked_before), Span.parse(ceiling), 1)


@pytest.mark.parametrize(
    ("asked_before", "ask_by"),
    [("0d", date(2023, 10, 10)), ("5d", date(2023, 10, 5)), ("5wd", date(2023, 9, 27)), ("1w", date(2023, 10, 3))],
)
def test_last_day_to_ask_is_counted_back_over_the_long_holiday(asked_before: str, ask_by: date) -> None:
    assert limits(rule(asked_before), Standing(DUE, DUE, 0, False), shipped()).ask_by == ask_by


def test_ceiling_ends_on_the_months_last_day_and_does_not_roll() -> None:
    found = limits(rule("0d", "1m"), Standing(DUE, date(2023, 8, 31), 0, False), shipped())
    assert found.latest == date(2023, 9, 30)


def test_ceiling_that_is_reached_leaves_nothing_to_ask_for() -> None:
    with pytest.raises(Refusal) as refused:
        may_ask(rule("0d", "1m"), Standing(DUE, date(2023, 9, 10), 0, False), DUE, shipped())
    assert (refused.value.code, refused.value.facts) == ("extension.nothing_left", {"due_on": DUE, "latest": DUE})


def test_more_time_is_asked_for_on_the_last_day_and_not_the_day_after() -> None:
    rule = ExtensionRule(Span.parse("10d"), Span.parse("30d"), 1)
    standing = Standing(date(2023, 8, 28), date(2023, 8, 28), 0, pending=False)
    assert may_ask(rule, standing, date(2023, 8, 18), shipped()).ask_by == date(2023, 8, 18)
    with pytest.raises(Refusal) as refused:
        may_ask(rule, standing, date(2023, 8, 19), shipped())
    assert refused.value.code == "extension.too_late"


def test_more_time_may_reach_the_ceiling_and_not_the_day_after() -> None:
    standing = Standing(date(2023, 8, 28), date(2023, 8, 28), 0, pending=False)
    within = Limits(date(2023, 8, 18), date(2023, 9, 27))
    check_asked(standing, within, date(2023, 9, 27), "招标未完成")
    with pytest.raises(Refusal) as refused:
        check_asked(standing, within, date(2023, 9, 28), "招标未完成")
    assert refused.value.code == "extension.beyond_ceiling"
