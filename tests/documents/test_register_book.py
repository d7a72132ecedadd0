from datetime import date
from pathlib import Path

import pytest

from appraisal.documents.register_book import read_book
from appraisal.documents.register_checks import Absence, Known
from appraisal.documents.register_layout import Book, PersonLine
from appraisal.notices.wording import phrase
from tests.documents.registers import Rows, Tables, as_csv, as_xlsx, known, small, workbook

Place = tuple[str, int, str, str]


def faults_of(path: Path, register: Known | None = None) -> list[Place]:
    book, found = read_book(path, register or known())
    assert (book == Book()) == bool(found)
    for fault in found:
        facts = {"text": "", "meant": "", **fault.facts}
        assert all(phrase(f"register.{part}.{fault.code}", **facts) for part in ("fault", "mend"))
    return [(fault.sheet, fault.row, fault.column, fault.code) for fault in found]


def faults(tmp_path: Path, tables: Tables, register: Known | None = None) -> list[Place]:
    return faults_of(as_xlsx(tables, tmp_path / "register.xlsx"), register)


def test_book_is_read_the_same_from_a_workbook_and_from_csv(tmp_path: Path) -> None:
    from_xlsx = read_book(as_xlsx(small(), tmp_path / "register.xlsx"), known())
    assert from_xlsx == read_book(as_csv(small(), tmp_path / "register", "gb18030"), known())
    assert from_xlsx[0].posts[0].since == date(2023, 1, 1)


def test_book_is_read_whatever_the_order_of_its_columns(tmp_path: Path) -> None:
    turned = small() | {
        "人员": [["停用", "姓　名", "代码"], ["是", "张样例", "zhang"], ["", "王样例", "wang"], ["", "李样例", "li"]]
    }
    book, found = read_book(as_xlsx(turned, tmp_path / "register.xlsx"), known())
    assert found == []
    assert book.people[0] == PersonLine(2, "zhang", "张样例", stopped=True)


@pytest.mark.parametrize(
    ("title", "rows", "expected"),
    [
        (
            "单位",
            [["jyj", "市教育局", "部门", None], ["czj", "市财政局", "部门", 2]],
            ("单位", 2, "序号", "empty"),
        ),
        ("单位", [["jyj", "市教育局", "部门", 1], ["czj", "市教育局", "部门", 2]], ("单位", 3, "名称", "name_taken")),
        (
            "人员",
            [["zhang", "张样例"], ["wang", "王样例"], ["li", "李样例"], ["zhang", "张样例"]],
            ("人员", 5, "代码", "twice"),
        ),
        ("任职", [["zhao", "head", "jyj"]], ("任职", 2, "人员代码", "unknown_person")),
        ("任职", [["zhang", "head", "kjj"]], ("任职", 2, "单位代码", "unknown_unit")),
        ("任职", [["zhang", "haed", "jyj"]], ("任职", 2, "角色", "unknown_role")),
        ("任职", [["zhang", "head", None]], ("任职", 2, "单位代码", "unit_needed")),
        ("任职", [["zhang", "head", "jyj"]] * 2, ("任职", 3, "人员代码", "twice")),
        ("任职", [["zhang", "head", "jyj", "", "2023-10-02", "2023-10-01"]], ("任职", 2, "止", "ends_early")),
        ("任职", [["zhang", "head", "jyj", "", "2023-09-31"]], ("任职", 2, "起", "date.nonexistent")),
        ("联系方式", [["zhang", 1, "手机", "fax:0571"]], ("联系方式", 2, "地址", "bad_address")),
        ("联系方式", [["zhang", 1, "手机", "已登记，不导出"]], ("联系方式", 2, "地址", "marker_without_contact")),
        ("代班", [["zhang", "zhang", "2023-10-01", "2023-10-07"]], ("代班", 2, "代班人代码", "stand_in_self")),
        ("人员", [["zhang", "张" * 201], ["wang", "王样例"], ["li", "李样例"]], ("人员", 2, "姓名", "cell.too_long")),
        ("代班", [["zhang", "wang", "10月1日", "2023-10-07"]], ("代班", 2, "起", "date.unreadable")),
        ("代班", [["zhang", "wang", "2023-10-01", None]], ("代班", 2, "止", "empty")),
    ],
)
def test_book_names_the_row_and_column_of_a_fault(tmp_path: Path, title: str, rows: Rows, expected: Place) -> None:
    roles = Known({}, (), (), (), {"head": True, "handler": True, "director": False}, lambda text: "demo:" in text)
    assert faults(tmp_path, small(**{title: rows}), roles) == [expected]


def test_book_names_every_fault_at_once(tmp_path: Path) -> None:
    tables = small(
        单位=[["jyj", "市教育局", "政府部门", "一", "也许"]],
        人员=[["zhang", None], ["wang", "王样例"], ["li", "李样例"]],
        联系方式=[["zhang", 1, "手机", "ftp"], ["zhao", 1, "手机", "demo:zhao"]],
        代班=[["zhang", "wang", "2023-02-29", "2023-03-01"]],
    )
    assert faults(tmp_path, tables) == [
        ("单位", 2, "序号", "cell.bad_number"),
        ("单位", 2, "停用", "cell.bad_flag"),
        ("人员", 2, "姓名", "empty"),
        ("联系方式", 2, "地址", "bad_address"),
        ("联系方式", 3, "人员代码", "unknown_person"),
        ("代班", 2, "起", "date.nonexistent"),
    ]


def test_book_names_missing_and_unknown_columns_with_what_was_meant(tmp_path: Path) -> None:
    tables = small() | {"人员": [["代码", "姓名字", "姓名字"], ["zhang", "张样例", ""]]}
    _, found = read_book(as_xlsx(tables, tmp_path / "register.xlsx"), known("head", "handler", "director"))
    places = [(fault.column, fault.code) for fault in found if fault.sheet == "人员"]
    assert places == [
        ("B", "column_unknown"),
        ("C", "column_unknown"),
        ("姓名", "column_missing"),
        ("停用", "column_missing"),
    ]
    assert found[0].facts["meant"] == "姓名"


def test_book_names_a_column_that_stands_twice(tmp_path: Path) -> None:
    people: Rows = [["代码", "姓名", "停用", "姓名"], ["zhang", "张样例"], ["wang", "王样例"], ["li", "李样例"]]
    assert faults(tmp_path, small() | {"人员": people}) == [("人员", 1, "姓名", "column_twice")]


def test_book_names_a_missing_sheet_once_and_not_all_that_refers_to_it(tmp_path: Path) -> None:
    tables = small()
    tables["人员表"] = tables.pop("人员")
    _, found = read_book(as_xlsx(tables, tmp_path / "register.xlsx"), known())
    assert [(fault.sheet, fault.row, fault.code, fault.facts) for fault in found] == [
        ("人员", 0, "sheet_missing", {"meant": "人员表"})
    ]


def test_book_names_merged_cells_formulas_errors_and_strays(tmp_path: Path) -> None:
    book = workbook(small())
    book["单位"].merge_cells("C2:C3")
    book["人员"]["B2"] = '=CONCAT("张","样例")'
    book["人员"]["B3"] = "#N/A"
    book["人员"]["B3"].data_type = "e"
    book["人员"]["F4"] = "备注"
    book.save(tmp_path / "register.xlsx")
    assert faults_of(tmp_path / "register.xlsx") == [
        ("单位", 2, "C", "merged"),
        ("单位", 3, "类别", "empty"),
        ("人员", 2, "姓名", "cell.formula"),
        ("人员", 3, "姓名", "cell.error"),
        ("人员", 4, "F", "stray"),
    ]


def test_book_finds_a_loop_of_stand_ins_on_a_common_day(tmp_path: Path) -> None:
    circle: Rows = [
        ["zhang", "wang", "2023-10-01", "2023-10-07"],
        ["wang", "li", "2023-10-05", "2023-10-10"],
        ["li", "zhang", "2023-10-07", "2023-10-09"],
    ]
    assert faults(tmp_path, small(代班=circle)) == [("代班", row, "代班人代码", "stand_in_loop") for row in (2, 3, 4)]
    circle[2][2] = "2023-10-08"
    assert faults(tmp_path, small(代班=circle)) == []


def test_book_finds_a_loop_with_what_the_register_holds(tmp_path: Path) -> None:
    held = Absence("wang", "zhang", date(2023, 10, 7), date(2023, 10, 20))
    register = Known({}, (), (), (held,), None, lambda _: True)
    assert faults(tmp_path, small(), register) == [("代班", 2, "代班人代码", "stand_in_loop")]


def test_book_may_lean_on_what_the_register_holds(tmp_path: Path) -> None:
    register = Known({"kjj": "市科技局"}, ("zhao",), (("zhao", 1),), (), None, lambda _: True)
    tables = small(任职=[["zhao", "head", "kjj"]], 联系方式=[["zhao", 1, "手机", "已登记，不导出"]])
    assert faults(tmp_path, tables, register) == []


def test_book_refuses_a_name_that_another_unit_of_the_register_holds(tmp_path: Path) -> None:
    register = Known({"xjyj": "市教育局"}, (), (), (), None, lambda _: True)
    assert faults(tmp_path, small(), register) == [("单位", 2, "名称", "name_taken")]


@pytest.mark.parametrize(
    "tables",
    [
        small(联系方式=[["zhang", "ntfy://secret", "手机", "ntfy://secret"], ["ntfy-secret", 2, "手机", "demo:li"]]),
        small(单位=[["ntfy://secret", "市教育局", "部门", "ntfy://secret", "ntfy://secret"]]),
        small() | {"联系方式": [["zhang", 1, "手机", "ntfy://secret"]]},
    ],
)
def test_book_never_repeats_an_address_wherever_it_stands(tmp_path: Path, tables: Tables) -> None:
    _, found = read_book(as_xlsx(tables, tmp_path / "register.xlsx"), known())
    assert len(found) >= 3
    assert "secret" not in repr(found)
