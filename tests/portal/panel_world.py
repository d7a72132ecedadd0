"""The portal of an office whose campaign has panels."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from starlette.testclient import TestClient

from appraisal.store.work import Store
from portal.app import create_app
from tests.operations.panel_world import panel_id, with_panels
from tests.operations.world import Campaign, open_office
from tests.portal.visitor import Visitor
from tests.portal.world import World

SLUG = "panels-2023"


@dataclass(frozen=True)
class PanelWorld(World):
    """A world with two panels over one bureau each."""

    campaign: Campaign

    def panel(self, key: str = "g1") -> UUID:
        return panel_id(self.campaign, key)


def make_panel_world(store: Store, home: Path, now: datetime) -> PanelWorld:
    office = open_office(store, home, now, upload_limit_mb=1)
    campaign = with_panels(office, SLUG, now.strftime("%Y-%m-%dT%H:%M"))
    return PanelWorld(office, TestClient(create_app(office), raise_server_exceptions=False), [], campaign)


def hidden(visitor: Visitor, page: str, name: str) -> str:
    """What a hidden field of a page holds."""
    text = visitor.get(page).text
    return text.partition(f'name="{name}" value="')[2].partition('"')[0]
