"""A campaign with a problem list: two axes, a paper owed for each problem, and opinions that came in by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select

from appraisal.domain.opinions import Channel
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.operations import problems
from appraisal.operations.gathering import found_by
from appraisal.operations.intake import Origin, Said, form_of, take_in
from appraisal.operations.loading import campaign_by, opinion_by
from appraisal.operations.office import Office
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.opinion_tables import OpinionRow
from appraisal.store.problem_tables import FindingRow, ProblemRow
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase

LIST = Path(__file__).parent / "data/problem-list.yaml"
AT = "2023-09-01T10:00"
DUE = date(2023, 10, 31)
FULL = Draft("教师编制不足", "jyj", aim="年底前补齐", classes={"时间": "长期整改", "要素": "政务服务环境"}, due_on=DUE)


@dataclass(frozen=True)
class Listing(Campaign):
    """Monday, 28 August 2023: the investigation is open in two units; the office works at its desk on 1 September."""

    def record(self, draft: Draft = FULL, found: Found | None = None, at: str = AT) -> int:
        with self.desk("office-1", at) as desk:
            by_hand = Found(FindingKind.ENTERED, draft.title, "office-1")
            return problems.record(desk, self.slug, draft, found or by_hand).number

    def opinion(self, text: str, at: str = "2023-08-30T15:00", unit: str = "") -> UUID:
        """What somebody wrote on their phone."""
        now = instant(at)
        with self.office.desk("public", now) as desk:
            form = form_of(desk.session, campaign_by(desk.session, self.slug))
            origin = Origin(Channel.CODE, uuid4().hex, now.date())
            return take_in(desk, form, Said(text, unit=unit), origin).id

    def taken_up(self, opinion: UUID, draft: Draft = FULL) -> int:
        """The opinion as a problem of its own."""
        with self.desk("office-1", AT) as desk:
            found = found_by(opinion_by(desk.session, opinion), "office-1")
            return problems.record(desk, self.slug, draft, found).number

    def status(self, opinion: UUID) -> str:
        with self.office.store.reading() as session:
            return session.get_one(OpinionRow, opinion).status

    def text(self, opinion: UUID) -> str:
        with self.office.store.reading() as session:
            return session.get_one(OpinionRow, opinion).text

    def problem(self, number: int) -> ProblemRow:
        with self.office.store.reading() as session:
            return problems.problem_by(session, self.slug, number)

    def findings(self, number: int) -> list[tuple[str, str]]:
        """Where a problem was found: how, and in what words."""
        query = select(FindingRow.kind, FindingRow.text).join(ProblemRow).join(CampaignRow, _IN_CAMPAIGN)
        mine = query.where(CampaignRow.slug == self.slug, ProblemRow.number == number)
        with self.office.store.reading() as session:
            return [(kind, text) for kind, text in session.execute(mine.order_by(FindingRow.position))]

    def finding_ids(self, number: int, texts: Sequence[str]) -> list[UUID]:
        query = select(FindingRow.id).where(
            FindingRow.problem_id == self.problem(number).id, FindingRow.text.in_(texts)
        )
        with self.office.store.reading() as session:
            return list(session.scalars(query))


_IN_CAMPAIGN = CampaignRow.id == ProblemRow.campaign_id


def listing_at(office: Office, slug: str) -> Listing:
    """The campaign under way."""
    begin(office, edition(LIST), slug, "2023年营商环境评议", ("jyj", "kjj"), instant(STARTS))
    open_phase(office, slug, "investigate", instant(STARTS))
    return Listing(office, slug)
