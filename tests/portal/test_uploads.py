from io import BytesIO
from pathlib import Path

import pytest

from appraisal.documents.file_kinds import KINDS, kind_of
from appraisal.domain.refusal import Refusal
from appraisal.operations.office import Office
from appraisal.operations.uploads import MEGABYTE, Offered, check_all, keeping, shown_name
from appraisal.settings import Settings
from appraisal.store.work import Store
from tests.portal.papers import PDF, PNG, compound, package

GOOD = {
    "pdf": PDF,
    "ofd": package("OFD.xml"),
    "doc": compound("WordDocument"),
    "docx": package("word/document.xml"),
    "wps": compound("WordDocument"),
    "xls": compound("Workbook"),
    "xlsx": package("xl/workbook.xml"),
    "et": compound("Workbook"),
    "ppt": compound("PowerPoint Document"),
    "pptx": package("ppt/presentation.xml"),
    "jpg": b"\xff\xd8\xff\xe0",
    "jpeg": b"\xff\xd8\xff\xe1",
    "png": PNG,
    "txt": "整改情况".encode("gb18030"),
}
BAD = {
    "kind": [("a.zip", package("a")), ("a.html", b"<html>"), ("a.svg", b"<svg>"), ("a.exe", b"MZ"), ("a", PDF)],
    "content": [
        ("a.pdf", b"<html>%PDF-"),
        ("a.docx", package("xl/workbook.xml")),
        ("a.docx", b"PK\x03\x04 not a package"),
        ("a.docx", compound("EncryptedPackage")),
        ("a.doc", compound("Workbook")),
        ("a.png", PDF),
        ("a.txt", b"\x00MZ"),
        ("a.txt", b"  <!DOCTYPE html><script>"),
        ("a.txt", b"#!/bin/sh"),
        ("a.txt", b"\xff\xff\xff"),
    ],
    "macros": [
        ("a.doc", compound("WordDocument", "_VBA_PROJECT")),
        ("a.docx", package("word/document.xml", "word/vbaProject.bin")),
        ("a.xlsx", package("xl/workbook.xml", types="<Types>application/vnd.ms-excel.sheet.macroEnabled</Types>")),
    ],
}


def offered(name: str, content: bytes) -> Offered:
    return Offered(name, BytesIO(content))


def refusal_of(files: list[Offered], limit: int = MEGABYTE) -> Refusal:
    with pytest.raises(Refusal) as refused:
        check_all(files, limit)
    return refused.value


def test_every_kind_has_a_good_example() -> None:
    assert GOOD.keys() == KINDS.keys()


@pytest.mark.parametrize(("ending", "content"), GOOD.items())
def test_file_that_is_what_it_says_is_taken(ending: str, content: bytes) -> None:
    assert kind_of(f"材料.{ending.upper()}", BytesIO(content)) is KINDS[ending]


@pytest.mark.parametrize(("code", "name", "content"), [(code, *bad) for code, found in BAD.items() for bad in found])
def test_file_that_may_not_be_handed_in_is_refused(code: str, name: str, content: bytes) -> None:
    assert refusal_of([offered(name, content)]).code == f"upload.{code}"


def test_macro_is_found_across_the_edge_of_a_chunk() -> None:
    content = compound("WordDocument").ljust(256 * 1024 - 8, b"\x00") + "_VBA_PROJECT".encode("utf-16-le")
    assert refusal_of([offered("a.doc", content)]).code == "upload.macros"


def test_empty_large_and_twin_files_are_refused() -> None:
    assert refusal_of([offered("a.pdf", b"")]).code == "upload.empty"
    assert refusal_of([offered("a.pdf", PDF)], limit=len(PDF) - 1).code == "upload.too_large"
    assert refusal_of([offered("a.pdf", PDF), offered("b.pdf", PDF)]).facts == {"file": "b.pdf", "twin": "a.pdf"}
    assert len(check_all([offered("a.pdf", PDF)], limit=len(PDF))) == 1


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("整改报告.pdf", "整改报告.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\桌面\\报告.pdf", "报告.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ('a<b>"c".pdf', "a_b__c_.pdf"),
        (".pdf", "pdf"),
        ("长" * 200 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_name_is_made_safe_to_show(written: str, shown: str) -> None:
    assert shown_name(written) == shown


@pytest.fixture
def office(store: Store, home: Path) -> Office:
    return Office(Settings(home=home), store)


def test_files_that_the_record_does_not_name_are_removed(office: Office) -> None:
    with keeping(office, [offered("a.pdf", PDF), offered("b.png", PNG)]) as stored:
        assert [(office.uploads / file.stored_as).read_bytes() for file in stored] == [PDF, PNG]
        assert {(office.uploads / file.stored_as).stat().st_mode & 0o777 for file in stored} == {0o600}
    assert list(office.uploads.iterdir()) == []


def test_files_are_removed_when_the_work_breaks_off(office: Office) -> None:
    with pytest.raises(ZeroDivisionError), keeping(office, [offered("a.pdf", PDF)]) as stored:
        len(stored) / 0
    assert list(office.uploads.iterdir()) == []


def test_nothing_is_kept_where_one_of_several_is_refused(office: Office) -> None:
    with pytest.raises(Refusal), keeping(office, [offered("a.pdf", PDF), offered("b.png", PDF + b"x")]):
        pass
    assert not office.uploads.exists()


def test_files_stay_where_the_record_cannot_be_asked(office: Office) -> None:
    with keeping(office, [offered("a.pdf", PDF)]) as stored:
        office.store = Store(f"sqlite:///{office.settings.home}/nowhere/pingyi.db")
    assert [file.name for file in office.uploads.iterdir()] == [file.stored_as for file in stored]
