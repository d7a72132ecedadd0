"""A campaign with a sitting, its roll, and people who come and go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from appraisal.method.vote_words import Medium
from appraisal.operations import check_in, roll, sittings
from appraisal.operations.check_in import Welcome
from appraisal.operations.office import Office
from appraisal.operations.presence import Presence, presence_of
from appraisal.operations.sittings import SittingDraft
from appraisal.store.base import identity
from appraisal.store.sitting_tables import AttendeeRow, SittingRow
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase

METHOD = Path(__file__).parent / "data/sittings.yaml"
HELD_ON = date(2023, 9, 28)
DAY_BEFORE, MORNING, OPENING, LATER = "2023-09-27T10:00", "2023-09-28T08:30", "2023-09-28T09:00", "2023-09-28T09:40"
DRAFT = SittingDraft("first", "第十四次会议", HELD_ON, "会议厅", "sitting", {"member": 3, "deputy": 2})
ROLL = """姓名\t职务\t类别\t应到
甲一\t主任\t常委会组成人员\t
乙二\t副主任\t常委会组成人员\t
丙三\t委员\t常委会组成人员\t请假
丁四\t代表\t人大代表\t
戊五\t代表\t人大代表\t
己六\t局长\t列席\t"""


@dataclass(frozen=True)
class Sat(Campaign):
    """A campaign with the sitting of ``DRAFT`` and the people of ``ROLL``."""

    @property
    def id(self) -> UUID:
        return identity("sitting", self.slug, DRAFT.key)

    def sitting(self) -> SittingRow:
        with self.office.store.reading() as session:
            row = session.get_one(SittingRow, self.id)
            assert row.agenda is not None
            assert row.attendees is not None
            return row

    def set(self, draft: SittingDraft, at: str = STARTS) -> SittingRow:
        with self.desk("office-1", at) as desk:
            return sittings.set_sitting(desk, self.slug, draft)

    def open(self, at: str = OPENING) -> SittingRow:
        with self.desk("office-1", at) as desk:
            return sittings.open_sitting(desk, self.id)

    def end(self, at: str = "2023-09-28T12:00") -> SittingRow:
        with self.desk("office-1", at) as desk:
            return sittings.close_sitting(desk, self.id)

    def attendee(self, name: str) -> AttendeeRow:
        with self.office.store.reading() as session:
            mine = AttendeeRow.sitting_id == self.id, AttendeeRow.name == name
            return session.scalars(select(AttendeeRow).where(*mine)).one()

    def code(self, name: str) -> str:
        return roll.check_in_code(self.office.keyring, self.attendee(name))

    def come(self, name: str, medium: Medium | None = None, at: str = MORNING) -> None:
        with self.desk("office-1", at) as desk:
            check_in.note_coming(desk, self.attendee(name).id, medium)

    def scan(self, name: str, at: str = MORNING) -> Welcome:
        """By their own phone."""
        return check_in.check_in(self.office, "public", self.code(name), instant(at))

    def leave(self, name: str, at: str = LATER) -> None:
        with self.desk("office-1", at) as desk:
            check_in.leave(desk, self.attendee(name).id)

    def presence(self) -> dict[str, Presence]:
        with self.office.store.reading() as session:
            return presence_of(session, session.get_one(SittingRow, self.id))


def sat(office: Office, slug: str, units: Sequence[str] = ("jyj", "kjj"), text: str = ROLL) -> Sat:
    """Monday, 28 August 2023: the review is open, a sitting is set for Thursday, 28 September."""
    begin(office, edition(METHOD), slug, "2023年部门工作评议", units, instant(STARTS))
    open_phase(office, slug, "review", instant(STARTS))
    campaign = Sat(office, slug)
    campaign.set(DRAFT)
    if text:
        with campaign.desk("office-1", STARTS) as desk:
            roll.import_roll(desk, campaign.id, text)
    return campaign
