"""Reading the problem list: as the office searches it, as a unit sees its own, and as it ranks the units."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, selectinload

from appraisal.domain.lifecycle import OFF_THE_LIST, OPEN_PROBLEM, ProblemStatus
from appraisal.domain.problems import ProblemKind
from appraisal.domain.ranking import Ranked, ranked
from appraisal.domain.refusal import Refusal
from appraisal.method.schema import Method
from appraisal.method.words import Scope
from appraisal.notices.recipients import holders_of
from appraisal.operations.classifying import axes_of, missing_titles
from appraisal.operations.closing_views import concerned
from appraisal.operations.desks import is_staff
from appraisal.operations.handed_over import Link, goes_on_as, origin_of
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.problem_marks import UNMARKED, Marked, Marks, marks_of
from appraisal.operations.tracks import track_of
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.problem_tables import FindingRow, ProblemRow, ProblemUnitRow
from appraisal.store.register_tables import PersonRow, UnitRow

SHOWN_TO_UNITS = (ProblemStatus.ASSIGNED, ProblemStatus.VERIFIED, ProblemStatus.CLOSED, ProblemStatus.HANDED_ON)
ENGINES = ("cli", "engine", "staff:engine")
"""Actors that are nobody by name."""
LACKING = "lacking"
"""In the place of a status, as the words of ``Marked``: what is open and not classified in full."""


@dataclass(frozen=True)
class ProblemsSought:
    """What somebody looks for; empty parts do not narrow.  ``classes`` is axis → value, both keys."""

    text: str = ""
    status: str = ""
    unit: str = ""
    kind: str = ""
    classes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ProblemLine:
    """A problem as the list shows it: its classes in words (axis, value), what it lacks, how often it was found, the
    title of its track, and its marks."""

    row: ProblemRow
    classes: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    found: int
    track: str = ""
    marks: Marks = UNMARKED


@dataclass(frozen=True)
class FoundLine:
    """One place where a problem was found, as the office reads it; ``by`` is a name or a source."""

    id: UUID
    kind: str
    text: str
    by: str
    place: str
    at: datetime
    opinion_id: UUID | None
    log_entry_id: UUID | None


@dataclass(frozen=True)
class ProblemView:
    """A problem in full: where it was found, what is owed for it, who closed it, what it goes on with or as."""

    line: ProblemLine
    campaign: CampaignRow
    findings: tuple[FoundLine, ...]
    duties: tuple[ObligationRow, ...]
    closed_by: str
    merged_into: ProblemRow | None
    origin: Link | None
    goes_on: Link | None


@dataclass(frozen=True)
class RankLine:
    """A unit with the problems that it leads on; ``tied`` when other units share the rank."""

    rank: int
    tied: bool
    code: str
    name: str
    count: int
    assigned: int
    closed: int
    appraised: bool


def problem_lines(session: Session, slug: str, sought: ProblemsSought) -> list[ProblemLine]:
    """What is sought, by number; merged and dropped ones only where their status is asked for."""
    campaign = campaign_by(session, slug)
    method = method_of(campaign)
    query = select(ProblemRow).where(*_those(campaign, sought)).order_by(ProblemRow.number)
    rows = [row for row in session.scalars(query) if sought.classes.items() <= dict(row.classes).items()]
    found, marks = _found(session, campaign), marks_of(session, method, rows)
    lines = [_line(method, row, found.get(row.id, 0), marks[row.id]) for row in rows]
    if sought.status in tuple(Marked):
        return [line for line in lines if line.marks.has(sought.status)]
    return [line for line in lines if line.missing] if sought.status == LACKING else lines


def problem_of(session: Session, identifier: UUID) -> ProblemRow:
    """The problem with where it was found, or Refusal ``problem.missing``."""
    query = select(ProblemRow).where(ProblemRow.id == identifier).options(selectinload(ProblemRow.findings))
    row = session.scalar(query)
    if row is None:
        raise Refusal("problem.missing")
    return row


def problem_view(session: Session, row: ProblemRow) -> ProblemView:
    """A problem in full."""
    campaign = session.get_one(CampaignRow, row.campaign_id)
    people = select(PersonRow.code, PersonRow.name)
    wanted = {row.closed_by or "", *(found.by for found in row.findings)}
    names = dict(session.execute(people.where(PersonRow.code.in_(wanted))).all())
    duties = select(ObligationRow).where(ObligationRow.problem_id == row.id)
    method = method_of(campaign)
    return ProblemView(
        _line(method, row, len(row.findings), marks_of(session, method, [row])[row.id]),
        campaign,
        tuple(_found_line(found, names) for found in row.findings),
        tuple(session.scalars(duties.order_by(ObligationRow.due_on, ObligationRow.key))),
        names.get(row.closed_by or "", row.closed_by or ""),
        session.get_one(ProblemRow, row.merged_into_id) if row.merged_into_id else None,
        origin_of(session, row),
        goes_on_as(session, row),
    )


def sees(session: Session, row: ProblemRow, person: PersonRow, on: date) -> bool:
    """Whether the person may read what is put to the units: the office; since it was assigned, its units and whoever
    verifies it or closes it out."""
    if is_staff(session, person, on):
        return True
    units = {unit.id for unit in (row.unit, *row.supporting) if unit}
    campaign = session.get_one(CampaignRow, row.campaign_id)
    if row.status not in SHOWN_TO_UNITS:
        return False
    return bool(units & units_of(session, campaign, person, on, units)) or concerned(session, campaign, row, person, on)


def own_problems(session: Session, slug: str, person: PersonRow, on: date) -> list[ProblemLine]:
    """What was assigned to the units in which the person holds a role of the method, to lead or to support."""
    campaign = campaign_by(session, slug)
    candidates = _concerned(session, campaign)
    mine = units_of(session, campaign, person, on, candidates)
    supports = select(ProblemUnitRow.problem_id).where(ProblemUnitRow.unit_id.in_(mine))
    concerned = or_(ProblemRow.unit_id.in_(mine), ProblemRow.id.in_(supports))
    those = (ProblemRow.campaign_id == campaign.id, ProblemRow.status.in_(SHOWN_TO_UNITS), concerned)
    rows = session.scalars(select(ProblemRow).where(*those).order_by(ProblemRow.number)).all()
    method = method_of(campaign)
    marks = marks_of(session, method, rows)
    return [_line(method, row, 0, marks[row.id]) for row in rows]


def units_of(
    session: Session, campaign: CampaignRow, person: PersonRow, on: date, units: Collection[UUID]
) -> set[UUID]:
    """Those of the units in which the person holds a role of the method that day, or stands in for who does."""
    roles = [role.key for role in method_of(campaign).roles if role.scope is Scope.UNIT]
    held = holders_of(session, [(role, unit) for role in roles for unit in units], on)
    return {unit for (_, unit), found in held.items() if unit and any(each.person.id == person.id for each in found)}


def ranking_of(session: Session, slug: str) -> list[RankLine]:
    """The units by the problems that they lead on, the most first; within a rank in the order of the register.

    Appraised units without any stand at the end.  Suggestions, merged and dropped problems do not count.
    """
    campaign = campaign_by(session, slug)
    appraised = {target.unit_id for target in campaign.targets}
    counts: dict[UUID, Counter[str]] = defaultdict(Counter)
    counted = (
        ProblemRow.campaign_id == campaign.id,
        ProblemRow.kind == ProblemKind.PROBLEM,
        ProblemRow.status.not_in(OFF_THE_LIST),
    )
    query = select(ProblemRow.unit_id, ProblemRow.status, func.count()).where(*counted)
    for unit_id, status, count in session.execute(query.group_by(ProblemRow.unit_id, ProblemRow.status)):
        if unit_id is not None:
            counts[unit_id][status] = count
    listed = select(UnitRow).where(UnitRow.id.in_(appraised | set(counts))).order_by(UnitRow.position, UnitRow.code)
    units = {unit.code: unit for unit in session.scalars(listed)}
    ranks = ranked([(code, counts[unit.id].total()) for code, unit in units.items()])
    return [_rank_line(each, units[each.key], counts[units[each.key].id], appraised) for each in ranks]


def status_counts(session: Session, campaign: CampaignRow) -> dict[str, int]:
    """How many problems of the campaign stand in each status."""
    query = select(ProblemRow.status, func.count()).where(ProblemRow.campaign_id == campaign.id)
    counts = dict(session.execute(query.group_by(ProblemRow.status)).all())
    return {str(status): counts.get(status, 0) for status in ProblemStatus}


def _those(campaign: CampaignRow, sought: ProblemsSought) -> list[ColumnElement[bool]]:
    those = [ProblemRow.campaign_id == campaign.id]
    for word in sought.text.split()[:8]:
        those.append(or_(*(part.contains(word, autoescape=True) for part in (ProblemRow.title, ProblemRow.detail))))
    if sought.unit:
        those.append(ProblemRow.unit_id.in_(select(UnitRow.id).where(UnitRow.code == sought.unit)))
    if sought.kind:
        those.append(ProblemRow.kind == sought.kind)
    match sought.status:
        case "":
            those.append(ProblemRow.status.not_in(OFF_THE_LIST))
        case Marked.PARTIAL | Marked.SUPERVISED | Marked.REPORTED_UP | Marked.HELD_UP:
            those.append(ProblemRow.status.in_(OPEN_PROBLEM))
        case "lacking":
            those.append(ProblemRow.status.in_((ProblemStatus.FOUND, ProblemStatus.ASSIGNED)))
        case status:
            those.append(ProblemRow.status == status)
    return those


def _found(session: Session, campaign: CampaignRow) -> dict[UUID, int]:
    query = select(FindingRow.problem_id, func.count()).join(ProblemRow, ProblemRow.id == FindingRow.problem_id)
    mine = query.where(ProblemRow.campaign_id == campaign.id).group_by(FindingRow.problem_id)
    return dict(session.execute(mine).all())


def _line(method: Method, row: ProblemRow, found: int, marks: Marks) -> ProblemLine:
    values = {(axis.key, value.key): value.title for axis in axes_of(method) for value in axis.values}
    placed = [(axis.title, values.get((axis.key, row.classes.get(axis.key, "")), "")) for axis in axes_of(method)]
    missing = missing_titles(method, row)
    track = track_of(method, row)
    classes = tuple((axis, value) for axis, value in placed if value)
    return ProblemLine(row, classes, tuple(missing), found, track.title if track else "", marks)


def _found_line(found: FindingRow, names: Mapping[str, str]) -> FoundLine:
    place = found.panel.title if found.panel else found.unit.name if found.unit else ""
    by = "" if found.by in ENGINES else names.get(found.by, found.by)
    return FoundLine(found.id, found.kind, found.text, by, place, found.at, found.opinion_id, found.log_entry_id)


def _concerned(session: Session, campaign: CampaignRow) -> set[UUID]:
    """Every unit that leads or supports in the campaign."""
    lead = select(ProblemRow.unit_id).where(ProblemRow.campaign_id == campaign.id, ProblemRow.unit_id.is_not(None))
    support = select(ProblemUnitRow.unit_id).join(ProblemRow, ProblemRow.id == ProblemUnitRow.problem_id)
    units: Sequence[UUID | None] = session.scalars(lead.distinct()).all()
    others = session.scalars(support.where(ProblemRow.campaign_id == campaign.id).distinct()).all()
    return {unit for unit in (*units, *others) if unit}


def _rank_line(found: Ranked, unit: UnitRow, counts: Counter[str], appraised: Collection[UUID]) -> RankLine:
    assigned, closed = counts[ProblemStatus.ASSIGNED], counts[ProblemStatus.CLOSED]
    place = (found.rank, found.tied, unit.code, unit.name, found.count)
    return RankLine(*place, assigned, closed, unit.id in appraised)
