"""What goes from one campaign to the next (结转、承接) as pages show it: to be taken over, and taken over already."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import CampaignStatus, ProblemStatus
from appraisal.operations.classifying import axes_of
from appraisal.operations.handing_over import classes_kept, waiting_in
from appraisal.operations.loading import campaign_by, method_of
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.problem_tables import ProblemRow


@dataclass(frozen=True)
class Waiting:
    """A problem that was handed on and that nobody has taken over; ``lacking`` are the axes on which it will have no
    class here."""

    id: UUID
    number: int
    title: str
    unit: str
    due_on: date | None
    reason: str
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """What another campaign has for this one to take over."""

    slug: str
    title: str
    problems: tuple[Waiting, ...]


@dataclass(frozen=True)
class Link:
    """A problem in another campaign."""

    id: UUID
    number: int
    campaign: str
    slug: str


@dataclass(frozen=True)
class Taken:
    """A problem that was taken over, with where it comes from."""

    row: ProblemRow
    origin: Link


@dataclass(frozen=True)
class Carried:
    """A campaign with what it may take over, and what it has taken over."""

    campaign: CampaignRow
    offers: tuple[Offer, ...]
    taken: tuple[Taken, ...]

    @property
    def running(self) -> bool:
        """Whether anything can be taken over still."""
        return self.campaign.status == CampaignStatus.RUNNING


def carried(session: Session, slug: str) -> Carried:
    """What campaigns that began no later have handed on, the latest first; and what is here already, by number."""
    campaign = campaign_by(session, slug)
    earlier = select(CampaignRow).where(
        CampaignRow.id != campaign.id,
        CampaignRow.starts_on <= campaign.starts_on,
        CampaignRow.id.in_(select(ProblemRow.campaign_id).where(ProblemRow.status == ProblemStatus.HANDED_ON)),
    )
    rows = session.scalars(earlier.order_by(CampaignRow.starts_on.desc(), CampaignRow.slug)).all()
    offers = [_offer(session, campaign, row) for row in rows]
    return Carried(campaign, tuple(offer for offer in offers if offer.problems), tuple(_taken(session, campaign)))


def origin_of(session: Session, row: ProblemRow) -> Link | None:
    """The problem of an earlier campaign that this one goes on with."""
    return _link(session, ProblemRow.id == row.carried_from_id) if row.carried_from_id else None


def goes_on_as(session: Session, row: ProblemRow) -> Link | None:
    """The problem of a later campaign that goes on with this one."""
    return _link(session, ProblemRow.carried_from_id == row.id) if row.status == ProblemStatus.HANDED_ON else None


def _offer(session: Session, campaign: CampaignRow, earlier: CampaignRow) -> Offer:
    method = method_of(campaign)
    problems = []
    for row in session.scalars(waiting_in(earlier)):
        kept = classes_kept(method, row)
        lacking = tuple(axis.title for axis in axes_of(method) if axis.key not in kept)
        unit = row.unit.name if row.unit else ""
        problems.append(Waiting(row.id, row.number, row.title, unit, row.due_on, row.reason or "", lacking))
    return Offer(earlier.slug, earlier.title, tuple(problems))


def _taken(session: Session, campaign: CampaignRow) -> list[Taken]:
    mine = (ProblemRow.campaign_id == campaign.id, ProblemRow.carried_from_id.is_not(None))
    rows = session.scalars(select(ProblemRow).where(*mine).order_by(ProblemRow.number)).all()
    origins = _columns().where(ProblemRow.id.in_([row.carried_from_id for row in rows]))
    links = {link.id: link for link in (Link(*found) for found in session.execute(origins))}
    return [Taken(row, links[row.carried_from_id]) for row in rows if row.carried_from_id]


def _link(session: Session, those: ColumnElement[bool]) -> Link | None:
    found = session.execute(_columns().where(those).limit(1)).first()
    return Link(*found) if found else None


def _columns() -> Select[UUID, int, str, str]:
    columns = (ProblemRow.id, ProblemRow.number, CampaignRow.title, CampaignRow.slug)
    return select(*columns).join(CampaignRow, CampaignRow.id == ProblemRow.campaign_id)
