"""The result of a round on paper: 测评结果报告单 and the draft of a bulletin, from templates an office may change."""

import io
from dataclasses import dataclass
from fractions import Fraction

from docx.shared import Emu
from docx.table import Table
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from appraisal.places import root

EMPTY = "—"


@dataclass(frozen=True)
class TurnoutLine:
    """Of one class of voters and channel, or of all together; a number nobody knows is a dash."""

    title: str
    members: int | str = EMPTY
    due: int | str = EMPTY
    present: int | str = EMPTY
    issued: int | str = EMPTY
    returned: int | str = EMPTY


@dataclass(frozen=True)
class Part:
    """What came out for one unit in one respect: a cell for each column, and as a bar, the pieces of a whole."""

    title: str
    cells: tuple[int | str, ...]
    said: str = ""
    bar: tuple[Fraction, ...] = ()


@dataclass(frozen=True)
class UnitSheet:
    """What came out for one unit: its grade, score or place in words, and how it was worked out.

    ``whole`` is the line of the whole, which is among the ``parts`` too; of no numbers where no line rates the whole.
    """

    name: str
    outcome: str
    whole: Part
    parts: tuple[Part, ...] = ()
    working: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResultSheet:
    """Everything on the sheet; ``options`` are what the pieces of a bar stand for, ``void`` why the round is void."""

    body: str
    campaign: str
    ballot: str
    number: int
    sitting: str
    place: str
    held_on: str
    turnout: tuple[TurnoutLine, ...]
    columns: tuple[str, ...]
    options: tuple[str, ...]
    units: tuple[UnitSheet, ...]
    scrutineers: str = ""
    tellers: str = ""
    digest: str = ""
    void: str = ""

    @property
    def total(self) -> TurnoutLine:
        """The turnout of all together, which stands last."""
        return self.turnout[-1]

    @property
    def has_parts(self) -> bool:
        """Whether more than the whole was rated."""
        return any(unit.parts not in ((), (unit.whole,)) for unit in self.units)


def result_sheet_docx(sheet: ResultSheet) -> bytes:
    """The sheet that tellers and scrutineers sign."""
    return _written("result-sheet", sheet)


def bulletin_docx(sheet: ResultSheet) -> bytes:
    """A draft of what is announced; somebody reads it before it goes out."""
    return _written("bulletin", sheet)


def _written(name: str, sheet: ResultSheet) -> bytes:
    template = DocxTemplate(root() / "templates" / "documents" / f"{name}.docx")
    environment = Environment(undefined=StrictUndefined, autoescape=True)
    template.render({"s": sheet}, environment, autoescape=True)
    for table in template.docx.tables:
        _widen_first(table)
    content = io.BytesIO()
    template.save(content)
    return content.getvalue()


def _widen_first(table: Table) -> None:
    """The first column has names, all others numbers or a word."""
    width = sum(column.width or 0 for column in table.columns)
    rest = len(table.columns) - 1
    first = max(width * 3 // 10, width // (rest + 1))
    for place, column in enumerate(table.columns):
        column.width = Emu(first if place == 0 else (width - first) // rest)
        for cell in column.cells:
            cell.width = column.width
