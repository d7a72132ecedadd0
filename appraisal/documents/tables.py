"""The tables of a file, whatever sort of file it is."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appraisal.documents.csv_tables import SUFFIX, from_file, from_folder, from_zip
from appraisal.documents.grids import Grid, refuse_big
from appraisal.documents.workbooks import from_workbook
from appraisal.domain.refusal import Refusal

MOST_PARTS = 1000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = 1


def read_tables(path: Path) -> dict[str, Grid]:
    """Every table by its title; refused when the file is no such thing, is locked, or is too big."""
    with _told_as_refusal(path.name):
        return from_folder(path) if path.is_dir() else _from_file(path)


def tables_in(content: bytes, name: str) -> dict[str, Grid]:
    """The same of a file that was sent in."""
    with _told_as_refusal(name):
        refuse_big(len(content))
        return from_file(name, content) if name.lower().endswith(SUFFIX) else _from_bytes(content, name)


@contextmanager
def _told_as_refusal(name: str) -> Iterator[None]:
    """What a broken file raises may quote its cells, so only the kind of error is told."""
    try:
        yield
    except Refusal:
        raise
    except Exception as error:
        raise Refusal("register.unreadable", file=name, why=type(error).__name__) from None


def _from_file(path: Path) -> dict[str, Grid]:
    refuse_big(path.stat().st_size)
    return _from_bytes(path.read_bytes(), path.name)


def _from_bytes(content: bytes, name: str) -> dict[str, Grid]:
    if content.startswith(_ZIP):
        return _unzipped(content, name)
    if content.startswith(_OLE):
        raise Refusal(_old_or_locked(content), file=name)
    raise Refusal("register.not_a_workbook", file=name)


def _unzipped(content: bytes, name: str) -> dict[str, Grid]:
    """Nothing is unpacked past the sizes checked here: zipfile reads no further than the stated size of a part."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS:
            raise Refusal("register.unreadable", file=name, why="MOST_PARTS")
        refuse_big(sum(part.file_size for part in parts))
        if any(part.flag_bits & _LOCKED for part in parts):
            raise Refusal("register.encrypted", file=name)
        is_workbook = "[Content_Types].xml" in archive.namelist()
        return from_workbook(archive, content) if is_workbook else from_zip(archive, name)


def _old_or_locked(content: bytes) -> str:
    """Office wraps an encrypted workbook in the container of the old format."""
    return "register.encrypted" if "EncryptedPackage".encode("utf-16-le") in content else "register.old_format"
