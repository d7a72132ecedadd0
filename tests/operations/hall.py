"""A hall in which a vote is held: who sits there, what they vote with, and how each of them marks."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from appraisal.method.vote_words import Medium
from appraisal.operations.check_in import check_in, note_coming
from appraisal.operations.office import Desk, Office
from appraisal.operations.roll import check_in_code, import_roll
from appraisal.operations.rounds import Given, close_round, open_round
from appraisal.operations.sittings import SittingDraft, close_sitting, open_sitting, set_sitting, sitting_by
from appraisal.operations.tellers import Sheet, enter_sheet, places_of
from appraisal.operations.voting import cast
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.sitting_tables import AttendeeRow

Counts = Mapping[str, Mapping[str, int]]
"""By unit and option, how many mark it."""


@dataclass(frozen=True)
class Seats:
    """A class of voters in the hall: its key and title, all its members, and who came with what."""

    key: str
    title: str
    members: int
    phones: int
    papers: int


@dataclass(frozen=True)
class Hall:
    """A sitting of a campaign.  ``desk`` is that of the office at the present instant, ``now`` tells it."""

    office: Office
    slug: str
    desk: Callable[[], AbstractContextManager[Desk]]
    now: Callable[[], datetime]
    seats: Sequence[Seats]

    def convene(self, key: str, title: str, on: date, event: str | None) -> UUID:
        """Set the sitting and its roll; twice changes nothing."""
        members = {each.key: each.members for each in self.seats}
        lines = [
            f"{each.title}{number}\t\t{each.title}" for each in self.seats for number in range(1, each.members + 1)
        ]
        for _ in range(2):
            with self.desk() as desk:
                row = set_sitting(desk, self.slug, SittingDraft(key, title, on, event=event, members=members))
                import_roll(desk, row.id, "\n".join(lines))
        return row.id

    def begin(self, sitting: UUID) -> dict[str, list[str]]:
        """Open it, and let everybody in: the codes for phones by class; paper is handed out by the office."""
        with self.desk() as desk:
            open_sitting(desk, sitting)
            people = [
                (row.id, row.voters, check_in_code(self.office.keyring, row)) for row in self._roll(desk, sitting)
            ]
        codes: dict[str, list[str]] = {each.key: [] for each in self.seats}
        for each in self.seats:
            mine = [(attendee, code) for attendee, voters, code in people if voters == each.key]
            for _, code in mine[: each.phones]:
                codes[each.key].append(check_in(self.office, "check-in", code, self.now()).code)
            for attendee, _ in mine[each.phones : each.phones + each.papers]:
                with self.desk() as desk:
                    note_coming(desk, attendee, Medium.PAPER)
        return codes

    def vote(self, sitting: UUID, ballot: str, counts: Counts, codes: Mapping[str, Sequence[str]]) -> RoundRow:
        """A round, from its opening to its counting: phones cast, and two tellers enter the papers apart."""
        with self.desk() as desk:
            given = Given(units=tuple(counts), scrutineers="监票人甲、监票人乙", aware=True)
            row = open_round(desk, sitting, ballot, given)
            places = places_of(row)
        handed = self._handed(counts)
        for voters, drawn in codes.items():
            for code, marks in zip(drawn, handed[voters, Medium.PHONE], strict=True):
                with self.office.desk("voter", self.now()) as desk:
                    cast(desk, code, row.id, {unit: {"": (mark,)} for unit, mark in marks.items()})
        for place in places:
            told = _told(handed[place.voters, Medium.PAPER])
            for teller in ((1, "计票人甲"), (2, "计票人乙")):
                with self.desk() as desk:
                    enter_sheet(desk, row.id, Sheet(*place.key, *teller, place.paper, place.paper, told))
        for _ in range(2):
            with self.desk() as desk:
                closed = close_round(desk, row.id)
        return closed

    def rise(self, sitting: UUID) -> None:
        """Close the sitting."""
        with self.desk() as desk:
            close_sitting(desk, sitting)

    def _handed(self, counts: Counts) -> dict[tuple[str, Medium], list[dict[str, str]]]:
        """How every ballot is marked, by class and medium; a unit's marks begin with another voter than the last's."""
        places = [
            (each.key, medium)
            for each in self.seats
            for medium, number in ((Medium.PHONE, each.phones), (Medium.PAPER, each.papers))
            for _ in range(number)
        ]
        found: dict[tuple[str, Medium], list[dict[str, str]]] = {place: [] for place in places}
        ballots: list[dict[str, str]] = [{} for _ in places]
        for shift, (unit, marks) in enumerate(counts.items()):
            row = [mark for mark, number in marks.items() for _ in range(number)]
            assert len(row) == len(places), (unit, len(row), len(places))
            for at, mark in enumerate(row):
                ballots[(at + 7 * shift) % len(places)][unit] = mark
        for place, ballot in zip(places, ballots, strict=True):
            found[place].append(ballot)
        return found

    @staticmethod
    def _roll(desk: Desk, sitting: UUID) -> list[AttendeeRow]:
        return list(sitting_by(desk.session, sitting).attendees)


def _told(papers: Sequence[Mapping[str, str]]) -> dict[str, dict[str, dict[str, int]]]:
    """What a teller counts on them."""
    told: dict[str, dict[str, dict[str, int]]] = {}
    for paper in papers:
        for unit, mark in paper.items():
            line = told.setdefault(unit, {}).setdefault("", {})
            line[mark] = line.get(mark, 0) + 1
    return told
