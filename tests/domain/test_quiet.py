from datetime import datetime, time

import pytest

from appraisal.domain.quiet import QuietHours, may_go_at
from tests.domain.calendars import at, shipped

HOURS = QuietHours(time(20), time(8), time(8, 30))


@pytest.mark.parametrize(
    ("now", "goes_at"),
    [
        (at(2023, 9, 28, 7, 59), at(2023, 9, 28, 8)),
        (at(2023, 9, 28, 8), at(2023, 9, 28, 8)),
        (at(2023, 9, 28, 19, 59), at(2023, 9, 28, 19, 59)),
        # After eight in the evening of the last working day before the long holiday; 7 October is a make-up Saturday.
        (at(2023, 9, 28, 20), at(2023, 10, 7, 8)),
        (at(2023, 10, 1, 10), at(2023, 10, 7, 8)),
        (at(2023, 10, 7, 10), at(2023, 10, 7, 10)),
        (at(2023, 10, 13, 20), at(2023, 10, 16, 8)),
        (at(2023, 10, 14, 10), at(2023, 10, 16, 8)),
    ],
)
def test_message_waits_for_a_working_day_and_waking_hours(now: datetime, goes_at: datetime) -> None:
    assert may_go_at(now, HOURS, shipped(), urgent=False, digest=False) == goes_at


@pytest.mark.parametrize(
    ("now", "goes_at"),
    [
        (at(2023, 9, 28, 8, 29), at(2023, 9, 28, 8, 30)),
        (at(2023, 9, 28, 8, 30), at(2023, 9, 28, 8, 30)),
        (at(2023, 9, 28, 8, 31), at(2023, 10, 7, 8, 30)),
        (at(2023, 10, 16, 21), at(2023, 10, 17, 8, 30)),
    ],
)
def test_digest_waits_for_its_hour_on_a_working_day(now: datetime, goes_at: datetime) -> None:
    assert may_go_at(now, HOURS, shipped(), urgent=False, digest=True) == goes_at


@pytest.mark.parametrize("now", [at(2023, 10, 1, 3), at(2023, 9, 28, 23), at(2023, 9, 28, 12)])
def test_urgent_message_goes_at_once(now: datetime) -> None:
    assert may_go_at(now, HOURS, shipped(), urgent=True, digest=False) == now
