"""Reading a roll (会议名单) as it is pasted from a table: 姓名, 职务, 类别, 应到; every fault is named at once."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

MOST_LINES = 2000
LONGEST = 100
HEADINGS = {"姓名": "name", "职务": "title", "类别": "voters", "应到": "due"}
FIELDS = ("name", "title", "voters", "due")
SITS_IN = ("列席", "列席人员")
DUE = {"": True, "应到": True, "是": True, "√": True, "请假": False, "否": False, "缺席": False}
_BREAK = re.compile(r"[,，;；|]")
_HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


@dataclass(frozen=True)
class RollLine:
    """Somebody to be put on the roll; without ``voters`` they sit in.  ``person`` is a code of the register."""

    name: str
    title: str = ""
    voters: str | None = None
    due: bool = True
    person: str = ""


@dataclass(frozen=True)
class RollFault:
    """What is wrong with a line: its number as it was pasted, a code, and the facts of its phrase."""

    line: int
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


def read_roll(text: str, classes: Sequence[tuple[str, str]]) -> tuple[list[RollLine], list[RollFault]]:
    """The lines of a pasted table; ``classes`` are the keys and titles of the classes of voters.

    Columns are parted by tabs or commas; a first line that begins with 姓名 gives their order.
    """
    rows = [(number, _cells(row)) for number, row in enumerate(text.splitlines(), start=1) if row.strip()]
    if len(rows) > MOST_LINES:
        return [], [RollFault(0, "too_many", {"most": MOST_LINES})]
    order, faults = list(FIELDS), list[RollFault]()
    if rows and rows[0][1][0] == "姓名":
        number, headings = rows.pop(0)
        order = [HEADINGS.get(heading, "") for heading in headings]
        strange = [heading for heading in headings if heading and heading not in HEADINGS]
        faults += [RollFault(number, "heading", {"text": heading, "known": list(HEADINGS)}) for heading in strange]
    lines: list[RollLine] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in rows:
        line, found = _read(number, cells, order, classes)
        faults += found
        if line is not None and (first := seen.setdefault((line.name, line.title), number)) != number:
            faults.append(RollFault(number, "twice", {"name": line.name, "first": first}))
        elif line is not None:
            lines.append(line)
    return lines, faults


def _read(
    number: int, cells: Sequence[str], order: Sequence[str], classes: Sequence[tuple[str, str]]
) -> tuple[RollLine | None, list[RollFault]]:
    given = dict.fromkeys(FIELDS, "") | dict(zip(order, cells, strict=False))
    faults = list(_faults(number, cells, order, given))
    voters = _class(given["voters"], classes)
    if isinstance(voters, RollFault):
        faults.append(RollFault(number, voters.code, voters.facts))
        voters = None
    if not given["name"]:
        return None, faults
    return RollLine(given["name"], given["title"], voters, DUE.get(given["due"], True)), faults


def _faults(number: int, cells: Sequence[str], order: Sequence[str], given: Mapping[str, str]) -> Iterator[RollFault]:
    if not given["name"]:
        yield RollFault(number, "nameless")
    for text in (given["name"], given["title"]):
        if len(text) > LONGEST:
            yield RollFault(number, "long", {"text": text[:20], "most": LONGEST})
    if any(cells[len(order) :]):
        yield RollFault(number, "columns", {"most": len(order)})
    if given["due"] not in DUE:
        yield RollFault(number, "due", {"text": given["due"][:20]})


def _class(written: str, classes: Sequence[tuple[str, str]]) -> str | RollFault | None:
    if written in SITS_IN:
        return None
    for key, title in classes:
        if written in (key, title):
            return key
    known = [*(title for _, title in classes), SITS_IN[0]]
    if not written:
        return classes[0][0] if len(classes) == 1 else RollFault(0, "classless", {"known": known})
    return RollFault(0, "class", {"text": written[:20], "known": known})


def _cells(row: str) -> list[str]:
    """A row from a workbook has tabs, and may have commas within a cell."""
    text = unicodedata.normalize("NFC", row)
    return [_plain(cell) for cell in (text.split("\t") if "\t" in text else _BREAK.split(text))]


def _plain(cell: str) -> str:
    """Without spaces around, and without those that pad a name of two characters."""
    return _HAN_GAP.sub("", " ".join(cell.split()))
