"""The numbers of problems as people write them: 1-12、15."""

import re
from collections.abc import Iterator

from appraisal.domain.refusal import Refusal

MOST = 2000
_PART = re.compile(r"(\d{1,6})(?:\s*[-—–~～至到]+\s*(\d{1,6}))?")
_BETWEEN = re.compile(r"[、，,；;。\s]*")


def read_numbers(written: str) -> list[int]:
    """Each number once, in the order in which they are written.

    Refuses ``numbers.none``, ``numbers.unreadable`` with what cannot be read, and ``numbers.too_many``.
    """
    found: dict[int, None] = {}
    for first, last in _parts(written.strip()):
        if last - first >= MOST:
            raise Refusal("numbers.too_many", most=MOST)
        found |= dict.fromkeys(range(first, last + 1))
    if not found:
        raise Refusal("numbers.none")
    if len(found) > MOST:
        raise Refusal("numbers.too_many", most=MOST)
    return list(found)


def _parts(written: str) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(written):
        match = _PART.match(written, at)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if match is None or last < first:
            raise Refusal("numbers.unreadable", text=written[at : at + 20])
        yield first, last
        between = _BETWEEN.match(written, match.end())
        at = between.end() if between else match.end()
