"""A campaign in which what is owed for a problem goes by its track: at once, in time, or large and long."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select

from appraisal.domain.problems import Draft
from appraisal.operations import assigning, recurring, revising
from appraisal.operations.office import Office
from appraisal.store.campaign_tables import ObligationRow
from tests.method.written import DATA
from tests.operations.listing import Listing
from tests.operations.world import STARTS, begin, edition, instant, open_phase

NOW, TIMED, LARGE = {"时间": "立行立改"}, {"时间": "限期整改", "大小": "小"}, {"时间": "长期整改", "大小": "大"}
AT = "2023-09-05T10:00"
DUE = date(2023, 12, 31)


class Tracking(Listing):
    """Monday, 28 August 2023: rectification begins; problems are assigned on Tuesday, 5 September."""

    def assigned(self, classes: Mapping[str, str], title: str = "教师编制不足", unit: str = "jyj") -> int:
        draft = Draft(title, unit, classes={"大小": "小", **classes}, supporting=("czj",), due_on=DUE)
        number = self.record(draft, at=AT)
        with self.desk("office-1", AT) as desk:
            assigning.assign(desk, self.slug, [number])
        return number

    def reclassify(self, number: int, classes: Mapping[str, str], at: str = "2023-09-06T10:00") -> None:
        with self.desk("office-1", at) as desk:
            revising.classify(desk, self.slug, [number], classes)

    def issue_recurring(self, at: str) -> int:
        with self.office.desk("engine", instant(at)) as desk:
            return recurring.issue_recurring(desk)

    def owed(self, number: int) -> list[tuple[str, str]]:
        """What was issued for a problem, and how it stands."""
        return [(row.key, row.status) for row in self.obligations(number)]

    def obligations(self, number: int) -> list[ObligationRow]:
        problem = self.problem(number).id
        order = (ObligationRow.key, ObligationRow.period, ObligationRow.issued_at)
        with self.office.store.reading() as session:
            query = select(ObligationRow).where(ObligationRow.problem_id == problem)
            return list(session.scalars(query.order_by(*order)))

    def only(self, number: int, key: str) -> UUID:
        (row,) = [row for row in self.obligations(number) if row.key == key and row.status != "withdrawn"]
        return row.id


def tracking_at(office: Office, slug: str) -> Tracking:
    begin(office, edition(DATA / "tracks.yaml"), slug, "2023年部门工作评议", ("jyj", "kjj"), instant(STARTS))
    open_phase(office, slug, "rectify", instant(STARTS))
    return Tracking(office, slug)
