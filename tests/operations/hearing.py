"""A campaign that hears everybody, on the sample register with two deputies added."""

from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select

from appraisal.domain.opinions import Channel
from appraisal.operations.intake import Origin, Said, form_at, take_in
from appraisal.operations.intake_guard import Pace
from appraisal.operations.office import Office
from appraisal.operations.points import make_points
from appraisal.store.base import identity
from appraisal.store.opinion_tables import OpinionRow, PointRow
from appraisal.store.panel_tables import CoverageRow, PanelRow
from appraisal.store.register_tables import PersonRow, PostRow, UnitRow
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase

HEARING = Path(__file__).parent / "data/opinions.yaml"
DEPUTIES = {"deputy-1": "陈代表", "deputy-2": "林代表"}
SAID = Said("窗口排队时间太长", unit="jyj", aspect="efficiency")


@dataclass(frozen=True)
class Taken:
    """An opinion as it lies in the table, and what was answered."""

    row: OpinionRow
    code: str
    fresh: bool


@dataclass(frozen=True)
class Hearing(Campaign):
    """The same, as those who take opinions in see it."""

    def point(self, scope: str, of: str = "", number: int = 1) -> PointRow:
        with self.office.store.reading() as session:
            return session.get_one(PointRow, identity("point", self.slug, scope, of, number))

    def take(
        self,
        said: Said = SAID,
        nonce: str = "a",
        at: str = "2023-09-05T15:04",
        scope: str = "campaign",
        of: str = "",
        pace: Pace = Pace.TAKEN,
    ) -> Taken:
        with self.office.desk("public", instant(at)) as desk:
            form = form_at(desk.session, self.point(scope, of).token)
            taken = take_in(desk, form, said, Origin(Channel.CODE, nonce, instant(at).date(), pace=pace))
        with self.office.store.reading() as session:
            return Taken(session.get_one(OpinionRow, taken.id), taken.code, taken.fresh)

    def opinions(self) -> list[OpinionRow]:
        with self.office.store.reading() as session:
            mine = OpinionRow.campaign_id == identity("campaign", self.slug)
            return list(session.scalars(select(OpinionRow).where(mine).order_by(OpinionRow.id)))


def hearing(office: Office, slug: str, at: str = STARTS) -> Hearing:
    """Monday, 28 August 2023, 10:00: both phases are open and every code is made; panel one covers 教育局."""
    begin(office, edition(HEARING), slug, "2023年部门工作评议", ("jyj", "kjj"), instant(at))
    add_deputies(office)
    with office.desk("cli", instant(at)) as desk:
        unit = desk.session.scalars(select(UnitRow).where(UnitRow.code == "jyj")).one()
        campaign = identity("campaign", slug)
        panel = PanelRow(
            id=identity("panel", slug, "one"),
            campaign_id=campaign,
            key="one",
            title="第一评议组",
            kind="panel",
            position=0,
            coverage=[CoverageRow(unit=unit, seat=identity("seat", slug, "jyj"))],
        )
        desk.session.add(panel)
    for key in ("prepare", "listen"):
        open_phase(office, slug, key, instant(at))
    with office.desk("person:office-1", instant(at)) as desk:
        make_points(desk, slug)
    return Hearing(office, slug)


def add_deputies(office: Office) -> None:
    with office.desk("cli", instant(STARTS)) as desk:
        for code, name in DEPUTIES.items():
            desk.session.merge(PersonRow(id=identity("person", code), code=code, name=name))
            desk.session.flush()
            post = PostRow(id=identity("post", code), person_id=identity("person", code), role="deputy", title="代表")
            desk.session.merge(post)


def also(said: Said = SAID, **changed: object) -> Said:
    """The same opinion, changed a little."""
    return replace(said, **changed)  # type: ignore[arg-type] # Any field.
