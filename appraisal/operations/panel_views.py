"""What the pages of panels show: who sits where, how far the goals are, and the log, newest first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, selectinload

from appraisal.domain.goals import GoalState
from appraisal.domain.lifecycle import OWED, PhaseStatus
from appraisal.domain.panels import Conflict
from appraisal.operations.desks import DutyCard, card
from appraisal.operations.goals import progress_of
from appraisal.operations.loading import method_of
from appraisal.operations.panel_access import known_panels, own_panels
from appraisal.operations.panel_checks import findings
from appraisal.operations.panels import covered
from appraisal.operations.units import active_units
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.panel_tables import LogEntryRow, PanelRow
from appraisal.store.problem_tables import FindingRow
from appraisal.store.register_tables import PersonRow

ON_A_PAGE = 20


@dataclass(frozen=True)
class PanelCard:
    """A panel as a list shows it; ``mine`` tells whether the reader may open it."""

    id: UUID
    key: str
    title: str
    kind: str
    active: bool
    members: tuple[tuple[str, str], ...]
    units: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    mine: bool


@dataclass(frozen=True)
class EntryLine:
    """An entry of the log as it is read."""

    id: UUID
    on: date
    kind: str
    title: str
    announced: bool
    panel: str
    unit: str
    place: str
    enterprises: tuple[str, ...]
    people: int
    count: int
    text: str
    by: str
    photos: tuple[UUID, ...]
    problems: int
    withdrawn: bool
    withdrawn_why: str


@dataclass(frozen=True)
class Entries:
    """One page of a log: which page, of how many, and how many entries there are in all."""

    items: tuple[EntryLine, ...]
    number: int
    last: int
    total: int


@dataclass(frozen=True)
class Asked:
    """What the form for an entry offers: kinds of work, and units by code and name."""

    kinds: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]


def panel_cards(session: Session, campaign: CampaignRow, person: PersonRow, staff: bool, on: date) -> list[PanelCard]:
    """The panels that the person may know of, each with what they may see of it."""
    own = {panel.id for panel in own_panels(session, campaign, person, on)}
    return [
        panel_card(session, campaign, panel, on, mine=staff or panel.id in own, checked=staff)
        for panel in known_panels(session, campaign, person, on)
    ]


def panel_card(
    session: Session, campaign: CampaignRow, panel: PanelRow, on: date, *, mine: bool, checked: bool
) -> PanelCard:
    """The card of one panel; conflicts of interest are looked for where ``checked``."""
    roles = {role.key: role.title for role in method_of(campaign).roles}
    return PanelCard(
        panel.id,
        panel.key,
        panel.title,
        panel.kind,
        panel.active,
        tuple((each.person.name, each.title or roles[each.role]) for each in panel.members),
        tuple(unit.name for unit in covered(panel)),
        tuple(findings(session, campaign, panel, on)) if checked else (),
        mine,
    )


def open_goals(session: Session, campaign: CampaignRow, panel: str = "") -> list[tuple[str, list[GoalState]]]:
    """The goals of the phases that are open, by the title of the phase; those of one panel, or the body's own."""
    phases = [phase for phase in campaign.phases if phase.status == PhaseStatus.OPEN]
    found = [(phase.title, [goal for goal in progress_of(session, phase) if goal.panel == panel]) for phase in phases]
    return [(title, goals) for title, goals in found if goals]


def owed_by(session: Session, panel: PanelRow, now: datetime) -> list[DutyCard]:
    """What the panel still owes, the most pressing first."""
    owed = (ObligationRow.panel_id == panel.id, ObligationRow.status.in_(OWED))
    rows = session.scalars(select(ObligationRow).where(*owed).order_by(ObligationRow.due_on, ObligationRow.key))
    return [card(row, now) for row in rows]


def asked(session: Session, campaign: CampaignRow, panel: PanelRow | None) -> Asked:
    """What the form offers: of a panel that covers units, these units alone."""
    units = (covered(panel) if panel else []) or active_units(session)
    kinds = tuple((kind.key, kind.title) for kind in method_of(campaign).log)
    return Asked(kinds, tuple((unit.code, unit.name) for unit in units))


def entries(session: Session, campaign: CampaignRow, panel: PanelRow | None, page: int) -> Entries:
    """A page of the log of a panel, or (without one) of the body itself."""
    whose = LogEntryRow.panel_id == panel.id if panel else LogEntryRow.panel_id.is_(None)
    return _page(session, campaign, whose, page)


def all_entries(session: Session, campaign: CampaignRow, page: int) -> Entries:
    """A page of what the body and all panels did."""
    return _page(session, campaign, true(), page)


def entry_line(session: Session, campaign: CampaignRow, row: LogEntryRow) -> EntryLine:
    """One entry."""
    return _lines(session, campaign, [row])[0]


def _page(session: Session, campaign: CampaignRow, whose: ColumnElement[bool], page: int) -> Entries:
    theirs = (LogEntryRow.campaign_id == campaign.id, whose)
    total = session.scalar(select(func.count()).select_from(LogEntryRow).where(*theirs)) or 0
    last = max(1, -(-total // ON_A_PAGE))
    number = min(max(page, 1), last)
    newest = (LogEntryRow.on.desc(), LogEntryRow.entered_at.desc(), LogEntryRow.id)
    shown = select(LogEntryRow).where(*theirs).order_by(*newest).options(selectinload(LogEntryRow.photos))
    rows = session.scalars(shown.offset((number - 1) * ON_A_PAGE).limit(ON_A_PAGE)).all()
    return Entries(tuple(_lines(session, campaign, rows)), number, last, total)


def _lines(session: Session, campaign: CampaignRow, rows: Sequence[LogEntryRow]) -> list[EntryLine]:
    kinds = {kind.key: kind.title for kind in method_of(campaign).log}
    names = select(PersonRow.code, PersonRow.name).where(PersonRow.code.in_({row.by for row in rows}))
    people = dict(session.execute(names).all())
    found = select(FindingRow.log_entry_id).where(FindingRow.log_entry_id.in_({row.id for row in rows}))
    problems = Counter(session.scalars(found))
    return [
        EntryLine(
            row.id,
            row.on,
            kinds.get(row.kind, row.kind),
            row.title,
            row.announced,
            row.panel.title if row.panel else "",
            row.unit.name if row.unit else "",
            row.place,
            tuple(each["name"] for each in row.enterprises),
            row.people,
            row.count,
            row.text,
            people.get(row.by, row.by),
            tuple(photo.id for photo in row.photos),
            problems[row.id],
            row.withdrawn,
            row.withdrawn_why,
        )
        for row in rows
    ]
