"""One office a module, on each kind of database: tests share its register, and each has a campaign of its own."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path

import pytest

from appraisal.operations import audit
from appraisal.operations.office import Office
from appraisal.store.work import Store
from tests.databases import Postgres, sqlite_store
from tests.operations.world import STARTS, Campaign, instant, open_office, running

SLUGS = count(1)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Whatever the tests of the module do at this office, its record must hold when they are done."""
    folder = tmp_path_factory.mktemp("office")
    with _database(request, folder) as store:
        opened = open_office(store, folder, instant(STARTS))
        yield opened
        with store.reading() as session:
            assert audit.verify(session) == []


@pytest.fixture
def campaign(office: Office) -> Campaign:
    """A campaign of the test's own at the office of the module."""
    return running(office, f"c{next(SLUGS)}")


@pytest.fixture
def alone(store: Store, home: Path) -> Campaign:
    """The only campaign of its office, for what looks at all of them."""
    return running(open_office(store, home, instant(STARTS)), "alone")


def _database(request: pytest.FixtureRequest, folder: Path) -> AbstractContextManager[Store]:
    if request.param == "sqlite":
        return sqlite_store(request.getfixturevalue("pristine"), folder / "pingyi.db")
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.store()
