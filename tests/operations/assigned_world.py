"""A campaign in which problems are put to units by letter, some with units that support them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.operations import assigning, objections, problems, reassigning
from appraisal.operations.letters import letters_of
from appraisal.operations.loading import campaign_by
from appraisal.operations.objections import Ruling
from appraisal.operations.office import Office
from appraisal.store.assignment_tables import AssignmentRow
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import PetitionRow
from tests.method.written import WRITTEN
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase

FRIDAY = "2023-09-01T10:00"


@dataclass(frozen=True)
class Assigned(Campaign):
    """Friday, 1 September 2023: 市教育局 leads on three problems; 市科学技术局 supports the first two."""

    def assign(self, *numbers: int, at: str = FRIDAY) -> list[int]:
        with self.desk("office-1", at) as desk:
            return [row.number for row in assigning.assign(desk, self.slug, numbers)]

    def reassign(self, number: int, to_unit: str, at: str, why: str = "不属于该单位职责") -> ProblemRow:
        with self.desk("office-1", at) as desk:
            return reassigning.reassign(desk, self.slug, number, to_unit, why)

    def object_to(self, number: int, at: str, who: str = "jyj-handler", reason: str = "由市科技局主管") -> PetitionRow:
        with self.desk(who, at) as desk:
            return objections.object_to(desk, self.letters_sent()[0].id, number, self.person(who), reason)

    def rule(self, number: int, ruling: Ruling, at: str, who: str = "director") -> PetitionRow:
        with self.desk(who, at) as desk:
            return objections.rule_on(desk, self.letters_sent()[0].id, number, self.person(who), ruling)

    def leads(self, number: int) -> str:
        """The code of the lead unit of a problem."""
        unit = self.problem(number).unit
        return unit.code if unit else ""

    def problem(self, number: int) -> ProblemRow:
        with self.office.store.reading() as session:
            return problems.problem_by(session, self.slug, number)

    def letters_sent(self) -> Sequence[AssignmentRow]:
        with self.office.store.reading() as session:
            found = letters_of(session, campaign_by(session, self.slug))
            for letter in found:
                assert letter.items
            return found

    def owed(self, *keys: str) -> list[ObligationRow]:
        """The obligations of these duties, in the order of their titles and of their issuing."""
        query = select(ObligationRow).join(ObligationRow.campaign).where(ObligationRow.key.in_(keys))
        with self.office.store.reading() as session:
            rows = session.scalars(query.where(ObligationRow.campaign.has(slug=self.slug)))
            return sorted(rows, key=lambda row: (row.issued_at, row.title, row.owner))

    def standing(self, *keys: str) -> list[tuple[str, str, str]]:
        """By whom, what is owed and how it stands."""
        return [(row.unit.code if row.unit else "", row.key, row.status) for row in self.owed(*keys)]


def assigned_at(office: Office, slug: str, method: Path = WRITTEN["assignments"]) -> Assigned:
    """The campaign under way, its three problems recorded."""
    begin(office, edition(method), slug, "2023年工作评议", ("jyj", "kjj", "mzj"), instant(STARTS))
    open_phase(office, slug, "rectify", instant(STARTS))
    world = Assigned(office, slug)
    drafts = [
        Draft("教师编制不足", "jyj", supporting=("kjj",)),
        Draft("校舍老旧", "jyj", supporting=("kjj",)),
        Draft("校车管理不规范", "jyj"),
    ]
    with world.desk("office-1", "2023-08-29T10:00") as desk:
        for draft in drafts:
            problems.record(desk, slug, draft, Found(FindingKind.ENTERED, draft.title, "office-1"))
    return world
