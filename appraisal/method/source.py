"""Reading a YAML file into plain values, with the line of every node and every fault of the writing itself.

The tree is built from YAML's own nodes rather than from ready values: so a key written twice, an alias or a tag is
named with its line instead of being swallowed, and nothing in the file can construct an object or unfold itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from appraisal.method.faults import Found, Loc

LARGEST = 1_000_000
_TAG = "tag:yaml.org,2002:"
# A date stays text: whether there is such a day is for the schema to say, in words.
_SCALARS: Mapping[str, Callable[[str], object]] = {
    "str": str,
    "timestamp": str,
    "merge": str,
    "value": str,
    "null": lambda text: None,
    "bool": lambda text: text.lower() == "true",
    "int": lambda text: int(text.replace("_", ""), 0),
    "float": lambda text: float(text.replace("_", "")),
}


@dataclass(frozen=True)
class Source:
    """A file as it was read; ``tree`` is None where it could not be read at all."""

    file: str
    tree: dict[str, object] | None
    lines: Mapping[Loc, int]
    found: tuple[Found, ...]

    def line(self, loc: Loc) -> int:
        """The line of a node, or of the nearest part that holds it where the node is missing."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)


def read_source(path: Path) -> Source:
    """Everything that can be read of the file; a file that cannot be read is one fault and no tree."""
    try:
        return parse(path.name, _text(path))
    except _UnreadableError as refused:
        return Source(path.name, None, {(): refused.line}, (refused.found,))


def parse(file: str, text: str) -> Source:
    """The tree of a text; duplicates, aliases and tags are found and left out."""
    try:
        root = _compose(text)
        builder = _Builder()
        tree = builder.value(root, ())
    except RecursionError:
        return Source(file, None, {}, (Found((), "yaml-deep"),))
    except _UnreadableError as refused:
        return Source(file, None, {(): refused.line}, (refused.found,))
    if not isinstance(tree, dict):
        return Source(file, None, {(): 1}, (Found((), "yaml-not-mapping"),))
    return Source(file, tree, builder.lines, tuple(builder.found))


class _UnreadableError(Exception):
    def __init__(self, found: Found, line: int = 1) -> None:
        super().__init__(found.code)
        self.found = found
        self.line = line


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise _UnreadableError(Found((), "file-huge", {"size": size, "largest": LARGEST}))
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + error.object[: error.start].count(b"\n")
        raise _UnreadableError(Found((), "file-not-utf8"), line) from None
    except FileNotFoundError:
        raise _UnreadableError(Found((), "file-missing")) from None
    except OSError as error:
        raise _UnreadableError(Found((), "file-unreadable", {"why": error.strerror or ""})) from None


def _compose(text: str) -> Node:
    yaml = YAML(typ="safe", pure=True)
    try:
        nodes = list(yaml.compose_all(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _UnreadableError(Found((), "yaml-broken"), mark.line + 1 if mark else 1) from None
    except (YAMLError, ValueError):
        raise _UnreadableError(Found((), "yaml-broken")) from None
    if len(nodes) > 1:
        raise _UnreadableError(Found((), "yaml-several"), nodes[1].start_mark.line + 1)
    if not nodes or nodes[0] is None:
        raise _UnreadableError(Found((), "yaml-empty"))
    root: Node = nodes[0]
    return root


@dataclass
class _Builder:
    lines: dict[Loc, int] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def value(self, node: Node, loc: Loc) -> object:
        self.lines.setdefault(loc, node.start_mark.line + 1)
        if id(node) in self.seen:
            self.found.append(Found(loc, "yaml-alias"))
            return None
        self.seen.add(id(node))
        match node:
            case MappingNode():
                return self.mapping(node, loc)
            case SequenceNode():
                return [self.value(item, (*loc, position)) for position, item in enumerate(node.value)]
            case _:
                return self.scalar(node, loc)

    def mapping(self, node: MappingNode, loc: Loc) -> dict[str, object]:
        read: dict[str, object] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode):
                self.found.append(Found(loc, "yaml-complex-key"))
            elif key.value in read:
                self.found.append(Found(loc, "yaml-duplicate", {"key": key.value}, line))
            else:
                self.lines[(*loc, key.value)] = line
                read[key.value] = self.value(value, (*loc, key.value))
        return read

    def scalar(self, node: Node, loc: Loc) -> object:
        kind, text = str(node.tag).removeprefix(_TAG), str(node.value)
        if kind not in _SCALARS:
            self.found.append(Found(loc, "yaml-tag", {"tag": str(node.tag)}))
            return None
        try:
            return _SCALARS[kind](text)
        except ValueError:
            return text
