"""Reading a register of rectification that comes back: its rows by what they are about, and what was edited."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from appraisal.documents.cells import Value, plain
from appraisal.documents.grids import Grid
from appraisal.documents.rectification_sheet import HIDDEN, LOOKS, MARKS, NUMBER, TITLE, VERSION, Field, mark, read
from appraisal.documents.register_sheets import LONGEST_QUOTE, Found
from appraisal.documents.tables import tables_in
from appraisal.domain.refusal import Refusal

MOST_LINES = 5000
_HEADINGS: Mapping[str, Field] = {look.heading: field for field, look in LOOKS.items()}


@dataclass(frozen=True)
class Entered:
    """A row as it came back: the problem and version it was given out for, its cells, and those that were edited.

    ``cells`` lacks what could not be read, ``places`` says where each cell stands.
    """

    row: int
    identity: str
    version: int
    cells: Mapping[Field, Value]
    edited: frozenset[Field]
    stale: Mapping[Field, str]
    places: Mapping[Field, str]
    faults: tuple[Found, ...]

    def text(self, field: Field) -> str:
        value = self.cells.get(field)
        return "" if value is None else str(value)

    def fault(self, field: Field, code: str, /, **facts: object) -> Found:
        """What is wrong with a cell of this row."""
        return Found(self.places.get(field, ""), self.row, LOOKS[field].heading, code, _quoting(facts))


def read_register(content: bytes, name: str) -> list[Entered]:
    """Every row; Refusal ``rectification.no_sheet`` or ``rectification.no_column`` for what is no such register."""
    grids = tables_in(content, name)
    chosen = [grids[TITLE]] if TITLE in grids else list(grids.values())
    placed = next((found for grid in chosen if (found := _find(grid))), None)
    if placed is None:
        raise Refusal("rectification.no_sheet", sheet=TITLE)
    grid, heading, columns = placed
    lacking = [title for title in (*_HEADINGS, *HIDDEN) if title not in columns]
    if lacking:
        raise Refusal("rectification.no_column", columns=lacking)
    rows = [(number, cells) for number, cells in grid.rows if number > heading]
    if len(rows) > MOST_LINES:
        raise Refusal("problem.too_many_lines", count=len(rows), most=MOST_LINES)
    entered = [_row(number, cells, columns, grid) for number, cells in rows if _says_something(cells, columns)]
    return list(_once(entered))


def _find(grid: Grid) -> tuple[Grid, int, dict[str, int]] | None:
    """The row that holds the headings, and the column of each; the first of two that are alike."""
    for number, cells in ((1, grid.headings), *grid.rows[:20]):
        titles = ["" if cell is None else plain(str(cell)) for cell in cells]
        if {LOOKS[Field.NUMBER].heading, LOOKS[Field.TITLE].heading} <= set(titles):
            return grid, number, {title: titles.index(title) for title in dict.fromkeys(titles) if title}
    return None


def _says_something(cells: Sequence[object], columns: Mapping[str, int]) -> bool:
    named = _named(cells, columns)
    return any(_text(cell) for title, cell in named if title in (*_HEADINGS, NUMBER))


def _named(cells: Sequence[object], columns: Mapping[str, int]) -> Iterator[tuple[str, object]]:
    for title, index in columns.items():
        yield title, cells[index] if index < len(cells) else None


def _row(number: int, cells: Sequence[object], columns: Mapping[str, int], grid: Grid) -> Entered:
    named = dict(_named(cells, columns))
    places = {field: f"{get_column_letter(columns[title] + 1)}{number}" for title, field in _HEADINGS.items()}
    values: dict[Field, Value] = {}
    faults: list[Found] = []
    for field in Field:
        heading = LOOKS[field].heading
        if any(area.covers(number, columns[heading] + 1) for area in grid.merged):
            faults.append(Found(places[field], number, heading, "merged"))
            continue
        try:
            values[field] = read(field, named[heading], grid.epoch)
        except Refusal as refusal:
            faults.append(Found(places[field], number, heading, refusal.code, _quoting(refusal.facts)))
    version, given = _text(named[VERSION]), _text(named[MARKS]).split()
    identity = _text(named[NUMBER])
    stale = dict(zip(Field, given, strict=False))
    if identity and not (version.isdigit() and version.isascii() and len(version) < 10 and len(given) == len(Field)):
        faults.append(Found("", number, "", "mark_lost"))
        version, stale = "0", {}
    edited = frozenset(field for field in values if mark(values[field]) != stale.get(field))
    return Entered(number, identity, int(version or 0), values, edited, stale, places, tuple(faults))


def _once(rows: Sequence[Entered]) -> Iterator[Entered]:
    """Of two rows about one problem neither is taken: nobody knows which of them is meant."""
    places: dict[str, list[int]] = {}
    for each in rows:
        places.setdefault(each.identity, []).append(each.row)
    for each in rows:
        others = [row for row in places[each.identity] if row != each.row] if each.identity else []
        faults = [Found("", each.row, "", "register_twice", {"rows": others})] if others else []
        yield Entered(**{**vars(each), "faults": (*each.faults, *faults)})


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else plain(str(cell))


def _quoting(facts: Mapping[str, object]) -> dict[str, object]:
    """With what was written there as a message may repeat it."""
    text = str(facts.get("text", ""))
    return {**facts, "text": text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}……"}
