"""What opening a round of a ballot would mean: whom it is about, who is there, and all that stands in its way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from appraisal.domain.count import Count
from appraisal.domain.grading import graded
from appraisal.domain.lifecycle import CampaignStatus, PhaseStatus, RoundStatus, SittingStatus
from appraisal.domain.quorum import QuorumState
from appraisal.domain.refusal import Refusal
from appraisal.method.ballots import Ballot
from appraisal.method.grading_rules import terms_of
from appraisal.method.schema import Method
from appraisal.method.vote_words import Recording, Secrecy
from appraisal.operations.further_rounds import RoundDue, as_held, rounds_due, units_for
from appraisal.operations.loading import method_of
from appraisal.operations.presence import quorum_of
from appraisal.operations.round_records import ballot_by, next_number, rounds_of_ballot
from appraisal.operations.turnouts import ClassTurnout, SmallGroup, small_groups, turnout_now
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.register_tables import UnitRow
from appraisal.store.sitting_tables import SittingRow


@dataclass(frozen=True)
class Opening:
    """A round as it could be opened now.

    ``units`` are those it is about unless the office chooses among them.  ``obstacles`` are all that stands in its way.
    """

    ballot: Ballot
    number: int
    units: Sequence[UnitRow]
    turnout: Sequence[ClassTurnout]
    quorum: QuorumState | None
    small: Sequence[SmallGroup]
    obstacles: Sequence[Refusal]


def opening_of(session: Session, sitting: SittingRow, ballot_key: str, now: datetime) -> Opening:
    """Refusal ``ballot.unknown`` for a ballot that the method does not have; everything else is an obstacle."""
    campaign = sitting.campaign
    method = method_of(campaign)
    ballot = ballot_by(method, ballot_key)
    earlier = rounds_of_ballot(session, campaign, ballot_key)
    fresh = _not_voted_on(session, campaign, ballot, earlier)
    due = [] if fresh else rounds_due(session, campaign, ballot)
    units = fresh or [each.unit for each in due if each.ready(now)]
    electorate = ballot.second_round.electorate if due and ballot.second_round else []
    turnout = turnout_now(session, sitting, method, ballot, electorate)
    state = quorum_of(session, sitting, ballot)
    secret = ballot.secrecy is Secrecy.SECRET
    return Opening(
        ballot,
        next_number(session, campaign, ballot_key),
        units,
        turnout,
        state,
        small_groups(turnout) if secret else [],
        [
            *_obstacles(sitting, ballot, earlier),
            *_nobody(ballot, units, due, now),
            *_short(ballot, state),
            *_ungradable(method, as_held(ballot, [each.voters for each in turnout]), units, turnout),
        ],
    )


def _not_voted_on(
    session: Session, campaign: CampaignRow, ballot: Ballot, earlier: Sequence[RoundRow]
) -> list[UnitRow]:
    """Those a first round is about and has not been held on; a void round is none."""
    done = {code for row in earlier if row.status == RoundStatus.CLOSED for code in row.units}
    return [unit for unit in units_for(session, campaign, ballot) if unit.code not in done]


def _obstacles(sitting: SittingRow, ballot: Ballot, earlier: Sequence[RoundRow]) -> Iterator[Refusal]:
    campaign = sitting.campaign
    if ballot.recording is not Recording.COUNTED:
        yield Refusal("round.not_counted", ballot=ballot.title)
    if campaign.status != CampaignStatus.RUNNING:
        yield Refusal("round.campaign_closed", campaign=campaign.title, ballot=ballot.title)
    if sitting.status != SittingStatus.OPEN:
        yield Refusal("round.sitting_not_open", sitting=sitting.title, ballot=ballot.title, status=sitting.status)
    phase = next(row for row in campaign.phases if row.key == ballot.held_in)
    if phase.status != PhaseStatus.OPEN:
        yield Refusal("round.phase_not_open", phase=phase.title, ballot=ballot.title)
    for row in earlier:
        if row.status == RoundStatus.OPEN:
            yield Refusal("round.open_already", ballot=ballot.title, number=row.number, sitting=row.sitting.title)


def _nobody(ballot: Ballot, units: Sequence[UnitRow], due: Sequence[RoundDue], now: datetime) -> Iterator[Refusal]:
    waiting = [each.unit.name for each in due if not each.ready(now)]
    if not units and waiting:
        yield Refusal("round.too_early", ballot=ballot.title, units=waiting)
    elif not units:
        yield Refusal("round.no_units", ballot=ballot.title)


def _short(ballot: Ballot, state: QuorumState | None) -> Iterator[Refusal]:
    if state is not None and not state.met:
        needed = state.needed if state.needed is not None else ""
        yield Refusal("round.no_quorum", ballot=ballot.title, present=state.present, needed=needed)


def _ungradable(
    method: Method, ballot: Ballot, units: Sequence[UnitRow], turnout: Sequence[ClassTurnout]
) -> Iterator[Refusal]:
    """What would keep the count from being graded, as a number that nobody has entered; found by grading no papers."""
    if ballot.recording is not Recording.COUNTED:
        return
    nobody = {each.key: replace(each, issued=each.phone + each.paper, returned=0).counted() for each in turnout}
    try:
        graded(terms_of(method, ballot), Count((), nobody), [unit.code for unit in units])
    except Refusal as refusal:
        yield refusal
