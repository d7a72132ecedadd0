import stat
from pathlib import Path

from openpyxl import load_workbook

from appraisal.documents.register_book import read_book
from appraisal.documents.register_export import write_book
from appraisal.documents.register_layout import Book, PersonLine
from tests.documents.registers import as_xlsx, known, small

SHEETS = ["单位", "人员", "任职", "联系方式", "代班"]


def test_export_is_read_again_as_it_was(tmp_path: Path) -> None:
    book, _ = read_book(as_xlsx(small(), tmp_path / "register.xlsx"), known())
    for path in (tmp_path / "again.xlsx", tmp_path / "again"):
        write_book(path, book)
        write_book(path, book)
        assert read_book(path, known()) == (book, [])


def test_export_of_nothing_is_a_form_to_fill_in(tmp_path: Path) -> None:
    write_book(tmp_path / "form.xlsx", Book(), ["head", "handler"])
    form = load_workbook(tmp_path / "form.xlsx")
    assert form.sheetnames == [*SHEETS, "选项"]
    assert form["选项"].sheet_state == "hidden"
    assert [cell.value for cell in form["单位"][1]] == ["代码", "名称", "类别", "序号", "停用"]
    assert {form[title].freeze_panes for title in SHEETS} == {"A2"}
    offered = form["任职"].data_validations.dataValidation[0]
    assert (str(offered.sqref), offered.formula1) == ("B2:B20001", "'选项'!$C$2:$C$3")
    assert [form["选项"][f"C{row}"].value for row in (1, 2, 3)] == ["角色", "handler", "head"]


def test_export_writes_what_looks_like_a_formula_as_text(tmp_path: Path) -> None:
    names = ('=HYPERLINK("http://127.0.0.1")', "+1", "-1", "@SUM(A1)", "'=1")
    people = tuple(PersonLine(row, f"p{row}", name, stopped=False) for row, name in enumerate(names, start=2))
    write_book(tmp_path / "people.xlsx", Book(people=people))
    write_book(tmp_path / "people", Book(people=people))
    cells = [load_workbook(tmp_path / "people.xlsx")["人员"][f"B{person.row}"] for person in people]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in cells] == [(name, "s", True) for name in names]
    written = (tmp_path / "people" / "人员.csv").read_text(encoding="utf-8-sig")
    assert written.splitlines()[1] == 'p2,"\'=HYPERLINK(""http://127.0.0.1"")",否'
    for path in (tmp_path / "people.xlsx", tmp_path / "people"):
        assert read_book(path, known())[0].people == people


def test_export_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_book(tmp_path / "register.xlsx", Book())
    write_book(tmp_path / "register", Book())
    files = [tmp_path / "register.xlsx", *(tmp_path / "register").iterdir()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len(files) == 6
