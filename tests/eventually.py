import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(ask: Callable[[], T], seconds: float = 20, *, pause_at_most: float = 1.0) -> T:
    """The first true answer; the last one when the time is up, so that the assertion shows it."""
    until, pause = time.monotonic() + seconds, 0.05
    while not (answer := ask()) and time.monotonic() < until:
        time.sleep(pause)
        pause = min(pause * 1.5, pause_at_most)
    return answer
