"""The figures of a campaign put together: of all problems, by unit, by track and by class, with all that was done."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import ProblemStatus
from appraisal.domain.problems import ProblemKind
from appraisal.domain.rectified import Cell, Tally, parted, tally
from appraisal.method.investigation import Named
from appraisal.method.schema import Method
from appraisal.notices.wording import phrase
from appraisal.operations.classifying import axes_of
from appraisal.operations.final_figures import Counts, UnitCounts, counts_of, problem_cells
from appraisal.operations.further_rounds import shown_grade, standing
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.points_kept import keeps_points, points_kept
from appraisal.operations.tracks import track_among
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.register_tables import UnitRow

Parts = tuple[tuple[str, Tally], ...]
"""Each part with its title; together they are the whole."""


@dataclass(frozen=True)
class UnitFigures:
    """One unit: its problems, what was done about it, what it was graded, what it cost it and what followed."""

    code: str
    name: str
    appraised: bool
    tally: Tally
    counts: UnitCounts
    points: int
    grades: tuple[tuple[str, str], ...]
    consequences: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """All of a campaign.  ``points`` is None where its method keeps none.

    ``unplaced`` are the problems without a lead unit, ``elsewhere`` what was done about no unit; the units and they
    are the whole.
    """

    whole: Tally
    suggestions: Tally
    merged: int
    dropped: int
    units: tuple[UnitFigures, ...]
    unplaced: Tally
    tracks: Parts
    axes: tuple[tuple[str, Parts], ...]
    counts: UnitCounts
    elsewhere: UnitCounts
    points: int | None


def figures_of(session: Session, slug: str, now: datetime) -> Figures:
    """The figures as they stand; of a campaign that is closed, as they stood when it was."""
    campaign = campaign_by(session, slug)
    method, until = method_of(campaign), campaign.closed_at or now
    cells = problem_cells(session, campaign, until)
    counts = counts_of(session, campaign, until)
    by_unit = parted(cells, lambda cell: cell.unit)
    suggestions = [cell for cell in cells if cell.kind == ProblemKind.SUGGESTION]
    units = tuple(_units(session, campaign, by_unit, counts))
    return Figures(
        tally(cells),
        tally(suggestions),
        _numbered(cells, ProblemStatus.MERGED),
        _numbered(cells, ProblemStatus.DROPPED),
        units,
        by_unit.get("", Tally()),
        _by_track(method, cells),
        tuple((axis.title, _by_value(cells, axis.key, axis.values)) for axis in axes_of(method)),
        counts.total,
        counts.of(""),
        sum(unit.points for unit in units) if keeps_points(campaign) else None,
    )


def _numbered(cells: Sequence[Cell], status: ProblemStatus) -> int:
    return sum(cell.count for cell in cells if cell.status == status)


def _units(session: Session, campaign: CampaignRow, by_unit: dict[str, Tally], counts: Counts) -> Iterator[UnitFigures]:
    """The appraised units in their order, then the others that lead or got anything, in that of the register."""
    appraised = [target.unit for target in campaign.targets]
    known = {unit.code for unit in appraised}
    wanted = ({*by_unit, *counts.units} - known) - {""}
    others = select(UnitRow).where(UnitRow.code.in_(wanted)).order_by(UnitRow.position, UnitRow.code)
    points = {kept.unit: kept.total for kept in points_kept(session, campaign.slug)}
    grades = _grades(session, campaign)
    titles = {each.key: each.title for each in method_of(campaign).consequences}
    for unit in [*appraised, *session.scalars(others)]:
        own = counts.of(unit.code)
        yield UnitFigures(
            unit.code,
            unit.name,
            unit.code in known,
            by_unit.get(unit.code, Tally()),
            own,
            points.get(unit.code, 0),
            tuple((ballot, grade) for code, ballot, grade in grades if code == unit.code),
            tuple(title for key, title in titles.items() if own.consequences[key]),
        )


def _grades(session: Session, campaign: CampaignRow) -> list[tuple[str, str, str]]:
    """The unit, the ballot and the grade that stands; of a sealed one, that it is sealed."""
    return [
        (row.unit.code, ballot.title, shown_grade(row))
        for ballot in method_of(campaign).ballots
        for row in standing(session, campaign, ballot.key)
    ]


def _by_track(method: Method, cells: Sequence[Cell]) -> Parts:
    tracks = method.problems.tracks if method.problems else []
    if not tracks:
        return ()

    def place(cell: Cell) -> str:
        track = track_among(tracks, dict(cell.classes))
        return track.key if track else ""

    return _titled(cells, place, [(track.key, track.title) for track in tracks])


def _by_value(cells: Sequence[Cell], axis: str, values: Sequence[Named]) -> Parts:
    titles = [(value.key, value.title) for value in values]
    known = {key for key, _ in titles}

    def place(cell: Cell) -> str:
        value = dict(cell.classes).get(axis, "")
        return value if value in known else ""

    return _titled(cells, place, titles)


def _titled(cells: Sequence[Cell], place: Callable[[Cell], str], titles: Sequence[tuple[str, str]]) -> Parts:
    """Every part by its title, and those that have no place at the end where there are any."""
    found = parted(cells, place)
    rest = [(phrase("final.unplaced"), found[""])] if "" in found else []
    return (*((title, found.get(key, Tally())) for key, title in titles), *rest)
