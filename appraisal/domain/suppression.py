"""Small groups in figures: a count of few people is not shown, nor what would tell it by subtraction.

Whoever reads the figures knows their total.  So a small count is never hidden alone: larger ones, the smallest first,
are hidden beside it until those hidden can be shared out in more than one way.  Zeros are hidden last.
"""

from collections.abc import Collection, Mapping
from typing import TypeVar

K = TypeVar("K")


def suppressed(counts: Mapping[K, int], smallest: int) -> dict[K, int | None]:
    """The counts as they may be shown, None for a hidden one; their total is taken to be known.

    ``smallest`` is the least number of people that a figure may stand for.  A total below it is not for showing at
    all: whoever calls refuses that first.
    """
    hidden = [key for key, count in counts.items() if 0 < count < smallest]
    others = sorted((key for key in counts if key not in hidden), key=lambda key: (counts[key] == 0, counts[key]))
    while hidden and others and not _blurred([counts[key] for key in hidden]):
        hidden.append(others.pop(0))
    return {key: None if key in hidden else count for key, count in counts.items()}


def is_hidden(shown: Mapping[K, int | None], keys: Collection[K]) -> bool:
    """Whether the sum over ``keys`` must be hidden: told beside what is shown, it would narrow down what is not.

    It tells nothing new where all that is hidden is on one side of it.
    """
    inside = [key in keys for key, count in shown.items() if count is None]
    return any(inside) and not all(inside)


def _blurred(hidden: Collection[int]) -> bool:
    """Two of them at least, and each could be another number although none of them is nought."""
    return len(hidden) > 1 and sum(hidden) >= 2 * len(hidden)
