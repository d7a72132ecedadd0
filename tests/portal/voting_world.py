"""A hall in which people vote, with its portal: the office at its pages, voters at their phones."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape
from itertools import count
from pathlib import Path
from uuid import UUID

from httpx import Response
from starlette.testclient import TestClient

from appraisal.keys import plain_code
from appraisal.operations import sittings
from appraisal.operations.office import Office
from appraisal.operations.rounds import Given
from appraisal.operations.sittings import SittingDraft
from appraisal.store.ballot_tables import RoundRow
from portal.app import create_app
from tests.operations.ballot_world import HELD_ON, Hall
from tests.operations.world import STARTS, begin, edition, instant, open_phase
from tests.portal.visitor import Visitor
from tests.portal.world import World

METHOD = Path(__file__).parent / "data/votes.yaml"
SLUGS = count(1)
CODE = re.compile(r"<code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</code>")
RECEIPT = re.compile(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>")
FORM = re.compile(r'name="form" value="([0-9a-f]{32})"')
HIDDEN = re.compile(r'<input type="hidden" name="(mark/[^"]*)" value="([^"]*)">')


@dataclass(frozen=True)
class VotingHall(Hall):
    """A hall in which rounds are found again."""

    def round(self, identifier: UUID) -> RoundRow:
        with self.office.store.reading() as session:
            return session.get_one(RoundRow, identifier)


@dataclass(frozen=True)
class Votes(World):
    """The world of the portal around a hall."""

    hall: VotingHall

    @property
    def phone(self) -> TestClient:
        """A phone that nobody has used before."""
        return TestClient(self.client.app, raise_server_exceptions=False)

    @property
    def staff(self) -> Visitor:
        return self.visitor("office-1")

    def given(self, scrutineers: str) -> Given:
        """What the office says when it opens a round by these scrutineers."""
        return Given(scrutineers=scrutineers, aware=True)

    def paper(self, row: RoundRow, code: str, step: str, **marks: str) -> Response:
        """Send the paper of a code: ``marks`` are by unit, of the whole."""
        data = {f"mark/{unit}/": mark for unit, mark in marks.items()} | {"step": step}
        answer: Response = self.phone.post(f"/v/{plain_code(code)}/{row.id}", data=data)
        return answer


def make_votes(office: Office, units: Sequence[str] = ("jyj", "kjj"), held_on: date = HELD_ON) -> Votes:
    slug = f"votes-{next(SLUGS)}"
    begin(office, edition(METHOD), slug, "2023年部门工作评议", units, instant(STARTS))
    open_phase(office, slug, "review", instant(STARTS))
    here = VotingHall(office, slug)
    with here.desk("office-1", STARTS) as desk:
        sittings.set_sitting(desk, slug, SittingDraft("first", "市人大常委会第十四次会议", held_on, "人大会议中心"))
    here.open_sitting(f"{held_on}T08:00")
    return Votes(office, TestClient(create_app(office), raise_server_exceptions=False), [], here)


def words(answer: Response) -> str:
    return unescape(answer.text)
