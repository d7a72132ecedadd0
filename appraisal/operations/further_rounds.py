"""Further rounds of a ballot (再次测评): whom a first round is about, and who awaits another one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.method.ballots import Ballot, SecondRound
from appraisal.method.grading_rules import grade_keys, grade_title
from appraisal.notices.wording import phrase
from appraisal.operations.loading import method_of
from appraisal.operations.occurred import events_of
from appraisal.store.campaign_tables import CampaignRow, ResultRow
from appraisal.store.register_tables import UnitRow


@dataclass(frozen=True)
class RoundDue:
    """A further round that a unit awaits: its number, how many are left with it, and the event it is held after.

    ``since`` is when that event happened; without ``after`` the round may be held at once.  ``left`` is None where
    rounds go on until none is called for.
    """

    unit: UnitRow
    number: int
    left: int | None
    after: str | None
    since: datetime | None

    def ready(self, now: datetime) -> bool:
        """Whether it may be held by now."""
        return self.after is None or (self.since is not None and self.since <= now)


def grade_key(ballot: Ballot, title: str) -> str | None:
    """The key of the grade that a result has; None where the vote decided none."""
    return next((key for key in grade_keys(ballot) if grade_title(ballot, key) == title), None)


def standing(session: Session, campaign: CampaignRow, ballot: str) -> list[ResultRow]:
    """The results of a ballot that stand, in the order of the units."""
    query = select(ResultRow).where(ResultRow.campaign_id == campaign.id, ResultRow.ballot == ballot, ResultRow.stands)
    positions = {target.unit_id: target.position for target in campaign.targets}
    return sorted(session.scalars(query), key=lambda row: positions.get(row.unit_id, len(positions)))


def shown_grade(row: ResultRow) -> str:
    """The grade as anybody may see it: of a sealed result, that it is sealed; of one without a grade, that."""
    if not row.released:
        return phrase("result.sealed")
    return row.grade or phrase("result.undecided")


def as_held(ballot: Ballot, voters: Sequence[str]) -> Ballot:
    """The ballot of a further round that is held among some classes alone: the others are no part of its count."""
    narrowed = ballot.second_round.electorate if ballot.second_round else []
    return ballot.model_copy(update={"electorate": narrowed}) if narrowed and set(voters) == set(narrowed) else ballot


def units_for(session: Session, campaign: CampaignRow, ballot: Ballot) -> list[UnitRow]:
    """The units that a first round of the ballot is about: all, or those that an earlier vote left to be repeated."""
    units = [target.unit for target in campaign.targets]
    if ballot.repeats is None or not ballot.only:
        return units
    repeated = method_of(campaign).ballot(ballot.repeats)
    released = [row for row in standing(session, campaign, repeated.key) if row.released]
    called = {row.unit_id for row in released if grade_key(repeated, row.grade) in ballot.only}
    return [unit for unit in units if unit.id in called]


def awaiting_round(session: Session, campaign: CampaignRow, ballot: Ballot) -> list[UnitRow]:
    """The units whose result calls for another round, whether it may be held already or not."""
    return [due.unit for due in rounds_due(session, campaign, ballot)]


def rounds_due(session: Session, campaign: CampaignRow, ballot: Ballot) -> list[RoundDue]:
    """The further rounds that are due; a sealed result tells nothing about any."""
    terms = ballot.second_round
    if terms is None:
        return []
    rows = [row for row in standing(session, campaign, ballot.key) if row.released]
    called = [row for row in rows if grade_key(ballot, row.grade) in terms.grades]
    return list(_due(session, campaign, terms, called))


def _due(session: Session, campaign: CampaignRow, terms: SecondRound, rows: Sequence[ResultRow]) -> Iterator[RoundDue]:
    """The rounds of a unit are counted by its results: a void round gave it none."""
    events = events_of(session, campaign)
    for row in rows:
        mine = (ResultRow.campaign_id == campaign.id, ResultRow.ballot == row.ballot)
        held = session.scalar(select(func.count()).where(*mine, ResultRow.unit_id == row.unit_id)) or 1
        if terms.rounds is None or held < terms.rounds:
            since = events.seen_by(row.unit_id).get(terms.after) if terms.after else None
            fresh = since if since is not None and since >= row.recorded_at else None
            left = terms.rounds - held if terms.rounds else None
            yield RoundDue(row.unit, held + 1, left, terms.after, fresh)
