"""What people said without a name, in figures that do not tell who spoke, or when.

Opinions are counted in batches of whole days (see ``domain.intake_days``), papers up to yesterday, and small groups are
hidden: neither one reading of the figures nor two of them tell who said what.  Sheets that came by a code have no day
and count at once; that one came in is seen, and what it says is not before the questionnaire is closed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from appraisal.domain.intake_days import Batch, batches
from appraisal.domain.lifecycle import OpinionStatus
from appraisal.domain.suppression import suppressed
from appraisal.domain.survey import Medium, SurveyStatus, percent
from appraisal.operations.loading import method_of
from appraisal.operations.questionnaires import counts_of, questionnaires_of, smallest_group
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.opinion_tables import AnswerSheetRow, OpinionRow, QuestionnaireRow
from appraisal.store.register_tables import UnitRow

Line = tuple[str, int | None]
"""A label and a count, None where the count is hidden; no label for what nothing was said about."""


@dataclass(frozen=True)
class Opinions:
    """Opinions up to the last day that may be told; none yet where there is no such day."""

    days: tuple[Batch, ...]
    aspects: tuple[Line, ...]
    units: tuple[Line, ...]

    @property
    def until(self) -> date | None:
        """The last day that is counted here."""
        return self.days[-1].last if self.days else None

    @property
    def total(self) -> int:
        """All that are counted here."""
        return sum(batch.count for batch in self.days)


@dataclass(frozen=True)
class Rate:
    """How many of a questionnaire came back; None where it is too few to be told."""

    title: str
    issued: int
    returned: int | None
    rate: str


def opinions_of(session: Session, campaign: CampaignRow, today: date) -> Opinions:
    """The opinions of a campaign; what is held back as possible abuse does not count."""
    smallest = smallest_group(campaign)
    theirs = (OpinionRow.campaign_id == campaign.id, OpinionRow.status != OpinionStatus.HELD)
    by_day = select(OpinionRow.received_on, func.count()).where(*theirs).group_by(OpinionRow.received_on)
    days = batches(dict(session.execute(by_day).all()), smallest, today)
    if not days:
        return Opinions((), (), ())
    told = (*theirs, OpinionRow.received_on <= days[-1].last)
    by_aspect = select(OpinionRow.aspect, func.count()).where(*told).group_by(OpinionRow.aspect)
    by_unit = (
        select(UnitRow.name, func.count())
        .select_from(OpinionRow)
        .outerjoin(UnitRow, UnitRow.id == OpinionRow.unit_id)
        .where(*told)
        .group_by(UnitRow.id)
        .order_by(UnitRow.position, UnitRow.code)
    )
    titles = [(aspect.key, aspect.title) for aspect in method_of(campaign).aspects]
    units: dict[str | None, int] = dict(session.execute(by_unit).all())
    return Opinions(
        tuple(days),
        _lines(dict(session.execute(by_aspect).all()), titles, smallest),
        _lines(units, [(name, name) for name in units if name], smallest),
    )


def rates_of(session: Session, campaign: CampaignRow, today: date) -> tuple[Rate, ...]:
    """The questionnaires of a campaign, the oldest first."""
    found = reversed(questionnaires_of(session, campaign))
    return tuple(_rate(session, row, smallest_group(campaign), today) for row in found)


def _lines(counts: Mapping[str | None, int], titles: Sequence[tuple[str, str]], smallest: int) -> tuple[Line, ...]:
    """One line for each in the given order, then what nobody is named for."""
    shown = suppressed(counts, smallest)
    known = [(title, shown[key]) for key, title in titles if key in shown]
    keys = {key for key, _ in titles}
    return (*known, *(("", count) for key, count in shown.items() if key not in keys))


def _rate(session: Session, row: QuestionnaireRow, smallest: int, today: date) -> Rate:
    counts = counts_of(session, row).handed_out
    returned = counts.returned if row.status == SurveyStatus.CLOSED else _returned_before(session, row, today)
    if 0 < returned < smallest:
        return Rate(row.title, counts.issued, None, "")
    rate = percent(Fraction(returned, counts.issued)) if counts.issued else ""
    return Rate(row.title, counts.issued, returned, rate)


def _returned_before(session: Session, row: QuestionnaireRow, today: date) -> int:
    sheets = select(func.count()).select_from(AnswerSheetRow).where(AnswerSheetRow.questionnaire_id == row.id)
    before = or_(AnswerSheetRow.received_on.is_(None), AnswerSheetRow.received_on < today)  # By a code: no day.
    handed_out = (AnswerSheetRow.medium != Medium.OPEN, before)
    return session.scalar(sheets.where(*handed_out)) or 0
