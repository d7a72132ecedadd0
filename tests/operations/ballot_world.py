"""A hall in which people vote: a sitting with three classes of voters, codes, papers, tellers and rounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from appraisal.method.vote_words import Medium
from appraisal.operations import ballot_codes, check_in, roll, rounds, sittings, tellers, voting
from appraisal.operations.office import Office
from appraisal.operations.opening import Opening, opening_of
from appraisal.operations.progress import Progress, progress_of
from appraisal.operations.rounds import Given, Issued
from appraisal.operations.sittings import SittingDraft
from appraisal.operations.tellers import Counts, Sheet
from appraisal.store.ballot_tables import CountRow, RoundRow, SpentCodeRow, TellerSheetRow, UrnRow
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ResultRow
from appraisal.store.sitting_tables import AttendeeRow, SittingRow
from tests.operations.world import STARTS, Campaign, begin, edition, instant, open_phase

METHOD = Path(__file__).parent / "data/ballots.yaml"
HELD_ON = date(2023, 9, 28)
MORNING, VOTING, COUNTING, EVENING = "2023-09-28T08:30", "2023-09-28T10:00", "2023-09-28T10:20", "2023-09-28T18:00"
WATCHING = "监票人甲、监票人乙"
AWARE = Given(aware=True)
CLASSES = {"member": "常委会组成人员", "deputy": "人大代表", "citizen": "市民代表"}


def whole(**marks: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """A paper that marks each unit once, as a whole: ``whole(jyj="satisfied")``."""
    return {unit: {"": (mark,)} for unit, mark in marks.items()}


@dataclass(frozen=True)
class Hall(Campaign):
    """A campaign with a sitting."""

    @property
    def sitting_id(self) -> UUID:
        return identity("sitting", self.slug, "first")

    def seat(self, **sizes: int) -> None:
        """Put so many of each class on the roll: ``seat(member=3)`` makes 常委会组成人员1 to 3."""
        lines = [f"{key}{number}\t\t{CLASSES[key]}" for key, size in sizes.items() for number in range(1, size + 1)]
        with self.desk("office-1", STARTS) as desk:
            roll.import_roll(desk, self.sitting_id, "\n".join(lines))

    def open_sitting(self, at: str = "2023-09-28T09:00") -> None:
        with self.desk("office-1", at) as desk:
            sittings.open_sitting(desk, self.sitting_id)

    def close_sitting(self, at: str = EVENING) -> None:
        with self.desk("office-1", at) as desk:
            sittings.close_sitting(desk, self.sitting_id)

    def attendee(self, name: str) -> AttendeeRow:
        with self.office.store.reading() as session:
            mine = AttendeeRow.sitting_id == self.sitting_id, AttendeeRow.name == name
            return session.scalars(select(AttendeeRow).where(*mine)).one()

    def own_code(self, name: str) -> str:
        return roll.check_in_code(self.office.keyring, self.attendee(name))

    def phone(self, name: str, at: str = MORNING) -> str:
        """Check in by phone; the code to vote by."""
        return check_in.check_in(self.office, "public", self.own_code(name), instant(at)).code

    def phones(self, **sizes: int) -> dict[str, list[str]]:
        """Seat so many and let all of them check in; their codes by class."""
        self.seat(**sizes)
        return {key: [self.phone(f"{key}{number}") for number in range(1, size + 1)] for key, size in sizes.items()}

    def take_paper(self, name: str, at: str = MORNING) -> None:
        with self.desk("office-1", at) as desk:
            check_in.note_coming(desk, self.attendee(name).id, Medium.PAPER)

    def codes(self, voters: str, count: int, at: str = MORNING) -> list[str]:
        with self.desk("office-1", at) as desk:
            return ballot_codes.make_codes(desk, self.sitting_id, voters, count)

    def opening(self, ballot: str = "satisfaction", at: str = VOTING) -> Opening:
        with self.office.store.reading() as session:
            return opening_of(session, session.get_one(SittingRow, self.sitting_id), ballot, instant(at))

    def open(self, ballot: str = "satisfaction", given: Given = AWARE, at: str = VOTING) -> RoundRow:
        watched = given if given.scrutineers else replace(given, scrutineers=WATCHING)
        with self.desk("office-1", at) as desk:
            return rounds.open_round(desk, self.sitting_id, ballot, watched)

    def cast(self, row: RoundRow, code: str, marks: Mapping[str, Any], at: str = VOTING, form: str = "") -> str:
        with self.office.desk("voter", instant(at)) as desk:
            return voting.cast(desk, code, row.id, marks, form)

    def issue(self, row: RoundRow, voters: str, phone: int, paper: int, at: str = VOTING) -> RoundRow:
        with self.desk("office-1", at) as desk:
            return rounds.issue_more(desk, row.id, voters, phone, paper)

    def tell(self, row: RoundRow, sheet: Sheet, at: str = COUNTING) -> TellerSheetRow:
        with self.desk("office-1", at) as desk:
            return tellers.enter_sheet(desk, row.id, sheet)

    def tell_twice(
        self, row: RoundRow, voters: str, papers: tuple[int, int], counts: Counts, channel: str = "sitting"
    ) -> None:
        """Both tellers, who agree."""
        for number, name in enumerate(("计票人甲", "计票人乙"), start=1):
            self.tell(row, Sheet(channel, voters, number, name, *papers, counts))

    def close_round(self, row: RoundRow, at: str = COUNTING) -> RoundRow:
        with self.desk("office-1", at) as desk:
            return rounds.close_round(desk, row.id)

    def void(self, row: RoundRow, why: str = "投票系统断网", at: str = COUNTING) -> RoundRow:
        with self.desk("office-1", at) as desk:
            return rounds.void_round(desk, row.id, why)

    def release(self, row: RoundRow, at: str = EVENING, who: str = "director") -> RoundRow:
        with self.desk(who, at) as desk:
            return rounds.release(desk, row.id)

    def progress(self, row: RoundRow) -> Progress:
        with self.office.store.reading() as session:
            return progress_of(session, session.get_one(RoundRow, row.id))

    def results(self, ballot: str = "satisfaction") -> Sequence[ResultRow]:
        campaign = identity("campaign", self.slug)
        with self.office.store.reading() as session:
            mine = ResultRow.campaign_id == campaign, ResultRow.ballot == ballot
            return session.scalars(select(ResultRow).where(*mine).order_by(ResultRow.round, ResultRow.unit_id)).all()

    def kept(self, row: RoundRow) -> tuple[int, int, int]:
        """How many rows of the urn, of spent codes and of the count there are."""
        with self.office.store.reading() as session:
            tables = UrnRow, SpentCodeRow, CountRow
            found = [session.query(table).filter_by(round_id=row.id).count() for table in tables]
            return found[0], found[1], found[2]


def hall(office: Office, slug: str, units: Sequence[str] = ("jyj", "kjj")) -> Hall:
    """Thursday, 28 September 2023: the sitting is open and nobody is on its roll."""
    begin(office, edition(METHOD), slug, "2023年部门工作评议", units, instant(STARTS))
    open_phase(office, slug, "review", instant(STARTS))
    found = Hall(office, slug)
    with found.desk("office-1", STARTS) as desk:
        sittings.set_sitting(desk, slug, SittingDraft("first", "第十四次会议", HELD_ON))
    found.open_sitting("2023-09-28T08:00")
    return found


__all__ = ["AWARE", "Given", "Hall", "Issued", "hall", "whole"]


def stored(here: Hall, row: RoundRow) -> RoundRow:
    with here.office.store.reading() as session:
        return session.get_one(RoundRow, row.id)


def obstacles(here: Hall, ballot: str = "satisfaction", at: str = VOTING) -> list[tuple[str, dict[str, object]]]:
    return [(each.code, each.facts) for each in here.opening(ballot, at).obstacles]


def vote(here: Hall, codes: Sequence[str], mark: str, ballot: str = "satisfaction") -> RoundRow:
    row = here.open(ballot)
    for code in codes:
        here.cast(row, code, whole(**dict.fromkeys(row.units, mark)))
    return here.close_round(row)
