"""The course of a problem as it is read: its measures, what was reported of it, and for whom the reader acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import ProblemStatus
from appraisal.operations.periods import Reporting, reporting_of
from appraisal.operations.unit_posts import answers_for
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.problem_tables import ProblemRow, ProblemUnitRow
from appraisal.store.rectification_tables import MeasureProblemRow, MeasureRow, ProgressRow
from appraisal.store.register_tables import PersonRow, UnitRow


@dataclass(frozen=True)
class MeasureLine:
    """A measure, with the names of whoever wrote it last and of the other problems that it serves."""

    row: MeasureRow
    by: str
    others: tuple[int, ...]

    @property
    def served(self) -> list[str]:
        """The numbers of all problems that it serves, as a form has them."""
        return [str(each.number) for each in self.row.problems]

    @property
    def steps(self) -> list[tuple[str, date | None, date | None]]:
        """Its steps, as a form has them."""
        return [(each.title, each.due_on, each.reached_on) for each in self.row.milestones]


@dataclass(frozen=True)
class ProgressLine:
    """A report; ``change`` is how many percentage points it is from the one before of the same unit.

    ``handed_in`` is what it was handed in for.
    """

    unit: str
    percent: int
    change: int | None
    text: str
    by: str
    at: datetime
    handed_in: ObligationRow | None


@dataclass(frozen=True)
class OwnUnit:
    """A unit for which the reader acts, with the problems that its measures may serve and what a report counts for."""

    unit: UnitRow
    problems: tuple[ProblemRow, ...]
    reporting: Reporting

    @property
    def options(self) -> list[tuple[str, str]]:
        """The problems as a form offers them."""
        return [(str(row.number), f"{row.number}. {row.title}") for row in self.problems]


@dataclass(frozen=True)
class Course:
    """The newest report comes first; nobody acts on a problem that is not being rectified."""

    measures: tuple[MeasureLine, ...]
    progress: tuple[ProgressLine, ...]
    own: tuple[OwnUnit, ...]


def course_of(session: Session, row: ProblemRow, person: PersonRow, now: datetime) -> Course:
    """What has been done about a problem, and what the person may do about it."""
    measures = session.scalars(
        select(MeasureRow)
        .join(UnitRow, UnitRow.id == MeasureRow.unit_id)
        .join(MeasureProblemRow, MeasureProblemRow.measure_id == MeasureRow.id)
        .where(MeasureProblemRow.problem_id == row.id)
        .order_by(UnitRow.position, MeasureRow.number)
    ).all()
    reports = session.scalars(
        select(ProgressRow).where(ProgressRow.problem_id == row.id).order_by(ProgressRow.position)
    ).all()
    names = _names(session, {*(each.by for each in measures), *(each.by for each in reports)})
    return Course(
        tuple(_measure(each, row, names) for each in measures),
        tuple(_progress(reports, names, _handed_in(session, reports))),
        _own(session, row, person, now) if row.status == ProblemStatus.ASSIGNED else (),
    )


def _names(session: Session, codes: set[str]) -> Mapping[str, str]:
    return dict(session.execute(select(PersonRow.code, PersonRow.name).where(PersonRow.code.in_(codes))).all())


def _measure(measure: MeasureRow, row: ProblemRow, names: Mapping[str, str]) -> MeasureLine:
    others = tuple(each.number for each in measure.problems if each.id != row.id)
    return MeasureLine(measure, names.get(measure.by, measure.by), others)


def _handed_in(session: Session, reports: Sequence[ProgressRow]) -> Mapping[UUID, ObligationRow]:
    about = {each.obligation_id for each in reports if each.obligation_id}
    return {row.id: row for row in session.scalars(select(ObligationRow).where(ObligationRow.id.in_(about)))}


def _progress(
    reports: Sequence[ProgressRow], names: Mapping[str, str], about: Mapping[UUID, ObligationRow]
) -> list[ProgressLine]:
    lines: list[ProgressLine] = []
    last: dict[str, int] = {}
    for each in reports:
        unit = each.unit.name if each.unit else ""
        change = each.percent - last[unit] if unit in last else None
        duty = about.get(each.obligation_id) if each.obligation_id else None
        lines.append(ProgressLine(unit, each.percent, change, each.text, names.get(each.by, each.by), each.at, duty))
        last[unit] = each.percent
    return lines[::-1]


def _own(session: Session, row: ProblemRow, person: PersonRow, now: datetime) -> tuple[OwnUnit, ...]:
    campaign = session.get_one(CampaignRow, row.campaign_id)
    units = [unit for unit in (row.unit, *row.supporting) if unit]
    mine = [unit for unit in units if answers_for(session, campaign, person, unit, now.date())]
    return tuple(
        OwnUnit(unit, _problems(session, campaign, unit), reporting_of(session, row, unit, person, now))
        for unit in mine
    )


def _problems(session: Session, campaign: CampaignRow, unit: UnitRow) -> tuple[ProblemRow, ...]:
    supports = select(ProblemUnitRow.problem_id).where(ProblemUnitRow.unit_id == unit.id)
    those = (ProblemRow.campaign_id == campaign.id, ProblemRow.status == ProblemStatus.ASSIGNED)
    concerned = or_(ProblemRow.unit_id == unit.id, ProblemRow.id.in_(supports))
    return tuple(session.scalars(select(ProblemRow).where(*those, concerned).order_by(ProblemRow.number)))
