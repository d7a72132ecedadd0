"""Reading the sheets of an xlsx workbook."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from appraisal.documents.cells import Spoilt, plain
from appraisal.documents.grids import Area, Grid, Row, assemble, refuse_long


def from_workbook(archive: zipfile.ZipFile, content: bytes) -> dict[str, Grid]:
    _refuse_entities(archive)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _refuse_long(_loaded(content, data_only=True, read_only=True))
        shown, written = _loaded(content, data_only=True), _loaded(content, data_only=False)
    return {plain(sheet.title): _grid(sheet, written[sheet.title], shown) for sheet in shown.worksheets}


def _loaded(content: bytes, *, data_only: bool, read_only: bool = False) -> Workbook:
    return load_workbook(io.BytesIO(content), data_only=data_only, read_only=read_only, keep_links=False)


def _refuse_entities(archive: zipfile.ZipFile) -> None:
    """No program that writes workbooks declares entities; who does means to blow up the reader."""
    for part in archive.namelist():
        if part.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part).replace(b"\0", b""):
            raise ValueError("a part of the workbook declares a document type")


def _refuse_long(streamed: Workbook) -> None:
    """Count before loading: a workbook in memory takes fifty times its file."""
    for sheet in streamed.worksheets:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            refuse_long(sheet.title, number, len(cells))


def _grid(shown: Worksheet, written: Worksheet, book: Workbook) -> Grid:
    ranges = shown.merged_cells.ranges
    merged = tuple(sorted(Area(area.min_row, area.min_col, area.max_row, area.max_col) for area in ranges))
    return replace(assemble(_rows(shown, written), shown.title), merged=merged, epoch=book.epoch)


def _rows(shown: Worksheet, written: Worksheet) -> Iterator[Row]:
    pairs = zip(shown.iter_rows(), written.iter_rows(), strict=True)
    for number, (values, formulas) in enumerate(pairs, start=1):
        yield number, tuple(_value(value, formula) for value, formula in zip(values, formulas, strict=True))


def _value(shown: Cell | MergedCell, written: Cell | MergedCell) -> object:
    """What the cell shows; a formula that was never worked out shows nothing."""
    if shown.data_type == "e":
        return Spoilt.ERROR
    if written.data_type == "f" and shown.value is None:
        return Spoilt.FORMULA
    return shown.value
