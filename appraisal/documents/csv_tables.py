"""Reading tables from csv files, in a folder or in a zip, in UTF-8 or in GB18030."""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from appraisal.documents.cells import plain
from appraisal.documents.grids import GUARDED, Grid, Row, assemble, refuse_big
from appraisal.domain.refusal import Refusal

SUFFIX = ".csv"
_NAMED_IN_UTF8 = 0x800


def from_folder(folder: Path) -> dict[str, Grid]:
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() == SUFFIX)
    if not files:
        raise Refusal("register.no_tables", file=folder.name)
    refuse_big(sum(file.stat().st_size for file in files))
    return dict(_table(file.stem, file.read_bytes()) for file in files)


def from_file(name: str, content: bytes) -> dict[str, Grid]:
    """The one table of a csv file, by the name of the file."""
    return dict([_table(PurePosixPath(name).stem, content)])


def from_zip(archive: zipfile.ZipFile, name: str) -> dict[str, Grid]:
    paths = [(PurePosixPath(_name_in_zip(part)), part) for part in archive.infolist()]
    tables = [(path, part) for path, part in paths if path.suffix.lower() == SUFFIX and not path.name.startswith("._")]
    if not tables:
        raise Refusal("register.not_a_workbook", file=name)
    return dict(_table(path.stem, archive.read(part)) for path, part in tables)


def _name_in_zip(part: zipfile.ZipInfo) -> str:
    """Chinese Windows writes names in GB18030 without saying so; zipfile then reads them as code page 437."""
    if part.flag_bits & _NAMED_IN_UTF8:
        return part.filename
    try:
        return decoded(part.filename.encode("cp437"))
    except UnicodeError:
        return part.filename


def _table(title: str, content: bytes) -> tuple[str, Grid]:
    title = plain(unicodedata.normalize("NFC", title))
    try:
        return title, assemble(_rows(decoded(content)), title)
    except UnicodeError:
        raise Refusal("register.encoding", sheet=title) from None
    except csv.Error:
        raise Refusal("register.not_csv", sheet=title) from None


def decoded(content: bytes) -> str:
    """Text in UTF-8, with or without a mark of it, or in GB18030; UnicodeError for anything else."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def _rows(text: str) -> Iterator[Row]:
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
        yield number, tuple(_unguarded(cell) for cell in cells)


def _unguarded(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking the text for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(GUARDED) else cell
