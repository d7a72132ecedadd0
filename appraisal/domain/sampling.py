"""A sample that anybody can draw again: by the order of a hash, and what was drawn once stays drawn."""

from collections.abc import Callable, Collection
from fractions import Fraction
from math import ceil


def drawn(numbers: Collection[int], before: Collection[int], share: Fraction, mark: Callable[[int], str]) -> list[int]:
    """At least that share of the numbers: those drawn ``before``, and then the others in the order of their marks."""
    wanted = ceil(share * len(numbers))
    rest = sorted(set(numbers) - set(before), key=mark)
    return sorted([*before, *rest[: max(wanted - len(before), 0)]])


def share_of(text: str) -> Fraction:
    """``30%`` or ``1/3`` as it is written in a method."""
    return Fraction(text.removesuffix("%")) / 100 if text.endswith("%") else Fraction(text)
