"""One walk over a written method, guided by the schema: every node with its marks, whether it is valid or not."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, TypeGuard, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

from appraisal.method.faults import Loc

M = TypeVar("M")


@dataclass(frozen=True)
class Met:
    """A node that the file has: what the schema expects there, the marks of the field, and what is written."""

    loc: Loc
    marks: tuple[object, ...]
    expected: object
    value: object

    def mark(self, kind: type[M]) -> M | None:
        """The first mark of that kind."""
        return next((mark for mark in self.marks if isinstance(mark, kind)), None)


def walk(expected: object, value: object, loc: Loc = (), marks: tuple[object, ...] = ()) -> Iterator[Met]:
    """Every node that is written and that the schema knows, outermost first."""
    if value is None:
        return
    expected, marks = stripped(expected, marks)
    yield Met(loc, marks, expected, value)
    if isinstance(value, dict):
        yield from _mapping(expected, value, loc)
    elif isinstance(value, list) and get_origin(expected) is list:
        for position, item in enumerate(value):
            yield from walk(get_args(expected)[0], item, (*loc, position))


def _mapping(expected: object, value: dict[str, object], loc: Loc) -> Iterator[Met]:
    if is_part(expected):
        for name, field in expected.model_fields.items():
            yield from walk(field.annotation, value.get(name), (*loc, name), tuple(field.metadata))
    elif get_origin(expected) is dict:
        for name, item in value.items():
            yield from walk(get_args(expected)[1], item, (*loc, name))


def stripped(expected: object, marks: tuple[object, ...] = ()) -> tuple[object, tuple[object, ...]]:
    """The type itself, without ``| None`` and ``Annotated``, and the marks that stood on it."""
    if get_origin(expected) is Annotated:
        inner, *more = get_args(expected)
        return stripped(inner, (*marks, *more))
    if get_origin(expected) in (Union, UnionType):
        chosen = next(kind for kind in get_args(expected) if kind is not NoneType)
        return stripped(chosen, marks)
    return expected, marks


def is_part(expected: object) -> TypeGuard[type[BaseModel]]:
    """Whether the schema has a part of its own there."""
    return isinstance(expected, type) and issubclass(expected, BaseModel)


def part_at(expected: object, loc: Loc) -> object:
    """What the schema expects at a place; None where it knows no such place."""
    expected, _ = stripped(expected)
    if not loc:
        return expected
    step, rest = loc[0], loc[1:]
    if is_part(expected):
        field = expected.model_fields.get(str(step))
        return part_at(field.annotation, rest) if field else None
    if get_origin(expected) in (list, dict):
        return part_at(get_args(expected)[-1], rest)
    return None
