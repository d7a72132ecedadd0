"""A campaign whose method closes problems in two hands: a panel over one bureau, problems that are assigned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from appraisal.domain.problems import Draft, FindingKind, Found, LookBack
from appraisal.method.words import Manner
from appraisal.operations import assigning, closing_out, duties, problems, reopening
from appraisal.operations.closing_steps import steps_of
from appraisal.operations.office import Office
from appraisal.operations.panels import PanelDraft
from appraisal.operations.verdicts import UNSAID, Verified
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.problem_tables import ProblemRow
from tests.operations.panel_world import set_panel
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase

METHOD = Path(__file__).parents[1] / "method/data/closing.yaml"
DUE = date(2023, 10, 31)
LEADER, MEMBER = "fgj-handler", "czj-handler"
PANEL = PanelDraft(
    "g1", "第一评议组", members=[(LEADER, "panel_head", "组长"), (MEMBER, "panel_member", "组员")], units=["jyj"]
)
ON_SITE = Verified(Manner.ON_SITE, date(2023, 10, 24))


@dataclass(frozen=True)
class TwoHands(Campaign):
    """Monday, 28 August 2023: rectification is open in two units; the panel covers 市教育局."""

    def assigned(
        self,
        *titles: str,
        time: str = "now",
        unit: str = "jyj",
        at: str = "2023-09-01T10:00",
        supporting: Sequence[str] = (),
    ) -> list[int]:
        """Problems due on 31 October."""
        with self.desk("office-1", at) as desk:
            drafts = [Draft(title, unit, classes={"time": time}, supporting=supporting, due_on=DUE) for title in titles]
            found = [Found(FindingKind.ENTERED, title, "office-1") for title in titles]
            rows = [problems.record(desk, self.slug, *each) for each in zip(drafts, found, strict=True)]
            numbers = [row.number for row in rows]
            assigning.assign(desk, self.slug, numbers)
            return numbers

    def problem(self, number: int = 1) -> ProblemRow:
        with self.office.store.reading() as session:
            return problems.problem_by(session, self.slug, number)

    def course(self, number: int = 1) -> list[tuple[str, str, str]]:
        """The steps towards its end: what, by whom, in what words."""
        with self.office.store.reading() as session:
            return [(step.kind, step.by, step.text) for step in steps_of(session, self.problem(number))]

    def owed(self, key: str, number: int = 1) -> list[ObligationRow]:
        """The obligations under a duty for a problem, the first time first."""
        those = (ObligationRow.key == key, ObligationRow.problem_id == self.problem(number).id)
        with self.office.store.reading() as session:
            return list(session.scalars(select(ObligationRow).where(*those).order_by(ObligationRow.times)))

    def hand_in(self, at: str, number: int = 1) -> UUID:
        identifier = self.owed("rectification", number)[-1].id
        with self.desk("jyj-handler", at) as desk:
            duties.submit(desk, identifier, self.by("jyj-handler"), f"已整改 {at}")
        return identifier

    def verify(self, at: str, number: int = 1, verified: Verified = ON_SITE) -> None:
        with self.desk(LEADER, at) as desk:
            duties.accept(desk, self.owed("rectification", number)[-1].id, self.by(LEADER), "属实", verified)

    def verified(self, number: int = 1) -> None:
        """Handed in on 23 October, looked at on site on the 24th, accepted on the 25th."""
        self.hand_in("2023-10-23T10:00", number)
        self.verify("2023-10-25T10:00", number)

    def agree(self, at: str, *people: str, number: int = 1) -> list[list[str]]:
        agreed = []
        for who in people:
            with self.desk(who, at) as desk:
                row = problems.problem_by(desk.session, self.slug, number)
                agreed.append(closing_out.agree(desk, self.slug, row, who, "同意"))
        return agreed

    def close_out(self, at: str, number: int = 1, who: str = "office-1") -> None:
        with self.desk(who, at) as desk:
            problems.close_problem(desk, self.slug, number, who, "整改到位")

    def closed(self, number: int = 1) -> None:
        """Verified, agreed to on 26 October and closed out on the 27th."""
        self.verified(number)
        self.agree("2023-10-26T10:00", LEADER, "jyj-head", number=number)
        self.close_out("2023-10-27T10:00", number)

    def send_back(
        self, at: str, reason: str, number: int = 1, who: str = "office-1", due_on: date | None = None
    ) -> None:
        with self.desk(who, at) as desk:
            reopening.return_problem(desk, self.slug, number, who, reason, due_on)

    def reopen(self, at: str, reason: str, number: int = 1, who: str = "office-1", due_on: date | None = None) -> None:
        with self.desk(who, at) as desk:
            reopening.reopen(desk, self.slug, number, who, reason, due_on)

    def look_back(self, at: str, key: str, who: str, finding: LookBack | None, number: int = 1) -> UUID:
        identifier = self.owed(key, number)[-1].id
        with self.desk(who, at) as desk:
            duties.submit(desk, identifier, self.by(who), "回头看情况", finding=finding)
        return identifier

    def judge(self, at: str, identifier: UUID, verified: Verified = UNSAID, who: str = "office-1") -> None:
        with self.desk(who, at) as desk:
            duties.accept(desk, identifier, self.by(who), "", verified)


def two_hands(office: Office, slug: str, units: Sequence[str] = ("jyj", "kjj")) -> TwoHands:
    """The campaign under way."""
    begin(office, edition(METHOD), slug, "2023年整改评议", units, instant(STARTS))
    campaign = TwoHands(office, slug)
    set_panel(campaign, PANEL)
    open_phase(office, slug, "rectify", instant(STARTS))
    return campaign
