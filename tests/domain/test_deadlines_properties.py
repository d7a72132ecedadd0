"""What holds of every due date, whatever the rule and the day."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.domain.calendar import DAY
from appraisal.domain.counting import count
from appraisal.domain.deadlines import Counted, Direction, Due, DueRule, Hours, Roll, compute, moved
from appraisal.domain.reasoning import steps_from_json, steps_to_json
from appraisal.domain.span import Span, SpanUnit
from tests.domain.calendars import at, shipped

# The machine may be busy: how long an example takes says nothing here.
unhurried = settings(deadline=None)
days = st.dates(date(2018, 1, 1), date(2028, 12, 31))
units = st.sampled_from(SpanUnit)
counts = st.integers(0, 60)
directions = st.sampled_from(Direction)
counted = st.builds(Counted, st.just("e"), st.builds(Span, counts, units), directions, st.booleans())
rules = st.builds(DueRule, counted, st.just("第九条"), st.none() | st.sampled_from(Roll))


def due(rule: DueRule, start: date) -> Due:
    found = compute(rule, {"e": at(start.year, start.month, start.day)}, shipped(), Hours())
    assert isinstance(found, Due)
    return found


@unhurried
@given(days, counts, units, directions, st.booleans(), st.none() | st.sampled_from(Roll))
def test_due_date_never_comes_nearer_as_the_span_grows(
    start: date, n: int, unit: SpanUnit, direction: Direction, starts: bool, roll: Roll | None
) -> None:
    shorter = due(DueRule(Counted("e", Span(n, unit), direction, starts), "b", roll), start).due_on
    longer = due(DueRule(Counted("e", Span(n + 1, unit), direction, starts), "b", roll), start).due_on
    assert (longer - shorter).days * direction.sign >= 0


@unhurried
@given(days, counts, units, st.booleans())
def test_due_date_never_comes_earlier_as_the_start_grows_later(
    start: date, n: int, unit: SpanUnit, starts: bool
) -> None:
    rule = DueRule(Counted("e", Span(n, unit), counts_start_day=starts), "b")
    assert due(rule, start).due_on <= due(rule, start + DAY).due_on


@unhurried
@given(rules, days)
def test_due_date_that_rolls_is_a_working_day(rule: DueRule, start: date) -> None:
    assert rule.rolls is Roll.NONE or shipped().is_working(due(rule, start).due_on)


@unhurried
@given(rules, days)
def test_due_date_computed_twice_is_the_same_and_has_not_moved(rule: DueRule, start: date) -> None:
    first, second = due(rule, start), due(rule, start)
    assert first == second
    assert moved(first, second) is None
    assert steps_from_json(steps_to_json(first.steps)) == first.steps


@unhurried
@given(days, st.integers(1, 300), directions)
def test_working_days_counted_are_as_many_as_one_finds_one_by_one(start: date, n: int, direction: Direction) -> None:
    reached = count(start, Span(n, SpanUnit.WORKING_DAY), direction.sign, False, shipped()).day
    distance = abs((reached - start).days)
    passed = [start + timedelta(days=direction.sign * step) for step in range(1, distance + 1)]
    assert sum(shipped().is_working(day) for day in passed) == n
    assert shipped().is_working(reached)


@unhurried
@given(days, st.integers(-300, 300))
def test_stepping_there_and_back_returns_to_a_working_day(start: date, n: int) -> None:
    day = shipped().next_working(start)
    assert shipped().step_working(shipped().step_working(day, n), -n) == day


@unhurried
@given(rules, days)
def test_due_date_is_provisional_iff_a_day_it_asked_about_is_unknown(rule: DueRule, start: date) -> None:
    assert isinstance(rule.when, Counted)
    span, sign, starts = rule.when.span, rule.when.direction.sign, rule.when.counts_start_day
    reached, landed = count(start, span, sign, starts, shipped()).day, due(rule, start).due_on
    asked = set() if rule.rolls is Roll.NONE else _days(reached, landed)
    if span.unit is SpanUnit.WORKING_DAY and span.count:
        asked |= _days(start if starts else start + sign * DAY, reached)
    assert due(rule, start).provisional == any(not shipped().knows(day) for day in asked)


def _days(one: date, other: date) -> set[date]:
    first, last = sorted((one, other))
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}
