"""Rectification as staff enter it by the engine's forms: assigning, and the letters that press a matter."""

from appraisal.domain.number_list import read_numbers
from appraisal.operations import assigning, handing_over, orders
from appraisal.operations.library import chosen
from appraisal.operations.orders import Order
from tasks.entries import STAFF
from tasks.step import desk, step


@step("交办问题")
def assign_problems(campaign: str, numbers: str) -> list[int]:
    """Put problems to their lead units, by letter; the numbers of those that are new."""
    with desk(STAFF) as at:
        return [row.number for row in assigning.assign(at, chosen(campaign), read_numbers(numbers))]


@step("结转跟踪")
def hand_on_problems(campaign: str, numbers: str, by: str, reason: str) -> list[int]:
    """Hand problems on to next year's follow-up; the numbers of those that are new."""
    with desk(STAFF) as at:
        handed = handing_over.hand_on(at, chosen(campaign), read_numbers(numbers), by, reason)
        return [row.number for row in handed]


@step("下达督办文书")
def give_order(campaign: str, order: Order) -> str:
    """Give a numbered letter; its mark."""
    with desk(STAFF) as at:
        return orders.give(at, chosen(campaign), order).mark
