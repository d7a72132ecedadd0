"""What the columns of a file of papers hold: where the unit stands, the paper, its copies, and what was marked.

Long form: one row is what one paper says of one unit.  Wide form: one row is a paper, one column a unit.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from appraisal.domain.grading_terms import Terms


class Column(StrEnum):
    """What a column tells of its row."""

    UNIT = "unit"
    VOTERS = "class"
    CHANNEL = "channel"
    PAPER = "paper"
    COPIES = "count"
    SUBJECT = "subject"
    MARK = "mark"


HEADINGS: Mapping[str, Column] = {
    "单位": Column.UNIT,
    "被评议单位": Column.UNIT,
    "unit": Column.UNIT,
    "类别": Column.VOTERS,
    "投票人类别": Column.VOTERS,
    "class": Column.VOTERS,
    "voters": Column.VOTERS,
    "渠道": Column.CHANNEL,
    "channel": Column.CHANNEL,
    "票号": Column.PAPER,
    "paper": Column.PAPER,
    "张数": Column.COPIES,
    "count": Column.COPIES,
    "评价项": Column.SUBJECT,
    "subject": Column.SUBJECT,
    "票": Column.MARK,
    "mark": Column.MARK,
}
_BETWEEN = "·/：:"
"""Between a unit and a dimension in the heading of a wide form: 教育局·服务质量."""


@dataclass(frozen=True)
class FileFault:
    """What is wrong with a file of papers, in which row; row 1 is that of the headings."""

    row: int
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Layout:
    """By position of the column: what it tells, or the unit (None for that of the row) and subject it has marks of."""

    tells: Mapping[int, Column]
    marks: Mapping[int, tuple[str | None, str]]

    def has(self, column: Column) -> bool:
        """Whether some column tells that."""
        return column in self.tells.values()

    @property
    def wide(self) -> bool:
        """Whether units stand in the headings."""
        return any(unit is not None for unit, _ in self.marks.values())


def normal(text: str) -> str:
    """As headings and marks are compared: full-width forms made plain, no spaces around, no difference of case."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def laid_out(headings: Sequence[str], terms: Terms) -> tuple[Layout, list[FileFault]]:
    """What every column holds, and what is wrong with the headings."""
    subjects = subject_keys(terms)
    tells: dict[int, Column] = {}
    marks: dict[int, tuple[str | None, str]] = {}
    rest: dict[int, str] = {}
    for position, heading in enumerate(headings):
        name = normal(heading)
        if name in HEADINGS:
            tells[position] = HEADINGS[name]
        elif name in subjects:
            marks[position] = (None, subjects[name])
        elif name:
            rest[position] = unicodedata.normalize("NFKC", heading).strip()
    if Column.UNIT in tells.values() or Column.MARK in tells.values() or marks:
        unknown = [FileFault(1, "papers.column_unknown", {"column": heading}) for heading in rest.values()]
    else:
        marks, unknown = _wide(rest, terms)
    layout = Layout(tells, marks)
    found = [*unknown, *_twice(headings, tells)]
    return layout, found or list(_incomplete(layout, terms))


def subject_keys(terms: Terms) -> dict[str, str]:
    """Keys of subjects by what they may be called."""
    found = {normal(subject.title): subject.key for subject in terms.subjects}
    return found | {normal(subject.key): subject.key for subject in terms.subjects if subject.key}


def _wide(rest: Mapping[int, str], terms: Terms) -> tuple[dict[int, tuple[str | None, str]], list[FileFault]]:
    """Every column a unit, or where a paper has several lines for a unit, a unit and a subject."""
    if len(terms.subjects) == 1:
        return {position: (unit, terms.subjects[0].key) for position, unit in rest.items()}, []
    marks: dict[int, tuple[str | None, str]] = {}
    faults = []
    for position, heading in rest.items():
        split = [(heading[:at], heading[at + 1 :]) for at, letter in enumerate(heading) if letter in _BETWEEN]
        known = subject_keys(terms)
        found = next(((unit, known[normal(name)]) for unit, name in split if normal(name) in known), None)
        if found is None or not found[0]:
            titles = [subject.title for subject in terms.subjects]
            faults.append(FileFault(1, "papers.column_subject", {"column": heading, "subjects": titles}))
        else:
            marks[position] = found
    return marks, faults


def _twice(headings: Sequence[str], tells: Mapping[int, Column]) -> Iterator[FileFault]:
    named = [normal(heading) for heading in headings if heading.strip()]
    for heading in sorted({name for name in named if named.count(name) > 1}):
        yield FileFault(1, "papers.column_twice", {"column": heading})
    for column in Column:
        titles = [headings[position] for position, told in tells.items() if told is column]
        if len({normal(title) for title in titles}) > 1:
            yield FileFault(1, "papers.columns_same", {"columns": titles})


def _incomplete(layout: Layout, terms: Terms) -> Iterator[FileFault]:
    """Marks for every subject must stand somewhere."""
    titles = {subject.key: subject.title for subject in terms.subjects}
    if layout.has(Column.MARK):
        if layout.marks:
            yield FileFault(1, "papers.marks_twice")
        elif len(titles) > 1 and not layout.has(Column.SUBJECT):
            yield FileFault(1, "papers.subjects_missing", {"subjects": list(titles.values())})
        return
    if layout.has(Column.SUBJECT):
        yield FileFault(1, "papers.mark_missing")
        return
    if not layout.marks:
        yield FileFault(1, "papers.mark_missing")
        return
    for unit in dict.fromkeys(unit for unit, _ in layout.marks.values()):
        there = {subject for other, subject in layout.marks.values() if other == unit}
        missing = [title for key, title in titles.items() if key not in there]
        if missing:
            yield FileFault(1, "papers.subjects_missing", {"subjects": missing})
