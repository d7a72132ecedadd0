"""The points that a method keeps (扣分): what rungs and consequences have cost each unit of a campaign."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.refusal import Refusal
from appraisal.method.words import RungAct
from appraisal.notices.wording import phrase
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.stall_access import units_seen
from appraisal.store.campaign_tables import CampaignRow, ConsequenceRow, FiringRow, ObligationRow
from appraisal.store.register_tables import PersonRow, UnitRow


@dataclass(frozen=True)
class PointLine:
    """What cost a unit points, and its page: a rung of the ladder of a duty, or a consequence of a result."""

    unit: str
    what: str
    points: int
    at: datetime
    page: str


@dataclass(frozen=True)
class UnitPoints:
    """A unit with the points that it lost, and every line that they are the sum of, the oldest first.

    What it gained is less than nought.
    """

    unit: str
    name: str
    lines: tuple[PointLine, ...]

    @property
    def total(self) -> int:
        return sum(line.points for line in self.lines)


def points_kept(session: Session, slug: str) -> tuple[UnitPoints, ...]:
    """Every unit of the campaign in its order, those without points too; empty where the method keeps none."""
    campaign = campaign_by(session, slug)
    if not keeps_points(campaign):
        return ()
    lines = sorted(chain(_of_rungs(session, campaign), _of_consequences(session, campaign)), key=lambda line: line.at)
    return tuple(
        UnitPoints(unit.code, unit.name, tuple(line for line in lines if line.unit == unit.code))
        for unit in (target.unit for target in campaign.targets)
    )


def points_for(session: Session, slug: str, person: PersonRow, on: date) -> tuple[UnitPoints, ...]:
    """What the person may see of it: the office all, a unit and its panels their own.

    Refusal ``points_kept.not_yours`` for whoever has no part in it.
    """
    campaign = campaign_by(session, slug)
    seen = units_seen(session, campaign, person, on)
    if seen is not None and not seen:
        raise Refusal("points_kept.not_yours", campaign=campaign.title)
    return tuple(kept for kept in points_kept(session, slug) if seen is None or kept.unit in seen)


def keeps_points(campaign: CampaignRow) -> bool:
    """Whether anything in the method costs points."""
    method = method_of(campaign)
    rungs = (rung.points for ladder in method.ladders.values() for rung in ladder.rungs)
    return any(rungs) or any(consequence.points for consequence in method.consequences)


def _of_rungs(session: Session, campaign: CampaignRow) -> Iterator[PointLine]:
    found = (
        select(FiringRow, ObligationRow.title, UnitRow.code)
        .join(ObligationRow, ObligationRow.id == FiringRow.obligation_id)
        .join(UnitRow, UnitRow.id == ObligationRow.unit_id)
        .where(ObligationRow.campaign_id == campaign.id, FiringRow.points != 0)
        .order_by(FiringRow.at, ObligationRow.id, FiringRow.rung)
    )
    for firing, title, unit in session.execute(found):
        act = phrase(f"portal.act.{RungAct(firing.act)}")
        yield PointLine(
            unit,
            phrase("points_kept.rung", duty=title, act=act),
            firing.points,
            firing.at,
            f"/duties/{firing.obligation_id}",
        )


def _of_consequences(session: Session, campaign: CampaignRow) -> Iterator[PointLine]:
    """A consequence says what is added to the assessment: what it takes off stands there as less than nought."""
    worth = {each.key: each for each in method_of(campaign).consequences if each.points}
    page = f"/campaigns/{campaign.slug}/consequences"
    mine = select(ConsequenceRow).where(ConsequenceRow.campaign_id == campaign.id, ConsequenceRow.key.in_(worth))
    for row in session.scalars(mine.order_by(ConsequenceRow.found_at, ConsequenceRow.id)):
        found = worth[row.key]
        yield PointLine(row.unit.code, found.title, -(found.points or 0), row.found_at, page)
