"""A database in memory that goes back, as often as one likes, to how it was when it was kept."""

import sqlite3
from pathlib import Path

from appraisal.operations.office import Office
from appraisal.store.migrating import upgrade
from appraisal.store.register_tables import PersonRow
from appraisal.store.work import Store
from tests.operations.world import STARTS, instant, open_office


class Memory:
    """An office with the sample register whose database is the connection of this thread."""

    def __init__(self, home: Path) -> None:
        self._kept = sqlite3.connect(":memory:")
        self.store = Store("sqlite://")
        upgrade(self.store)
        self.people: dict[str, PersonRow] = {}
        self.office: Office = open_office(self.store, home, instant(STARTS))

    def keep(self) -> None:
        """From now on this is how it goes back."""
        self._connection().backup(self._kept)

    def go_back(self) -> None:
        self._kept.backup(self._connection())

    def close(self) -> None:
        self.store.close()
        self._kept.close()

    def _connection(self) -> sqlite3.Connection:
        with self.store.engine.connect() as connection:
            found = connection.connection.driver_connection
            assert isinstance(found, sqlite3.Connection)
            return found
