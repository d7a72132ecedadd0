"""Cells of a register of rectification that hold several things: how they are written, and how they are read."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from appraisal.documents.cells import plain
from appraisal.domain.official_date import parse_official_date
from appraisal.domain.refusal import Refusal

SEPARATORS = "、，,；;/\n "
MOST_CHOICES = 100
_UNIT = r"(?:【(?P<unit>[^】]+)】)?\s*"
_MEASURE = re.compile(_UNIT + r"(?:(?P<number>\d{1,3})(?:[.．](?!\d)|[、)）]))?\s*(?P<text>.+)", re.ASCII)
_PERCENT = re.compile(
    _UNIT
    + r"(?P<percent>\d{1,3})\s*[%％]\s*(?:[(（](?P<day>[^()（）]*年[^()（）]*日)[)）])?[：:，,。、；;\s]*(?P<text>.*)",
    re.ASCII,
)


@dataclass(frozen=True)
class AxisWords:
    """An axis of classification: its key and title, and the titles of its values by their keys."""

    key: str
    title: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class MeasureWords:
    """A measure as a line has it; without a unit it is the lead unit's, without a number it is new."""

    unit: str
    number: int | None
    text: str


@dataclass(frozen=True)
class ProgressWords:
    """A report as a line has it: of which unit, how far in percent, and on which day, where it says so."""

    unit: str
    percent: int
    day: date | None
    text: str


def one_line(text: str) -> str:
    """What somebody wrote in several lines, in one."""
    return plain(" ".join(text.split()))


def write_classes(axes: Sequence[AxisWords], classes: Mapping[str, str]) -> str:
    """The classes in the order of the axes; a word that two axes have stands with its axis."""
    labels = {placed: label for label, placed in reversed(list(_labels(axes)))}
    return "、".join(
        labels[axis.key, classes[axis.key]] for axis in axes if (axis.key, classes.get(axis.key)) in labels
    )


def read_classes(axes: Sequence[AxisWords], text: str) -> dict[str, str]:
    """The classes by axis; Refusal ``class_unknown`` or ``class_twice``."""
    known = sorted(_labels(axes), key=lambda label: -len(label[0]))
    found: dict[str, str] = {}
    rest = text.strip(SEPARATORS)
    while rest:
        word, placed = next(((label, at) for label, at in known if _begins(rest, label)), (rest, None))
        if placed is None:
            unknown = re.split(f"[{SEPARATORS}]", rest)[0]
            raise Refusal("class_unknown", text=unknown, known=[label for label, _ in _offered(axes)][:20])
        axis, value = placed
        if found.setdefault(axis, value) != value:
            raise Refusal("class_twice", axis=next(each.title for each in axes if each.key == axis))
        rest = rest[len(word) :].lstrip(SEPARATORS)
    return found


def class_choices(axes: Sequence[AxisWords]) -> list[str]:
    """All that may stand in the cell, where that is no endless list."""
    every = product(*(axis.values for axis in axes))
    texts = [write_classes(axes, dict(zip((axis.key for axis in axes), keys, strict=True))) for keys in every]
    return texts if axes and len(texts) <= MOST_CHOICES else []


def write_measure(words: MeasureWords) -> str:
    number = f"{words.number}. " if words.number else ""
    return f"{_unit(words.unit)}{number}{one_line(words.text)}"


def read_measures(text: str) -> list[MeasureWords]:
    """A measure a line."""
    return [_measure(line) for line in _lines(text)]


def write_progress(words: ProgressWords) -> str:
    day = f"（{chinese(words.day)}）" if words.day else " "
    return f"{_unit(words.unit)}{words.percent}%{day}{one_line(words.text)}"


def read_progress(text: str) -> list[ProgressWords]:
    """A report a line; Refusal ``progress_unreadable`` for one that does not say how far it is, or one of a date."""
    return [_progress(line) for line in _lines(text)]


def chinese(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def names_in(text: str) -> list[str]:
    """The names in a cell, whatever parts them."""
    return list(dict.fromkeys(name for each in re.split(f"[{SEPARATORS.strip(' ')}]", text) if (name := plain(each))))


def _labels(axes: Sequence[AxisWords]) -> Iterator[tuple[str, tuple[str, str]]]:
    """What each class may be called: by its title where no other has it, and always with its axis."""
    yield from _offered(axes)
    for axis in axes:
        for key, title in axis.values.items():
            yield f"{plain(axis.title)}：{plain(title)}", (axis.key, key)
            yield f"{plain(axis.title)}:{plain(title)}", (axis.key, key)


def _offered(axes: Sequence[AxisWords]) -> Iterator[tuple[str, tuple[str, str]]]:
    titles = [plain(title) for axis in axes for title in axis.values.values()]
    for axis in axes:
        for key, title in axis.values.items():
            alone = titles.count(plain(title)) == 1
            yield plain(title) if alone else f"{plain(axis.title)}：{plain(title)}", (axis.key, key)


def _begins(text: str, label: str) -> bool:
    return text.startswith(label) and text[len(label) : len(label) + 1] in ("", *SEPARATORS)


def _unit(name: str) -> str:
    return f"【{name}】" if name else ""


def _lines(text: str) -> Iterable[str]:
    return (line for each in text.splitlines() if (line := plain(each)))


def _measure(line: str) -> MeasureWords:
    found = _MEASURE.fullmatch(line)
    if found is None:
        return MeasureWords("", None, line)
    number = int(found["number"]) if found["number"] else None
    return MeasureWords(plain(found["unit"] or ""), number, found["text"].strip())


def _progress(line: str) -> ProgressWords:
    found = _PERCENT.fullmatch(line)
    if found is None:
        raise Refusal("progress_unreadable", text=line)
    day = parse_official_date(found["day"], "") if found["day"] else None
    return ProgressWords(plain(found["unit"] or ""), int(found["percent"]), day, found["text"].strip())
