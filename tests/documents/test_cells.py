from datetime import date, time

import pytest
from openpyxl.utils.datetime import from_excel

from appraisal.documents.cells import Kind, Spoilt, Value, read_cell
from appraisal.domain.refusal import Refusal


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Kind.CODE, 1.0, "1"),
        (Kind.CODE, 13800000000, "13800000000"),
        (Kind.CODE, "ＪＹＪ－１", "JYJ-1"),
        (Kind.CODE, "　jyj\xa0", "jyj"),
        (Kind.CODE, "", None),
        (Kind.CODE, "　", None),
        (Kind.NAME, "张　三", "张三"),
        (Kind.NAME, "\ufeff市教育局（本级）\u200b", "市教育局（本级）"),
        (Kind.NAME, "Li  Lei", "Li Lei"),
        (Kind.NUMBER, 3.0, 3),
        (Kind.NUMBER, "３", 3),
        (Kind.FLAG, True, True),
        (Kind.FLAG, " 否 ", False),
        (Kind.FLAG, "TRUE", True),
        (Kind.DATE, from_excel(45226), date(2023, 10, 27)),
        (Kind.DATE, date(2023, 10, 27), date(2023, 10, 27)),
        (Kind.DATE, "2023年10月27日", date(2023, 10, 27)),
        (Kind.DATE, 45226, date(2023, 10, 27)),
        (Kind.DATE, 45226.0, date(2023, 10, 27)),
        (Kind.DATE, "45226", date(2023, 10, 27)),
        (Kind.ADDRESS, " demo:zhang ", "demo:zhang"),
    ],
)
def test_cell_is_read_as_its_column_holds(kind: Kind, cell: object, value: Value) -> None:
    assert read_cell(kind, cell) == value


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        (Kind.CODE, "jiao yu", "cell.bad_code"),
        (Kind.CODE, "a:b", "cell.bad_code"),
        (Kind.CODE, "a" * 65, "cell.bad_code"),
        (Kind.CODE, from_excel(45226), "cell.turned_to_date"),
        (Kind.NAME, time(9, 0), "cell.turned_to_date"),
        (Kind.NAME, "局" * 201, "cell.too_long"),
        (Kind.NUMBER, 1.5, "cell.bad_number"),
        (Kind.NUMBER, -1, "cell.bad_number"),
        (Kind.NUMBER, "1000001", "cell.bad_number"),
        (Kind.NUMBER, "两", "cell.bad_number"),
        (Kind.FLAG, "也许", "cell.bad_flag"),
        (Kind.DATE, "2023-09-31", "date.nonexistent"),
        (Kind.DATE, "下周", "date.unreadable"),
        (Kind.DATE, 20231027, "date.unreadable"),
        (Kind.DATE, time(9, 0), "date.unreadable"),
        (Kind.NAME, Spoilt.FORMULA, "cell.formula"),
        (Kind.NAME, Spoilt.ERROR, "cell.error"),
    ],
)
def test_cell_is_refused_with_a_code(kind: Kind, cell: object, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_cell(kind, cell)
    assert refused.value.code == code
