"""What a questionnaire comes to, as pages and workbooks show it; only once it is closed.

While answers still come in, figures seen twice would tell what the sheet in between said.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.breakdown import Standing, UnitFigures, by_aspect, by_unit
from appraisal.domain.figures import ANSWERED, BLANK, Figures, Pool, figures_of
from appraisal.domain.refusal import Refusal
from appraisal.domain.survey import Answers, QuestionKind, Survey, SurveyStatus, percent, rounded
from appraisal.notices.wording import phrase
from appraisal.operations.loading import method_of
from appraisal.operations.questionnaires import (
    Counts,
    campaign_of,
    counts_of,
    questionnaire_by,
    smallest_group,
    survey_of,
)
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.opinion_tables import AnswerSheetRow, QuestionnaireRow
from appraisal.store.register_tables import UnitRow


@dataclass(frozen=True)
class QuestionLine:
    """A question, or a row of a matrix; every figure that is None is not shown."""

    number: str
    under: str
    title: str
    kind: QuestionKind
    counts: tuple[tuple[str, int | None], ...]
    share: str | None
    mean: Decimal | None
    texts: tuple[str, ...]
    withheld: bool
    has_share: bool


@dataclass(frozen=True)
class AspectLine:
    """An aspect: share of satisfied answers in percent, and the average mark of a hundred."""

    title: str
    share: Decimal | None
    mark: Decimal | None
    has_share: bool
    has_mark: bool

    @property
    def share_bar(self) -> tuple[str, Decimal | None]:
        """As a chart takes it."""
        return self.title, self.share

    @property
    def mark_bar(self) -> tuple[str, Decimal | None]:
        """As a chart takes it."""
        return self.title, self.mark


@dataclass(frozen=True)
class UnitLine:
    """A unit: its valid sheets, and the same figures aspect by aspect in the order of ``Results.aspects``."""

    name: str
    sheets: int | None
    shares: tuple[Decimal | None, ...]
    marks: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Results:
    """Everything that is shown of a closed questionnaire."""

    slug: str
    campaign: str
    title: str
    smallest: int
    counts: Counts
    questions: tuple[QuestionLine, ...]
    aspects: tuple[AspectLine, ...]
    units: tuple[UnitLine, ...]


def results_of(session: Session, identifier: UUID) -> Results:
    """The figures; refused while it is open (``questionnaire.results_open``) and where too few sheets are valid
    (``questionnaire.too_few``)."""
    row = questionnaire_by(session, identifier)
    campaign, counts = campaign_of(session, row), counts_of(session, row)
    smallest, valid = smallest_group(campaign), counts.whole.valid
    if row.status != SurveyStatus.CLOSED:
        raise Refusal("questionnaire.results_open", questionnaire=row.title)
    if valid < smallest:
        raise Refusal("questionnaire.too_few", questionnaire=row.title, smallest=smallest)
    survey, sheets = survey_of(row), _sheets(session, row)
    found = figures_of(survey, [answers for group in sheets.values() for answers in group], smallest)
    standings = by_aspect(found)
    units = by_unit(survey, sheets, smallest) if survey.unit_title else {}
    return Results(
        campaign.slug,
        campaign.title,
        row.title,
        smallest,
        counts,
        tuple(_questions(survey, found)),
        tuple(_aspects(campaign, standings)),
        tuple(_units(units, list(standings))),
    )


def _sheets(session: Session, row: QuestionnaireRow) -> dict[str, list[Answers]]:
    """The valid sheets by the name of the unit they are about."""
    query = (
        select(UnitRow.name, AnswerSheetRow.answers)
        .select_from(AnswerSheetRow)
        .join(UnitRow, UnitRow.id == AnswerSheetRow.unit_id, isouter=True)
        .where(AnswerSheetRow.questionnaire_id == row.id, AnswerSheetRow.valid)
        .order_by(UnitRow.position, UnitRow.code, AnswerSheetRow.id)
    )
    found: dict[str, list[Answers]] = {}
    for name, answers in session.execute(query):
        found.setdefault(name or "", []).append(answers)
    return found


def _questions(survey: Survey, found: Sequence[Figures]) -> Iterator[QuestionLine]:
    numbers = {question.key: number for number, question in enumerate(survey.questions, start=1)}
    for figures in found:
        question, number = figures.question, str(numbers[figures.question.key])
        place = next((at for at, line in enumerate(question.lines, start=1) if line.key == figures.line), 0)
        yield QuestionLine(
            f"{number}.{place}" if place else number,
            question.title if place else "",
            question.lines[place - 1].title if place else question.title,
            question.kind,
            tuple(_counts(figures)),
            percent(figures.satisfied.average) if figures.satisfied else None,
            None if figures.mean is None else rounded(figures.mean),
            figures.texts,
            figures.withheld,
            bool(question.satisfied),
        )


def _counts(figures: Figures) -> Iterator[tuple[str, int | None]]:
    titles = {choice.key: choice.title for choice in figures.question.choices}
    for key, count in figures.counts.items():
        if key == ANSWERED or (key == BLANK and count == 0):
            continue
        yield (phrase("survey.blank") if key == BLANK else titles.get(key, key)), count


def _aspects(campaign: CampaignRow, standings: Mapping[str, Standing]) -> Iterator[AspectLine]:
    titles = {aspect.key: aspect.title for aspect in method_of(campaign).aspects}
    for aspect, standing in standings.items():
        yield AspectLine(
            titles.get(aspect, aspect),
            _of_hundred(standing.satisfied),
            rounded(standing.mark.average) if standing.mark else None,
            standing.has_share,
            standing.has_mark,
        )


def _of_hundred(pool: Pool | None) -> Decimal | None:
    return rounded(pool.average * 100) if pool else None


def _units(units: Mapping[str, UnitFigures], aspects: Sequence[str]) -> Iterator[UnitLine]:
    for name, figures in units.items():
        shares = [figures.satisfied.get(aspect) for aspect in aspects]
        marks = [figures.marks.get(aspect) for aspect in aspects]
        yield UnitLine(
            name or phrase("survey.no_unit"),
            figures.sheets,
            tuple(None if share is None else rounded(share * 100) for share in shares),
            tuple(None if mark is None else rounded(mark) for mark in marks),
        )
