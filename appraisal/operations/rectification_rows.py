"""The rows of a register of rectification (整改台账): which problems somebody has in it, and what it says of each."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.documents.rectification_sheet import OF_OFFICE, OF_UNIT, Field, Shown
from appraisal.documents.rectification_words import (
    AxisWords,
    MeasureWords,
    ProgressWords,
    write_classes,
    write_measure,
    write_progress,
)
from appraisal.domain.lifecycle import OPEN_PROBLEM, ObligationStatus, ProblemStatus
from appraisal.notices.recipients import Place, holders_of
from appraisal.notices.wording import phrase
from appraisal.operations.classifying import axes_of
from appraisal.operations.desks import is_staff
from appraisal.operations.loading import method_of
from appraisal.operations.office import Office
from appraisal.operations.problem_list import SHOWN_TO_UNITS, units_of
from appraisal.operations.telling import panels_over_units
from appraisal.operations.tracks import solves
from appraisal.operations.unit_posts import answering_roles
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.problem_tables import ProblemRow, ProblemUnitRow
from appraisal.store.rectification_tables import MeasureProblemRow, MeasureRow, ProgressRow
from appraisal.store.register_tables import PersonRow, UnitRow


@dataclass(frozen=True)
class RegisterSought:
    """What is looked for: the problems of a lead unit (by code), of those a panel covers (by key), of a leader."""

    unit: str = ""
    panel: str = ""
    leader: str = ""


@dataclass(frozen=True)
class RegisterRow:
    """A problem in the register, with its measures and reports in their order.

    ``own`` is the unit whose measures and reports the reader may write without naming it, ``open`` what they may
    change; ``panels`` (key, title) cover the lead unit; ``due_on`` is the day written for it or, without one, counted.
    """

    problem: ProblemRow
    measures: tuple[MeasureRow, ...]
    reports: tuple[ProgressRow, ...]
    panels: tuple[tuple[str, str], ...]
    own: UnitRow | None
    open: frozenset[Field]
    due_on: date | None

    @property
    def units(self) -> list[UnitRow]:
        """The lead unit, then those that support it."""
        return [unit for unit in (self.problem.unit, *self.problem.supporting) if unit]

    def named(self, unit: UnitRow) -> str:
        """The unit as a line names it: the lead unit goes without saying."""
        return "" if unit.id == self.problem.unit_id else unit.name


def rows_of(
    session: Session, campaign: CampaignRow, person: PersonRow, on: date, sought: RegisterSought
) -> list[RegisterRow]:
    """What the person has in the register: the office everything that was assigned, others what their units lead on
    or support; by number."""
    staff = is_staff(session, person, on)
    problems = _problems(session, campaign)
    units = {unit.id for row in problems for unit in (row.unit, *row.supporting) if unit}
    seen = units if staff else units_of(session, campaign, person, on, units)
    answered = units if staff else _answered(session, campaign, person, on, seen)
    measures, reports = _measures(session, campaign), _reports(session, campaign)
    panels = panels_over_units(session, campaign) if staff else {}
    dates = _dates(session, campaign)
    rows: list[RegisterRow] = []
    for row in problems:
        concerned = [unit for unit in (row.unit, *row.supporting) if unit]
        if not any(unit.id in seen for unit in concerned):
            continue
        own = next((unit for unit in concerned if unit.id in answered), None)
        theirs = {unit.id for unit in concerned}
        rows.append(
            RegisterRow(
                row,
                tuple(each for each in measures.get(row.id, ()) if each.unit_id in theirs),
                tuple(reports.get(row.id, ())),
                tuple((panel.key, panel.title) for panel in (panels.get(row.unit_id, ()) if row.unit_id else ())),
                own,
                _open(row, own, staff=staff),
                row.due_on or dates.get(row.id),
            )
        )
    return [row for row in rows if is_sought(row, sought)]


def has_rows(session: Session, campaign: CampaignRow, person: PersonRow, on: date) -> bool:
    """Whether anything was assigned to a unit of the person, to lead or to support."""
    those = (ProblemRow.campaign_id == campaign.id, ProblemRow.status.in_(SHOWN_TO_UNITS))
    leads = select(ProblemRow.unit_id).where(*those, ProblemRow.unit_id.is_not(None))
    supports = select(ProblemUnitRow.unit_id).join(ProblemRow, ProblemRow.id == ProblemUnitRow.problem_id).where(*those)
    units = {*session.scalars(leads.distinct()), *session.scalars(supports.distinct())}
    return bool(units_of(session, campaign, person, on, {unit for unit in units if unit}))


def identity_of(campaign: CampaignRow, row: ProblemRow) -> str:
    """By which a problem is known in a sheet, and no problem of another campaign."""
    return f"{campaign.slug}/{row.number}"


def axis_words(campaign: CampaignRow) -> list[AxisWords]:
    """The axes of the method as the register writes them."""
    axes = axes_of(method_of(campaign))
    return [AxisWords(axis.key, axis.title, {value.key: value.title for value in axis.values}) for axis in axes]


def shown(row: RegisterRow, axes: Sequence[AxisWords], office: Office, on: date) -> dict[Field, Shown]:
    """What the register says of a problem, column by column."""
    problem = row.problem
    return {
        Field.NUMBER: problem.number,
        Field.TITLE: problem.title,
        Field.CLASSES: write_classes(axes, {axis: str(value) for axis, value in problem.classes.items()}),
        Field.LEAD: problem.unit.name if problem.unit else "",
        Field.SUPPORTING: "、".join(unit.name for unit in problem.supporting),
        Field.LEADER: problem.leader,
        Field.MEASURES: "\n".join(_measure_lines(row)),
        Field.DUE: row.due_on,
        Field.PROGRESS: "\n".join(_progress_lines(row, office)),
        Field.STANDING: _standing(problem, row.due_on, on),
        Field.CLOSED: office.hours.day_of(problem.closed_at) if problem.closed_at else None,
        Field.NOTE: problem.note,
    }


def _problems(session: Session, campaign: CampaignRow) -> Sequence[ProblemRow]:
    those = (ProblemRow.campaign_id == campaign.id, ProblemRow.status.in_(SHOWN_TO_UNITS))
    return session.scalars(select(ProblemRow).where(*those).order_by(ProblemRow.number)).all()


def _answered(
    session: Session, campaign: CampaignRow, person: PersonRow, on: date, units: Collection[UUID]
) -> set[UUID]:
    """The units for which the person acts."""
    places: list[Place] = [(role, unit) for role in answering_roles(method_of(campaign)) for unit in units]
    held = holders_of(session, places, on) if places else {}
    return {unit for (_, unit), found in held.items() if unit and any(each.person.id == person.id for each in found)}


def _open(row: ProblemRow, own: UnitRow | None, *, staff: bool) -> frozenset[Field]:
    """What may be changed: nothing but the note once rectification is over or being looked at."""
    if own is None:
        return frozenset()
    if row.status != ProblemStatus.ASSIGNED:
        return frozenset({Field.NOTE})
    return OF_OFFICE if staff else OF_UNIT


def _dates(session: Session, campaign: CampaignRow) -> Mapping[UUID, date]:
    """The last day by which anything is to be handed in for a problem; of what was called for again, the new one."""
    keys = [duty.key for duty in solves(method_of(campaign)) if duty.accepted_by]
    standing = ObligationRow.status != ObligationStatus.WITHDRAWN
    those = (ObligationRow.campaign_id == campaign.id, ObligationRow.key.in_(keys), standing)
    latest = select(ObligationRow.problem_id, func.max(ObligationRow.due_on)).where(*those)
    return {
        problem: day for problem, day in session.execute(latest.group_by(ObligationRow.problem_id)) if problem and day
    }


def _measures(session: Session, campaign: CampaignRow) -> Mapping[UUID, Sequence[MeasureRow]]:
    """By problem, those that were not given up; the lead unit's own order is that of the register of units."""
    query = (
        select(MeasureProblemRow.problem_id, MeasureRow)
        .join(MeasureRow, MeasureRow.id == MeasureProblemRow.measure_id)
        .join(UnitRow, UnitRow.id == MeasureRow.unit_id)
        .where(MeasureRow.campaign_id == campaign.id, ~MeasureRow.dropped)
        .order_by(UnitRow.position, UnitRow.code, MeasureRow.number)
    )
    found: defaultdict[UUID, list[MeasureRow]] = defaultdict(list)
    for problem, measure in session.execute(query).unique():
        found[problem].append(measure)
    return found


def _reports(session: Session, campaign: CampaignRow) -> Mapping[UUID, Sequence[ProgressRow]]:
    query = select(ProgressRow).join(ProblemRow, ProblemRow.id == ProgressRow.problem_id)
    mine = query.where(ProblemRow.campaign_id == campaign.id).order_by(ProgressRow.problem_id, ProgressRow.position)
    found: defaultdict[UUID, list[ProgressRow]] = defaultdict(list)
    for row in session.scalars(mine):
        found[row.problem_id].append(row)
    return found


def is_sought(row: RegisterRow, sought: RegisterSought) -> bool:
    """Whether the row is among what is looked for."""
    unit = not sought.unit or (row.problem.unit is not None and row.problem.unit.code == sought.unit)
    panel = not sought.panel or any(key == sought.panel for key, _ in row.panels)
    return unit and panel and sought.leader in ("", row.problem.leader)


def _measure_lines(row: RegisterRow) -> list[str]:
    ordered = sorted(row.measures, key=lambda each: each.unit_id != row.problem.unit_id)
    return [write_measure(MeasureWords(row.named(each.unit), each.number, each.text)) for each in ordered]


def _progress_lines(row: RegisterRow, office: Office) -> list[str]:
    """What each of the units reported last."""
    last = {each.unit_id: each for each in row.reports}
    told = [(unit, last[unit.id]) for unit in row.units if unit.id in last]
    return [
        write_progress(ProgressWords(row.named(unit), each.percent, office.hours.day_of(each.at), each.text))
        for unit, each in told
    ]


def _standing(row: ProblemRow, due_on: date | None, on: date) -> str:
    over = row.status in OPEN_PROBLEM and due_on is not None and due_on < on
    facts = {"status": phrase(f"problem.status.{row.status}"), "percent": row.percent, "over": over}
    return phrase("rectification.standing", going=row.status == ProblemStatus.ASSIGNED, **facts)
