"""Names: what a method declares, what it declares twice, and what it refers to without declaring it.

Names are collected from the tree as it was written, so that a role whose title is missing is still a role.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from appraisal.method.base import Refers
from appraisal.method.faults import Found, Loc, words
from appraisal.method.phrasing import nearest, shown
from appraisal.method.schema import Method
from appraisal.method.shape import each
from appraisal.method.walk import walk
from appraisal.method.words import Moment

Tree = dict[str, object]
Named = tuple[Loc, str]

_LISTS: dict[str, tuple[str, ...]] = {
    "role": ("roles",),
    "phase": ("phases",),
    "duty": ("phases", "duties"),
    "ballot": ("ballots",),
    "voter": ("voters",),
    "log": ("log",),
    "aspect": ("aspects",),
    "axis": ("problems", "axes"),
    "goal": ("phases", "goals"),
    "roundup": ("roundups",),
    "consequence": ("consequences",),
    "track": ("problems", "tracks"),
}
_OF_A_BALLOT = {
    "option": "options",
    "grade": "grades",
    "dimension": "dimensions",
    "item": "items",
    "channel": "channels",
}
_DUTY_EVENTS = ("issued", "acknowledged", "submitted", "settled", "due")
_RESERVED = frozenset({"campaign", "order", "phase", "problem", "result", "review_opinion", "targets"})


@dataclass(frozen=True)
class Declared:
    """The names of each kind, in the order in which they are written."""

    names: dict[str, list[str]]

    def of(self, kind: str) -> list[str]:
        return self.names.get(kind, [])


def declared(tree: Tree, shared_ladders: Iterable[str]) -> Declared:
    """Every name that the method, or the shared ladders, declare."""
    names = {kind: [key for _, key in _keys(tree, *lists)] for kind, lists in _LISTS.items()}
    own = tree.get("ladders")
    names["ladder"] = sorted({*(own if isinstance(own, dict) else {}), *shared_ladders})
    names["event"] = [*(key for _, key in _events(tree)), *_built_in(tree, names)]
    return Declared(names)


def unknown(tree: Tree, names: Declared) -> Iterator[Found]:
    """Every reference to what is not declared."""
    for met in walk(Method, tree):
        refers = met.mark(Refers)
        if refers and isinstance(met.value, str) and met.value not in names.of(refers.kind):
            known = names.of(refers.kind)
            facts = {"kind": words(f"kind.{refers.kind}"), "value": shown(met.value)}
            short = known if len(known) <= 12 else []
            yield Found(met.loc, "unknown-reference", {**facts, "known": short, "near": nearest(met.value, known)})


def repeated(tree: Tree, line: Callable[[Loc], int]) -> Iterator[Found]:
    """Every name declared twice within its kind; two duties may not raise one event."""
    for kind, lists in _LISTS.items():
        yield from _repeated(_keys(tree, *lists), kind, line)
    yield from _repeated(_events(tree), "event", line)
    for loc, ballot in each(tree, "ballots"):
        for kind, name in _OF_A_BALLOT.items():
            yield from _repeated((((*loc, *at), key) for at, key in _keys(ballot, name)), kind, line)
    for loc, axis in each(tree, "problems", "axes"):
        yield from _repeated((((*loc, *at), key) for at, key in _keys(axis, "values")), "value", line)


def reserved(tree: Tree, names: Declared) -> Iterator[Found]:
    """Names that would be taken for what the system raises by itself."""
    for kind in ("duty", "ballot", "consequence"):
        for loc, key in _keys(tree, *_LISTS[kind]):
            if key in _RESERVED:
                yield Found(loc, "reserved-key", {"kind": words(f"kind.{kind}"), "value": key})
    own = set(_built_in(tree, names.names))
    for loc, key in _events(tree):
        if key in own:
            yield Found(loc, "reserved-key", {"kind": words("kind.event"), "value": key})


def _repeated(named: Iterable[Named], kind: str, line: Callable[[Loc], int]) -> Iterator[Found]:
    first: dict[str, Loc] = {}
    for loc, key in named:
        if key in first:
            facts = {"kind": words(f"kind.{kind}"), "value": shown(key), "first": line(first[key])}
            yield Found(loc, "duplicate-key", facts)
        first.setdefault(key, loc)


def _keys(tree: Tree, *lists: str, name: str = "key") -> Iterator[Named]:
    for loc, item in each(tree, *lists):
        key = item.get(name)
        if isinstance(key, str):
            yield (*loc, name), key


def _events(tree: Tree) -> list[Named]:
    return [*_keys(tree, "events"), *_keys(tree, "phases", "duties", name="raises")]


def _built_in(tree: Tree, names: dict[str, list[str]]) -> Iterator[str]:
    yield from ("campaign.started", "targets.chosen", "result.recorded", "review_opinion.delivered")
    yield from ("problem.assigned", "problem.closed", "order.given")
    yield from (f"{key}.applies" for key in names["consequence"])
    for key in names["phase"]:
        yield from (f"phase.{key}.opened", f"phase.{key}.closed")
    for key in names["duty"]:
        yield from (f"{key}.{happening}" for happening in _DUTY_EVENTS)
    yield from (f"{key}.recorded" for key in names["ballot"])
    yield from (f"phase.{item.get('key')}.decided" for _, item in each(tree, "phases") if _decided(item, "closes"))
    yield from (f"{item.get('key')}.decided" for _, item in each(tree, "phases", "duties") if _decided(item, "due"))


def _decided(item: Tree, name: str) -> bool:
    due = item.get(name)
    return isinstance(due, dict) and due.get("at") == Moment.DECIDED
