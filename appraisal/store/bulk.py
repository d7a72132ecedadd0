"""Many rows of a table written by one statement.

The unit of work of the ORM weighs every row by itself, and all that hangs on it; where hundreds change alike there is
nothing to weigh.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import JSON, ColumnDefault, Dialect, Insert, Table, insert, inspect, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from appraisal.store.base import Base

Row = Mapping[str, Any]
Form = Callable[[Any], Any]


def insert_all(session: Session, kind: type[Base], rows: Sequence[Row], *, once: bool = False) -> None:
    """Insert rows that nobody has at hand; all give the same columns.

    With ``once`` a row that is there already is left as it is.
    """
    if rows:
        session.flush()
        connection = session.connection()
        insertion = _insertion(kind, connection.dialect, tuple(rows[0]), once)
        connection.exec_driver_sql(insertion.text, insertion.bound(rows))


def update_alike(session: Session, kind: type[Base], ids: Sequence[UUID], values: Row) -> None:
    """Write the same values in all these rows; whoever has one of them at hand must have it expire."""
    if ids:
        session.flush()
        table = table_of(kind)
        session.execute(update(table).where(table.c.id.in_(ids)).values(values))


def table_of(kind: type[object]) -> Table:
    """The table itself: what is written to it goes past the ORM."""
    return cast("Table", inspect(kind).local_table)


@dataclass(frozen=True)
class _Insertion:
    """An insertion as the driver takes it: its text, and the form of each column; what is left out has its default.

    SQLAlchemy finds the form of every column of every row anew, which takes as long as inserting it.
    """

    text: str
    forms: Sequence[tuple[str, Form | None]]
    papers: frozenset[str]
    defaults: Row
    by_place: bool

    def bound(self, rows: Sequence[Row]) -> list[Any]:
        """The parameters, by their places or by their names."""
        full = [{**self.defaults, **row} for row in rows] if self.defaults else rows
        forms = [(name, _running(form) if form and name in self.papers else form) for name, form in self.forms]
        if self.by_place:
            return [tuple([form(row[name]) if form else row[name] for name, form in forms]) for row in full]
        return [{name: form(row[name]) if form else row[name] for name, form in forms} for row in full]


def _running(form: Form) -> Form:
    """The same, but a paper that several rows running share is written out once."""
    last: Any = None
    text: Any = None

    def written(paper: object) -> object:
        nonlocal last, text
        if paper is not last:
            last, text = paper, form(paper)
        return text

    return written


@lru_cache(maxsize=64)
def _insertion(kind: type[Base], dialect: Dialect, names: tuple[str, ...], once: bool) -> _Insertion:
    table = table_of(kind)
    compiled = _insert(table, dialect, once).compile(dialect=dialect, column_keys=list(names))
    others = [(column.name, column.default) for column in compiled.insert_prefetch]
    defaults = {name: default.arg for name, default in others if isinstance(default, ColumnDefault)}
    places = compiled.positiontup or [*names, *defaults]
    forms = [(name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in places]
    papers = frozenset(column.name for column in table.columns if isinstance(column.type, JSON))
    return _Insertion(compiled.string, forms, papers, defaults, compiled.positional)


def _insert(table: Table, dialect: Dialect, once: bool) -> Insert:
    """Both databases say "on conflict do nothing" alike."""
    if not once:
        return insert(table)
    own = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    return own(table).on_conflict_do_nothing()
