"""An installation of its own for each story, on the session's Prefect server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from appraisal import clock
from appraisal.settings import settings
from appraisal.store.migrating import upgrade
from flows.deployments import deploy
from tasks.step import office as office_of_process
from tests.engine import Engine, running_engine
from tests.notices.sink import open_sink
from tests.stories.installation import Installation, bring_register

Open = Callable[[str, str, str], Installation]


@pytest.fixture
def told(engine: Engine, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """``told(sample, slug, instant)``: the register imported, the deployments registered, the worker at work."""
    with _prepared(tmp_path, monkeypatch) as begin:
        own = Engine(home, engine.port)
        yield lambda sample, slug, instant: begin(own, sample, slug, instant)
        own.end()


@pytest.fixture
def told_on_its_own(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """The same with a server that may be killed."""
    with _prepared(tmp_path, monkeypatch) as begin, running_engine(home) as own:
        yield lambda sample, slug, instant: begin(own, sample, slug, instant)


@contextmanager
def _prepared(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Engine, str, str, str], Installation]]:
    monkeypatch.setenv(clock.MOVED_BY, str(folder / "clock"))
    monkeypatch.setenv("PINGYI_PATROL_MINUTES", "1440")
    monkeypatch.setenv("PINGYI_DISPATCH_MINUTES", "1440")
    settings.cache_clear()
    office_of_process.cache_clear()
    office = office_of_process()
    upgrade(office.store)
    with open_sink() as sink:

        def begin(engine: Engine, sample: str, slug: str, instant: str) -> Installation:
            clock.set_clock(folder / "clock", datetime.fromisoformat(instant))
            bring_register(office, sample, folder / "register", sink, clock.now())
            deploy()
            engine.start("worker")
            return Installation(office, folder / "clock", sink, slug, engine)

        yield begin
    office.store.close()
    office_of_process.cache_clear()
