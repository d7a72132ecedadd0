"""Reading a file of papers (csv): every line judged and counted, or every fault of the file named with its row."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from appraisal.documents.csv_tables import decoded
from appraisal.documents.grids import refuse_big
from appraisal.documents.paper_cells import marks_in
from appraisal.documents.paper_columns import Column, FileFault, Layout, laid_out, normal, subject_keys
from appraisal.domain.count import VOTERS, Line, Paper
from appraisal.domain.grading_terms import APPROVE, Condition, Terms, Titled
from appraisal.domain.marking import counted, judged_together
from appraisal.domain.refusal import Refusal

MOST_COPIES = 10_000_000
_SHEETS = ("ranking", APPROVE)


@dataclass(frozen=True)
class Papers:
    """What a file holds: equal lines counted together, and the units in the order in which they are named."""

    lines: tuple[Line, ...]
    units: tuple[str, ...]


class FaultyPapers(Refusal):
    """A file of papers that is not counted, with all its faults."""

    def __init__(self, file: str, found: Sequence[FileFault]) -> None:
        super().__init__("papers.faulty", file=file, count=len(found))
        self.found = tuple(sorted(found, key=lambda fault: fault.row))


@dataclass(frozen=True)
class Entry:
    """A row as it is read: whose paper, which one, how many like it, and its marks by unit and subject."""

    row: int
    channel: str
    voters: str
    number: str
    copies: int
    marks: Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass
class _Reading:
    terms: Terms
    layout: Layout
    unit: str
    faults: list[FileFault] = field(default_factory=list)

    def say(self, row: int, code: str, **facts: object) -> None:
        self.faults.append(FileFault(row, code, facts))


def read_papers(path: Path, terms: Terms, unit: str) -> Papers:
    """The papers of a file; ``unit`` is the unit it is about where the file names none.  FaultyPapers, or Refusal."""
    rows = list(_rows(path))
    if not rows:
        raise Refusal("papers.empty", file=path.name)
    layout, faults = laid_out(rows[0][1], terms)
    if faults:
        raise FaultyPapers(path.name, faults)
    reading = _Reading(terms, layout, unit)
    entries = [entry for number, cells in rows[1:] for entry in _entries(reading, number, cells)]
    papers = _papers(reading, entries)
    if reading.faults:
        raise FaultyPapers(path.name, reading.faults)
    if not entries:
        raise Refusal("papers.empty", file=path.name)
    lines = [line for about, found in papers for line in judged_together(about, found)]
    units = dict.fromkeys(unit for entry in entries for unit in entry.marks)
    return Papers(counted(lines), tuple(units))


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every row but empty lines, each with its number as people see it: a row of empty cells is a blank paper."""
    try:
        refuse_big(path.stat().st_size)
        text = decoded(path.read_bytes())
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except OSError:
        raise Refusal("papers.unreadable", file=str(path)) from None
    except (UnicodeError, csv.Error):
        raise Refusal("papers.not_csv", file=path.name) from None
    yield from ((number, cells) for number, cells in enumerate(rows, start=1) if cells)


def _entries(reading: _Reading, row: int, cells: Sequence[str]) -> Iterator[Entry]:
    layout, terms = reading.layout, reading.terms
    if any(cell.strip() for cell in cells[_width(layout) :]):
        reading.say(row, "papers.row_long")
        return
    told = {column: _cell(cells, position) for position, column in layout.tells.items()}
    channel = _one_of(reading, row, "channel", told.get(Column.CHANNEL, ""), terms.channels)
    voters = _class(reading, row, told.get(Column.VOTERS, ""), channel)
    copies = _copies(reading, row, told.get(Column.COPIES, ""))
    unit = told.get(Column.UNIT, "").strip() if layout.has(Column.UNIT) else reading.unit
    if not unit:
        reading.say(row, "papers.unit_missing")
    marks = _marks(reading, row, cells, told, unit)
    if copies and channel is not None and voters is not None and unit and marks:
        yield Entry(row, channel, voters, told.get(Column.PAPER, "").strip(), copies, marks)


def _marks(
    reading: _Reading, row: int, cells: Sequence[str], told: Mapping[Column, str], unit: str
) -> dict[str, dict[str, tuple[str, ...]]]:
    layout, terms = reading.layout, reading.terms
    written = {(other or unit, subject): _cell(cells, at) for at, (other, subject) in layout.marks.items()}
    if layout.has(Column.MARK):
        subject: str | None = terms.subjects[0].key
        if layout.has(Column.SUBJECT):
            subject = subject_keys(terms).get(normal(told[Column.SUBJECT]))
        if subject is None:
            reading.say(row, "papers.subject_unknown", text=told[Column.SUBJECT])
            return {}
        written = {(unit, subject): told[Column.MARK]}
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for (about, subject), text in written.items():
        marks = marks_in(text, terms)
        if marks is None:
            known = [option.title for option in terms.options]
            reading.say(row, f"papers.mark_unknown.{terms.marking}", text=text.strip(), unit=about, known=known)
        found.setdefault(about, {})[subject] = marks or ()
    return found


def _papers(reading: _Reading, entries: Sequence[Entry]) -> list[tuple[Terms, list[tuple[Paper, int]]]]:
    """Rows of one paper put together; terms of one subject alone for a row that tells of one subject alone."""
    terms, layout = reading.terms, reading.layout
    if layout.has(Column.PAPER):
        return [(terms, list(_gathered(reading, entries)))]
    units = {unit for entry in entries for unit in entry.marks}
    apart = not layout.wide and (len(units) > 1 or layout.has(Column.SUBJECT))
    if apart and (terms.marking in _SHEETS or terms.validity.spoils_paper):
        reading.say(1, "papers.number_needed")
    if not layout.has(Column.SUBJECT):
        return [(terms, [(Paper(entry.channel, entry.voters, entry.marks), entry.copies) for entry in entries])]
    by_subject: dict[str, list[tuple[Paper, int]]] = {}
    for entry in entries:
        (about,) = entry.marks.values()
        (subject,) = about
        by_subject.setdefault(subject, []).append((Paper(entry.channel, entry.voters, entry.marks), entry.copies))
    subjects = {subject.key: subject for subject in terms.subjects}
    return [(replace(terms, subjects=(subjects[key],)), papers) for key, papers in by_subject.items()]


def _gathered(reading: _Reading, entries: Sequence[Entry]) -> Iterator[tuple[Paper, int]]:
    """Papers by their numbers; each must speak of every unit once, unless it ranks or approves."""
    terms = reading.terms
    units = list(dict.fromkeys(unit for entry in entries for unit in entry.marks))
    papers: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in entries:
        if not entry.number:
            reading.say(entry.row, "papers.number_missing")
        papers.setdefault((entry.channel, entry.voters, entry.number), []).append(entry)
    for (channel, voters, number), rows in papers.items():
        marks: dict[str, dict[str, tuple[str, ...]]] = {}
        for entry in rows:
            if entry.copies != rows[0].copies:
                reading.say(entry.row, "papers.copies_differ", number=number, first=rows[0].row)
            _merge(reading, entry, marks)
        missing = [unit for unit in units if unit not in marks]
        lacking = [unit for unit, about in marks.items() if len(about) < len(terms.subjects)]
        if (missing or lacking) and terms.marking not in _SHEETS:
            reading.say(rows[0].row, "papers.lines_missing", number=number, units=missing + lacking)
        yield Paper(channel, voters, marks | {unit: {} for unit in missing}), rows[0].copies


def _merge(reading: _Reading, entry: Entry, marks: dict[str, dict[str, tuple[str, ...]]]) -> None:
    for unit, about in entry.marks.items():
        there = marks.setdefault(unit, {})
        if there.keys() & about.keys():
            reading.say(entry.row, "papers.line_twice", number=entry.number, unit=unit)
        there |= about


def _class(reading: _Reading, row: int, text: str, channel: str | None) -> str | None:
    """The class of a paper; it may stay unnamed where nothing in the rules asks for it."""
    terms = reading.terms
    if text.strip() or len(terms.classes) == 1:
        return _one_of(reading, row, "class", text, terms.classes)
    here = next((way.here for way in terms.channels if way.key == channel), True)
    if here and asks_for_classes(terms):
        titles = [each.title for each in terms.classes]
        reading.say(row, "papers.class_missing", known=titles, several=len(terms.channels) > 1)
        return None
    return VOTERS


def asks_for_classes(terms: Terms) -> bool:
    """Whether a grade depends on which class a paper came from."""
    conditions = [threshold.condition for threshold in (*terms.thresholds, *terms.vetoes)]
    return terms.weighing is not None or any(_names_class(condition) for condition in conditions)


def _names_class(condition: Condition) -> bool:
    return bool(condition.voters) or any(_names_class(inner) for inner in (*condition.all, *condition.any))


def _one_of(reading: _Reading, row: int, kind: str, text: str, known: Sequence[Titled]) -> str | None:
    titles = {each.key: each.title for each in known}
    if not text.strip() and len(titles) == 1:
        return next(iter(titles))
    for key, title in titles.items():
        if normal(text) in (normal(key), normal(title)):
            return key
    code = f"papers.{kind}_unknown" if text.strip() else f"papers.{kind}_missing"
    reading.say(row, code, known=list(titles.values()), **({"text": text.strip()} if text.strip() else {}))
    return None


def _copies(reading: _Reading, row: int, text: str) -> int:
    digits = normal(text)
    if not digits and not reading.layout.has(Column.COPIES):
        return 1
    if not (digits.isascii() and digits.isdigit()) or int(digits) > MOST_COPIES:
        reading.say(row, "papers.copies_bad", text=text.strip(), most=MOST_COPIES)
        return 0
    return int(digits)


def _cell(cells: Sequence[str], position: int) -> str:
    return cells[position] if position < len(cells) else ""


def _width(layout: Layout) -> int:
    return max([*layout.tells, *layout.marks], default=-1) + 1
