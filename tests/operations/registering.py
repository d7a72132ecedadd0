"""A register of rectification in the hands of somebody with a spreadsheet: fetched, edited, looked at, taken in."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from appraisal.documents.rectification_reading import Entered, read_register
from appraisal.documents.rectification_sheet import HIDDEN, LOOKS, TITLE, Field
from appraisal.domain.measures import Measure
from appraisal.operations import measures, progress_reports, rectification_import, rectification_register
from appraisal.operations.office import Office
from appraisal.operations.rectification_import import Outcome
from appraisal.operations.rectification_rows import RegisterSought
from tests.operations.tracking import TIMED, Tracking, tracking_at
from tests.operations.world import instant

FIRST = 4
BEFORE, AT = "2023-09-11T10:00", "2023-09-12T10:00"
COLUMNS = {field: index for index, field in enumerate(Field, start=1)}


class Sheet:
    """A register as it was given out; rows are counted from its first problem."""

    def __init__(self, content: bytes) -> None:
        self.workbook: Workbook = load_workbook(io.BytesIO(content))

    @property
    def page(self) -> Worksheet:
        page = self.workbook[TITLE]
        assert isinstance(page, Worksheet)
        return page

    def get(self, row: int, field: Field) -> Any:  # noqa: ANN401 - whatever a cell holds
        return self.page.cell(FIRST + row, COLUMNS[field]).value

    def put(self, row: int, field: Field, value: Any) -> "Sheet":  # noqa: ANN401 - whatever a cell holds
        self.page.cell(FIRST + row, COLUMNS[field]).value = value
        return self

    def row(self, row: int) -> dict[str, Any]:
        return {LOOKS[field].heading: self.get(row, field) for field in Field}

    def hidden(self, row: int) -> dict[str, Any]:
        return {title: self.page.cell(FIRST + row, len(Field) + at).value for at, title in enumerate(HIDDEN, start=1)}

    def numbers(self) -> list[int]:
        return [self.get(row, Field.NUMBER) for row in range(self.page.max_row - FIRST + 1)]

    @property
    def content(self) -> bytes:
        saved = io.BytesIO()
        self.workbook.save(saved)
        return saved.getvalue()

    @property
    def rows(self) -> list[Entered]:
        return read_register(self.content, "整改台账.xlsx")


@dataclass(frozen=True)
class Keeper:
    """Somebody who keeps the register of a campaign."""

    tracking: Tracking
    who: str

    def fetch(self, at: str = AT, **sought: str) -> Sheet:
        campaign = self.tracking
        person = campaign.person(self.who)
        with campaign.office.store.reading() as session:
            given = rectification_register.rectification_register(
                session, campaign.office, instant(at), campaign.slug, person, RegisterSought(**sought)
            )
        return Sheet(given)

    def look(self, sheet: Sheet, at: str = AT) -> Outcome:
        with self.tracking.desk(self.who, at) as desk:
            person = self.tracking.person(self.who)
            return rectification_import.preview(desk, self.tracking.slug, sheet.rows, person)

    def take(self, sheet: Sheet, at: str = AT) -> Outcome:
        with self.tracking.desk(self.who, at) as desk:
            person = self.tracking.person(self.who)
            return rectification_import.take(desk, self.tracking.slug, sheet.rows, person)


def register_at(office: Office, slug: str) -> Tracking:
    """Two problems of one unit that another supports, and one of a third; a measure and a report on the first."""
    campaign = tracking_at(office, slug)
    campaign.assigned(TIMED)
    campaign.assigned(TIMED, "校舍老旧")
    campaign.assigned(TIMED, "科研经费不足", "kjj")
    with campaign.desk("jyj-handler", BEFORE) as desk:
        by = campaign.by("jyj-handler")
        measures.set_measure(desk, campaign.slug, "jyj", Measure((1,), "招聘教师四十名", percent=30), by)
        progress_reports.report(desk, campaign.slug, 1, by, 60, "已招聘二十名")
    return campaign


def fates(outcome: Outcome) -> list[tuple[int | None, str]]:
    return [(row.number, row.fate) for row in outcome.rows]


def changes(outcome: Outcome) -> list[tuple[str, str, str, str]]:
    return [(cell.place, cell.column, cell.old, cell.new) for row in outcome.rows for cell in row.changes]


def faults(outcome: Outcome) -> list[tuple[int, str, str]]:
    """Where something is wrong, and what; the words exist."""
    found = [fault for row in outcome.rows for fault in row.faults]
    assert all(fault.what and fault.mend for fault in found)
    return [(fault.row, fault.place, fault.what) for fault in found]


def edited(sheet: Sheet, row: int, cells: Mapping[Field, Any]) -> Sheet:
    for field, value in cells.items():
        sheet.put(row, field, value)
    return sheet
