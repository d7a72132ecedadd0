"""What of an appraisal goes into the annual assessment of the units (年度考核运用), as far as anybody may know it."""

from appraisal.documents.annual_book import AnnualLine
from appraisal.method.words import OrderKind
from appraisal.operations.final_tables import rate_of
from appraisal.operations.rectification_figures import Figures, UnitFigures


def annual_lines(figures: Figures) -> list[AnnualLine]:
    """A line a unit, the appraised ones first; a grade that is sealed is said to be sealed."""
    return [_line(unit, keeps_points=figures.points is not None) for unit in figures.units]


def _line(unit: UnitFigures, *, keeps_points: bool) -> AnnualLine:
    tally = unit.tally
    return AnnualLine(
        unit.name,
        "；".join(f"{ballot}：{grade}" for ballot, grade in unit.grades),
        unit.points if keeps_points else None,
        tally.listed,
        tally.closed,
        rate_of(tally),
        tally.late,
        tally.handed_on,
        unit.counts.orders[OrderKind.CIRCULAR],
        "；".join(unit.consequences),
    )
