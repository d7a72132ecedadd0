"""Many rows of a table written by one statement that is sent many times.

The unit of work of the ORM weighs every row by itself, and all that hangs on it; where hundreds change alike there is
nothing to weigh.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, inspect, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from appraisal.store.base import Base


def insert_all(session: Session, kind: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that nobody has at hand."""
    if rows:
        session.flush()
        session.execute(insert(table_of(kind)), rows)


def update_all(session: Session, changes: Sequence[tuple["Identified", Mapping[str, Any]]]) -> None:
    """Write what changes in each row, the same columns in all of them; the rows at hand show it too."""
    if changes:
        session.flush()
        table = table_of(type(changes[0][0]))
        change = update(table).where(table.c.id == bindparam("of"))
        session.execute(change, [{"of": row.id, **values} for row, values in changes])
    for row, values in changes:
        for name, value in values.items():
            set_committed_value(row, name, value)


def table_of(kind: type[object]) -> Table:
    """The table itself: what is written to it goes past the ORM."""
    return cast("Table", inspect(kind).local_table)


class Identified(Protocol):
    """A row that has an id."""

    @property
    def id(self) -> UUID: ...
