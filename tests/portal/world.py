"""A small campaign on the sample register, and visitors who come in by the links of their messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from starlette.testclient import TestClient

from appraisal.operations import closings
from appraisal.operations.office import Office
from appraisal.settings import Settings
from appraisal.store.base import identity
from appraisal.store.register_tables import PersonRow
from appraisal.store.work import Store
from portal.app import create_app
from tests.operations.world import begin, edition, open_office, open_phase
from tests.portal.visitor import Visitor

SLUG = "work-2023"
UNITS = ("市教育局", "市科学技术局")
TWO_PHASES = Path(__file__).parent / "data/two-phases.yaml"
CHOSEN: Mapping[str, Any] = {"upload_limit_mb": 1}


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


def make_world(store: Store, home: Path, now: datetime) -> World:
    """Begun and come upon at once."""
    begin_world(store, home, now)
    return world_at(store, home)


def begin_world(store: Store, home: Path, now: datetime) -> None:
    """What is in the database and in the data folder when somebody comes."""
    office = open_office(store, home, now, **CHOSEN)
    begin(office, edition(TWO_PHASES), SLUG, "2023年部门工作评议", UNITS, now)
    for key in ("mobilise", "rectify"):
        open_phase(office, SLUG, key, now)
        with office.desk("engine", now) as desk:
            closings.ask(desk, SLUG, key)


def world_at(store: Store, home: Path) -> World:
    """The office of this folder and database, behind a portal of its own."""
    woken: list[tuple[str, str]] = []
    office = Office(Settings(home=home, **CHOSEN), store)
    app = create_app(office, lambda campaign, phase: woken.append((campaign, phase)))
    return World(office, TestClient(app, raise_server_exceptions=False), woken)
