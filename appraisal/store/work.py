"""The unit of work: one transaction, one actor; facts go to the ledger when it commits, and only then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from appraisal.domain.facts import Fact
from appraisal.store import ledger

REGISTER = "register"


class Work:
    """A transaction that rolls back unless its block ends well.  Application code never commits."""

    def __init__(self, engine: Engine, actor: str) -> None:
        self.actor = actor
        self.session = Session(engine, expire_on_commit=False)
        self._entries: list[ledger.Entry] = []
        self._engine = engine
        self._afterwards: dict[Callable[[Engine], None], None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.session.flush()
                ledger.append(self.session, self._entries)
                self.session.commit()
            else:
                self.session.rollback()
        finally:
            self.session.close()
        if kind is None:
            for do in self._afterwards:
                do(self._engine)

    def afterwards(self, do: Callable[[Engine], None]) -> None:
        """Have something done to the database once this is committed, outside of any transaction; asked twice, once."""
        self._afterwards[do] = None

    def record(self, chain: str, fact: Fact, at: datetime, *, behalf: str | None = None) -> None:
        """Put a fact on the ledger with this transaction."""
        self._entries.append(ledger.Entry(chain, fact, self.actor, behalf, at))

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A savepoint: what fails inside is undone, facts included, and the rest of the work goes on."""
        kept = len(self._entries)
        try:
            with self.session.begin_nested():
                yield
        except BaseException:
            del self._entries[kept:]
            raise


class Store:
    """The database of an installation."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = create_engine(url, pool_pre_ping=True, **_options(url))
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _sqlite_connect)
            event.listen(self.engine, "begin", _sqlite_begin)

    def work(self, actor: str) -> Work:
        """A unit of work in which ``actor`` acts (``person:<code>``, ``engine``, ``cli``)."""
        return Work(self.engine, actor)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that writes nothing."""
        with Session(self.engine.execution_options(pingyi_read_only=True)) as session:
            yield session

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def writes(session: Session) -> bool:
    """Whether the session is that of a unit of work, and not one that only reads."""
    return not session.get_bind().get_execution_options().get("pingyi_read_only", False)


def sqlite_url(file: Path) -> str:
    """The URL of the embedded database in ``file``."""
    return f"sqlite:///{file}"


def _options(url: str) -> dict[str, Any]:
    return {"connect_args": {"timeout": 30}} if url.startswith("sqlite") else {}


def _sqlite_connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy says when a transaction begins, not the driver.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.cursor().execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    """Begin IMMEDIATE, so that two writers queue up instead of failing when both turn from reading to writing."""
    read_only = connection.get_execution_options().get("pingyi_read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
