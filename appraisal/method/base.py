"""What every part of a method's schema is made of: strict models, slugs, references and short texts."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer, PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from appraisal.domain.ladder import Offset
from appraisal.domain.span import Span

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
EventName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+){0,2}$")]


def _span(value: object) -> Span:
    """Read ``10wd``; a YAML mapping with the same parts is not another way to write a span."""
    if isinstance(value, Span):
        return value
    try:
        return Span.parse(str(value))
    except ValueError:
        raise PydanticCustomError("span", "not a span of time") from None


def _offset(value: object) -> Offset:
    if isinstance(value, Offset):
        return value
    try:
        return Offset.parse(str(value))
    except ValueError:
        raise PydanticCustomError("offset", "not a place on a ladder") from None


def _day(value: object) -> date:
    """Read ``2023-10-27``; a bare number is no date, though pydantic would count it in seconds."""
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        raise PydanticCustomError("day", "not a date") from None


Day = Annotated[
    date,
    PlainValidator(_day),
    PlainSerializer(date.isoformat, return_type=str),
    WithJsonSchema({"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}),
]
SpanText = Annotated[
    Span,
    PlainValidator(_span),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,4}(d|wd|w|m|y)$"}),
]
OffsetText = Annotated[
    Offset,
    PlainValidator(_offset),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[+-]?\d{1,4}(d|wd|w|m|%)$"}),
]


class Refers:
    """Marks a field as naming something declared elsewhere in the method; the checker resolves it."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


RoleRef = Annotated[Slug, Refers("role")]
DutyRef = Annotated[Slug, Refers("duty")]
PhaseRef = Annotated[Slug, Refers("phase")]
BallotRef = Annotated[Slug, Refers("ballot")]
LadderRef = Annotated[Slug, Refers("ladder")]
VoterRef = Annotated[Slug, Refers("voter")]
ConsequenceRef = Annotated[Slug, Refers("consequence")]
LogRef = Annotated[Slug, Refers("log")]
TrackRef = Annotated[Slug, Refers("track")]
EventRef = Annotated[EventName, Refers("event")]


class Planned:
    """Marks a field that is understood but that nothing acts on yet; using it is refused by name."""


class Strict(BaseModel):
    """A part of a method: unknown words are refused, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Clause(Strict):
    """A part that states a rule of the method, with the words or the source it was taken from."""

    basis: Text
