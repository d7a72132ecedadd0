"""The reason of a due date, step by step: codes and plain facts, so that it can be stored, hashed and put in words."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """Dates and instants among the facts are ISO strings; several of one kind are joined by commas."""

    code: str
    facts: Mapping[str, str | int]


def steps_to_json(steps: Iterable[Step]) -> str:
    plain = [{"code": step.code, "facts": dict(step.facts)} for step in steps]
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def steps_from_json(text: str) -> tuple[Step, ...]:
    return tuple(Step(plain["code"], plain["facts"]) for plain in json.loads(text))
