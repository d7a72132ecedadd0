"""Supervision: an axis of its own beside the status, computed from the letters that press a matter, never stored."""

from collections.abc import Iterable
from enum import StrEnum


class Supervision(StrEnum):
    """Not supervised, supervised (督办), or listed (挂牌督办)."""

    NONE = "none"
    SUPERVISED = "supervised"
    LISTED = "listed"


_WORTH = list(Supervision)
_BY_ORDER = {"supervise": Supervision.SUPERVISED, "list": Supervision.LISTED}


def supervision(kinds: Iterable[str]) -> Supervision:
    """What the letters of these kinds make of a matter that is still owed: the gravest of them counts."""
    return max((_BY_ORDER.get(kind, Supervision.NONE) for kind in kinds), key=_WORTH.index, default=Supervision.NONE)
