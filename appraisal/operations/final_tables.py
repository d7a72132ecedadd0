"""The tables of the final report: every row a unit or a class, the last the whole that the others make up."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from appraisal.documents.final_report import Figured
from appraisal.domain.numerals import percent
from appraisal.domain.rectified import Tally
from appraisal.method.schema import Method
from appraisal.method.words import OrderKind
from appraisal.notices.wording import phrase
from appraisal.operations.final_figures import UnitCounts
from appraisal.operations.occurred import EXTENSION
from appraisal.operations.rectification_figures import Figures, Parts

Numbers = Callable[[UnitCounts], int]
_TALLY = (
    "listed",
    "assigned",
    "passed",
    "closed",
    "closed_late",
    "handed_on",
    "open",
    "open_late",
    "in_part",
    "relapsed",
)
_COUNTED: Mapping[str, Numbers] = {
    "letters": lambda counts: counts.letters["letters"],
    "on_time": lambda counts: counts.receipts["on_time"],
    "late": lambda counts: counts.receipts["late"],
    "unsigned": lambda counts: counts.receipts["open"],
    "asked": lambda counts: asked(counts, EXTENSION),
    "granted": lambda counts: counts.petitions[f"{EXTENSION}.granted"],
    "returned": lambda counts: counts.returned.total(),
}


def tables_of(method: Method, figures: Figures) -> list[Figured]:
    """By unit, by track and along each axis; what was pressed; the grades."""
    units: Parts = tuple((unit.name, unit.tally) for unit in figures.units)
    rest = ((phrase("final.unit_unplaced"), figures.unplaced),) if figures.unplaced.listed else ()
    tables = [_tallied(phrase("final.table.units"), "unit", (*units, *rest), figures.whole)]
    if figures.tracks:
        tables.append(_tallied(phrase("final.table.tracks"), "part", figures.tracks, figures.whole))
    for axis, parts in figures.axes:
        tables.append(_tallied(phrase("final.table.axis", axis=axis), "part", parts, figures.whole))
    tables.append(_pressed(method, figures))
    if any(unit.grades for unit in figures.units):
        tables.append(_graded(method, figures))
    return tables


def asked(counts: UnitCounts, kind: str) -> int:
    """How often units asked for this, whatever became of it."""
    return sum(count for sort, count in counts.petitions.items() if sort.startswith(f"{kind}."))


def rate_of(tally: Tally) -> str:
    """The share that is closed out, in per cent; a dash where there is nothing to close out."""
    return percent(tally.rate) if tally.rate is not None else phrase("final.none")


def _tallied(title: str, first: str, parts: Parts, whole: Tally) -> Figured:
    rows = [_row(name, tally) for name, tally in (*parts, (phrase("final.whole"), whole))]
    return Figured(title, [phrase(f"final.column.{key}") for key in (first, *_TALLY, "rate")], rows)


def _row(name: str, tally: Tally) -> list[str]:
    return [name, *(str(getattr(tally, key)) for key in _TALLY), rate_of(tally)]


def _pressed(method: Method, figures: Figures) -> Figured:
    kinds = [kind for kind in OrderKind if figures.counts.orders[kind] or kind in {each.kind for each in method.orders}]
    keeps = figures.points is not None
    columns = [phrase(f"final.column.{key}") for key in ("unit", *_COUNTED)]
    columns += [phrase(f"OrderKind.{kind}") for kind in kinds]
    columns += [phrase(f"final.column.{key}") for key in ("summonses", *(("points",) if keeps else ()))]

    def row(name: str, counts: UnitCounts, points: int) -> list[str]:
        numbers = [count(counts) for count in _COUNTED.values()]
        numbers += [counts.orders[kind] for kind in kinds]
        numbers += [counts.summonses["summonses"], *([points] if keeps else [])]
        return [name, *map(str, numbers)]

    rows = [row(unit.name, unit.counts, unit.points) for unit in figures.units]
    if any(vars(figures.elsewhere).values()):
        rows.append(row(phrase("final.counts_elsewhere"), figures.elsewhere, 0))
    rows.append(row(phrase("final.whole"), figures.counts, figures.points or 0))
    return Figured(phrase("final.table.pressing"), columns, rows)


def _graded(method: Method, figures: Figures) -> Figured:
    held = {ballot for unit in figures.units for ballot, _ in unit.grades}
    ballots = [ballot.title for ballot in method.ballots if ballot.title in held]
    columns = [phrase("final.column.unit"), *ballots, phrase("final.column.consequences")]
    return Figured(phrase("final.table.grades"), columns, list(_grades(figures, ballots)))


def _grades(figures: Figures, ballots: Sequence[str]) -> Iterator[list[str]]:
    none = phrase("final.none")
    for unit in figures.units:
        if unit.grades or unit.consequences:
            grades = dict(unit.grades)
            yield [unit.name, *(grades.get(ballot, none) for ballot in ballots), "、".join(unit.consequences) or none]
