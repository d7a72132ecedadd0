"""What Excel, WPS and LibreOffice make of a register of rectification before it comes back.

``data/register-saved-by-libreoffice.xlsx`` is what ``given_out`` gives, opened and saved again by LibreOffice 7.4
(``soffice --headless --convert-to xlsx``): shared strings instead of inline ones, styles of its own.
"""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from appraisal.documents.rectification_book import Register, rectification_book
from appraisal.documents.rectification_reading import Entered, read_register
from appraisal.documents.rectification_sheet import LOOKS, OF_OFFICE, TITLE, Field, RegisterLine, Shown
from appraisal.domain.refusal import Refusal

SAVED_BY_LIBREOFFICE = Path(__file__).parent / "data/register-saved-by-libreoffice.xlsx"
DUE = date(2023, 10, 27)
MIDNIGHT = datetime.combine(DUE, time())
CLASSES = [f"限期整改、第{number}类" for number in range(200)]
ROWS: list[dict[Field, Shown]] = [
    {
        Field.NUMBER: number,
        Field.TITLE: title,
        Field.CLASSES: "限期整改、小",
        Field.LEAD: "市教育局",
        Field.SUPPORTING: "市财政局",
        Field.LEADER: "王副市长",
        Field.MEASURES: "1. 招聘教师\n2. 调剂编制",
        Field.DUE: DUE,
        Field.PROGRESS: "60%（2023年9月11日）已招聘二十名",
        Field.STANDING: "整改中，60%",
        Field.NOTE: "=cmd 1\x07",
    }
    for number, title in enumerate(("校舍老旧", "教师编制不足", "校车不足"), start=1)
]


def given_out() -> bytes:
    lines = [RegisterLine(f"c/{number}", 3, shown, OF_OFFICE) for number, shown in enumerate(ROWS, start=1)]
    return rectification_book(Register("整改台账", "怎样修改", lines, OF_OFFICE, {Field.CLASSES: CLASSES}))


def saved(change: Callable[[Any], object], content: bytes | None = None) -> list[Entered]:
    """The sheet as somebody changed it, read."""
    book = load_workbook(io.BytesIO(content or SAVED_BY_LIBREOFFICE.read_bytes()))
    change(book[TITLE])
    written = io.BytesIO()
    book.save(written)
    return read_register(written.getvalue(), "整改台账.xlsx")


def put(place: str, value: object) -> Callable[[Any], object]:
    return lambda page: page.__setitem__(place, value)


def untouched(rows: list[Entered]) -> bool:
    """Whether every row is known again with its version, unedited and without a fault."""
    found = sorted((row.identity, row.version, len(row.edited), len(row.faults)) for row in rows)
    return found == [(f"c/{number}", 3, 0, 0) for number in (1, 2, 3)]


def faults(rows: list[Entered]) -> list[tuple[str, str]]:
    return [(fault.sheet, fault.code) for row in rows for fault in row.faults]


def test_workbook_holds_what_excel_insists_on() -> None:
    book = load_workbook(io.BytesIO(given_out()))
    page = book[TITLE]
    assert all(len(title) <= 31 and not set(title) & set("[]:*?/\\") for title in book.sheetnames)
    rules = page.data_validations.dataValidation
    assert [str(rule.sqref) for rule in rules] == ["C4:C6"]
    assert all(len(str(rule.formula1)) <= 255 for rule in rules)
    offered = rules[0].formula1.replace("$", "").partition("!")[2]
    assert [cell.value for (cell,) in book["选项"][offered]] == CLASSES
    texts = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not any(ILLEGAL_CHARACTERS_RE.search(text) or len(text) > 32_767 for text in texts)
    due = page["H4"]
    assert (due.is_date, due.value, due.number_format) == (True, MIDNIGHT, 'yyyy"年"m"月"d"日"')
    assert page["L4"].data_type == "s"
    assert len({str(cell.value) for cell in page[3]}) == len(page[3])


def test_texts_of_a_workbook_stand_in_it_as_xml_can_hold_them() -> None:
    with zipfile.ZipFile(io.BytesIO(given_out())) as archive:
        parts = [archive.read(part).decode() for part in archive.namelist() if part.endswith(".xml")]
    assert not any("\x07" in part for part in parts)
    assert any("=cmd 1<" in part for part in parts)


def test_register_that_another_program_saved_is_known_again() -> None:
    content = SAVED_BY_LIBREOFFICE.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(io.BytesIO(given_out())) as own:
        assert "xl/sharedStrings.xml" in archive.namelist()
        assert b't="s"' in archive.read("xl/worksheets/sheet1.xml")
        assert b't="inlineStr"' in own.read("xl/worksheets/sheet1.xml")
    assert untouched(read_register(content, "整改台账.xlsx"))


@pytest.mark.parametrize(
    "value",
    [
        MIDNIGHT,
        DUE,
        45226,
        45226.0,
        "45226",
        "2023-10-27",
        "2023/10/27",
        "2023.10.27",
        "2023年10月27日",
        "2023年10月27日　",
        "２０２３年１０月２７日",
        "2023年10月27日（星期五）",
        "2023年10月27日(星期五)",
        "2023-10-27 00:00:00",
        "2023-10-27T00:00:00.000",
        "2023/10/27 0:00",
    ],
)
def test_date_is_the_same_however_a_program_writes_it(value: object) -> None:
    assert untouched(saved(put("H4", value)))


@pytest.mark.parametrize("value", ["10月27日", "23/10/27", "27/10/2023", "20231027", "2023-10-27 08:00", "十月底"])
def test_date_that_cannot_be_told_is_refused_with_its_cell(value: str) -> None:
    assert faults(saved(put("H5", value))) == [("H5", "date.unreadable")]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("A4", 1.0),
        ("A4", "1"),
        ("N4", 3.0),
        ("N4", " 3 "),
        ("M4", "c/1 "),
        ("D4", "市教育局  \u3000"),
        ("D4", "市 教 育 局"),
        ("G4", "1. 招聘教师\r\n2. 调剂编制\r\n"),
        ("G4", "1. 招聘教师_x000D_\n2. 调剂编制_x000D_\n\n"),
        ("G3", "整改\n措施"),
        ("B8", "  \u3000 "),
    ],
)
def test_what_programs_do_to_numbers_and_spaces_changes_nothing(place: str, value: object) -> None:
    assert untouched(saved(put(place, value)))


def sorted_by_filter(page: Any) -> None:  # noqa: ANN401 - openpyxl's own types are too narrow
    """What lies within the filter changes places as rows; what lies outside stays where it is."""
    rows = [[cell.value for cell in row] for row in page[page.auto_filter.ref][1:]]
    for cells, values in zip(page[page.auto_filter.ref][1:], reversed(rows), strict=True):
        for cell, value in zip(cells, values, strict=True):
            cell.value, cell.data_type = value, "s" if isinstance(value, str) else cell.data_type


def rearranged(page: Any) -> None:  # noqa: ANN401 - openpyxl's own types are too narrow
    page.insert_cols(1)
    page.insert_rows(5)
    page.title = "教育局台账（2023）"
    for letter in "DEF":
        page.column_dimensions[letter].hidden = True
    page.row_dimensions[6].hidden = True
    page.parent.create_sheet("说明", 0)["A1"] = "见下一张表"
    page.parent.active = 0


def last_column_first(page: Any) -> None:  # noqa: ANN401 - openpyxl's own types are too narrow
    page.move_range("L3:L6", cols=10)


@pytest.mark.parametrize("change", [sorted_by_filter, last_column_first])
def test_rows_and_columns_may_change_places(change: Callable[[Any], object]) -> None:
    assert untouched(saved(change))
    assert untouched(saved(change, given_out()))


def test_sheet_may_be_renamed_filtered_and_stand_elsewhere() -> None:
    book = load_workbook(io.BytesIO(SAVED_BY_LIBREOFFICE.read_bytes()))
    rearranged(book[TITLE])
    written = io.BytesIO()
    book.save(written)
    assert untouched(read_register(written.getvalue(), "教育局.xlsx"))


def test_cells_that_lost_what_they_held_by_merging_are_refused_and_not_taken_for_emptied() -> None:
    rows = saved(lambda page: page.merge_cells("E4:E6"))
    assert [(row.row, row.edited) for row in rows] == [(4, frozenset()), (5, frozenset()), (6, frozenset())]
    assert faults(rows) == [("E5", "merged"), ("E6", "merged")]
    assert faults(saved(lambda page: page.merge_cells("G4:I4"))) == [("H4", "merged"), ("I4", "merged")]


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        ("A5", "二", "cell.bad_number"),
        ("F5", "#REF!", "cell.error"),
        ("F5", "=D5&E5", "cell.formula"),
        ("L5", MIDNIGHT, "cell.turned_to_date"),
    ],
)
def test_cell_that_cannot_be_read_is_refused_with_its_place(place: str, value: object, code: str) -> None:
    assert faults(saved(put(place, value))) == [(place, code)]


def written_by_hand(page: Any) -> None:  # noqa: ANN401 - openpyxl's own types are too narrow
    page["A8"], page["G8"] = "填表人：张三", "审核人：李四"


def test_signatures_below_are_rows_of_their_own_and_leave_the_others_alone() -> None:
    rows = saved(written_by_hand)
    assert [(row.row, row.identity) for row in rows] == [(4, "c/1"), (5, "c/2"), (6, "c/3"), (8, "")]
    assert untouched(rows[:3])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "register.old_format"),
        ("<html><table><tr><td>序号</td></tr></table></html>".encode(), "register.not_a_workbook"),
        (b"PK\x03\x04 cut off", "register.unreadable"),
    ],
)
def test_file_in_another_format_is_refused_in_words(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_register(content, "整改台账.xlsx")
    assert caught.value.code == code


def test_column_that_was_renamed_is_named() -> None:
    with pytest.raises(Refusal) as caught:
        saved(put("G3", "整改举措"))
    assert caught.value.code == "rectification.no_column"
    assert caught.value.facts == {"columns": [LOOKS[Field.MEASURES].heading]}


def test_register_without_rows_is_a_workbook_all_the_same() -> None:
    empty = rectification_book(Register("整改台账", "怎样修改", [], OF_OFFICE, {Field.CLASSES: CLASSES}))
    assert read_register(empty, "整改台账.xlsx") == []
    assert isinstance(load_workbook(io.BytesIO(empty)), Workbook)
