"""Campaigns of two methods unlike any that is shipped, with roles that the sample register does not know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.operations import assigning, duties, problems, recurring
from appraisal.operations.office import Office
from appraisal.operations.rectification_register import rectification_register
from appraisal.operations.rectification_rows import RegisterSought
from appraisal.store.base import identity
from appraisal.store.campaign_tables import FiringRow, ObligationRow
from appraisal.store.register_tables import PostRow
from tests.method.written import WRITTEN
from tests.operations.closing_world import PANEL, TwoHands
from tests.operations.extending import Extending
from tests.operations.panel_world import set_panel
from tests.operations.registering import Sheet
from tests.operations.world import begin, edition, instant


@dataclass(frozen=True)
class Strange(TwoHands, Extending):
    """A campaign in which everything is owed under duties of its own."""

    def put(
        self,
        title: str,
        classes: Mapping[str, str],
        at: str,
        due_on: date | None = None,
        supporting: Sequence[str] = (),
    ) -> int:
        """Assign one problem to 市教育局 in a letter of its own."""
        draft = Draft(title, "jyj", classes=classes, due_on=due_on, supporting=supporting, aim="改到位")
        with self.desk("office-1", at) as desk:
            number = problems.record(desk, self.slug, draft, Found(FindingKind.ENTERED, title, "office-1")).number
            assigning.assign(desk, self.slug, [number])
        return number

    def sign(self, at: str) -> None:
        """For the last letter."""
        with self.desk("jyj-handler", at) as desk:
            duties.acknowledge(desk, self.all_of("receipt")[-1].id, self.by("jyj-handler"))

    def all_of(self, key: str) -> list[ObligationRow]:
        """What was issued under a duty, in the order of issuing."""
        mine = (ObligationRow.key == key, ObligationRow.campaign_id == identity("campaign", self.slug))
        with self.office.store.reading() as session:
            order = (ObligationRow.issued_at, ObligationRow.period, ObligationRow.title)
            return list(session.scalars(select(ObligationRow).where(*mine).order_by(*order)))

    def dates(self, key: str) -> list[date | str | None]:
        """When each is due, or what it waits for."""
        return [row.due_on or row.waits_for for row in self.all_of(key)]

    def issue_recurring(self, at: str) -> None:
        with self.office.desk("engine", instant(at)) as desk:
            recurring.issue_recurring(desk)

    def register(self, who: str, at: str) -> Sheet:
        """The register of rectification as it is given out."""
        sought, person = RegisterSought(), self.person(who)
        with self.office.store.reading() as session:
            return Sheet(rectification_register(session, self.office, instant(at), self.slug, person, sought))

    def fired(self, row: ObligationRow) -> list[tuple[str, str]]:
        """The rungs that fired, with their days; those passed over are marked."""
        with self.office.store.reading() as session:
            found = session.scalars(select(FiringRow).where(FiringRow.obligation_id == row.id).order_by(FiringRow.rung))
            return [(f"{each.at:%m-%d}", f"{each.act}{' passed over' * each.passed_over}") for each in found]


def strange(office: Office, slug: str, method: str, starts: str, **roles: str) -> Strange:
    """A campaign under way; the roles of the body are held by the people with these codes."""
    begun = Strange(office, slug)
    with office.desk("cli", instant(starts)) as desk:
        for role, who in roles.items():
            key, person = identity("post", role, who), begun.person(who).id
            desk.session.merge(PostRow(id=key, person_id=person, role=role, title="", unit_id=None))
    begin(office, edition(WRITTEN[method]), slug, "2025年评议", ("jyj", "kjj"), instant(starts))
    if method == "county":
        set_panel(begun, PANEL, starts)
    return begun
