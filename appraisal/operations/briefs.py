"""What is approved when a phase closes: where it stands, and everything that stands in the way."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.digest import digest
from appraisal.domain.gate import (
    DutyState,
    Obstacle,
    ProblemState,
    awaiting,
    lasting,
    sealed,
    short,
    still_open,
    unchosen,
    unclassified,
    unrecorded,
    unsettled,
)
from appraisal.domain.goals import GoalState
from appraisal.domain.lifecycle import OFF_THE_LIST, OPEN_OBLIGATION, PhaseStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.ballots import Ballot
from appraisal.method.schema import Gate, Method
from appraisal.method.words import GateRule, OwedBy
from appraisal.notices.wording import phrase
from appraisal.operations.chosen_units import counted_targets
from appraisal.operations.classifying import missing_titles
from appraisal.operations.further_rounds import rounds_due, shown_grade, standing, units_for
from appraisal.operations.goals import progress_of
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.store.campaign_tables import ObligationRow, PhaseRow, ResultRow
from appraisal.store.problem_tables import ProblemRow

_COUNTED = frozenset({GateRule.GOALS_REACHED, GateRule.TARGETS_CHOSEN})


@dataclass(frozen=True)
class Brief:
    """What is approved: where the phase stands, and everything that stands in the way."""

    campaign: str
    phase: str
    method: str
    closes_on: date | None
    duties: tuple[DutyState, ...]
    results: tuple[tuple[str, str, str], ...]
    problems: tuple[ProblemState, ...]
    obstacles: tuple[Obstacle, ...]
    by_hand: tuple[str, ...]
    goals: tuple[GoalState, ...] = ()

    def digest(self) -> str:
        """What the approval is bound to: of a goal that it is reached, and not how far it is just now."""
        goals = [(goal.panel, goal.title, goal.wanted, goal.met) for goal in self.goals]
        stands: dict[str, Sequence[DutyState | ProblemState | Obstacle]] = {
            "duties": self.duties,
            "problems": self.problems,
            "obstacles": [*map(lasting, self.obstacles)],
        }
        listed = {name: [said(each) for each in those] for name, those in stands.items()}
        return digest(asdict(self) | {"goals": goals, **listed})


def brief_of(session: Session, row: PhaseRow) -> Brief:
    """The brief of a phase as things stand now."""
    method = method_of(row.campaign)
    duties, results, problems = _duties(session, row), _results(session, row), _problems(session, row)
    goals = progress_of(session, row)
    gates = method.phase(row.key).gate
    obstacles = [
        obstacle
        for gate in gates
        for obstacle in (
            _against(session, gate, row, duties, problems)
            if gate.rule not in _COUNTED
            else _short_of(session, gate.rule, row, goals)
        )
    ]
    if GateRule.PROBLEMS_CLOSED not in {gate.rule for gate in gates} and _ends_rectification(method, row):
        obstacles += still_open(problems)
    own = tuple(duty for phase_id, duty in duties if phase_id == row.id and not duty.recurs)
    by_hand = tuple(clause.what for clause in method.by_hand if clause.phase == row.key)
    place = (row.campaign.title, row.title, row.campaign.digest, row.closes_on)
    return Brief(*place, own, results, problems, tuple(obstacles), by_hand, tuple(goals))


def counted(session: Session, *phases: PhaseRow) -> str:
    """How far the duties of some phases have got, in words; empty where they have none."""
    ids = [phase.id for phase in phases]
    statuses = session.scalars(select(ObligationRow.status).where(ObligationRow.phase_id.in_(ids))).all()
    done = sum(status not in OPEN_OBLIGATION for status in statuses)
    return phrase("closing.counted", total=len(statuses), done=done) if statuses else ""


def told(obstacles: Sequence[Obstacle]) -> list[str]:
    """What stands in the way, a sentence each; that nothing does, where nothing does."""
    sentences = [
        phrase(found.code, unit=found.unit, what=found.what, status=found.status, due_on=found.due_on)
        for found in obstacles
    ]
    return sentences or [phrase("closing.ready")]


def obstacles_of(desk: Desk, row: PhaseRow) -> tuple[Obstacle, ...]:
    """Everything that stands in the way of closing the phase now."""
    desk.session.flush()
    return brief_of(desk.session, row).obstacles


def _ends_rectification(method: Method, row: PhaseRow) -> bool:
    """Whether the campaign closes with this phase, and its problems are rectified: then none may be left open.

    The gate of an earlier phase does not see what relapses, or is found, after it.
    """
    others = (phase for phase in row.campaign.phases if phase.key != row.key)
    if any(phase.status != PhaseStatus.CLOSED for phase in others):
        return False
    gated = any(gate.rule is GateRule.PROBLEMS_CLOSED for phase in method.phases for gate in phase.gate)
    return gated or any(duty.owed_by is OwedBy.EACH_PROBLEM for phase in method.phases for duty in phase.duties)


def said(each: DutyState | ProblemState | Obstacle) -> dict[str, object]:
    """What it says; where its page is, is no part of what anybody approves."""
    return {name: value for name, value in asdict(each).items() if name != "page"}


def _short_of(session: Session, rule: GateRule, row: PhaseRow, goals: Sequence[GoalState]) -> list[Obstacle]:
    if rule is GateRule.GOALS_REACHED:
        return short(goals)
    count = method_of(row.campaign).targets.selection.count
    return unchosen(counted_targets(session, row.campaign), count)


def _against(
    session: Session,
    gate: Gate,
    row: PhaseRow,
    duties: Sequence[tuple[UUID, DutyState]],
    problems: Sequence[ProblemState],
) -> list[Obstacle]:
    match gate.rule:
        case GateRule.DUTIES_SETTLED:
            own = [duty for phase_id, duty in duties if gate.duties or phase_id == row.id]
            return unsettled(own, gate.duties)
        case GateRule.RESULTS_RECORDED:
            return [obstacle for ballot in _ballots(gate, row) for obstacle in _missing(session, row, ballot)]
        case GateRule.PROBLEMS_CLOSED:
            return still_open(problems)
        case GateRule.PROBLEMS_CLASSIFIED:
            return unclassified(problems)
        case _:
            raise Refusal("gate.unsupported", rule=str(gate.rule))


def _ballots(gate: Gate, row: PhaseRow) -> list[Ballot]:
    ballots = method_of(row.campaign).ballots
    wanted = gate.ballots or [ballot.key for ballot in ballots if ballot.held_in == row.key]
    return [ballot for ballot in ballots if ballot.key in wanted]


def _missing(session: Session, row: PhaseRow, ballot: Ballot) -> list[Obstacle]:
    """What the ballot still lacks: a first result, another round, or that a sealed result says whether it needs one."""
    units = [unit.name for unit in units_for(session, row.campaign, ballot)]
    rows = standing(session, row.campaign, ballot.key)
    hidden = [result.unit.name for result in rows if not result.released] if ballot.second_round else []
    due = [(due.unit.name, due.number) for due in rounds_due(session, row.campaign, ballot)]
    return [
        *unrecorded(units, {result.unit.name for result in rows}, ballot.title),
        *awaiting(due, ballot.title),
        *sealed(hidden, ballot.title),
    ]


def _duties(session: Session, row: PhaseRow) -> list[tuple[UUID, DutyState]]:
    """What is owed in the campaign, each with the phase that waits for it.

    What was issued after its own phase had closed, because a problem was assigned late or came back, is waited for by
    the phases that are open.
    """
    query = select(ObligationRow).where(ObligationRow.campaign_id == row.campaign_id)
    return [
        (
            row.id if row.status == PhaseStatus.OPEN and duty.closed_before else duty.phase_id,
            DutyState(
                duty.key,
                duty.title,
                duty.owner,
                duty.status,
                duty.due_on,
                duty.period is not None,
                f"/duties/{duty.id}",
            ),
        )
        for duty in session.scalars(query.order_by(ObligationRow.due_on, ObligationRow.key, ObligationRow.id))
    ]


def _results(session: Session, row: PhaseRow) -> tuple[tuple[str, str, str], ...]:
    query = select(ResultRow).where(ResultRow.campaign_id == row.campaign_id, ResultRow.stands)
    rows = session.scalars(query.order_by(ResultRow.ballot, ResultRow.id))
    return tuple((result.ballot, result.unit.name, shown_grade(result)) for result in rows)


def _problems(session: Session, row: PhaseRow) -> tuple[ProblemState, ...]:
    method = method_of(row.campaign)
    listed = (ProblemRow.campaign_id == row.campaign_id, ProblemRow.status.not_in(OFF_THE_LIST))
    return tuple(
        ProblemState(
            problem.number,
            problem.title,
            problem.unit.name if problem.unit else "",
            problem.status,
            tuple(missing_titles(method, problem)),
            f"/problems/{problem.id}",
        )
        for problem in session.scalars(select(ProblemRow).where(*listed).order_by(ProblemRow.number))
    )
