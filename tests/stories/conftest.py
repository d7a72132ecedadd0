"""An installation of its own for each story, on the session's Prefect server."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

from appraisal import clock
from appraisal.operations.office import Office
from appraisal.settings import settings
from appraisal.store.migrating import upgrade
from flows.deployments import deploy
from tasks.step import office as office_of_process
from tests.flows.conftest import Engine
from tests.notices.sink import open_sink
from tests.stories.installation import Installation, bring_register

Open = Callable[[str, str, str], Installation]


@pytest.fixture
def told(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """``told(sample, slug, instant)``: the register imported, the deployments registered, the worker at work."""
    monkeypatch.setenv(clock.MOVED_BY, str(tmp_path / "clock"))
    monkeypatch.setenv("PINGYI_PATROL_MINUTES", "1440")
    monkeypatch.setenv("PINGYI_DISPATCH_MINUTES", "1440")
    settings.cache_clear()
    office_of_process.cache_clear()
    clock.set_clock(tmp_path / "clock", datetime.fromisoformat("2023-01-03T10:00+08:00"))
    upgrade(office_of_process().store)
    engine = Engine(home)
    with open_sink() as sink, temporary_settings({PREFECT_API_URL: engine.api, PREFECT_HOME: home / "prefect"}):

        def begin(sample: str, slug: str, instant: str) -> Installation:
            engine.start("server")
            assert engine.wait()
            clock.set_clock(tmp_path / "clock", datetime.fromisoformat(instant))
            office: Office = office_of_process()
            bring_register(office, sample, tmp_path / "register", sink, clock.now())
            deploy()
            engine.start("worker")
            return Installation(office, tmp_path / "clock", sink, slug)

        try:
            yield begin
        finally:
            engine.end()
            office_of_process().store.close()
            office_of_process.cache_clear()
