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

P = TypeVar("P", bound=BaseModel)

_GONE = object()
_ROUNDS = 200
# What may stand in for a faulty field so that the part around it can still be checked.
_STAND_IN: dict[str, object] = {
    "title": "缺",
    "basis": "缺",
    "body": "缺",
    "what": "缺",
    "where": "缺",
    "due": {"at": "decided"},
    "closes": {"at": "decided"},
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
            if not all(_take_out(work, whole.origin(fault["loc"]), fault["type"]) for fault in errors):
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


def _take_out(tree: dict[str, object], loc: Loc, kind: str) -> bool:
    """Fill in or take out the node at fault; False where nothing would be left."""
    loc = loc[:-1] if loc and loc[-1] == "[key]" else loc
    if not loc:
        return False
    holder, name = _at(tree, loc[:-1]), loc[-1]
    if isinstance(holder, list) and isinstance(name, int):
        holder[name] = _GONE
    elif isinstance(holder, dict):
        stand_in = _STAND_IN.get(str(name)) if kind != "extra_forbidden" else None
        if stand_in is not None and holder.get(name) != stand_in:
            holder[name] = deepcopy(stand_in)
        elif stand_in is not None or kind == "missing":
            return _take_out(tree, loc[:-1], "")
        else:
            holder.pop(name, None)
    return True


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
    """The mappings of a list in the tree, or of lists within lists, with their places; wrong shapes are skipped."""
    if not isinstance(tree, dict):
        return
    items = tree.get(names[0])
    for position, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict):
            loc: Loc = (names[0], position)
            if len(names) == 1:
                yield loc, item
            else:
                yield from ((loc + inner, found) for inner, found in each(item, *names[1:]))
