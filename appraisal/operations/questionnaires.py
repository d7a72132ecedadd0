"""Questionnaires of a campaign: opened from a file, counted while they are out, closed and sealed."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from appraisal.domain.digest import digest
from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import CampaignStatus
from appraisal.domain.refusal import Refusal
from appraisal.domain.survey import Access, Medium, Returned, Survey, SurveyStatus, together
from appraisal.keys import ALPHABET
from appraisal.method.questionnaires import (
    QuestionnaireEdition,
    QuestionnaireFile,
    questionnaires_in,
    survey_from,
)
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk, Office
from appraisal.operations.units import active_units
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.opinion_tables import AnswerCodeRow, AnswerSheetRow, QuestionnaireRow
from appraisal.store.register_tables import UnitRow
from appraisal.store.work import writes

SMALLEST_GROUP = 5
"""The least number of people behind a figure where the method does not say."""
TOKEN_LENGTH = 16
MOST_PAPERS = 1_000_000


@dataclass(frozen=True)
class Counts:
    """Issued, returned and valid, by the medium; what came in openly was not issued and has no rate."""

    by_medium: Mapping[Medium, Returned]

    @property
    def handed_out(self) -> Returned:
        """Codes and papers together: what a rate of return can be taken of."""
        return together(found for medium, found in self.by_medium.items() if medium is not Medium.OPEN)

    @property
    def whole(self) -> Returned:
        """Everything together."""
        return together(self.by_medium.values())


def shelf(office: Office) -> list[QuestionnaireFile]:
    """Every questionnaire file of the office, the faulty ones with their faults."""
    return questionnaires_in(office.settings.questionnaires)


def edition_of(office: Office, key: str) -> QuestionnaireEdition:
    """The questionnaire of that key, or Refusal ``questionnaire.file.unknown`` with those there are."""
    editions = {found.edition.questionnaire.key: found.edition for found in shelf(office) if found.edition}
    if key not in editions:
        raise Refusal("questionnaire.file.unknown", key=key, known=sorted(editions))
    return editions[key]


def open_questionnaire(
    desk: Desk, slug: str, edition: QuestionnaireEdition, access: Access, closes_on: date | None = None
) -> QuestionnaireRow:
    """Open a questionnaire, pinned to its text; the same call again does nothing.

    Refuses another text or access under the same key, a campaign that is closed, a last day that is over, and
    aspects that the method does not know.
    """
    campaign, survey = campaign_by(desk.session, slug), edition.questionnaire.survey()
    known = desk.session.scalar(
        select(QuestionnaireRow).where(QuestionnaireRow.campaign_id == campaign.id, QuestionnaireRow.key == survey.key)
    )
    if known is not None:
        if (known.digest, known.access, known.closes_on) != (edition.digest, access, closes_on):
            raise Refusal("questionnaire.exists", questionnaire=known.title)
        return known
    _may_open(desk, campaign, survey, closes_on)
    row = QuestionnaireRow(
        id=identity("questionnaire", slug, survey.key),
        campaign_id=campaign.id,
        key=survey.key,
        title=survey.title,
        text=edition.text,
        digest=edition.digest,
        access=access,
        token="".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH)).lower(),
        status=SurveyStatus.OPEN,
        paper_issued=0,
        opened_at=desk.now,
        closes_on=closes_on,
    )
    desk.session.add(row)
    desk.session.flush()
    about = {"key": survey.key, "digest": edition.digest, "access": access, "closes_on": str(closes_on or "")}
    desk.record(slug, f"questionnaire:{row.id}", Action.QUESTIONNAIRE_OPENED, **about)
    return row


def issue_papers(desk: Desk, identifier: UUID, total: int) -> QuestionnaireRow:
    """Say how many sheets of paper were handed out in all; the same number again does nothing.

    Refuses fewer than have come back already, and a questionnaire that is closed.
    """
    row = for_papers(desk, identifier)
    returned = counts_of(desk.session, row).by_medium[Medium.PAPER].returned
    if not returned <= total <= MOST_PAPERS:
        raise Refusal("questionnaire.papers", total=total, returned=returned, most=MOST_PAPERS)
    if row.paper_issued != total:
        row.paper_issued = total
        note(desk, row, Action.QUESTIONNAIRE_ISSUED, medium=Medium.PAPER, total=total)
    return row


def close_questionnaire(desk: Desk, identifier: UUID) -> QuestionnaireRow:
    """Close it for good: counts and one digest over all sheets go on the ledger, and its figures may be shown."""
    row = questionnaire_by(desk.session, identifier)
    if row.status == SurveyStatus.CLOSED:
        return row
    row.status, row.closed_at = SurveyStatus.CLOSED, desk.now
    counts = counts_of(desk.session, row).whole
    sealed = {"issued": counts.issued, "returned": counts.returned, "valid": counts.valid}
    note(desk, row, Action.QUESTIONNAIRE_CLOSED, **sealed, sheets=seal(desk.session, row))
    return row


def close_due(desk: Desk) -> int:
    """Close every questionnaire whose last day is over and of which no paper is missing; returns how many.

    Where paper is still out it may be entered on, until the office closes it by hand.
    """
    over = select(QuestionnaireRow.id).where(
        QuestionnaireRow.status == SurveyStatus.OPEN, QuestionnaireRow.closes_on < desk.now.date()
    )
    found = [questionnaire_by(desk.session, identifier) for identifier in _in_turn(desk.session, over)]
    due = [row for row in found if not papers_missing(desk.session, row)]
    for row in due:
        close_questionnaire(desk, row.id)
    return len(due)


def close_all(desk: Desk, campaign: CampaignRow) -> int:
    """Close what is still open of a campaign, whatever paper is missing; returns how many."""
    still = select(QuestionnaireRow.id).where(
        QuestionnaireRow.campaign_id == campaign.id, QuestionnaireRow.status == SurveyStatus.OPEN
    )
    found = _in_turn(desk.session, still)
    for identifier in found:
        close_questionnaire(desk, identifier)
    return len(found)


def questionnaire_by(session: Session, identifier: UUID) -> QuestionnaireRow:
    """The questionnaire, or Refusal ``questionnaire.unknown``; whoever comes to write holds it to the end.

    It is read anew: somebody may have closed it while the writer waited for it.
    """
    query = select(QuestionnaireRow).where(QuestionnaireRow.id == identifier)
    held = query.with_for_update().execution_options(populate_existing=True)
    row = session.scalar(held if writes(session) else query)
    if row is None:
        raise Refusal("questionnaire.unknown")
    return row


def for_answers(desk: Desk, identifier: UUID) -> QuestionnaireRow:
    """The questionnaire, refused (``questionnaire.closed``) when it is answered no more."""
    row = questionnaire_by(desk.session, identifier)
    if not takes_answers(row, desk.now.date()):
        raise Refusal("questionnaire.closed", questionnaire=row.title)
    return row


def for_papers(desk: Desk, identifier: UUID) -> QuestionnaireRow:
    """The questionnaire, refused (``questionnaire.ended``) when paper is entered no more."""
    row = questionnaire_by(desk.session, identifier)
    if not takes_papers(row):
        raise Refusal("questionnaire.ended", questionnaire=row.title)
    return row


def takes_answers(row: QuestionnaireRow, on: date) -> bool:
    """Whether it is answered by code or openly on that day; its last day counts in full."""
    return takes_papers(row) and (row.closes_on is None or on <= row.closes_on)


def takes_papers(row: QuestionnaireRow) -> bool:
    """Whether what came back on paper may be entered: until it is closed, even after its last day."""
    return row.status == SurveyStatus.OPEN


def papers_missing(session: Session, row: QuestionnaireRow) -> int:
    """How many sheets of paper were handed out and have not been entered."""
    paper = counts_of(session, row).by_medium[Medium.PAPER]
    return paper.issued - paper.returned


def questionnaires_of(session: Session, campaign: CampaignRow) -> Sequence[QuestionnaireRow]:
    """The questionnaires of a campaign, the newest first."""
    query = select(QuestionnaireRow).where(QuestionnaireRow.campaign_id == campaign.id)
    return session.scalars(query.order_by(QuestionnaireRow.opened_at.desc(), QuestionnaireRow.key)).all()


def counts_of(session: Session, row: QuestionnaireRow) -> Counts:
    """How many are out and how many are back."""
    sheets = select(AnswerSheetRow.medium, AnswerSheetRow.valid, func.count()).where(
        AnswerSheetRow.questionnaire_id == row.id
    )
    found = {
        (medium, valid): count
        for medium, valid, count in session.execute(sheets.group_by(AnswerSheetRow.medium, AnswerSheetRow.valid))
    }
    codes = select(func.count()).select_from(AnswerCodeRow).where(AnswerCodeRow.questionnaire_id == row.id)
    issued = {Medium.CODE: session.scalar(codes) or 0, Medium.PAPER: row.paper_issued, Medium.OPEN: 0}
    return Counts({medium: _returned(found, medium, issued[medium]) for medium in Medium})


def survey_of(row: QuestionnaireRow) -> Survey:
    """The questions that a questionnaire is pinned to."""
    return _pinned(row.digest, row.text)


def campaign_of(session: Session, row: QuestionnaireRow) -> CampaignRow:
    """The campaign that a questionnaire belongs to."""
    return session.get_one(CampaignRow, row.campaign_id)


def units_asked(session: Session, row: QuestionnaireRow) -> list[UnitRow]:
    """The units that it may be filled in about; none where it does not ask."""
    return appraised_units(session, campaign_of(session, row)) if survey_of(row).unit_title else []


def appraised_units(session: Session, campaign: CampaignRow) -> list[UnitRow]:
    """The units that the campaign appraises, or all where none are chosen yet."""
    return [target.unit for target in campaign.targets] or active_units(session)


def smallest_group(campaign: CampaignRow) -> int:
    """The least number of people that a figure may stand for."""
    intake = method_of(campaign).intake
    return intake.smallest_group if intake else SMALLEST_GROUP


def seal(session: Session, row: QuestionnaireRow) -> str:
    """One digest over all sheets, by their random keys."""
    query = select(AnswerSheetRow).where(AnswerSheetRow.questionnaire_id == row.id).order_by(AnswerSheetRow.id)
    return digest(
        [[sheet.id, sheet.unit_id, sheet.answers, sheet.valid, sheet.medium] for sheet in session.scalars(query)]
    )


def note(desk: Desk, row: QuestionnaireRow, action: Action, **payload: object) -> None:
    """Put a fact about a questionnaire on the ledger of its campaign."""
    desk.record(campaign_of(desk.session, row).slug, f"questionnaire:{row.id}", action, **payload)


def _in_turn(session: Session, of: Select[UUID]) -> Sequence[UUID]:
    """In one order for all: two who hold several come in turn."""
    return session.scalars(of.order_by(QuestionnaireRow.id)).all()


def _may_open(desk: Desk, campaign: CampaignRow, survey: Survey, closes_on: date | None) -> None:
    if campaign.status == CampaignStatus.CLOSED:
        raise Refusal("questionnaire.campaign_closed", campaign=campaign.title)
    if closes_on is not None and closes_on < desk.now.date():
        raise Refusal("questionnaire.closes_before", closes_on=closes_on)
    known = {aspect.key for aspect in method_of(campaign).aspects}
    asked = {question.aspect for question in survey.questions}
    asked |= {line.aspect for question in survey.questions for line in question.lines}
    if strange := sorted(aspect for aspect in asked - known if aspect):
        raise Refusal("questionnaire.aspects", aspects=strange, known=sorted(known))


def _returned(found: Mapping[tuple[str, bool], int], medium: Medium, issued: int) -> Returned:
    valid = found.get((medium, True), 0)
    return Returned(issued, valid + found.get((medium, False), 0), valid)


@lru_cache(maxsize=32)
def _pinned(_: str, text: str) -> Survey:
    return survey_from(text)
