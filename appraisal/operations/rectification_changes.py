"""What an edited row of a register of rectification asks for: changes, each done by the operation of its page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from appraisal.documents.rectification_reading import Entered
from appraisal.documents.rectification_sheet import LOOKS, Field, Shown, fits, tidy, written
from appraisal.documents.rectification_words import (
    AxisWords,
    MeasureWords,
    ProgressWords,
    chinese,
    names_in,
    one_line,
    read_classes,
    read_measures,
    read_progress,
    write_classes,
    write_measure,
    write_progress,
)
from appraisal.documents.register_sheets import Found, closest
from appraisal.domain.measures import Measure
from appraisal.domain.problems import Draft
from appraisal.domain.refusal import Refusal
from appraisal.operations import measures, problem_notes, progress_reports, revising
from appraisal.operations.classifying import default_leader
from appraisal.operations.duties import By
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.rectification_rows import RegisterRow
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.rectification_tables import MeasureRow, ProgressRow
from appraisal.store.register_tables import UnitRow

_FIXED_BY_THEMSELVES = (Field.LEAD, Field.DUE, Field.STANDING, Field.CLOSED)


@dataclass(frozen=True)
class Change:
    """One change of one cell, before and after in words, and what does it."""

    field: Field
    old: str
    new: str
    do: Callable[[], object]


@dataclass(frozen=True)
class Asked:
    """What a row asks for beyond what is so already, and what is wrong with it."""

    changes: tuple[Change, ...]
    faults: tuple[Found, ...]


@dataclass(frozen=True)
class Editing:
    """Who edits, and what may stand in the cells: units by name and by code, the axes of the method."""

    desk: Desk
    campaign: CampaignRow
    by: By
    units: Mapping[str, UnitRow]
    axes: Sequence[AxisWords]

    def revise(self, row: RegisterRow, change: Callable[[Draft], Draft]) -> object:
        """Change the problem as it then stands, for another cell of its row may have changed it before."""
        draft = change(revising.draft_of(row.problem))
        return revising.revise(self.desk, self.campaign.slug, row.problem.number, draft)


class _Wrong(Exception):  # noqa: N818 - one fault of a cell on its way to the list of faults.
    def __init__(self, code: str, /, **facts: object) -> None:
        self.code, self.facts = code, facts
        super().__init__(code)


def changes_of(editing: Editing, row: RegisterRow, entered: Entered, now: Mapping[Field, Shown]) -> Asked:
    """What the row asks for; ``now`` is what it would show now."""
    changes: list[Change] = []
    faults: list[Found] = list(entered.faults)
    for field in (each for each in Field if each in entered.edited):
        if entered.cells.get(field) == _tidied(now.get(field)):
            continue
        try:
            _may_change(row, field, now.get(field))
            changes += _READ[field](editing, row, entered.text(field))
        except (_Wrong, Refusal) as wrong:
            faults.append(entered.fault(field, wrong.code, **wrong.facts))
    return Asked(tuple(changes), tuple(faults))


def _tidied(value: Shown) -> Shown:
    """As it would be read back."""
    shown = written(value)
    return tidy(shown) if isinstance(shown, str) else shown


def _may_change(row: RegisterRow, field: Field, current: Shown) -> None:
    facts = {"heading": LOOKS[field].heading, "now": str(_tidied(current) or "")}
    if row.own is None:
        raise _Wrong("register_not_yours", **facts)
    if field in _FIXED_BY_THEMSELVES:
        raise _Wrong(f"register_fixed_{field}", **facts)
    if field not in row.open:
        raise _Wrong("register_over" if row.open == {Field.NOTE} else "register_fixed", **facts)
    if not fits(current):
        raise _Wrong("register_cut", **facts)


def _classes(editing: Editing, row: RegisterRow, text: str) -> Iterator[Change]:
    before, wanted = revising.draft_of(row.problem).classes, read_classes(editing.axes, text)
    if wanted != dict(before):
        old, new = write_classes(editing.axes, before), write_classes(editing.axes, wanted)
        change = partial(editing.revise, row, lambda draft: replace(draft, classes=wanted))
        yield Change(Field.CLASSES, old, new, change)


def _supporting(editing: Editing, row: RegisterRow, text: str) -> Iterator[Change]:
    names = names_in(text)
    unknown = next((name for name in names if name not in editing.units), None)
    if unknown is not None:
        offered = list(dict.fromkeys(unit.name for unit in editing.units.values()))
        raise _Wrong("unknown_choice", text=unknown, meant=closest(unknown, offered), known=offered[:20])
    wanted = {editing.units[name].code: editing.units[name].name for name in names}
    before = {unit.code: unit.name for unit in row.problem.supporting}
    if wanted.keys() != before.keys():
        change = partial(editing.revise, row, lambda draft: replace(draft, supporting=tuple(wanted)))
        yield Change(Field.SUPPORTING, "、".join(before.values()), "、".join(wanted.values()), change)


def _leader(editing: Editing, row: RegisterRow, text: str) -> Iterator[Change]:
    """Left empty, it is whoever the method names."""
    wanted = one_line(text) or default_leader(editing.desk, method_of(editing.campaign), row.problem.unit)
    if wanted != row.problem.leader:
        change = partial(editing.revise, row, lambda draft: replace(draft, leader=wanted))
        yield Change(Field.LEADER, row.problem.leader, wanted, change)


def _measures(editing: Editing, row: RegisterRow, text: str) -> Iterator[Change]:
    """A line that says what a measure says is that measure; one with the number of another changes it, any other is
    new.  A line that went changes nothing, but is told."""
    left, pending = {each.id: each for each in row.measures}, list[tuple[MeasureWords, UnitRow]]()
    for line in read_measures(text):
        units = _units(row, line.unit)
        same = next((each for each in left.values() if _is(each, units) and _says(each, line)), None)
        if same is not None:
            del left[same.id]
        else:
            pending.append((line, units[-1]))
    for line, unit in pending:
        old = next((each for each in left.values() if _is(each, [unit]) and each.number == line.number), None)
        if old is not None:
            del left[old.id]
        yield _measure(editing, row, line, unit, old)
    if left:
        raise _Wrong("register_measure_gone", lines=[_measure_line(row, each) for each in left.values()])


def _measure(editing: Editing, row: RegisterRow, line: MeasureWords, unit: UnitRow, old: MeasureRow | None) -> Change:
    wanted = replace(measures.measure_of(old), text=line.text) if old else Measure((row.problem.number,), line.text)
    number, seen = (old.number, old.version) if old else (None, None)
    new = write_measure(MeasureWords(row.named(unit), number, line.text))
    desk, slug = editing.desk, editing.campaign.slug
    change = partial(measures.set_measure, desk, slug, unit.code, wanted, editing.by, number, seen)
    return Change(Field.MEASURES, _measure_line(row, old) if old else "", new, change)


def _measure_line(row: RegisterRow, measure: MeasureRow) -> str:
    return write_measure(MeasureWords(row.named(measure.unit), measure.number, measure.text))


def _is(measure: MeasureRow, units: Sequence[UnitRow]) -> bool:
    return measure.unit_id in {unit.id for unit in units}


def _says(measure: MeasureRow, line: MeasureWords) -> bool:
    return one_line(measure.text) == one_line(line.text)


def _progress(editing: Editing, row: RegisterRow, text: str) -> Iterator[Change]:
    """A line that was reported before is that report; any other is a new one."""
    lines, said = read_progress(text), set[ProgressRow]()
    if not lines:
        raise _Wrong("register_progress_gone")
    fresh: list[tuple[ProgressWords, UnitRow]] = []
    for line in lines:
        units = _units(row, line.unit)
        known = [each for each in row.reports if _reported(each, units, line)]
        said |= set(known)
        if not known:
            fresh.append((line, units[-1]))
    lead = _last(row, row.units[0])
    if row.own is not row.units[0] and lead is not None and lead not in said:
        raise _Wrong("register_not_lead", unit=row.units[0].name)
    for line, unit in fresh:
        yield _report(editing, row, line, unit)


def _report(editing: Editing, row: RegisterRow, line: ProgressWords, unit: UnitRow) -> Change:
    """The day that was given out with the last report says nothing of the new one; any other is kept with its words."""
    hours, last = editing.desk.office.hours, _last(row, unit)
    today, before = hours.day_of(editing.desk.now), hours.day_of(last.at) if last else None
    if line.day and line.day > today:
        raise _Wrong("register_progress_later", day=line.day)
    text = line.text if line.day in (None, today, before) else _dated(line)
    old = write_progress(ProgressWords(row.named(unit), last.percent, before, last.text)) if last else ""
    new = write_progress(ProgressWords(row.named(unit), line.percent, None, text))
    number, by = row.problem.number, editing.by
    args = (editing.desk, editing.campaign.slug, number, by, line.percent, text, unit.code)
    return Change(Field.PROGRESS, old, new, partial(progress_reports.report, *args))


def _reported(report: ProgressRow, units: Sequence[UnitRow], line: ProgressWords) -> bool:
    said = one_line(report.text)
    words = {one_line(line.text), one_line(_dated(line))}
    return report.percent == line.percent and said in words and report.unit_id in {unit.id for unit in units}


def _dated(line: ProgressWords) -> str:
    return f"{chinese(line.day)}：{line.text}" if line.day else line.text


def _last(row: RegisterRow, unit: UnitRow) -> ProgressRow | None:
    return next((each for each in reversed(row.reports) if each.unit_id == unit.id), None)


def _units(row: RegisterRow, name: str) -> list[UnitRow]:
    """Of which unit a line may be; what is new in it is of the last."""
    if name:
        found = [unit for unit in row.units if name in (unit.name, unit.code)]
        if not found:
            raise _Wrong("register_line_unit", text=name, known=[unit.name for unit in row.units])
        return found
    return [row.units[0], *([row.own] if row.own else [])]


def _note(editing: Editing, row: RegisterRow, text: str) -> Iterator[Change]:
    desk, slug, number, person = editing.desk, editing.campaign.slug, row.problem.number, editing.by.person
    yield Change(Field.NOTE, row.problem.note, text, partial(problem_notes.set_note, desk, slug, number, person, text))


_READ: Mapping[Field, Callable[[Editing, RegisterRow, str], Iterator[Change]]] = {
    Field.CLASSES: _classes,
    Field.SUPPORTING: _supporting,
    Field.LEADER: _leader,
    Field.MEASURES: _measures,
    Field.PROGRESS: _progress,
    Field.NOTE: _note,
}
