"""Where a campaign stands: phases, duties by light, what comes next, what stands in the way."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.domain.gate import Obstacle
from appraisal.domain.ladder import Colour
from appraisal.domain.lifecycle import PhaseStatus
from appraisal.domain.timeliness import Timeliness, light
from appraisal.operations.briefs import brief_of
from appraisal.operations.further_rounds import shown_grade
from appraisal.operations.ladders import colours
from appraisal.operations.loading import campaign_by, method_of
from appraisal.store.campaign_tables import CampaignRow, ObligationRow, PhaseRow, ResultRow
from appraisal.store.record_tables import OutboxRow


@dataclass(frozen=True)
class PhaseLine:
    """A phase in the overview."""

    key: str
    title: str
    status: str
    opens_on: date | None
    closes_on: date | None
    provisional: bool
    duties: int
    done: int


@dataclass(frozen=True)
class DutyLine:
    """An obligation in the overview."""

    id: str
    key: str
    unit: str
    title: str
    status: str
    light: Timeliness
    due_on: date | None
    waits_for: str | None
    next_on: datetime | None
    colour: Colour = Colour.NONE


@dataclass(frozen=True)
class ResultLine:
    """A result in the overview."""

    ballot: str
    unit: str
    grade: str
    counts: dict[str, int]
    round: int = 1


@dataclass(frozen=True)
class Overview:
    """A campaign at a glance."""

    slug: str
    title: str
    status: str
    phases: tuple[PhaseLine, ...]
    duties: tuple[DutyLine, ...]
    results: tuple[ResultLine, ...]
    obstacles: tuple[tuple[str, Obstacle], ...]
    undelivered: int

    @property
    def lights(self) -> Counter[Timeliness]:
        """How many duties stand at each light."""
        return Counter(duty.light for duty in self.duties)

    def upcoming(self, days: int, today: date) -> tuple[DutyLine, ...]:
        """What falls due within so many days, and what is overdue, the earliest first."""
        owed = [duty for duty in self.duties if duty.light is not Timeliness.DONE and duty.due_on]
        near = [duty for duty in owed if duty.due_on and (duty.due_on - today).days <= days]
        return tuple(sorted(near, key=lambda duty: (duty.due_on or today, duty.unit, duty.key)))


def overview(session: Session, slug: str, now: datetime) -> Overview:
    """The overview of one campaign at ``now``."""
    campaign = campaign_by(session, slug)
    rows = _obligations(session, campaign)
    cards = colours(session, method_of(campaign), rows)
    return Overview(
        campaign.slug,
        campaign.title,
        campaign.status,
        tuple(_phase(phase, rows) for phase in campaign.phases),
        tuple(_duty(row, now, cards.get(row.id, Colour.NONE)) for row in rows),
        _results(session, campaign),
        obstacles_in(session, campaign),
        _undelivered(session, campaign),
    )


def obstacles_in(session: Session, campaign: CampaignRow) -> tuple[tuple[str, Obstacle], ...]:
    """What stands in the way of closing the open phases, each with the title of its phase."""
    open_phases = [phase for phase in campaign.phases if phase.status == PhaseStatus.OPEN]
    return tuple((phase.title, obstacle) for phase in open_phases for obstacle in brief_of(session, phase).obstacles)


def campaigns(session: Session) -> list[tuple[str, str, str, date]]:
    """Slug, title, status and first day of every campaign, the newest first."""
    columns = (CampaignRow.slug, CampaignRow.title, CampaignRow.status, CampaignRow.starts_on)
    found = session.execute(select(*columns).order_by(CampaignRow.starts_on.desc(), CampaignRow.slug))
    return [(row.slug, row.title, row.status, row.starts_on) for row in found]


def _obligations(session: Session, campaign: CampaignRow) -> Sequence[ObligationRow]:
    mine = select(ObligationRow).where(ObligationRow.campaign_id == campaign.id)
    positions = {target.unit_id: target.position for target in campaign.targets}
    rows = session.scalars(mine.order_by(ObligationRow.issued_at, ObligationRow.key)).all()
    return sorted(rows, key=lambda row: (row.phase.position, positions.get(row.unit_id, -1) if row.unit_id else -1))


def _phase(phase: PhaseRow, rows: Sequence[ObligationRow]) -> PhaseLine:
    own = [row for row in rows if row.phase_id == phase.id]
    done = sum(1 for row in own if row.settled_at is not None)
    window = (phase.opens_on, phase.closes_on, phase.provisional)
    return PhaseLine(phase.key, phase.title, phase.status, *window, len(own), done)


def _duty(row: ObligationRow, now: datetime, colour: Colour) -> DutyLine:
    unit = row.owner
    place = (str(row.id), row.key, unit, row.title, row.status)
    return DutyLine(*place, light(row.status, row.due_at, now), row.due_on, row.waits_for, row.next_check_at, colour)


def _results(session: Session, campaign: CampaignRow) -> tuple[ResultLine, ...]:
    """The results that stand; of a sealed one, that it is there and nothing else."""
    mine = (ResultRow.campaign_id == campaign.id, ResultRow.stands)
    rows = session.scalars(select(ResultRow).where(*mine).order_by(ResultRow.ballot))
    positions = {target.unit_id: target.position for target in campaign.targets}
    ordered = sorted(rows, key=lambda row: (row.ballot, positions[row.unit_id]))
    return tuple(
        ResultLine(row.ballot, row.unit.name, shown_grade(row), row.counts if row.released else {}, row.round)
        for row in ordered
    )


def _undelivered(session: Session, campaign: CampaignRow) -> int:
    failed = select(func.count()).select_from(OutboxRow).where(OutboxRow.status == "failed")
    return session.scalar(failed.where(OutboxRow.campaign_id == campaign.id)) or 0
