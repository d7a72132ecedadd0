"""What followed from the results of a campaign, as its people read it: by unit, with the duties it started."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.reasoning import steps_from_json
from appraisal.method.schema import Method
from appraisal.notices.wording import reason
from appraisal.operations.consequences import then_of
from appraisal.operations.further_rounds import rounds_due
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.naming import event_title
from appraisal.store.campaign_tables import CampaignRow, ConsequenceRow, ObligationRow


@dataclass(frozen=True)
class Started:
    """A duty that a consequence started."""

    id: str
    title: str
    status: str
    due_on: date | None


@dataclass(frozen=True)
class Followed:
    """A consequence that was found to apply to a unit."""

    unit: str
    title: str
    found_at: datetime
    why: tuple[str, ...]
    then: tuple[str, ...]
    duties: tuple[Started, ...]


@dataclass(frozen=True)
class RoundLine:
    """A further round that a unit awaits."""

    unit: str
    ballot: str
    number: int
    left: int | None
    after: str
    since: datetime | None


@dataclass(frozen=True)
class ConsequencePaper:
    """All that followed, the newest first, and the further rounds that are due."""

    slug: str
    campaign: str
    followed: tuple[Followed, ...]
    rounds: tuple[RoundLine, ...]


def consequence_paper(session: Session, slug: str) -> ConsequencePaper:
    """What followed in a campaign; what rests on a sealed result is not found yet, so nothing here gives it away."""
    campaign = campaign_by(session, slug)
    return ConsequencePaper(slug, campaign.title, tuple(followed(session, campaign)), tuple(_rounds(session, campaign)))


def followed(session: Session, campaign: CampaignRow, unit: str | None = None) -> Iterator[Followed]:
    """What followed for all units, or for the unit of that code; the newest first."""
    method = method_of(campaign)
    positions = {target.unit_id: target.position for target in campaign.targets}
    query = select(ConsequenceRow).where(ConsequenceRow.campaign_id == campaign.id)
    rows = [row for row in session.scalars(query) if unit in (None, row.unit.code)]
    started = _started(session, campaign, method)
    for row in sorted(rows, key=lambda row: (-row.found_at.timestamp(), positions.get(row.unit_id, 0), row.key)):
        terms = next(each for each in method.consequences if each.key == row.key)
        duties = [duty for key, of, duty in started if key == row.key and of in (None, row.unit_id)]
        why = tuple(reason(steps_from_json(row.why)))
        yield Followed(row.unit.name, terms.title, row.found_at, why, tuple(then_of(terms)), tuple(duties))


def _started(session: Session, campaign: CampaignRow, method: Method) -> Sequence[tuple[str, object, Started]]:
    """The consequence, the unit (none for the body) and the duty."""
    called = {duty.key: duty.only_if for phase in method.phases for duty in phase.duties if duty.only_if}
    query = select(ObligationRow).where(ObligationRow.campaign_id == campaign.id, ObligationRow.key.in_(called))
    return [
        (called[row.key] or "", row.unit_id, Started(str(row.id), row.title, row.status, row.due_on))
        for row in session.scalars(query.order_by(ObligationRow.issued_at, ObligationRow.key))
    ]


def _rounds(session: Session, campaign: CampaignRow) -> Iterator[RoundLine]:
    method = method_of(campaign)
    for ballot in method.ballots:
        for due in rounds_due(session, campaign, ballot):
            after = event_title(method, due.after) if due.after else ""
            yield RoundLine(due.unit.name, ballot.title, due.number, due.left, after, due.since)
