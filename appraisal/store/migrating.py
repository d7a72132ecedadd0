"""Bringing the database to the schema of this version."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, make_url

from appraisal.store import (
    assignment_tables,
    ballot_tables,
    campaign_tables,
    opinion_tables,
    panel_tables,
    problem_tables,
    record_tables,
    rectification_tables,
    register_tables,
    sitting_tables,
)
from appraisal.store.base import Base
from appraisal.store.work import Store

TABLES = (
    assignment_tables,
    ballot_tables,
    campaign_tables,
    opinion_tables,
    panel_tables,
    problem_tables,
    record_tables,
    rectification_tables,
    register_tables,
    sitting_tables,
)
"""Named here so that the metadata is complete wherever migrations run."""


def upgrade(store: Store, revision: str = "head") -> None:
    """Create the tables or bring them up to date (or to an older ``revision``); does nothing when they are."""
    file = make_url(store.url).database
    if store.engine.dialect.name == "sqlite" and file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    with store.engine.connect() as connection, _tables_may_be_rebuilt(connection):
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


@contextmanager
def _tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by building it anew and dropping the old one, to which other rows may refer meanwhile.

    The switch does nothing inside a transaction, so it is thrown before one begins; what was broken is found after.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
    if broken:
        raise ValueError(f"rows refer to what is not there: {broken[:5]}")


def is_current(store: Store) -> bool:
    """Whether the database has the newest migration."""
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _scripts().get_current_head()


def differences(store: Store) -> list[object]:
    """Where the migrated database differs from the tables in code; empty when they agree."""
    with store.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "appraisal.store:migrations")
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
