"""What every test shares: an empty data folder of its own, and a clock that stands where the test puts it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from appraisal import clock
from appraisal.settings import settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "home"
    monkeypatch.setenv("PINGYI_HOME", str(folder))
    monkeypatch.delenv(clock.MOVED_BY, raising=False)
    settings.cache_clear()
    yield folder
    settings.cache_clear()


@pytest.fixture
def move_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    """`move_clock("2023-10-27T09:00+08:00")` moves this process and every child started from it afterwards."""
    path = tmp_path / "clock"
    monkeypatch.setenv(clock.MOVED_BY, str(path))

    def move(instant: str) -> datetime:
        clock.set_clock(path, datetime.fromisoformat(instant))
        return clock.now()

    return move
