from datetime import date

import pytest

from appraisal.domain.extension import ExtensionRule, Standing, limits, may_ask
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
