"""The days of an intake, taken together until enough people have spoken for the day to be named.

A figure that grows by one tells that somebody spoke between two readings of it.  So what is shown grows by whole
batches: days in a row on which at least the smallest group spoke, and never the day that is not over.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Batch:
    """Days in a row, the first and the last of them with an opinion, and how many came in on them."""

    first: date
    last: date
    count: int


def batches(counts: Mapping[date, int], smallest: int, today: date) -> list[Batch]:
    """Every batch of at least ``smallest`` that is complete before ``today``, in the order of the days."""
    return list(_batches(counts, smallest, today))


def _batches(counts: Mapping[date, int], smallest: int, today: date) -> Iterator[Batch]:
    first, together = None, 0
    for day in sorted(day for day, count in counts.items() if count and day < today):
        first = first or day
        together += counts[day]
        if together >= smallest:
            yield Batch(first, day, together)
            first, together = None, 0
