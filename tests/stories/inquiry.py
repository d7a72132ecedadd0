"""An investigation told on the operations and the portal in one process: its people, its clock and its panels."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from ruamel.yaml import YAML
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from appraisal.notices.channels import load_channels
from appraisal.operations import duties, panel_log, panels, phases, recurring, roundups
from appraisal.operations.intake_course import close_intake, open_intake
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Office
from appraisal.operations.overview import Overview, overview
from appraisal.operations.panel_log import Entry
from appraisal.operations.panels import PanelDraft
from appraisal.operations.register import import_register
from appraisal.places import root
from appraisal.settings import Settings
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.work import Store
from portal.app import create_app
from tests.operations.world import Campaign, begin, edition, instant, paper
from tests.portal.visitor import Visitor

CASES = Path(__file__).parent / "cases"
Move = Callable[[str], datetime]


def case(name: str) -> dict[str, Any]:
    """What the report of the real appraisal says, and what is to be expected of the system."""
    told: dict[str, Any] = YAML(typ="safe", pure=True).load(CASES / f"{name}.yaml")
    return told


@dataclass(frozen=True)
class Inquiry(Campaign):
    """A campaign with panels; ``at`` is written ``2023-05-22T10:00`` everywhere, and the portal's clock follows."""

    client: TestClient
    move: Move

    def visitor(self, code: str) -> Visitor:
        """Somebody who clicked the link in a message."""
        person = self.person(code)
        link = self.office.keyring.link_token(person.code, person.link_epoch, date(2024, 12, 31))
        visitor = Visitor(TestClient(self.client.app, raise_server_exceptions=False))
        visitor.get(f"/go/{link}?to=/")
        return visitor

    @contextmanager
    def record(self) -> Iterator[tuple[Session, CampaignRow]]:
        """The campaign as the record has it."""
        with self.office.store.reading() as session:
            yield session, campaign_by(session, self.slug)

    def overview(self, at: str) -> Overview:
        with self.office.store.reading() as session:
            return overview(session, self.slug, instant(at))

    def run_phase(self, key: str, at: str) -> None:
        """What the flow of a phase does before it waits."""
        with self.office.desk("engine", instant(at)) as desk:
            phases.open_phase(desk, self.slug, key)
            phases.issue_duties(desk, self.slug, key)
            open_intake(desk, self.slug, key)

    def close_phase(self, key: str, at: str, who: str) -> str:
        """The approval, and what the flow does after it."""
        self.decide(key, at, who=who)
        status = self.close(key, at)
        with self.office.desk("engine", instant(at)) as desk:
            close_intake(desk, self.slug, key)
        return status

    def obstacles(self, key: str, at: str) -> set[str]:
        """What stands in the way of closing the phase, by code."""
        return {found.code for found in self.ask(key, at).brief.obstacles}

    def set_panel(self, draft: PanelDraft, at: str) -> UUID:
        with self.desk("office-1", at) as desk:
            return panels.set_panel(desk, self.slug, draft).id

    def panel_id(self, key: str) -> UUID:
        return identity("panel", self.slug, key)

    def log(self, kind: str, at: str, who: str, panel: str = "", **entry: Any) -> None:  # noqa: ANN401 - any part of it
        """An entry of the day it is written on."""
        of = self.panel_id(panel) if panel else None
        with self.desk(who, at) as desk:
            written = Entry(uuid4().hex, kind, instant(at).date(), panel=of, **entry)
            panel_log.enter(desk, self.slug, written, self.person(who))

    def owed(self, key: str, panel: str = "") -> list[ObligationRow]:
        """The obligations of a duty, of all or of one panel, in the order of their periods and problems."""
        mine = (ObligationRow.campaign_id == identity("campaign", self.slug), ObligationRow.key == key)
        query = select(ObligationRow).where(*mine).order_by(ObligationRow.period, ObligationRow.title)
        with self.office.store.reading() as session:
            rows = session.scalars(query if not panel else query.where(ObligationRow.panel_id == self.panel_id(panel)))
            return list(rows)

    def hand_in(self, owed: UUID, who: str, at: str, text: str, accepted_by: str = "") -> None:
        with self.desk(who, at) as desk:
            duties.submit(desk, owed, self.by(who), text, [paper(content=owed.hex)])
        if accepted_by:
            with self.desk(accepted_by, at) as desk:
                duties.accept(desk, owed, self.by(accepted_by))

    def report_done(self, owed: UUID, who: str, at: str) -> None:
        with self.desk(who, at) as desk:
            duties.confirm(desk, owed, self.by(who))

    def rounds(self, at: str) -> None:
        """One patrol: what comes back is issued, what is due fires, the brief goes out."""
        self.move(f"{at}+08:00")
        with self.office.desk("engine", instant(at)) as desk:
            recurring.issue_recurring(desk)
        self.patrol(at)
        with self.office.desk("engine", instant(at)) as desk:
            roundups.send_roundups(desk)


def inquiry(
    store: Store, home: Path, move: Move, method: str, units: Sequence[str], at: str, sample: str = ""
) -> Inquiry:
    """The register of a sample (that of the method) imported, and the campaign of the method started on that day."""
    now = move(f"{at}+08:00")
    office = Office(Settings(home=home), store)
    written = edition(root() / "config" / "methods" / f"{method}.yaml")
    roles = {role.key: role.scope for role in written.method.roles}
    with office.desk("cli", now) as desk:
        folder = root() / "config" / "sample" / (sample or method)
        valid = load_channels(office.settings.channels).accepts
        import_register(desk.work, office.keyring, folder, now, roles=roles, valid_address=valid)
    begin(office, written, f"{method}-2023", written.method.title, units, now)
    return Inquiry(office, f"{method}-2023", TestClient(create_app(office), raise_server_exceptions=False), move)
