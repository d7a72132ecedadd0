"""What follows from a result (结果运用): consequences are found, told, and start the duties that wait for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.count import Count
from appraisal.domain.facts import Action
from appraisal.domain.grading import holds
from appraisal.domain.grading_terms import Terms
from appraisal.domain.reasoning import Step, steps_to_json
from appraisal.method.ballots import Ballot
from appraisal.method.grading import Condition, Consequence
from appraisal.method.grading_rules import condition_of, terms_of
from appraisal.method.schema import Method
from appraisal.method.sequence import applies
from appraisal.notices.wording import phrase, reason
from appraisal.operations.consequence_reasons import reasons
from appraisal.operations.events import happen
from appraisal.operations.further_rounds import awaiting_round, grade_key, units_for
from appraisal.operations.issuing import issue_for_consequence
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.telling import letter, tell
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, ConsequenceRow, ResultRow

__all__ = ["awaiting_round", "follow", "then_of", "units_for"]


@dataclass(frozen=True)
class Vote:
    """A vote that consequences are looked for in: its rules, its count, and the results that stand after it."""

    ballot: Ballot
    terms: Terms
    count: Count
    units: tuple[str, ...]
    complete: bool
    """Whether every unit has its result: places mean nothing before."""


def follow(desk: Desk, campaign: CampaignRow, ballot: Ballot, count: Count, results: Sequence[ResultRow]) -> None:
    """Find what the results lead to, unit by unit; what was found of the same round is not found again.

    From a result that is sealed nothing follows: whoever releases it calls this again.
    """
    method = method_of(campaign)
    named = [consequence for consequence in method.consequences if ballot.key in (consequence.ballots or [ballot.key])]
    shown = [row for row in results if row.released and row.stands]
    if not named or not shown:
        return
    desk.session.flush()
    vote = Vote(
        ballot,
        terms_of(method, ballot),
        count,
        tuple(row.unit.code for row in shown),
        _complete(desk, campaign, ballot, shown),
    )
    for consequence in named:
        for row in shown:
            if _applies(desk.session, method, consequence, vote, row):
                _find(desk, campaign, consequence, vote, row)


def then_of(consequence: Consequence) -> list[str]:
    """What the method says that follows, sentence by sentence."""
    points = [phrase("consequence.points", points=consequence.points)] if consequence.points else []
    return [*consequence.then, *points]


def _complete(desk: Desk, campaign: CampaignRow, ballot: Ballot, rows: Sequence[ResultRow]) -> bool:
    """Of a further round, those that it is about are all there are."""
    mine = (ResultRow.campaign_id == campaign.id, ResultRow.ballot == ballot.key, ~ResultRow.stands)
    again = set(desk.session.scalars(select(ResultRow.unit_id).where(*mine)))
    wanted = {unit.id for unit in units_for(desk.session, campaign, ballot)} - again
    return wanted <= {row.unit.id for row in rows} or all(row.unit.id in again for row in rows)


def _applies(session: Session, method: Method, consequence: Consequence, vote: Vote, row: ResultRow) -> bool:
    if consequence.grades and grade_key(vote.ballot, row.grade) not in consequence.grades:
        return False
    if consequence.when is not None and not _met(vote, row, consequence.when):
        return False
    return consequence.failures is None or failures(session, method, consequence, row) >= consequence.failures


def _met(vote: Vote, row: ResultRow, condition: Condition) -> bool:
    if not vote.complete and _ranks(condition):
        return False
    return holds(vote.terms, vote.count, vote.units, row.unit.code, condition_of(condition))


def _ranks(condition: Condition) -> bool:
    parts = [*condition.all, *condition.any]
    return condition.first is not None or condition.last is not None or any(_ranks(part) for part in parts)


def failures(session: Session, method: Method, consequence: Consequence, row: ResultRow) -> int:
    """In how many rounds of the consequence's ballots the unit got one of its grades."""
    ballots = {
        ballot.key: ballot for ballot in method.ballots if ballot.key in consequence.ballots or not consequence.ballots
    }
    mine = (ResultRow.campaign_id == row.campaign_id, ResultRow.unit_id == row.unit.id, ResultRow.released)
    rows = session.scalars(select(ResultRow).where(*mine, ResultRow.ballot.in_(ballots)))
    return sum(grade_key(ballots[found.ballot], found.grade) in consequence.grades for found in rows)


def _find(desk: Desk, campaign: CampaignRow, consequence: Consequence, vote: Vote, row: ResultRow) -> None:
    unit = row.unit
    place = (campaign.slug, consequence.key, unit.code, row.ballot, row.round)
    key = identity("consequence", *place)
    if desk.session.get(ConsequenceRow, key) is not None:
        return
    times = failures(desk.session, method_of(campaign), consequence, row) if consequence.failures else 0
    why = tuple(reasons(vote.ballot, vote.count, consequence, row, times))
    desk.session.add(
        ConsequenceRow(
            id=key,
            campaign_id=campaign.id,
            key=consequence.key,
            unit=unit,
            ballot=row.ballot,
            round=row.round,
            why=steps_to_json(why),
            found_at=desk.now,
        )
    )
    about = {"consequence": consequence.key, "unit": unit.code, "ballot": row.ballot, "round": row.round}
    desk.record(campaign.slug, f"consequence:{key}", Action.CONSEQUENCE_FOUND, **about, why=steps_to_json(why))
    happen(desk, campaign, [applies(consequence.key)], desk.now, unit)
    _tell(desk, campaign, consequence, row, why)
    issue_for_consequence(desk, campaign, consequence.key, unit)


def _tell(desk: Desk, campaign: CampaignRow, consequence: Consequence, row: ResultRow, why: Sequence[Step]) -> None:
    if not consequence.tell:
        return
    facts = {"what": consequence.title, "why": reason(why), "then": then_of(consequence)}
    key = f"{consequence.key}/{row.unit.code}/{row.ballot}/{row.round}"
    page = f"/campaigns/{campaign.slug}/consequences"
    told = letter(campaign, "consequence-found", key, consequence.tell, page, facts, owner=row.unit)
    tell(desk, campaign, [told])
