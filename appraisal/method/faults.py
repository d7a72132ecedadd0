"""The faults of a written method: where each is, what is wrong and how to mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from jinja2 import Environment, StrictUndefined, Template
from ruamel.yaml import YAML

from appraisal.domain.refusal import Refusal
from appraisal.places import root

Loc = tuple[str | int, ...]


@dataclass(frozen=True)
class Found:
    """A fault as a check finds it; ``line`` only where the place itself does not tell the line."""

    loc: Loc
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    line: int | None = None


@dataclass(frozen=True)
class Fault:
    """A fault as the author of the method reads it."""

    file: str
    line: int
    path: str
    code: str
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        return f"{place} {self.path}：{self.what}{self.mend}" if self.path else f"{place}：{self.what}{self.mend}"


class Faulty(Refusal):
    """A method that cannot be used, with all its faults: file by file, in the order of the lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("method.faulty", file=self.faults[0].file, count=len(self.faults))


def told(found: Found, file: str, line: int) -> Fault:
    """The fault in words."""
    what = words(f"fault.{found.code}", **found.facts)
    mend = words(f"mend.{found.code}", **found.facts)
    return Fault(file, found.line or line, written(found.loc), found.code, what, mend)


def written(loc: Loc) -> str:
    """A place as people write it: ``phases[1].duties[0].due``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc)
    return "".join(steps).removeprefix(".")


def words(code: str, **facts: object) -> str:
    """The Chinese sentence of a code; here, and not from notices, because notices come after the method."""
    return _sentence(code).render(facts)


@cache
def _sentence(code: str) -> Template:
    return _sentences().from_string(_phrases()[code])


def has_words(code: str, beginning: str) -> bool:
    """Whether there is a sentence of that code, and it begins so."""
    return _phrases().get(code, "").startswith(beginning) and bool(beginning)


def field_words(part: object, name: str) -> str:
    """What a field of a part means; ``basis`` means the same in every clause that does not say otherwise."""
    own = f"{getattr(part, '__name__', '')}.{name}"
    return _phrases().get(own) or _phrases().get(f"Clause.{name}", name)


def field_title(part: object, name: str) -> str:
    """What a field of a part is called; its own name where it has none."""
    return field_words(part, name).partition("：")[0]


@cache
def _sentences() -> Environment:
    # Plain text for a terminal and an editor; a page escapes it when it shows it.
    return Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - see above


@cache
def _phrases() -> Mapping[str, str]:
    yaml = YAML(typ="safe", pure=True)
    read: dict[str, str] = {}
    for name in ("faults", "method", "questionnaires"):
        read |= yaml.load(root() / "templates" / "phrases" / f"{name}.yaml") or {}
    return read
