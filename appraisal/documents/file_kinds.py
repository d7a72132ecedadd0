"""Which files may be handed in: their content must be what their name says, and nothing in them may run."""

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO
from zipfile import BadZipFile, LargeZipFile, ZipFile

from appraisal.domain.refusal import Refusal

OLE = bytes.fromhex("D0CF11E0A1B11AE1")
MACROS = "_VBA_PROJECT".encode("utf-16-le")
MOST_PARTS = 10_000
LARGEST_LIST = 4 * 1024 * 1024
CHUNK = 256 * 1024
_RUNS = re.compile(r"\s*(<!doctype|<html|<svg|<\?|<script|#!)", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

Test = Callable[[BinaryIO], bool]


@dataclass(frozen=True)
class Kind:
    """A kind of file: how it is labelled when it is fetched again, and how its content is known."""

    media_type: str
    is_it: Test


def kind_of(name: str, content: BinaryIO) -> Kind:
    """The kind of a file; refused when it is none of ours, not what its name says, or carries macros."""
    ending = PurePath(name).suffix.lower().removeprefix(".")
    kind = KINDS.get(ending)
    if kind is None:
        raise Refusal("upload.kind", file=name, allowed=sorted(KINDS))
    if not kind.is_it(content):
        raise Refusal("upload.content", file=name, ending=ending)
    try:
        macros = _has_macros(content)
    except (BadZipFile, NotImplementedError, RuntimeError):
        raise Refusal("upload.content", file=name, ending=ending) from None
    if macros:
        raise Refusal("upload.macros", file=name)
    return kind


def _begins(*marks: bytes) -> Test:
    def test(content: BinaryIO) -> bool:
        content.seek(0)
        return content.read(max(map(len, marks))).startswith(marks)

    return test


def _package(part: str) -> Test:
    """A zip that holds the part which makes it a document of this kind."""

    def test(content: BinaryIO) -> bool:
        return _begins(b"PK\x03\x04")(content) and part in _parts(content)

    return test


def _compound(*streams: str) -> Test:
    """A file of the old office formats that has one of the streams; their names are in UTF-16."""

    def test(content: BinaryIO) -> bool:
        return _begins(OLE)(content) and any(_holds(content, stream.encode("utf-16-le")) for stream in streams)

    return test


def _is_text(content: BinaryIO) -> bool:
    content.seek(0)
    raw = content.read()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = codecs.decode(raw, encoding)
        except UnicodeDecodeError:
            continue
        return not _UNPRINTABLE.search(text) and not _RUNS.match(text)
    return False


def _has_macros(content: BinaryIO) -> bool:
    if _begins(OLE)(content):
        return _holds(content, MACROS)
    if not _begins(b"PK\x03\x04")(content):
        return False
    return any(part.lower().endswith("vbaproject.bin") for part in _parts(content)) or _says_macros(content)


def _says_macros(content: BinaryIO) -> bool:
    with ZipFile(content) as package:
        if "[Content_Types].xml" not in package.namelist():
            return False
        with package.open("[Content_Types].xml") as listed:
            return b"macroenabled" in listed.read(LARGEST_LIST).lower()


def _parts(content: BinaryIO) -> frozenset[str]:
    """The names in a zip; none where it cannot be read or holds more than any document does."""
    content.seek(0)
    try:
        with ZipFile(content) as package:
            names = package.namelist()
    except (BadZipFile, LargeZipFile, NotImplementedError, ValueError):
        return frozenset()
    return frozenset(names) if len(names) <= MOST_PARTS else frozenset()


def _holds(content: BinaryIO, mark: bytes) -> bool:
    content.seek(0)
    tail = b""
    while chunk := content.read(CHUNK):
        if mark in tail + chunk:
            return True
        tail = chunk[-len(mark) :]
    return False


_OFFICE = "application/vnd.openxmlformats-officedocument"
_JPEG = Kind("image/jpeg", _begins(b"\xff\xd8\xff"))
_TEXT = _compound("WordDocument")
_SHEET = _compound("Workbook", "Book")
_SLIDES = _compound("PowerPoint Document")
KINDS: Mapping[str, Kind] = {
    "pdf": Kind("application/pdf", _begins(b"%PDF-")),
    "ofd": Kind("application/ofd", _package("OFD.xml")),
    "doc": Kind("application/msword", _TEXT),
    "docx": Kind(f"{_OFFICE}.wordprocessingml.document", _package("word/document.xml")),
    "wps": Kind("application/vnd.ms-works", _TEXT),
    "xls": Kind("application/vnd.ms-excel", _SHEET),
    "xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet", _package("xl/workbook.xml")),
    "et": Kind("application/vnd.ms-excel", _SHEET),
    "ppt": Kind("application/vnd.ms-powerpoint", _SLIDES),
    "pptx": Kind(f"{_OFFICE}.presentationml.presentation", _package("ppt/presentation.xml")),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": Kind("image/png", _begins(b"\x89PNG\r\n\x1a\n")),
    "txt": Kind("text/plain; charset=utf-8", _is_text),
}
"""By the ending of the name.  No zip: what is in it would go unlooked at."""
