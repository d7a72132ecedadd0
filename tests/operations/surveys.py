"""A questionnaire in a campaign, and people who fill it in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select

from appraisal.domain.survey import Access
from appraisal.method.questionnaires import read_questionnaire
from appraisal.operations.answers import Filled, answer, enter_papers
from appraisal.operations.questionnaire_codes import issue_codes
from appraisal.operations.questionnaires import (
    Counts,
    close_questionnaire,
    counts_of,
    issue_papers,
    open_questionnaire,
    questionnaire_by,
)
from appraisal.store.opinion_tables import AnswerCodeRow, AnswerSheetRow, QuestionnaireRow
from appraisal.store.unlinking import forget_order
from tests.operations.world import Campaign, instant

SURVEY = Path(__file__).parent / "data/enterprise-survey.yaml"
MONDAY, TUESDAY = "2023-08-28T10:00", "2023-08-29T10:00"


def sheet(work: str = "good", unit: str = "jyj", **more: object) -> Filled:
    """Everything that is required."""
    parts = {"service": "good", "law": "good"}
    return Filled({"work": work, "why": ["slow"], "parts": parts, "mark": "80", **more}, unit)


@dataclass(frozen=True)
class Asked:
    """An open questionnaire of a campaign."""

    campaign: Campaign
    id: UUID

    def row(self) -> QuestionnaireRow:
        with self.campaign.office.store.reading() as session:
            return questionnaire_by(session, self.id)

    def codes(self, count: int = 0, *labels: str, at: str = MONDAY, after: int | None = None) -> list[str]:
        with self.campaign.desk("office-1", at) as desk:
            return [slip.code for slip in issue_codes(desk, self.id, count, labels, after)]

    def answer(self, written: str, filled: Filled, at: str = MONDAY, nonce: str = "") -> None:
        """As the portal does it."""
        with self.campaign.office.desk("public", instant(at)) as desk:
            answer(desk, written, filled, nonce)
        forget_order(self.campaign.office.store)

    def papers(self, papers: Sequence[Filled], at: str = MONDAY, mark: str = "") -> int:
        with self.campaign.desk("office-1", at) as desk:
            return enter_papers(desk, self.id, papers, mark or uuid4().hex)

    def papers_out(self, total: int, at: str = MONDAY) -> None:
        with self.campaign.desk("office-1", at) as desk:
            issue_papers(desk, self.id, total)

    def close(self, at: str = TUESDAY) -> None:
        with self.campaign.desk("office-1", at) as desk:
            close_questionnaire(desk, self.id)

    def counts(self) -> Counts:
        with self.campaign.office.store.reading() as session:
            return counts_of(session, self.row())

    def sheets(self) -> list[AnswerSheetRow]:
        with self.campaign.office.store.reading() as session:
            query = select(AnswerSheetRow).where(AnswerSheetRow.questionnaire_id == self.id)
            return list(session.scalars(query.order_by(AnswerSheetRow.id)))

    def code_rows(self) -> list[AnswerCodeRow]:
        with self.campaign.office.store.reading() as session:
            query = select(AnswerCodeRow).where(AnswerCodeRow.questionnaire_id == self.id)
            return list(session.scalars(query.order_by(AnswerCodeRow.position)))

    def facts(self, action: str) -> list[dict[str, object]]:
        return self.campaign.facts(action, subject=f"questionnaire:{self.id}")


def opened(campaign: Campaign, access: Access = Access.CODES, closes_on: date | None = None, at: str = MONDAY) -> Asked:
    with campaign.desk("office-1", at) as desk:
        row = open_questionnaire(desk, campaign.slug, read_questionnaire(SURVEY), access, closes_on)
        return Asked(campaign, row.id)
