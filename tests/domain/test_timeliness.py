from datetime import datetime

import pytest

from appraisal.domain.timeliness import timeliness
from tests.domain.calendars import at

MIDNIGHT = at(2023, 10, 8, 0)
"""The end of 7 October."""
CLOSE_OF_BUSINESS = at(2023, 10, 7, 17, 30)


@pytest.mark.parametrize(
    ("due_at", "now", "light"),
    [
        (MIDNIGHT, at(2023, 9, 30, 23, 59), "on_time"),
        (MIDNIGHT, at(2023, 10, 1, 0), "near"),
        (MIDNIGHT, at(2023, 10, 6, 23, 59), "near"),
        (MIDNIGHT, at(2023, 10, 7, 0), "due"),
        (MIDNIGHT, at(2023, 10, 7, 23, 59), "due"),
        (MIDNIGHT, at(2023, 10, 8, 0), "overdue"),
        (CLOSE_OF_BUSINESS, at(2023, 9, 30, 17, 29), "on_time"),
        (CLOSE_OF_BUSINESS, at(2023, 9, 30, 17, 30), "near"),
        (CLOSE_OF_BUSINESS, at(2023, 10, 7, 17, 29), "due"),
        (CLOSE_OF_BUSINESS, at(2023, 10, 7, 17, 30), "overdue"),
        (None, at(2023, 10, 7), "waiting"),
    ],
)
def test_light_is_told_from_the_clock(due_at: datetime | None, now: datetime, light: str) -> None:
    assert timeliness(due_at, now, owed=True) == light


@pytest.mark.parametrize("due_at", [None, MIDNIGHT])
def test_what_is_not_owed_is_done_whenever_it_was_due(due_at: datetime | None) -> None:
    assert timeliness(due_at, at(2024, 1, 1), owed=False) == "done"
