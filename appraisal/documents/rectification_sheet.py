"""The columns of a register of rectification (整改台账), and the marks by which its cells are known again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from appraisal.documents.cells import Kind, Spoilt, Value, plain, read_cell
from appraisal.domain.digest import digest
from appraisal.domain.refusal import Refusal

TITLE = "整改台账"
LONGEST_CELL = 16_000
"""In characters; a cell of a workbook holds twice as many, counted as the workbook counts them."""
NUMBER, VERSION, MARKS = "编号", "版本", "印记"
HIDDEN = (NUMBER, VERSION, MARKS)
_RETURN = re.compile("_x000D_$", re.MULTILINE)
"""How a workbook writes the first half of the line break of Windows."""
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Field(StrEnum):
    """The columns in the order in which offices keep them."""

    NUMBER = "number"
    TITLE = "title"
    CLASSES = "classes"
    LEAD = "lead"
    SUPPORTING = "supporting"
    LEADER = "leader"
    MEASURES = "measures"
    DUE = "due"
    PROGRESS = "progress"
    STANDING = "standing"
    CLOSED = "closed"
    NOTE = "note"


@dataclass(frozen=True)
class Look:
    """How a column is headed, how wide it is, and what it holds."""

    heading: str
    width: float
    kind: Kind = Kind.TEXT
    centred: bool = False


LOOKS: Mapping[Field, Look] = {
    Field.NUMBER: Look("序号", 6, Kind.NUMBER, centred=True),
    Field.TITLE: Look("问题", 26),
    Field.CLASSES: Look("类别", 12, centred=True),
    Field.LEAD: Look("牵头单位", 13, centred=True),
    Field.SUPPORTING: Look("配合单位", 13, centred=True),
    Field.LEADER: Look("责任领导", 10, centred=True),
    Field.MEASURES: Look("整改措施", 34),
    Field.DUE: Look("时限", 14, Kind.DATE, centred=True),
    Field.PROGRESS: Look("进展", 30),
    Field.STANDING: Look("完成情况", 12, centred=True),
    Field.CLOSED: Look("销号日期", 14, Kind.DATE, centred=True),
    Field.NOTE: Look("备注", 16),
}
OF_OFFICE = frozenset({Field.CLASSES, Field.SUPPORTING, Field.LEADER, Field.MEASURES, Field.PROGRESS, Field.NOTE})
OF_UNIT = frozenset({Field.MEASURES, Field.PROGRESS, Field.NOTE})
"""What may be changed in the sheet of the office, and in that of a unit."""

Shown = int | str | date | None


@dataclass(frozen=True)
class RegisterLine:
    """A problem as the register shows it; ``identity`` is that of the problem, ``open`` what may be changed of it."""

    identity: str
    version: int
    shown: Mapping[Field, Shown]
    open: frozenset[Field]


def written(value: Shown) -> Shown:
    """As a cell can hold it: text without what no workbook holds, and not too long."""
    if not isinstance(value, str):
        return value
    text = _FORBIDDEN.sub("", value)
    return text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + "……"


def fits(value: Shown) -> bool:
    return not isinstance(value, str) or len(value) <= LONGEST_CELL


def read(field: Field, cell: object, epoch: datetime) -> Value:
    """What stands in a cell: a number, a date or text without the spaces that no two programs keep alike."""
    kind = LOOKS[field].kind
    if kind is not Kind.TEXT or isinstance(cell, Spoilt):
        return read_cell(kind, cell, epoch)
    if isinstance(cell, date | time | timedelta):
        raise Refusal("cell.turned_to_date")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return tidy("" if cell is None else str(cell))


def tidy(text: str) -> str:
    """Every line without spaces around, and no empty lines."""
    return "\n".join(line for each in _RETURN.sub("", text).splitlines() if (line := plain(each)))


def mark(value: Shown) -> str:
    """By which a cell is known to be as it was given out."""
    shown = written(value)
    return digest(tidy(shown) if isinstance(shown, str) else str(shown or ""))[:8]


def marks(shown: Mapping[Field, Shown]) -> str:
    """The marks of all cells of a row, in the order of the columns."""
    return " ".join(mark(shown.get(field)) for field in Field)
