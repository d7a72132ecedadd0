"""The stalled board: what stands still, since when, who holds up whom, who was told and who is told next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from appraisal.domain.ladder import Colour
from appraisal.domain.lifecycle import OWED, PetitionStatus
from appraisal.domain.stalls import TOO_OFTEN_UNMOVED, Owing, Stall, StallKind, stall_of
from appraisal.domain.supervision import Supervision
from appraisal.method.duties import Duty
from appraisal.method.schema import Method
from appraisal.method.words import Act, OwedBy
from appraisal.notices.recipients import Place, holders_of, names
from appraisal.notices.wording import phrase
from appraisal.operations.ladders import colours
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Office
from appraisal.operations.rungs_ahead import RungAhead, rungs_ahead
from appraisal.operations.supervision import supervision_of
from appraisal.operations.telling import duty_page, panels_over_units
from appraisal.store.campaign_tables import CampaignRow, FiringRow, ObligationRow
from appraisal.store.panel_tables import PanelRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import PetitionRow, ProgressRow


@dataclass(frozen=True)
class StallsSought:
    """What is looked for: of one campaign, and of a unit (by code), a panel (by key) or a leader (by name) alone.

    ``units`` are all that the visitor may see; without it, everything.
    """

    campaign: str
    unit: str = ""
    panel: str = ""
    leader: str = ""
    units: frozenset[str] | None = None


@dataclass(frozen=True)
class Told:
    """The last letter of the ladder: what it did, and when."""

    act: str
    at: datetime


@dataclass(frozen=True)
class StallLine:
    """One thing that is stalled.

    ``panels`` (key, title) cover the unit.  ``holds_up`` is the lead unit that waits for this; ``held_up_by`` are the
    supporting units that this waits for.  ``since`` is the first day of standing still.  ``colour`` is the card that it
    shows.
    """

    campaign: str
    unit_code: str
    unit: str
    panels: tuple[tuple[str, str], ...]
    leader: str
    problem: int | None
    what: str
    kind: StallKind
    since: date | None
    why: str
    holds_up: str
    held_up_by: tuple[str, ...]
    told: Told | None
    next: RungAhead | None
    page: str
    supervision: Supervision = Supervision.NONE
    colour: Colour = Colour.NONE


@dataclass(frozen=True)
class _Around:
    """What is read once for all lines."""

    method: Method
    office: Office
    now: datetime
    panels: Mapping[UUID, Sequence[PanelRow]] = field(default_factory=dict)
    told: Mapping[UUID, Told] = field(default_factory=dict)
    asked: Mapping[UUID, datetime] = field(default_factory=dict)
    asked_of_problems: Mapping[tuple[UUID, UUID | None], datetime] = field(default_factory=dict)
    leaders: Mapping[UUID, str] = field(default_factory=dict)
    pressed: Mapping[UUID, Supervision] = field(default_factory=dict)
    lights: Mapping[UUID, Colour] = field(default_factory=dict)
    stood: Mapping[tuple[UUID, UUID | None], datetime] = field(default_factory=dict)


def stalled(session: Session, office: Office, now: datetime, sought: StallsSought) -> list[StallLine]:
    """What is stalled, the longest first; a fixed number of statements, however many there are."""
    campaign = campaign_by(session, sought.campaign)
    rows = _rows(session, campaign, now)
    around = _around(session, office, now, campaign, rows)
    found = [(row, stall) for row in rows if (stall := stall_of(_owing(row, around), now))]
    holding = _holding_up(found)
    lines = [_line(row, stall, around, holding) for row, stall in found]
    return sorted((line for line in lines if _is_sought(line, sought)), key=_longest_first)


def counts(lines: Sequence[StallLine]) -> list[tuple[StallKind, int]]:
    """How many of each kind, in the order of the kinds, without those there are none of."""
    every = [(kind, sum(line.kind is kind for line in lines)) for kind in StallKind]
    return [(kind, count) for kind, count in every if count]


def _candidates(campaign: CampaignRow, now: datetime) -> ColumnElement[bool]:
    """Narrows by the index on campaign and status; the domain decides."""
    late = and_(ObligationRow.due_at.is_not(None), ObligationRow.due_at <= now)
    return and_(
        ObligationRow.campaign_id == campaign.id,
        ObligationRow.status.in_(OWED),
        or_(late, ObligationRow.unmoved >= TOO_OFTEN_UNMOVED),
    )


def _rows(session: Session, campaign: CampaignRow, now: datetime) -> Sequence[ObligationRow]:
    query = (
        select(ObligationRow)
        .where(_candidates(campaign, now))
        .options(joinedload(ObligationRow.problem).lazyload(ProblemRow.supporting))
    )
    return session.scalars(query).unique().all()


def _around(
    session: Session, office: Office, now: datetime, campaign: CampaignRow, rows: Sequence[ObligationRow]
) -> _Around:
    method = method_of(campaign)
    asked, of_problems = _petitions(session, campaign)
    told = _told(session, campaign, now)
    leaders = _leaders(session, method, rows, now)
    stood = _stood_still(session, {row.problem_id for row in rows if row.problem_id and row.unmoved})
    pressed, lights = supervision_of(session, [row.id for row in rows]), colours(session, method, rows)
    coverage = panels_over_units(session, campaign)
    return _Around(method, office, now, coverage, told, asked, of_problems, leaders, pressed, lights, stood)


def _owing(row: ObligationRow, around: _Around) -> Owing:
    duty = around.method.duty(row.key)
    asked = around.asked.get(row.id)
    if asked is None and row.problem_id is not None:
        asked = around.asked_of_problems.get((row.problem_id, row.unit_id))
    return Owing(
        row.status,
        row.due_at,
        signs=row.unit_id is not None and duty.does is not Act.CONFIRM and duty.owed_by is not OwedBy.EACH_CLOSED,
        recurs=row.period is not None,
        supports=_supports(duty),
        moved_at=around.stood.get((row.problem_id, row.unit_id), row.moved_at) if row.problem_id else row.moved_at,
        unmoved=row.unmoved,
        asked_at=asked,
    )


def _supports(duty: Duty) -> bool:
    return duty.owed_by is OwedBy.EACH_SUPPORTING


def _line(
    row: ObligationRow, stall: Stall, around: _Around, holding: Mapping[UUID, Sequence[ObligationRow]]
) -> StallLine:
    panels = [row.panel] if row.panel else around.panels.get(row.unit_id, ()) if row.unit_id else ()
    supports = _supports(around.method.duty(row.key))
    lead = row.problem.unit.name if supports and row.problem and row.problem.unit else ""
    late = holding.get(row.problem_id, ()) if row.problem_id and not supports else ()
    held_up_by = tuple(dict.fromkeys(each.owner for each in late))
    since = around.office.hours.day_of(stall.since) if stall.since else None
    ahead = rungs_ahead(around.method, row, around.office, around.now)
    return StallLine(
        row.campaign.title,
        row.unit.code if row.unit else "",
        row.owner,
        tuple((panel.key, panel.title) for panel in panels),
        (row.problem.leader if row.problem else "") or (around.leaders.get(row.unit_id, "") if row.unit_id else ""),
        row.problem.number if row.problem else None,
        row.title,
        stall.kind,
        since,
        _why(row, stall, lead, held_up_by),
        lead,
        held_up_by,
        around.told.get(row.id),
        ahead[0] if ahead else None,
        duty_page(row),
        around.pressed.get(row.id, Supervision.NONE),
        around.lights.get(row.id, Colour.NONE),
    )


def _why(row: ObligationRow, stall: Stall, lead: str, held_up_by: Sequence[str]) -> str:
    facts = {"due_on": row.due_on, "lead": lead, "times": row.unmoved, "moved_at": row.moved_at, "by": held_up_by}
    return phrase(f"stall.why.{stall.kind}", **facts)


def _holding_up(found: Sequence[tuple[ObligationRow, Stall]]) -> dict[UUID, list[ObligationRow]]:
    """By problem, what supporting units are late with."""
    late: dict[UUID, list[ObligationRow]] = {}
    for row, stall in found:
        if stall.kind is StallKind.HELD_UP and row.problem_id:
            late.setdefault(row.problem_id, []).append(row)
    return late


def _stood_still(session: Session, problems: Collection[UUID]) -> dict[tuple[UUID, UUID | None], datetime]:
    """Since when each unit has reported nothing new of a problem: the last report that said more than the one before.

    A first report says something new, whatever it says.
    """
    query = select(ProgressRow).where(ProgressRow.problem_id.in_(problems)).order_by(ProgressRow.position)
    since: dict[tuple[UUID, UUID | None], datetime] = {}
    last: dict[tuple[UUID, UUID | None], int] = {}
    for row in session.scalars(query):
        whose = (row.problem_id, row.unit_id)
        if whose not in last or row.percent > last[whose]:
            since[whose] = row.at
        last[whose] = row.percent
    return since


def _told(session: Session, campaign: CampaignRow, now: datetime) -> dict[UUID, Told]:
    """The last rung that fired of each."""
    query = (
        select(FiringRow.obligation_id, FiringRow.act, FiringRow.at)
        .join(ObligationRow, ObligationRow.id == FiringRow.obligation_id)
        .where(_candidates(campaign, now), FiringRow.passed_over.is_(False))
    )
    found = session.execute(query.order_by(FiringRow.at, FiringRow.rung))
    return {obligation: Told(act, at) for obligation, act, at in found}


def _petitions(
    session: Session, campaign: CampaignRow
) -> tuple[dict[UUID, datetime], dict[tuple[UUID, UUID | None], datetime]]:
    """Since when petitions are undecided: by obligation, and by problem and unit where they are about no obligation."""
    columns = (PetitionRow.obligation_id, PetitionRow.problem_id, PetitionRow.unit_id, PetitionRow.asked_at)
    asked = (PetitionRow.campaign_id == campaign.id, PetitionRow.status == PetitionStatus.ASKED)
    of_duties: dict[UUID, datetime] = {}
    of_problems: dict[tuple[UUID, UUID | None], datetime] = {}
    for obligation_id, problem_id, unit_id, at in session.execute(select(*columns).where(*asked)):
        if obligation_id is not None:
            of_duties[obligation_id] = at
        elif problem_id is not None:
            of_problems[problem_id, unit_id] = at
    return of_duties, of_problems


def _leaders(session: Session, method: Method, rows: Sequence[ObligationRow], now: datetime) -> dict[UUID, str]:
    """Who answers for a unit where a problem names nobody: whoever holds the role that the method names for it."""
    role = method.problems.leader if method.problems else None
    units = {row.unit_id for row in rows if row.unit_id}
    if role is None or not units:
        return {}
    places: list[Place] = [(role, unit) for unit in units]
    held = holders_of(session, places, now.date())
    return {unit: names(found) for (_, unit), found in held.items() if unit is not None}


def _is_sought(line: StallLine, sought: StallsSought) -> bool:
    seen = sought.units is None or line.unit_code in sought.units
    unit = not sought.unit or line.unit_code == sought.unit
    panel = not sought.panel or any(key == sought.panel for key, _ in line.panels)
    leader = not sought.leader or line.leader == sought.leader
    return seen and unit and panel and leader


def _longest_first(line: StallLine) -> tuple[date, str, int, str]:
    return line.since or date.min, line.unit, line.problem or 0, line.what
