"""What every test shares: an empty data folder of its own, and a clock that stands where the test puts it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from appraisal import clock
from appraisal.settings import settings
from appraisal.store.work import Store
from tests.databases import Postgres, in_memory, pristine_sqlite, sqlite_store

if TYPE_CHECKING:
    from tests.engine import Engine


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


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pristine_sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    # Not under pytest's own folder: every pytest that starts closes that one to all others, while a PostgreSQL
    # brought up by root runs as another user.
    with TemporaryDirectory(prefix="pingyi-postgres-", dir=in_memory(), ignore_cleanup_errors=True) as folder:
        server = Postgres(Path(folder) / "data")
        yield server
        server.stop()


@pytest.fixture
def sqlite(pristine: Path, tmp_path: Path) -> Iterator[Store]:
    with sqlite_store(pristine, tmp_path / "pingyi.db") as store:
        yield store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty database of the test's own; the test runs once on each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        with postgres.store() as store:
            yield store


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Engine"]:
    """A real Prefect server, one a session.  Prefect is imported only by the tests that want it."""
    from tests.engine import running_engine

    with running_engine(tmp_path_factory.mktemp("engine")) as started:
        yield started


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take minutes are begun first, stories before all: they run beside everything else and not after it."""
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: ("stories" not in item.path.parts, item.path not in long))
