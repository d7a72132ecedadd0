"""Worlds behind a portal.  That of most tests is begun once a session on each kind of database, then copied."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from appraisal.store.work import Store
from tests.databases import Postgres, sqlite_store
from tests.operations.world import STARTS, instant, open_office
from tests.portal.voting_world import Votes, make_votes
from tests.portal.world import World, begin_world, world_at


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest, home: Path, move_clock: Callable[[str], datetime]) -> Iterator[World]:
    """Monday, 28 August 2023, 10:00: a method with two phases side by side runs in two units."""
    move_clock(f"{STARTS}+08:00")
    with _begun(request, home) as store:
        yield world_at(store, home)


@contextmanager
def _begun(request: pytest.FixtureRequest, home: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        folder: Path = request.getfixturevalue("world_sqlite")
        shutil.copytree(folder / "home", home)
        with sqlite_store(folder / "pingyi.db", home.parent / "pingyi.db") as store:
            yield store
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        folder, name = request.getfixturevalue("world_postgres")
        shutil.copytree(folder / "home", home)
        with postgres.store(name) as store:
            yield store


@pytest.fixture(scope="session")
def world_sqlite(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the database and the data folder."""
    folder = tmp_path_factory.mktemp("world")
    with sqlite_store(pristine, folder / "pingyi.db") as store:
        begin_world(store, folder / "home", instant(STARTS))
    return folder


@pytest.fixture(scope="session")
def world_postgres(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The folder that holds the data folder, and the name of a database that nobody is connected to."""
    folder = tmp_path_factory.mktemp("world")
    with postgres.store() as store:
        begin_world(store, folder / "home", instant(STARTS))
        store.close()
        yield folder, str(store.engine.url.database)


@pytest.fixture
def votes(store: Store, home: Path, move_clock: Callable[[str], datetime]) -> Votes:
    """Thursday, 28 September 2023, 10:00: a sitting is open at which two units are voted on."""
    votes = make_votes(open_office(store, home, move_clock("2023-08-28T10:00+08:00")))
    move_clock("2023-09-28T10:00+08:00")
    return votes
