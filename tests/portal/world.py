"""A small campaign on the sample register, and visitors who come in by the links of their messages."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from starlette.testclient import TestClient

from appraisal.method.load import Edition, read_method
from appraisal.operations import campaigns, closings, phases
from appraisal.operations.office import Office
from appraisal.operations.register import import_register
from appraisal.places import root
from appraisal.settings import Settings
from appraisal.store.base import identity
from appraisal.store.register_tables import PersonRow
from appraisal.store.work import Store
from portal.app import create_app
from tests.portal.visitor import Visitor

SLUG = "work-2023"
UNITS = ("市教育局", "市科学技术局")


@dataclass(frozen=True)
class World:
    """An office with a running campaign, its portal, and whom the portal woke."""

    office: Office
    client: TestClient
    woken: list[tuple[str, str]]

    def visitor(self, person: str, to: str = "/") -> Visitor:
        """Somebody who clicked the link in a message."""
        visitor = Visitor(TestClient(self.client.app, raise_server_exceptions=False))
        visitor.get(f"/go/{self.token(person)}?to={to}")
        return visitor

    def token(self, person: str, until: date = date(2023, 12, 31)) -> str:
        with self.office.store.reading() as session:
            row = session.scalars(select(PersonRow).where(PersonRow.code == person)).one()
        return self.office.keyring.link_token(row.code, row.link_epoch, until)

    def duty(self, key: str, unit: str = "jyj") -> UUID:
        return identity("obligation", SLUG, key, unit)


@cache
def two_phases() -> Edition:
    return read_method(Path(__file__).parent / "data/two-phases.yaml", root() / "config/ladders.yaml")


def make_world(store: Store, home: Path, now: datetime) -> World:
    office = Office(Settings(home=home, upload_limit_mb=1), store)
    with office.desk("cli", now) as desk:
        sample = root() / "config/sample/lanxi"
        import_register(desk.work, office.keyring, sample, now, roles=None, valid_address=lambda _: True)
    with office.desk("cli", now) as desk:
        campaigns.start(desk, two_phases(), SLUG, "2023年部门工作评议", date(2023, 8, 28), UNITS)
    for key in ("mobilise", "rectify"):
        with office.desk("engine", now) as desk:
            phases.open_phase(desk, SLUG, key)
            phases.issue_duties(desk, SLUG, key)
            closings.ask(desk, SLUG, key)
    woken: list[tuple[str, str]] = []
    app = create_app(office, lambda campaign, phase: woken.append((campaign, phase)))
    return World(office, TestClient(app, raise_server_exceptions=False), woken)
