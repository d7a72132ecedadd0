"""A register of rectification that comes back edited: what it would change, row by row, and taking that in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from appraisal.documents.rectification_reading import Entered
from appraisal.documents.rectification_sheet import LOOKS, Field, Shown, mark
from appraisal.documents.register_sheets import Found
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations.clerks import PERSON
from appraisal.operations.desks import is_staff
from appraisal.operations.duties import By
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Desk
from appraisal.operations.rectification_changes import Asked, Change, Editing, changes_of
from appraisal.operations.rectification_register import may_keep
from appraisal.operations.rectification_rows import RegisterRow, RegisterSought, axis_words, identity_of, rows_of, shown
from appraisal.operations.register import told
from appraisal.operations.units import active_units
from appraisal.store.record_tables import LedgerRow
from appraisal.store.register_tables import PersonRow


class Fate(StrEnum):
    """What becomes of a row."""

    CHANGED = "changed"
    REFUSED = "refused"
    SAME = "same"
    UNTOUCHED = "untouched"


@dataclass(frozen=True)
class ChangedCell:
    """A cell before and after."""

    column: str
    place: str
    old: str
    new: str


@dataclass(frozen=True)
class CellFault:
    """What is wrong with a row or a cell of it, and the mend; without a ``place`` it is the row."""

    row: int
    place: str
    column: str
    what: str
    mend: str


@dataclass(frozen=True)
class RowFate:
    """A row of the sheet: which problem it is about, what becomes of it, what it changes or why it is refused.

    ``same`` is what was edited and is so already.
    """

    row: int
    number: int | None
    title: str
    fate: Fate
    changes: tuple[ChangedCell, ...] = ()
    faults: tuple[CellFault, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What becomes of a sheet, or would."""

    rows: tuple[RowFate, ...]

    def of(self, fate: str) -> list[RowFate]:
        """The rows of one fate."""
        return [row for row in self.rows if row.fate == fate]


def preview(desk: Desk, slug: str, rows: Sequence[Entered], person: PersonRow) -> Outcome:
    """What the rows of a sheet would change; it is tried out and undone, so that whatever would be refused is told."""
    outcome = Outcome(())
    try:
        with desk.work.attempt():
            outcome = take(desk, slug, rows, person)
            raise _TriedOut
    except _TriedOut:
        return outcome


def take(desk: Desk, slug: str, rows: Sequence[Entered], person: PersonRow) -> Outcome:
    """Take in every row that can be, and leave alone those that cannot, those that are gone and those not edited.

    The same sheet again changes nothing.  Refusal ``rectification.not_yours``.
    """
    campaign = campaign_by(desk.session, slug)
    today = desk.now.date()
    may_keep(desk.session, campaign, person, today)
    staff = is_staff(desk.session, person, today)
    units = {name: unit for unit in active_units(desk.session) for name in (unit.name, unit.code)}
    editing = Editing(desk, campaign, By(person, offline=staff), units, axis_words(campaign))
    listed = rows_of(desk.session, campaign, person, today, RegisterSought())
    known = {identity_of(campaign, row.problem): row for row in listed}
    asked = [(each, known.get(each.identity)) for each in rows]
    planned = [(each, row, _plan(editing, row, each)) for each, row in asked]
    return Outcome(tuple(_settle(editing, each, row, plan) for each, row, plan in planned))


class _TriedOut(Exception):  # noqa: N818 - undoes what was only tried.
    """Everything was tried; nothing stays."""


def _plan(editing: Editing, row: RegisterRow | None, entered: Entered) -> Asked:
    """What a row asks for, all rows before the first is settled: one may change what another was given out with."""
    if row is None:
        code = "register_unknown" if entered.identity else "register_new"
        return Asked((), (Found("", entered.row, "", code, {"identity": entered.identity}),))
    now = shown(row, editing.axes, editing.desk.office, editing.desk.office.hours.day_of(editing.desk.now))
    plan = changes_of(editing, row, entered, now)
    if plan.changes and not plan.faults and (stale := _stale(editing, row, entered, now, plan.changes)):
        return replace(plan, faults=(stale,))
    return plan


def _stale(
    editing: Editing, row: RegisterRow, entered: Entered, now: Mapping[Field, Shown], changes: Sequence[Change]
) -> Found | None:
    """That somebody changed the problem since the sheet was given out: what, when and who."""
    differs = [field for field in Field if mark(now.get(field)) != entered.stale.get(field)]
    touched = {change.field for change in changes}
    if row.problem.version == entered.version and not touched.intersection(differs):
        return None
    by, at = _last_change(editing, row)
    columns = [LOOKS[field].heading for field in differs]
    return Found("", entered.row, "", "register_stale", {"columns": columns, "by": by, "at": at})


def _last_change(editing: Editing, row: RegisterRow) -> tuple[str, datetime | None]:
    """Who changed the problem or one of its measures last, and when."""
    session, subjects = editing.desk.session, [f"measure:{each.id}" for each in row.measures]
    facts = select(LedgerRow.actor, LedgerRow.at).where(LedgerRow.chain == editing.campaign.slug)
    about = facts.where(LedgerRow.subject.in_([f"problem:{row.problem.id}", *subjects]))
    last = session.execute(about.order_by(LedgerRow.link.desc()).limit(1)).first()
    if last is None:
        return "", None
    code = str(last.actor).removeprefix(PERSON)
    return session.scalar(select(PersonRow.name).where(PersonRow.code == code)) or "", last.at


def _settle(editing: Editing, entered: Entered, row: RegisterRow | None, plan: Asked) -> RowFate:
    """Do all that a row asks for, or nothing of it."""
    number, title = (row.problem.number, row.problem.title) if row else (None, entered.text(Field.TITLE)[:40])
    faults = list(plan.faults)
    if plan.changes and not faults:
        try:
            with editing.desk.work.attempt():
                _do(entered, plan.changes)
        except _Refused as refused:
            faults = [refused.fault]
    if faults:
        return RowFate(entered.row, number, title, Fate.REFUSED, faults=tuple(_faults(faults)))
    if plan.changes:
        cells = [_cell(entered, change) for change in plan.changes]
        return RowFate(entered.row, number, title, Fate.CHANGED, tuple(cells))
    return RowFate(entered.row, number, title, Fate.SAME if entered.edited else Fate.UNTOUCHED)


class _Refused(Exception):  # noqa: N818 - takes a row back as a whole.
    def __init__(self, fault: Found) -> None:
        self.fault = fault
        super().__init__(fault.code)


def _do(entered: Entered, changes: Sequence[Change]) -> None:
    for change in changes:
        try:
            change.do()
        except Refusal as refusal:
            why = phrase(refusal.code, **refusal.facts)
            raise _Refused(entered.fault(change.field, "register_refused", why=why)) from None


def _cell(entered: Entered, change: Change) -> ChangedCell:
    return ChangedCell(LOOKS[change.field].heading, entered.places[change.field], change.old, change.new)


def _faults(faults: Sequence[Found]) -> Iterator[CellFault]:
    for found in faults:
        fault = told(found)
        yield CellFault(found.row, found.sheet, found.column, fault.what, fault.mend)
