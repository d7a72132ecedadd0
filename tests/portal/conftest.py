from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from appraisal.store.work import Store
from tests.operations.world import open_office
from tests.portal.voting_world import Votes, make_votes
from tests.portal.world import World, make_world


@pytest.fixture
def world(store: Store, home: Path, move_clock: Callable[[str], datetime]) -> World:
    """Monday, 28 August 2023, 10:00: a method with two phases side by side runs in two units."""
    return make_world(store, home, move_clock("2023-08-28T10:00+08:00"))


@pytest.fixture
def votes(store: Store, home: Path, move_clock: Callable[[str], datetime]) -> Votes:
    """Thursday, 28 September 2023, 10:00: a sitting is open at which two units are voted on."""
    votes = make_votes(open_office(store, home, move_clock("2023-08-28T10:00+08:00")))
    move_clock("2023-09-28T10:00+08:00")
    return votes
