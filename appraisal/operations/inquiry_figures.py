"""What an investigation has brought so far, in figures: opinions, problems, goals and questionnaires."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import OFF_THE_LIST, PhaseStatus
from appraisal.domain.problems import ProblemKind
from appraisal.method.investigation import Axis
from appraisal.method.schema import Method
from appraisal.method.words import Measure
from appraisal.operations.goals import progress_of
from appraisal.operations.intake_figures import Line, Opinions, Rate, opinions_of, rates_of
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.questionnaires import smallest_group
from appraisal.store.campaign_tables import CampaignRow, PhaseRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow

NAMELESS = frozenset({Measure.OPINIONS, Measure.RETURNED, Measure.RETURN_RATE})
"""Goals that grow whenever somebody without a name answers: told as reached or not, and no further."""


@dataclass(frozen=True)
class Spread:
    """How the problems lie on one axis of the method; those that have no place there under no name."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Found:
    """The problem list in figures: by lead unit, the most first, and along every axis."""

    total: int
    suggestions: int
    units: tuple[Line, ...]
    axes: tuple[Spread, ...]


@dataclass(frozen=True)
class GoalLine:
    """How far a goal of a phase is; ``far`` and ``percent`` are None where they would tell when people answered."""

    phase: str
    panel: str
    title: str
    wanted: str
    met: bool
    far: str | None
    percent: int | None


@dataclass(frozen=True)
class Figures:
    """An investigation in figures; ``heard`` is whether the method takes opinions at all."""

    slug: str
    title: str
    smallest: int
    heard: bool
    opinions: Opinions
    found: Found
    goals: tuple[GoalLine, ...]
    questionnaires: tuple[Rate, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the campaign has nothing that would be counted here."""
        return not (self.heard or self.found.total or self.found.suggestions or self.goals or self.questionnaires)


def figures(session: Session, slug: str, now: datetime) -> Figures:
    """The figures of a campaign at ``now``; of what is anonymous, up to yesterday at the latest."""
    campaign = campaign_by(session, slug)
    method, today = method_of(campaign), now.date()
    return Figures(
        slug,
        campaign.title,
        smallest_group(campaign),
        method.intake is not None,
        opinions_of(session, campaign, today),
        _found(session, campaign, method),
        tuple(line for phase in campaign.phases for line in _goals(session, method, phase)),
        rates_of(session, campaign, today),
    )


def _found(session: Session, campaign: CampaignRow, method: Method) -> Found:
    query = (
        select(ProblemRow.kind, UnitRow.name, ProblemRow.classes)
        .outerjoin(UnitRow, UnitRow.id == ProblemRow.unit_id)
        .where(ProblemRow.campaign_id == campaign.id, ProblemRow.status.not_in(OFF_THE_LIST))
        .order_by(UnitRow.position, UnitRow.code)
    )
    rows = session.execute(query).all()
    problems = [(unit or "", classes) for kind, unit, classes in rows if kind == ProblemKind.PROBLEM]
    units = Counter(unit for unit, _ in problems)
    ordered = sorted(units.items(), key=lambda line: (not line[0], -line[1]))
    axes = method.problems.axes if method.problems else []
    return Found(
        len(problems),
        len(rows) - len(problems),
        tuple(ordered),
        tuple(_spread(axis, [str(classes.get(axis.key, "")) for _, classes in problems]) for axis in axes),
    )


def _spread(axis: Axis, classes: Sequence[str]) -> Spread:
    counts = Counter(classes)
    known = [(value.title, counts[value.key]) for value in axis.values]
    left = len(classes) - sum(count for _, count in known)
    return Spread(axis.title, (*known, *((("", left),) if left else ())))


def _goals(session: Session, method: Method, phase: PhaseRow) -> Iterator[GoalLine]:
    if phase.status == PhaseStatus.PLANNED:
        return
    nameless = {goal.title for goal in method.phase(phase.key).goals if goal.measures in NAMELESS}
    for goal in progress_of(session, phase):
        wanted, hidden = f"{goal.wanted}{goal.unit}", goal.title in nameless
        far, percent = (None, None) if hidden else (f"{goal.far}{goal.unit}", goal.percent)
        yield GoalLine(phase.title, goal.panel, goal.title, wanted, goal.met, far, percent)
