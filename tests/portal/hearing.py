"""A portal that hears everybody, and somebody nobody knows who fills in its forms."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from httpx import Response
from PIL import Image
from starlette.testclient import TestClient

from appraisal.operations.intake_guard import IntakeGuard, IntakeRules, read_rules
from appraisal.store.work import Store
from portal.app import create_app
from tests.operations.hearing import Hearing, hearing
from tests.operations.world import open_office
from tests.portal.visitor import Attached
from tests.portal.world import World

SLUG = "work-2023"
TICKET = re.compile(r'name="ticket" value="([^"]+)"')
CODE = re.compile(r'class="code"><code>([^<]+)</code>')


@dataclass(frozen=True)
class Heard(World):
    """The world of the portal, with the campaign as operations see it."""

    hearing: Hearing

    def stranger(self) -> "Stranger":
        return Stranger(TestClient(self.client.app, raise_server_exceptions=False), self.hearing)

    def set_guard(self, rules: IntakeRules, clock: "Seconds") -> None:
        """The guard counts by a clock of the test's own."""
        house = self.client.app.state.house  # type: ignore[attr-defined] # An ASGI app to mypy.
        object.__setattr__(house, "guard", IntakeGuard(rules, clock))


@dataclass
class Seconds:
    """A clock that stands until the test moves it."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Stranger:
    """A telephone that scanned a code; it keeps no cookies because it is given none."""

    client: TestClient
    hearing: Hearing

    def page(self, scope: str = "campaign", of: str = "") -> str:
        return f"/o/{self.hearing.point(scope, of).token}"

    def ticket(self, page: str) -> str:
        found = TICKET.search(self.client.get(page).text)
        assert found
        return found[1]

    def give(
        self, text: str, fields: Mapping[str, str] | None = None, photos: Sequence[Attached] = (), page: str = ""
    ) -> Response:
        """Open the form, fill it in and send it."""
        page = page or self.page()
        given = {"ticket": self.ticket(page), "text": text} | dict(fields or {})
        attached = [("photos", (name, content)) for name, content in photos]
        answer: Response = self.client.post(page, data=given, files=attached or None)
        return answer

    def code(self, answer: Response) -> str:
        found = CODE.search(answer.text)
        assert found, answer.text
        return found[1]

    def look(self, code: str) -> Response:
        answer: Response = self.client.post("/follow", data={"code": code})
        return answer

    def say(self, code: str, text: str) -> Response:
        found = TICKET.search(self.look(code).text)
        assert found
        answer: Response = self.client.post("/follow/message", data={"code": code, "ticket": found[1], "text": text})
        return answer


def make_heard(store: Store, home: Path, now: datetime) -> Heard:
    office = open_office(store, home, now, upload_limit_mb=1)
    heard = hearing(office, SLUG, now.replace(tzinfo=None).isoformat())
    return Heard(office, TestClient(create_app(office), raise_server_exceptions=False), [], heard)


def photo(side: tuple[int, int] = (64, 48), kind: str = "JPEG", **saved: object) -> bytes:
    """A small picture of a red wall."""
    written = io.BytesIO()
    Image.new("RGB", side, (160, 20, 20)).save(written, kind, **saved)
    return written.getvalue()


def rules(**changed: tuple[int, int]) -> IntakeRules:
    """The rules of the installation with other rates: so many at once, so many a minute."""
    plain = read_rules().model_dump()
    plain |= {name: {"at_once": rate[0], "a_minute": rate[1]} for name, rate in changed.items()}
    return IntakeRules.model_validate(plain)
