"""What the migrations share."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine


def column(
    name: str, kind: TypeEngine[Any] | type[TypeEngine[Any]], *rest: sa.ForeignKey, nullable: bool = False
) -> sa.Column[Any]:
    """A column; most of this system's may not be empty."""
    return sa.Column(name, kind, *rest, nullable=nullable)
