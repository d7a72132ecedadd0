"""Long lists, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
ON_A_PAGE = 50


@dataclass(frozen=True)
class Paged(Generic[T]):
    """What stands on one page, which page it is, and how many there are; both count from one."""

    items: Sequence[T]
    number: int
    last: int
    total: int


def paged(items: Sequence[T], number: int, size: int = ON_A_PAGE) -> Paged[T]:
    """The page of that number, or the nearest there is."""
    last = max(1, -(-len(items) // size))
    at = min(max(number, 1), last)
    return Paged(items[(at - 1) * size : at * size], at, last, len(items))
