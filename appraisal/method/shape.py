"""What of a written method has the right shape, and in Chinese what has not.

The schema names the faults of shape.  So that faults of sense are named in the same list, the faulty nodes are then
taken out, or filled in where nothing hangs on them, and what stands is checked on.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from appraisal.method.faults import Found, Loc
from appraisal.method.phrasing import in_words
from appraisal.method.walk import part_at

P = TypeVar("P", bound=BaseModel)

_GONE = object()
_ROUNDS = 200
_TEXT = "缺"
# What may stand in for a faulty field, of one part or of any, so that the part around it can still be checked.
_STAND_INS: dict[str, object] = {
    "title": _TEXT,
    "basis": _TEXT,
    "body": _TEXT,
    "what": _TEXT,
    "where": _TEXT,
    "due": {"at": "decided"},
    "closes": {"at": "decided"},
    "Method.method": "missing",
    "Method.kind": "special-appraisal",
    "Method.sources": [{"title": _TEXT, "where": _TEXT}],
    "Method.calendar": {"basis": _TEXT},
    "Method.roles": [{"key": "missing", "title": _TEXT, "scope": "body", "basis": _TEXT}],
    "Method.targets": {"kinds": ["unit"], "basis": _TEXT, "selection": {"way": "named", "basis": _TEXT}},
    "Targets.kinds": ["unit"],
    "Targets.selection": {"way": "named", "basis": _TEXT},
    "Selection.way": "named",
    "Ballot.rates": "whole",
    "Ballot.recording": "entered",
    "Ballot.options": [{"key": "missing", "title": _TEXT}, {"key": "missing-too", "title": _TEXT}],
    "Ballot.grading": {"rule": "announced", "basis": _TEXT},
    "Ballot.shown": {"when": "on_the_spot", "basis": _TEXT},
    "Grading.rule": "announced",
    "Shown.when": "on_the_spot",
    "Validity.blank": "abstained",
    "Validity.several_marks": "invalid",
    "Ballot.validity": {"blank": "abstained", "several_marks": "invalid", "basis": _TEXT},
    "Threshold.boundary": "reach",
    "Condition.boundary": "reach",
    "Quorum.boundary": "exceed",
    "Passing.boundary": "exceed",
    "PartShare.boundary": "reach",
    "Channel.weight": 100,
}


@dataclass(frozen=True)
class Standing(Generic[P]):
    """The part that stands, None where too little is left; ``kept`` has the original positions of thinned lists."""

    part: P | None
    found: tuple[Found, ...]
    kept: dict[Loc, list[int]]

    def origin(self, loc: Loc) -> Loc:
        """Where in the file a place of the standing part is."""
        original: list[str | int] = []
        for depth, step in enumerate(loc):
            positions = self.kept.get(loc[:depth]) if isinstance(step, int) else None
            original.append(positions[int(step)] if positions else step)
        return tuple(original)


def stand(model: type[P], tree: dict[str, object]) -> Standing[P]:
    """All faults of shape, and the part without them."""
    found: tuple[Found, ...] | None = None
    work = deepcopy(tree)
    for _ in range(_ROUNDS):
        kept: dict[Loc, list[int]] = {}
        try:
            part = model.model_validate(_thinned(work, (), kept))
        except ValidationError as error:
            errors = error.errors(include_url=False)
            found = tuple(in_words(model, fault) for fault in errors) if found is None else found
            whole = Standing[P](None, found, kept)
            if not all(_take_out(model, work, whole.origin(fault["loc"]), fault["type"]) for fault in errors):
                break
        else:
            return Standing(part, found or (), kept)
    return Standing(None, found or (), {})


def _thinned(value: object, loc: Loc, kept: dict[Loc, list[int]]) -> object:
    if isinstance(value, dict):
        return {name: _thinned(item, (*loc, name), kept) for name, item in value.items()}
    if isinstance(value, list):
        kept[loc] = [position for position, item in enumerate(value) if item is not _GONE]
        return [_thinned(value[position], (*loc, new), kept) for new, position in enumerate(kept[loc])]
    return value


def _take_out(model: type[BaseModel], tree: dict[str, object], loc: Loc, kind: str) -> bool:
    """Fill in or take out the node at fault; False where nothing would be left."""
    loc = loc[:-1] if loc and loc[-1] == "[key]" else loc
    if not loc:
        return False
    holder, name = _at(tree, loc[:-1]), loc[-1]
    if isinstance(holder, list) and isinstance(name, int):
        holder[name] = _GONE
    elif isinstance(holder, dict):
        stand_in = _stand_in(model, loc) if kind != "extra_forbidden" else None
        if stand_in is not None and holder.get(name) != stand_in:
            holder[name] = deepcopy(stand_in)
        elif stand_in is not None or kind == "missing":
            return _take_out(model, tree, loc[:-1], "")
        else:
            holder.pop(name, None)
    return True


def _stand_in(model: type[BaseModel], loc: Loc) -> object:
    part = getattr(part_at(model, loc[:-1]), "__name__", "")
    return _STAND_INS.get(f"{part}.{loc[-1]}", _STAND_INS.get(str(loc[-1])))


def _at(tree: object, loc: Loc) -> object:
    for step in loc:
        if isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        elif isinstance(tree, dict):
            tree = tree.get(step)
        else:
            return None
    return tree


def each(tree: object, *names: str) -> Iterator[tuple[Loc, dict[str, object]]]:
    """The mappings of a list in the tree, or of lists within lists or parts, with their places.

    Wrong shapes are skipped.
    """
    if not isinstance(tree, dict):
        return
    items = tree.get(names[0])
    if isinstance(items, dict) and len(names) > 1:
        yield from (((names[0], *inner), found) for inner, found in each(items, *names[1:]))
    for position, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            loc: Loc = (names[0], position)
            if len(names) == 1:
                yield loc, item
            else:
                yield from ((loc + inner, found) for inner, found in each(item, *names[1:]))
