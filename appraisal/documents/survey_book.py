"""Questionnaires on paper as a workbook: a blank one to fill in, reading it back, and figures to take away."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from appraisal.documents.cells import Spoilt, plain
from appraisal.documents.grids import GUARDED
from appraisal.documents.grids import Grid as Table
from appraisal.documents.rehearsal_book import Grid, workbook_of
from appraisal.documents.tables import read_tables
from appraisal.domain.refusal import Refusal
from appraisal.domain.survey import Choice, Question, QuestionKind, Survey

SHEET, GUIDE = "纸质问卷", "填写说明"
SPOILT, NUMBER = "作废原因", "编号"
MOST_ROWS = 1000
_BETWEEN = re.compile(r"[;；\n|]+")
_LONGEST_LIST = 250


@dataclass(frozen=True)
class PaperColumn:
    """A column of the workbook: a question, or a row of a matrix; without a question, what its heading says."""

    heading: str
    question: Question | None = None
    line: str = ""


@dataclass(frozen=True)
class PaperFault:
    """A cell that cannot be read; row 0 is the sheet as a whole."""

    row: int
    column: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class PaperLine:
    """One sheet of paper: what it says to each question, the unit as it is written, and why it is spoilt."""

    row: int
    given: Mapping[str, object]
    unit: str
    spoilt: str


def blank_book(survey: Survey, units: Sequence[str]) -> bytes:
    """A workbook to fill in, one row a sheet of paper, with a sheet that says what may be written."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    for place, column in enumerate(columns_of(survey), start=1):
        cell = sheet.cell(1, place, _safe(column.heading))
        cell.data_type, cell.font, cell.alignment = "s", Font(bold=True), Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(place)].width = 18
        choices = units if column.heading == survey.unit_title else [each.title for each in _choices(column)]
        if column.question is None or column.question.kind is not QuestionKind.MULTIPLE:
            _offer(sheet, get_column_letter(place), choices)
    sheet.freeze_panes = "A2"
    _guide(book.create_sheet(GUIDE), survey, units)
    return _saved(book)


def read_papers(content: bytes, survey: Survey, units: Sequence[str]) -> tuple[list[PaperLine], list[PaperFault]]:
    """The sheets of paper, and every cell that cannot be read; refused when the file is no such workbook."""
    table = _table(content)
    columns = {plain(column.heading): column for column in columns_of(survey)}
    headings = ["" if cell is None else plain(str(cell)) for cell in table.headings]
    faults = [PaperFault(0, heading, "paper.column_missing") for heading in columns if heading not in headings]
    faults += [PaperFault(0, each, "paper.column_unknown") for each in headings if each and each not in columns]
    if len(table.rows) > MOST_ROWS:
        raise Refusal("paper.too_many", count=len(table.rows), most=MOST_ROWS)
    lines: list[PaperLine] = []
    for row, cells in table.rows:
        placed = {columns[at]: cell for at, cell in zip(headings, cells, strict=False) if at in columns}
        line, wrong = _line(row, placed, survey, units)
        lines.append(line)
        faults += wrong
    return lines, faults


def columns_of(survey: Survey) -> list[PaperColumn]:
    """The columns in their order."""
    about = [PaperColumn(survey.unit_title)] if survey.unit_title else []
    return [PaperColumn(NUMBER), *about, *_question_columns(survey), PaperColumn(SPOILT)]


def figures_book(grids: Sequence[Grid]) -> bytes:
    """Figures as a workbook; what people wrote stays text."""
    return _saved(workbook_of(_printable(grid) for grid in grids))


def figures_csv(grid: Grid) -> bytes:
    """One table, with the mark at its beginning by which Excel knows UTF-8; what looks like a formula is guarded."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for line in (grid.columns, *grid.rows):
        writer.writerow([f"'{cell}" if str(cell).startswith(GUARDED) else cell for cell in line])
    return text.getvalue().encode("utf-8-sig")


def _question_columns(survey: Survey) -> Iterator[PaperColumn]:
    for number, question in enumerate(survey.questions, start=1):
        if question.kind is not QuestionKind.MATRIX:
            yield PaperColumn(f"{number}. {question.title}", question)
        for place, line in enumerate(question.lines, start=1):
            yield PaperColumn(f"{number}.{place} {line.title}", question, line.key)


def _line(
    row: int, placed: Mapping[PaperColumn, object], survey: Survey, units: Sequence[str]
) -> tuple[PaperLine, list[PaperFault]]:
    given: dict[str, object] = {}
    other: dict[str, str] = {}
    faults: list[PaperFault] = []
    for column, cell in placed.items():
        try:
            text = _text(cell)
            value = _given(column.question, text) if column.question else text
        except Refusal as refusal:
            faults.append(PaperFault(row, column.heading, refusal.code, refusal.facts))
            continue
        if column.question is None:
            other[column.heading] = text
        elif column.line:
            given.setdefault(column.question.key, {})[column.line] = value  # type: ignore[index]  # a matrix has a dict
        else:
            given[column.question.key] = value
    unit = other.get(survey.unit_title, "") if survey.unit_title else ""
    if unit and unit not in units:
        faults.append(PaperFault(row, survey.unit_title, "paper.unit", {"text": unit}))
    return PaperLine(row, given, unit, other.get(SPOILT, "")), faults


def _given(question: Question, text: str) -> object:
    match question.kind:
        case QuestionKind.SCORE | QuestionKind.TEXT:
            return text
        case QuestionKind.MULTIPLE:
            return _options(question, text)
        case _:
            options = _options(question, text)
            return options if len(options) > 1 else "".join(options)


def _options(question: Question, text: str) -> list[str]:
    """The options by title or by number; a title that stands whole is not taken apart."""
    names = {plain(choice.title): choice.key for choice in question.choices}
    names |= {str(number): choice.key for number, choice in enumerate(question.choices, start=1)}
    parts = [text] if text in names else [plain(part) for part in _BETWEEN.split(text) if part.strip()]
    if strange := [part for part in parts if part not in names]:
        raise Refusal("paper.option", text=strange[0][:40], known=[choice.title for choice in question.choices])
    return list(dict.fromkeys(names[part] for part in parts))


def _text(cell: object) -> str:
    if isinstance(cell, Spoilt):
        raise Refusal(cell.value)
    if isinstance(cell, date | time | timedelta):
        raise Refusal("cell.turned_to_date")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _table(content: bytes) -> Table:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "papers.xlsx"
        path.write_bytes(content)
        try:
            tables = read_tables(path)
        except Refusal:
            raise Refusal("paper.not_a_workbook") from None
    if SHEET not in tables:
        raise Refusal("paper.no_sheet", sheet=SHEET)
    return tables[SHEET]


def _offer(sheet: Worksheet, letter: str, choices: Sequence[str]) -> None:
    listed = ",".join(choices)
    if choices and len(listed) <= _LONGEST_LIST and not any("," in choice or '"' in choice for choice in choices):
        offered = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
        offered.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
        sheet.add_data_validation(offered)


def _guide(sheet: Worksheet, survey: Survey, units: Sequence[str]) -> None:
    lines = [["列", "可以填写的内容"], [NUMBER, "纸质问卷上的编号，可以不填"]]
    if survey.unit_title:
        lines.append([survey.unit_title, "；".join(units)])
    lines += [[column.heading, _how(column)] for column in _question_columns(survey)]
    lines.append([SPOILT, "整份作废的写明原因，如“字迹不清”；其余不填"])
    for row, line in enumerate(lines, start=1):
        for place, value in enumerate(line, start=1):
            cell = sheet.cell(row, place, _safe(value))
            cell.data_type, cell.alignment = "s", Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 40, 70


def _how(column: PaperColumn) -> str:
    question = column.question
    numbered = "；".join(f"{number} {choice.title}" for number, choice in enumerate(_choices(column), start=1))
    match question and question.kind:
        case QuestionKind.SCORE:
            scale = question.scale if question else None
            return f"{scale.lowest} 至 {scale.highest} 的分数" if scale else ""
        case QuestionKind.TEXT:
            return f"照原文录入，最多 {question.longest if question else 0} 字"
        case QuestionKind.MULTIPLE:
            return f"写序号或文字，几项之间用分号隔开：{numbered}"
        case _:
            return f"写序号或文字；纸上同时选了几项的，照样写上并用分号隔开：{numbered}"


def _choices(column: PaperColumn) -> tuple[Choice, ...]:
    return column.question.choices if column.question else ()


def _printable(grid: Grid) -> Grid:
    rows = tuple(tuple(_safe(cell) if isinstance(cell, str) else cell for cell in row) for row in grid.rows)
    return replace(grid, rows=rows)


def _safe(text: str) -> str:
    """Without what no workbook keeps."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def _saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
