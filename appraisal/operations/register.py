"""The register of the body: taken in from a workbook as a whole or not at all, and given out again."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from appraisal.documents.register_book import read_book
from appraisal.documents.register_checks import Absence, Known
from appraisal.documents.register_export import write_book
from appraisal.documents.register_layout import Book
from appraisal.documents.register_sheets import Found
from appraisal.domain.digest import digest
from appraisal.domain.facts import Action, Fact
from appraisal.domain.refusal import Refusal
from appraisal.keys import Keyring
from appraisal.method.words import Scope
from appraisal.notices.wording import phrase
from appraisal.operations.register_given import book_of
from appraisal.operations.register_taken import Tally, take
from appraisal.store.register_tables import ContactRow, PersonRow, StandInRow, UnitRow
from appraisal.store.work import REGISTER, Work


@dataclass(frozen=True)
class RowFault:
    """A fault of the workbook as the office reads it; it never says an address."""

    sheet: str
    row: int
    column: str
    what: str
    mend: str

    def __str__(self) -> str:
        row = f"第{self.row}行" if self.row else ""
        column = f"“{self.column}”列" if self.column else ""
        return f"{self.sheet}表{row}{column}：{self.what}；{self.mend}"


class BadRegister(Refusal):
    """A workbook that was not taken in, with everything that is wrong with it."""

    def __init__(self, faults: Collection[RowFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("register.faulty", count=len(self.faults))


@dataclass(frozen=True)
class ImportReport:
    """What an import did, sheet by sheet."""

    units: Tally
    people: Tally
    posts: Tally
    contacts: Tally
    stand_ins: Tally

    @property
    def changed_anything(self) -> bool:
        return any(tally.changes for tally in (self.units, self.people, self.posts, self.contacts, self.stand_ins))


def import_register(
    work: Work,
    keyring: Keyring,
    path: Path,
    now: datetime,
    *,
    roles: Mapping[str, Scope] | None,
    valid_address: Callable[[str], bool],
) -> ImportReport:
    """Add and change what the file says and leave alone what it does not name; raises BadRegister, changing nothing."""
    _one_at_a_time(work.session)
    book, found = read_book(path, _known(work.session, roles, valid_address))
    if found:
        raise BadRegister([told(fault) for fault in found])
    report = ImportReport(*take(work.session, keyring, book))
    if report.changed_anything:
        work.record(REGISTER, Fact(REGISTER, Action.REGISTER_IMPORTED, _summary(report, book)), now)
    return report


def export_register(
    session: Session, keyring: Keyring, path: Path, *, with_addresses: bool, roles: Collection[str] = ()
) -> None:
    """The register as a workbook that imports again without a change; ``roles`` are offered besides those held."""
    book = book_of(session, keyring if with_addresses else None)
    write_book(path, book, {*roles, *(post.role for post in book.posts)})


def _one_at_a_time(session: Session) -> None:
    """SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE unit IN SHARE ROW EXCLUSIVE MODE"))


def _known(session: Session, roles: Mapping[str, Scope] | None, valid_address: Callable[[str], bool]) -> Known:
    people = {person.id: person.code for person in session.scalars(select(PersonRow))}
    contacts = session.execute(select(ContactRow.person_id, ContactRow.rank))
    return Known(
        units={unit.code: unit.name for unit in session.scalars(select(UnitRow))},
        people=frozenset(people.values()),
        contacts={(people[person], rank) for person, rank in contacts},
        absences=[
            Absence(people[row.person_id], people[row.stand_in_id], row.since, row.until)
            for row in session.scalars(select(StandInRow))
        ],
        roles=None if roles is None else {role: scope is Scope.UNIT for role, scope in roles.items()},
        valid_address=valid_address,
    )


def told(found: Found) -> RowFault:
    """A fault of any workbook in the words of the register."""
    facts = {"text": "", "meant": "", **found.facts}
    what = phrase(f"register.fault.{found.code}", **facts)
    mend = phrase(f"register.mend.{found.code}", **facts)
    return RowFault(found.sheet, found.row, found.column, what, mend)


def _summary(report: ImportReport, book: Book) -> dict[str, object]:
    """The counts, and a digest by which the file can be recognised without its addresses."""
    content = asdict(book)
    for contact in content["contacts"]:
        del contact["address"]
    return {**asdict(report), "content": digest(content)}
