"""What the schema understands and nothing acts on yet: every such word or field that a method uses is refused.

There is one walk for all of them, so a word or field marked as planned cannot be passed over by forgetting it.
"""

from collections.abc import Iterator
from enum import StrEnum

from appraisal.method.base import Planned
from appraisal.method.faults import Found, Loc, field_title, words
from appraisal.method.schema import Method
from appraisal.method.walk import Met, part_at, walk
from appraisal.method.words import is_planned


def unsupported(tree: dict[str, object]) -> Iterator[Found]:
    """Every planned field that is set, and every planned word outside of those fields."""
    within: Loc | None = None
    for met in walk(Method, tree):
        if within is not None and met.loc[: len(within)] == within:
            continue
        if met.mark(Planned) and met.value not in (False, [], {}):
            within = met.loc
            part, name = part_at(Method, met.loc[:-1]), str(met.loc[-1])
            yield Found(met.loc, "not-supported-field", {"name": name, "title": field_title(part, name)})
        elif is_planned_word(met):
            kind, value = str(getattr(met.expected, "__name__", "")), str(met.value)
            facts = {"value": value, "title": words(f"{kind}.{value}"), "known": supported(met.expected)}
            yield Found(met.loc, "not-supported-word", facts)


def is_planned_word(met: Met) -> bool:
    """Whether a word of an enum is written there that nothing acts on yet."""
    words_of = word_kind(met.expected)
    return words_of is not None and any(met.value == word.value and is_planned(word) for word in words_of)


def word_kind(expected: object) -> type[StrEnum] | None:
    """The enum whose words the schema expects there."""
    return expected if isinstance(expected, type) and issubclass(expected, StrEnum) else None


def supported(expected: object) -> list[str]:
    """The words of an enum that something acts on."""
    return [word.value for word in word_kind(expected) or () if not is_planned(word)]
