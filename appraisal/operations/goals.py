"""How far the quantified goals of a phase are reached, by the body as a whole or by every panel."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from appraisal.clock import ZONE
from appraisal.domain import goals
from appraisal.domain.goals import Deed, GoalState
from appraisal.domain.lifecycle import OpinionStatus, PhaseStatus, ProblemStatus
from appraisal.domain.problems import FindingKind, ProblemKind
from appraisal.method.investigation import Goal
from appraisal.method.words import GoalScope, Measure
from appraisal.operations.loading import method_of, phase_by
from appraisal.operations.telling import panels_of
from appraisal.store.campaign_tables import PhaseRow
from appraisal.store.opinion_tables import AnswerCodeRow, AnswerSheetRow, OpinionRow, QuestionnaireRow
from appraisal.store.panel_tables import LogEntryRow, PanelRow
from appraisal.store.problem_tables import FindingRow, ProblemRow

FROM_LOG: Mapping[Measure, Callable[[Collection[Deed]], int]] = {
    Measure.ENTRIES: goals.entries,
    Measure.ENTERPRISES: goals.enterprises,
    Measure.PLACES: goals.places,
    Measure.PEOPLE: goals.people,
}
ON_PAPER, BY_CODE = "paper", "codes"
BODY = ""


def progress(session: Session, slug: str, phase: str) -> list[GoalState]:
    """The goals of a phase in the order of the method; one that is set to every panel has a line for each."""
    return progress_of(session, phase_by(session, slug, phase))


def progress_of(session: Session, phase: PhaseRow) -> list[GoalState]:
    """The same for a phase that was found already; a few statements, however much was entered."""
    written = method_of(phase.campaign).phase(phase.key).goals
    if not written:
        return []
    count = _Count(session, phase)
    intake = method_of(phase.campaign).intake
    smallest = intake.smallest_group if intake else 0
    panels = panels_of(session, phase.campaign)
    return [
        GoalState(
            goal.title,
            goal.unit,
            goal.at_least,
            count.reached(goal, panel),
            panel.title if panel else BODY,
            smallest if goal.measures is Measure.OPINIONS else 0,
        )
        for goal in written
        for panel in (panels if goal.scope is GoalScope.EACH_PANEL else [None])
    ]


class _Count:
    """What was entered in a phase; each kind of thing is read once, and only if some goal asks for it."""

    def __init__(self, session: Session, phase: PhaseRow) -> None:
        self._session, self._phase = session, phase

    def reached(self, goal: Goal, panel: PanelRow | None) -> Fraction:
        """So much of a goal, by one panel or by all and the body."""
        panel_id = panel.id if panel else None
        if goal.measures in FROM_LOG:
            deeds = goals.chosen(self._deeds, goal.log, str(panel_id) if panel_id else None)
            return Fraction(FROM_LOG[goal.measures](deeds))
        issued, returned = self._papers
        match goal.measures:
            case Measure.OPINIONS:
                return Fraction(sum(1 for each in self._opinions if panel_id in (None, each)))
            case Measure.ISSUED:
                return Fraction(issued)
            case Measure.RETURNED:
                return Fraction(returned)
            case Measure.RETURN_RATE:
                return goals.share(returned, issued)
            case _:
                return Fraction(len(set(self._problems(goal.measures, panel_id))))

    def _problems(self, measure: Measure, panel_id: UUID | None) -> Iterator[UUID]:
        kind = ProblemKind.SUGGESTION if measure is Measure.SUGGESTIONS else ProblemKind.PROBLEM
        for problem, its_kind, found, by in self._findings:
            by_unit = measure is not Measure.SELF_FOUND or found == FindingKind.SELF_REVIEW
            if its_kind == kind and by_unit and panel_id in (None, by):
                yield problem

    @cached_property
    def _deeds(self) -> list[Deed]:
        entry = LogEntryRow
        columns = (entry.panel_id, entry.kind, entry.count, entry.people, entry.place, entry.enterprises)
        entered = select(*columns).where(entry.phase_id == self._phase.id, entry.withdrawn.is_(False))
        return [
            Deed(str(panel) if panel else BODY, kind, count, people, place, tuple(each["name"] for each in met))
            for panel, kind, count, people, place, met in self._session.execute(entered)
        ]

    @cached_property
    def _opinions(self) -> list[UUID | None]:
        """The panel of each opinion that came in while the phase was open; what is held back does not count."""
        theirs = (OpinionRow.campaign_id == self._phase.campaign_id, OpinionRow.status != OpinionStatus.HELD)
        days = _within(OpinionRow.received_on, self._phase.opens_on, self._closed_on)
        return list(self._session.scalars(select(OpinionRow.panel_id).where(*theirs, days)))

    @cached_property
    def _findings(self) -> list[tuple[UUID, str, str, UUID | None]]:
        """The problems that were found while the phase was open: what each is, how and by which panel."""
        columns = (ProblemRow.id, ProblemRow.kind, FindingRow.kind, FindingRow.panel_id)
        gone = (ProblemStatus.MERGED, ProblemStatus.DROPPED)
        theirs = (ProblemRow.campaign_id == self._phase.campaign_id, ProblemRow.status.not_in(gone))
        first, last = self._phase.opens_on, self._closed_on
        begin = datetime.combine(first, time(0), ZONE) if first else None
        end = datetime.combine(last + timedelta(days=1), time(0), ZONE) - timedelta(microseconds=1) if last else None
        found = select(*columns).join(FindingRow, FindingRow.problem_id == ProblemRow.id)
        return list(self._session.execute(found.where(*theirs, _within(FindingRow.at, begin, end))))

    @cached_property
    def _papers(self) -> tuple[int, int]:
        """Questionnaires issued and returned; what came in by an open address was issued to nobody."""
        of_codes = select(func.count()).where(AnswerCodeRow.questionnaire_id == QuestionnaireRow.id)
        sheets = select(func.count()).where(AnswerSheetRow.questionnaire_id == QuestionnaireRow.id)
        issued_one = (QuestionnaireRow.access == BY_CODE) | (AnswerSheetRow.medium == ON_PAPER)
        columns = (
            QuestionnaireRow.paper_issued,
            of_codes.correlate(QuestionnaireRow).scalar_subquery(),
            sheets.where(issued_one).correlate(QuestionnaireRow).scalar_subquery(),
        )
        theirs = select(*columns).where(QuestionnaireRow.campaign_id == self._phase.campaign_id)
        counted = list(self._session.execute(theirs))
        return sum(paper + codes for paper, codes, _ in counted), sum(returned for _, _, returned in counted)

    @property
    def _closed_on(self) -> date | None:
        return self._phase.closes_on if self._phase.status == PhaseStatus.CLOSED else None


def _within(column: InstrumentedAttribute[Any], first: object, last: object) -> ColumnElement[bool]:
    """From the first to the last, which may still be to come; never where there is no first yet."""
    if first is None:
        return false()
    return column >= first if last is None else column.between(first, last)
