"""What staff enter by the engine's forms."""

from collections.abc import Sequence
from datetime import date, datetime, time

from appraisal import clock
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.method.words import OrderKind
from appraisal.operations import campaigns, events, orders, problems, results
from appraisal.operations.campaigns import Started
from appraisal.operations.library import chosen, edition_of
from appraisal.operations.orders import Order
from appraisal.operations.results import Tally
from tasks.step import desk, office, step

STAFF = "staff:engine"


@step("启动评议活动")
def start_campaign(method: str, slug: str, title: str, starts_on: date, units: Sequence[str]) -> Started:
    """Pin the method, plan the campaign."""
    edition = edition_of(office(), chosen(method))
    with desk(STAFF) as at:
        return campaigns.start(at, edition, slug, title or edition.method.title, starts_on, units)


@step("设定日期")
def set_event(campaign: str, event: str, day: date, unit: str | None) -> bool:
    """Set or move a date that the method leaves to the office."""
    with desk(STAFF) as at:
        return events.set_event(at, chosen(campaign), chosen(event), datetime.combine(day, time(9), clock.ZONE), unit)


@step("登记测评结果")
def record_result(campaign: str, ballot: str, unit: str, tally: Tally, grade: str, number: int = 1) -> str:
    """Enter the result of one unit; the grade that was recorded."""
    with desk(STAFF) as at:
        return results.record_result(at, chosen(campaign), chosen(ballot), unit, tally, grade, number).grade


@step("登记问题")
def record_problem(campaign: str, unit: str, title: str, aim: str) -> int:
    """Put a problem on the list; its number within the campaign."""
    draft, found = Draft(title, unit, aim=aim), Found(FindingKind.ENTERED, title, STAFF)
    with desk(STAFF) as at:
        return problems.record(at, chosen(campaign), draft, found).number


@step("登记批示")
def record_instruction(
    campaign: str, unit: str, leader: str, text: str, due_on: date | None, problem: int | None
) -> str:
    """Record the instruction of a leader; its mark."""
    order = Order(OrderKind.INSTRUCT, text, unit, leader, due_on, problem)
    with desk(STAFF) as at:
        return orders.give(at, chosen(campaign), order).mark


@step("问题销号")
def close_problem(campaign: str, number: int, by: str) -> str:
    """Close out a problem; its status."""
    with desk(STAFF) as at:
        return problems.close_problem(at, chosen(campaign), number, by).status
