"""What pydantic calls a fault, said as the author of a method needs to hear it."""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from appraisal.method.faults import Found, Loc, field_title, has_words, words
from appraisal.method.walk import is_part, part_at

Facts = dict[str, object]

_PATTERNS = (
    ("|[1-9]", "bad-portion"),
    ("%|", "bad-share"),
    ("%$", "bad-share"),
    ("{0,2}", "bad-event-name"),
    ("{0,39}", "bad-slug"),
)
_RELATIONS = {"gt": "大于", "ge": "不小于", "lt": "小于", "le": "不大于"}
# One line for every type of error that the schema can give; tests/method/test_phrasing.py holds them against it.
_CODES: Mapping[str, str] = {
    "model_type": "not-mapping",
    "model_attributes_type": "not-mapping",
    "dict_type": "not-mapping",
    "list_type": "not-list",
    "string_type": "not-text",
    "string_too_short": "empty",
    "bool_type": "not-yes-no",
    "bool_parsing": "not-yes-no",
    "int_type": "not-integer",
    "int_parsing": "not-integer",
    "int_parsing_size": "not-integer",
    "int_from_float": "not-integer",
    "decimal_type": "not-number",
    "decimal_parsing": "not-number",
    "finite_number": "not-number",
    "day": "bad-date",
    "span": "bad-span",
    "offset": "bad-offset",
    "due_shape": "due-shape",
    "goal_log": "goal-log",
    "rung_trigger": "rung-trigger",
    "condition_shape": "condition-shape",
    "rung_condition": "rung-condition",
    "extension_event": "extension-event",
}


def in_words(model: type[BaseModel], fault: ErrorDetails) -> Found:
    """The fault with a code of ours; a type of error without a line here is still said in Chinese."""
    loc = fault["loc"][:-1] if fault["loc"][-1:] == ("[key]",) else fault["loc"]
    kind = fault["type"]
    if kind in _WITH_FACTS:
        code, facts = _WITH_FACTS[kind](model, loc, fault)
    else:
        code, facts = _CODES.get(kind, "invalid"), {"value": shown(fault["input"])}
    if fault["input"] is None and kind not in ("due_shape", "rung_trigger", "condition_shape", "boundary_open"):
        code, facts = "empty", {}
    return Found(loc, code, facts)


def shown(value: object) -> str:
    """A value as it is quoted in a fault: short, and on one line."""
    text = " ".join(str(value).split())
    return text if len(text) <= 40 else text[:39] + "…"


def nearest(value: object, known: list[str]) -> str | None:
    """The known word that was probably meant."""
    close = get_close_matches(str(value), known, n=1, cutoff=0.6)
    return close[0] if close else None


def _missing(model: type[BaseModel], loc: Loc, _: ErrorDetails) -> tuple[str, Facts]:
    part, name = part_at(model, loc[:-1]), str(loc[-1])
    return "missing", {"part": _title(part), "name": name, "title": field_title(part, name)}


def _unknown_field(model: type[BaseModel], loc: Loc, _: ErrorDetails) -> tuple[str, Facts]:
    part, name = part_at(model, loc[:-1]), str(loc[-1])
    known = list(part.model_fields) if is_part(part) else []
    return "unknown-field", {
        "part": _title(part),
        "name": shown(name),
        "known": known,
        "near": nearest(name, known),
    }


def _unknown_word(model: type[BaseModel], loc: Loc, fault: ErrorDetails) -> tuple[str, Facts]:
    """What was meant is the word that is spelt alike, or whose Chinese was written."""
    known = re.findall(r"'([^']*)'", str(fault.get("ctx", {}).get("expected", "")))
    value, kind = shown(fault["input"]), getattr(part_at(model, loc), "__name__", "")
    meant = [word for word in known if value and has_words(f"{kind}.{word}", value)]
    return "unknown-word", {"value": value, "known": known, "near": meant[0] if meant else nearest(value, known)}


def _pattern(_: type[BaseModel], __: Loc, fault: ErrorDetails) -> tuple[str, Facts]:
    pattern = str(fault.get("ctx", {}).get("pattern", ""))
    code = next((code for part, code in _PATTERNS if part in pattern), "invalid")
    return code, {"value": shown(fault["input"])}


def _limit(_: type[BaseModel], __: Loc, fault: ErrorDetails) -> tuple[str, Facts]:
    name, limit = next(iter(fault.get("ctx", {}).items()))
    code = "too-small" if name in ("gt", "ge") else "too-large"
    return code, {"value": shown(fault["input"]), "relation": _RELATIONS[name], "limit": str(limit)}


def _boundary(_: type[BaseModel], __: Loc, fault: ErrorDetails) -> tuple[str, Facts]:
    """The line that a condition draws without saying on which side exactly the line is."""
    written = fault["input"] if isinstance(fault["input"], dict) else {}
    for name in ("share", "votes", "score"):
        if written.get(name) is not None:
            return "boundary-open", {"name": name, "line": shown(written[name])}
    return "boundary-open", {"name": "share", "line": ""}


def _length(_: type[BaseModel], __: Loc, fault: ErrorDetails) -> tuple[str, Facts]:
    ctx: dict[str, Any] = fault.get("ctx", {})
    code, name = ("too-few", "min_length") if fault["type"] == "too_short" else ("too-many", "max_length")
    return code, {"limit": ctx[name], "actual": ctx["actual_length"]}


def _title(part: object) -> str:
    name = getattr(part, "__name__", "")
    return words(name).partition("：")[0] if is_part(part) else "这里"


_WITH_FACTS: Mapping[str, Callable[[type[BaseModel], Loc, ErrorDetails], tuple[str, Facts]]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_field,
    "enum": _unknown_word,
    "string_pattern_mismatch": _pattern,
    "greater_than": _limit,
    "greater_than_equal": _limit,
    "less_than": _limit,
    "less_than_equal": _limit,
    "too_short": _length,
    "too_long": _length,
    "boundary_open": _boundary,
}
