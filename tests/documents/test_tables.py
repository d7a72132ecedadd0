import io
import zipfile
from pathlib import Path

import pytest

from appraisal.documents.tables import read_tables
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from tests.documents.registers import Tables, as_csv, as_xlsx, csv_bytes, small, workbook

TITLES = ["单位", "人员", "任职", "联系方式", "代班"]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


def refused(path: Path) -> str:
    with pytest.raises(Refusal) as refusal:
        read_tables(path)
    assert phrase(refusal.value.code, **refusal.value.facts)
    return refusal.value.code


def zipped(tables: Tables, path: Path, encoding: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("__MACOSX/._单位.csv", b"\0")
        for title, rows in tables.items():
            archive.writestr(f"登记册/{title}.csv", csv_bytes(rows, encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_folder_is_read_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    tables = read_tables(as_csv(small(), tmp_path / "register", encoding))
    assert sorted(tables) == sorted(TITLES)
    assert tables["人员"].rows[0] == (2, ("zhang", "张样例", ""))


def test_csv_zip_is_read(tmp_path: Path) -> None:
    tables = read_tables(zipped(small(), tmp_path / "register.zip", "gb18030"))
    assert sorted(tables) == sorted(TITLES)


def test_csv_zip_is_read_when_windows_named_its_files(tmp_path: Path) -> None:
    path = tmp_path / "register.zip"
    named = "单位.csv".encode("gb18030")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("X" * len(named), "代码\njyj\n".encode())
    path.write_bytes(path.read_bytes().replace(b"X" * len(named), named))
    assert list(read_tables(path)) == ["单位"]


def test_csv_cell_loses_the_guard_against_formulas(tmp_path: Path) -> None:
    tables = small(人员=[["zhang", "'=1+1", ""], ["wang", "''=1", ""], ["li", "'李", ""]])
    rows = read_tables(as_csv(tables, tmp_path / "register"))["人员"].rows
    assert [cells[1] for _, cells in rows] == ["=1+1", "'=1", "'李"]


@pytest.mark.parametrize(("content", "code"), [(b"\xff\xff\xff", "register.encoding"), (b'a,"b', "register.not_csv")])
def test_csv_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "单位.csv").write_bytes(content)
    assert refused(tmp_path) == code


def test_workbook_is_read_with_its_row_numbers(tmp_path: Path) -> None:
    tables = read_tables(as_xlsx(small(人员=[["zhang", "张样例"], [], ["wang", "王样例"]]), tmp_path / "register.xlsx"))
    assert list(tables) == TITLES
    assert [row for row, _ in tables["人员"].rows] == [2, 4]


def test_workbook_is_read_under_any_name(tmp_path: Path) -> None:
    as_xlsx(small(), tmp_path / "register.xlsx").rename(tmp_path / "upload")
    assert list(read_tables(tmp_path / "upload")) == TITLES


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "register.not_a_workbook"),
        ("代码,名称".encode(), "register.not_a_workbook"),
        (b"PK\x03\x04 and nothing more", "register.unreadable"),
        (OLE, "register.old_format"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "register.encrypted"),
    ],
)
def test_file_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "register.xlsx").write_bytes(content)
    assert refused(tmp_path / "register.xlsx") == code


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "register.xlsx") == "register.unreadable"
    assert refused(tmp_path) == "register.no_tables"


def test_zip_of_other_things_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "register.zip", "w") as archive:
        archive.writestr("photo.jpg", b"\xff\xd8")
    assert refused(tmp_path / "register.zip") == "register.not_a_workbook"


def test_zip_under_a_password_is_refused(tmp_path: Path) -> None:
    path = zipped(small(), tmp_path / "register.zip", "utf-8")
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    content[entry + 8] |= 1
    path.write_bytes(content)
    assert refused(path) == "register.encrypted"


def test_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "register.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("单位.csv", b"0" * (33 * 2**20))
    assert (tmp_path / "register.zip").stat().st_size < 2**20
    assert refused(tmp_path / "register.zip") == "register.too_big"


def test_workbook_with_entities_is_refused(tmp_path: Path) -> None:
    source = zipfile.ZipFile(as_xlsx(small(), tmp_path / "register.xlsx"))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for part in source.namelist():
            text = source.read(part).decode()
            archive.writestr(part, LAUGHS + text if part.endswith("sheet1.xml") else text)
    (tmp_path / "laughs.xlsx").write_bytes(content.getvalue())
    assert refused(tmp_path / "laughs.xlsx") == "register.unreadable"


def test_sheet_is_read_up_to_its_last_allowed_row(tmp_path: Path) -> None:
    book = workbook(small())
    book["人员"]["A20001"] = "zhao"
    book.save(tmp_path / "register.xlsx")
    assert read_tables(tmp_path / "register.xlsx")["人员"].rows[-1][0] == 20001
    book["人员"]["A20002"] = "qian"
    book.save(tmp_path / "register.xlsx")
    assert refused(tmp_path / "register.xlsx") == "register.sheet_too_big"
