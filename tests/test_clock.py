from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appraisal import clock


def test_now_is_in_shanghai_when_the_clock_is_not_moved() -> None:
    before = datetime.now(UTC)  # noqa: TID251 - the machine's own clock is what this one is held against.
    instant = clock.now()
    assert instant.utcoffset() == timedelta(hours=8)
    assert before <= instant <= before + timedelta(minutes=1)


def test_now_follows_the_file_on_every_call_when_the_clock_is_moved(move_clock: Callable[[str], datetime]) -> None:
    assert move_clock("2023-10-27T09:00:00+08:00").isoformat() == "2023-10-27T09:00:00+08:00"
    assert move_clock("2023-10-27T16:30:00+00:00").isoformat() == "2023-10-28T00:30:00+08:00"
    assert clock.now() == clock.now()


def test_set_clock_leaves_one_file_when_run_twice(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "clock"
    for _ in range(2):
        clock.set_clock(path, datetime(2024, 2, 29, 8, 30, tzinfo=clock.ZONE))
    assert [found.name for found in path.parent.iterdir()] == ["clock"]
    assert path.read_text(encoding="utf-8") == "2024-02-29T08:30:00+08:00\n"


def test_clock_refuses_an_instant_without_offset(tmp_path: Path) -> None:
    path = tmp_path / "clock"
    path.write_text("2023-10-27T09:00:00", encoding="utf-8")
    with pytest.raises(ValueError, match="has no offset"):
        clock.read_clock(path)
    with pytest.raises(ValueError, match="has no offset"):
        clock.set_clock(path, datetime(2023, 10, 27, 9, 0))  # noqa: DTZ001 - exactly what is refused.
