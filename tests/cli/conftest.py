"""An office as the command line makes it: prepared, with the sample register, and one campaign under way."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from appraisal import clock
from appraisal.operations import phases
from appraisal.operations.office import Office
from appraisal.settings import settings
from tests.cli.commands import run

SLUG = "lanxi-2023"
START = ("campaign", "start", "config/methods/lanxi-2023.yaml", "--slug", SLUG, "--from", "2023-04-03")


@pytest.fixture
def prepared(home: Path, move_clock: Callable[[str], datetime]) -> Path:
    move_clock("2023-04-03T09:00+08:00")
    assert run("init").status == 0
    ran = run("register", "import", "config/sample/lanxi", "--method", "lanxi-2023")
    assert (ran.status, ran.err) == (0, "")
    return home


@pytest.fixture
def office(prepared: Path) -> Iterator[Office]:
    opened = Office(settings())
    yield opened
    opened.store.close()


@pytest.fixture
def under_way(office: Office) -> Office:
    """The first phase is open and its duty is issued."""
    assert run(*START, "--unit", "fgj", "--unit", "jxj").status == 0
    with office.desk("test", clock.now()) as desk:
        phases.open_phase(desk, SLUG, "mobilise")
        phases.issue_duties(desk, SLUG, "mobilise")
    return office
