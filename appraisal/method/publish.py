"""The schema of a method for others to use: a JSON Schema for editors, and the reference tables of docs/method.md."""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from appraisal.method.base import Planned
from appraisal.method.faults import field_words, words
from appraisal.method.ladders import SharedLadders
from appraisal.method.schema import Method
from appraisal.method.walk import is_part, stripped
from appraisal.method.words import is_planned

NOT_YET = "（尚未支持）"


def schema_text() -> str:
    """The JSON Schema of a method, in Chinese, as config/methods/method.schema.json has it."""
    schema = Method.model_json_schema(schema_generator=_Bare)
    described = {part.__name__: part for part in parts(Method)}
    kinds = {kind.__name__: kind for kind in word_kinds(Method)}
    for name, definition in (*schema.get("$defs", {}).items(), ("Method", schema)):
        if name in kinds:
            _describe_words(definition, kinds[name])
        else:
            _describe_part(definition, described[name])
    published = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(published, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def reference() -> str:
    """The tables of every part and every word, in Markdown."""
    acted_on = _expected(Method, beyond_planned=False)
    lines: list[str] = []
    for part in (*parts(Method), *parts(SharedLadders)[:1]):
        lines += [*_heading(part, acted_on=part in acted_on or part is SharedLadders), *_part_table(part), ""]
    lines += ["## Words", ""]
    for kind in word_kinds(Method):
        lines += [*_heading(kind, acted_on=kind in acted_on), *_word_table(kind, acted_on=kind in acted_on), ""]
    return "\n".join(lines).strip() + "\n"


def _heading(of: type, *, acted_on: bool) -> list[str]:
    note = "" if acted_on else " *Planned.*"
    return [f"### {of.__name__}", "", f"{_first_line(of.__doc__)}{note}", ""]


def parts(root: type[BaseModel]) -> list[type[BaseModel]]:
    """Every part of the schema, in the order in which a reader meets them."""
    return [found for found in _expected(root) if is_part(found)]


def word_kinds(root: type[BaseModel]) -> list[type[StrEnum]]:
    """Every set of words to choose among, in the order in which a reader meets them."""
    return [found for found in _expected(root) if isinstance(found, type) and issubclass(found, StrEnum)]


class _Bare(GenerateJsonSchema):
    """Without the English titles that pydantic makes of field names."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def _expected(root: type[BaseModel], *, beyond_planned: bool = True) -> list[object]:
    met: dict[object, None] = {root: None}
    ahead: list[object] = [root]
    while ahead:
        part = ahead.pop(0)
        for field in part.model_fields.values() if is_part(part) else ():
            if planned(field) and not beyond_planned:
                continue
            fresh = [found for found in _leaves(field.annotation) if found not in met]
            met |= dict.fromkeys(fresh)
            ahead += fresh
    return list(met)


def _leaves(annotation: object) -> Iterator[object]:
    expected, _ = stripped(annotation)
    if get_origin(expected) in (list, dict):
        for inner in get_args(expected):
            yield from _leaves(inner)
    else:
        yield expected


def _describe_part(definition: JsonSchemaValue, part: type[BaseModel]) -> None:
    definition["title"], definition["description"] = _split(words(part.__name__))
    for name, field in part.model_fields.items():
        title, description = _split(field_words(part, name))
        property_schema = definition["properties"][name]
        property_schema["title"] = title
        property_schema["description"] = f"{NOT_YET}{description}" if planned(field) else description
        if planned(field):
            property_schema["deprecationMessage"] = f"{title}{NOT_YET}"


def _describe_words(definition: JsonSchemaValue, kind: type[StrEnum]) -> None:
    told = [words(f"{kind.__name__}.{word}") + (NOT_YET if is_planned(word) else "") for word in kind]
    definition["title"] = words(kind.__name__)
    definition["description"] = "；".join(f"{word} {meaning}" for word, meaning in zip(kind, told, strict=True))
    definition["enumDescriptions"] = told


def planned(field: FieldInfo) -> bool:
    """Whether nothing acts on the field yet."""
    return any(isinstance(mark, Planned) for mark in field.metadata)


def _part_table(part: type[BaseModel]) -> Iterator[str]:
    yield "| field | | | meaning |"
    yield "|---|---|---|---|"
    for name, field in part.model_fields.items():
        kind = _kind(field.annotation)
        need = "planned" if planned(field) else "required" if field.is_required() else ""
        yield f"| `{name}` | {kind} | {need} | {field_words(part, name)} |"


def _kind(annotation: object) -> str:
    expected, _ = stripped(annotation)
    if get_origin(expected) is list:
        return f"list of {_kind(get_args(expected)[0])}"
    if get_origin(expected) is dict:
        return f"{_kind(get_args(expected)[1])} by key"
    name = str(getattr(expected, "__name__", expected))
    linked = is_part(expected) or (isinstance(expected, type) and issubclass(expected, StrEnum))
    return f"[{name}](#{name.lower()})" if linked else _PLAIN.get(name, name)


def _word_table(kind: type[StrEnum], *, acted_on: bool) -> Iterator[str]:
    yield "| word | | meaning |"
    yield "|---|---|---|"
    for word in kind:
        need = "planned" if is_planned(word) or not acted_on else ""
        yield f"| `{word}` | {need} | {words(f'{kind.__name__}.{word}')} |"


def _split(text: str) -> tuple[str, str]:
    return text.partition("：")[0], text


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


_PLAIN = {"str": "text", "int": "number", "Decimal": "number", "bool": "true or false", "Span": "span"}
