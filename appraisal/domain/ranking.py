"""Ranking by count (排名): the most come first, and equal counts share a rank (1, 2, 2, 4)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ranked:
    """A key with its count, and the rank of that count; ``tied`` when others share it."""

    key: str
    count: int
    rank: int
    tied: bool


def ranked(counts: Sequence[tuple[str, int]]) -> list[Ranked]:
    """The counts from the highest to the lowest; within a rank they keep the order in which they were given."""
    times = Counter(count for _, count in counts)
    rank = {count: 1 + sum(times[more] for more in times if more > count) for count in times}
    found = [Ranked(key, count, rank[count], times[count] > 1) for key, count in counts]
    return sorted(found, key=lambda each: each.rank)
