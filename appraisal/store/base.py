"""The declarative base of all tables, with names for constraints so that migrations can speak of them."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import MetaData, String, Text, Uuid
from sqlalchemy.orm import DeclarativeBase

from appraisal.store.types import Instant, Json, JsonObject

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all rows share."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: String(400),
        datetime: Instant,
        UUID: Uuid,
        JsonObject: Json,
        list[JsonObject]: Json,
    }


LongText = Text


def identity(*parts: object) -> UUID:
    """The id of a thing, from what it is about: the same parts give the same id, so a second insert collides."""
    return uuid5(NAMESPACE_URL, "pingyi:" + "/".join(str(part) for part in parts))
