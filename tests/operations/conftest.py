"""One office a module, on each kind of database: tests share its register, and each has a campaign of its own."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path

import pytest

from appraisal.operations import audit
from appraisal.operations.office import Office
from appraisal.settings import Settings
from appraisal.store.work import Store
from tests.databases import Postgres, sqlite_store
from tests.operations.assigned_world import Assigned, assigned_at
from tests.operations.listing import Listing, listing_at
from tests.operations.world import STARTS, Campaign, instant, open_office, running

SLUGS = count(1)
ALONE = "alone"
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module", params=BOTH)
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Whatever the tests of the module do at this office, its record must hold when they are done."""
    folder = tmp_path_factory.mktemp("office")
    with _empty(request, folder) as store:
        opened = open_office(store, folder, instant(STARTS))
        yield opened
        with store.reading() as session:
            assert audit.verify(session) == []


@pytest.fixture
def campaign(office: Office) -> Campaign:
    """A campaign of the test's own at the office of the module."""
    return running(office, f"c{next(SLUGS)}")


@pytest.fixture(scope="module")
def unchanged(office: Office) -> Campaign:
    """One campaign for all that is refused: whoever refuses leaves it as it was."""
    return running(office, f"c{next(SLUGS)}")


@pytest.fixture(params=BOTH)
def alone(request: pytest.FixtureRequest, home: Path) -> Iterator[Campaign]:
    """The only campaign of its office, for what looks at all of them; begun once a session, then copied."""
    with _begun(request, home) as store:
        yield Campaign(Office(Settings(home=home), store), ALONE)


@pytest.fixture(scope="session")
def begun_sqlite(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("begun")
    with sqlite_store(pristine, folder / "begun.db") as store:
        running(open_office(store, folder, instant(STARTS)), ALONE)
    return folder / "begun.db"


@pytest.fixture(scope="session")
def begun_postgres(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres.store() as store:
        running(open_office(store, tmp_path_factory.mktemp("begun"), instant(STARTS)), ALONE)
        store.close()
        yield str(store.engine.url.database)


def _empty(request: pytest.FixtureRequest, folder: Path) -> AbstractContextManager[Store]:
    if request.param == "sqlite":
        return sqlite_store(request.getfixturevalue("pristine"), folder / "pingyi.db")
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.store()


def _begun(request: pytest.FixtureRequest, home: Path) -> AbstractContextManager[Store]:
    if request.param == "sqlite":
        home.mkdir()
        return sqlite_store(request.getfixturevalue("begun_sqlite"), home / "pingyi.db")
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.store(request.getfixturevalue("begun_postgres"))


@pytest.fixture
def listing(office: Office) -> Listing:
    """A campaign of the test's own with a problem list."""
    return listing_at(office, f"c{next(SLUGS)}")


@pytest.fixture
def assigned(office: Office) -> Assigned:
    """A campaign of the test's own whose problems are put to units by letter."""
    return assigned_at(office, f"c{next(SLUGS)}")
