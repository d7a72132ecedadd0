"""Votes of the rich world, in the middle of a sitting: a round counted, one sealed, one void, two open."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from appraisal.keys import plain_code
from appraisal.method.vote_words import Medium
from appraisal.operations import check_in
from appraisal.operations.office import Office
from appraisal.operations.rounds import Given, Issued
from appraisal.operations.tellers import Sheet
from portal.live_screen import screen_token
from tests.portal.voting_world import Votes, make_votes

UNITS = ("fgj", "jxj", "jyj", "kjj", "mzj", "czj", "rsj", "zrj", "jsj", "jtj", "nyj", "wjj")
TODAY, ON = date(2023, 9, 8), "2023-09-08T"
PAPERS = Given(
    {("sitting", "member"): Issued(9, 0), ("sitting", "deputy"): Issued(4, 3)}, scrutineers="寅委员、卯代表", aware=True
)


@dataclass(frozen=True)
class Polled:
    """What the table of pages has to name."""

    votes: Votes
    rounds: dict[str, UUID]
    codes: tuple[str, ...]

    def places(self) -> dict[str, object]:
        keyring, sitting = self.votes.office.keyring, self.votes.hall.sitting_id
        screens = {f"screen_{key}": screen_token(keyring, identifier) for key, identifier in self.rounds.items()}
        rounds = {f"round_{key}": identifier for key, identifier in self.rounds.items()}
        codes = {"vote_spent": self.codes[0], "vote_code": self.codes[1], "voted_sitting": sitting}
        return {**rounds, **screens, **codes, "screen_sitting": screen_token(keyring, sitting)}


def poll(office: Office) -> Polled:
    """It is 15:30; the sitting began at 14:00."""
    votes = make_votes(office, UNITS, TODAY)
    hall = votes.hall
    hall.seat(member=9, deputy=7)
    codes = [hall.phone(f"member{number}", f"{ON}14:10") for number in range(1, 10)]
    codes += [hall.phone(f"deputy{number}", f"{ON}14:12") for number in range(1, 5)]
    for number in range(5, 8):
        with hall.desk("office-1", f"{ON}14:13") as desk:
            check_in.note_coming(desk, hall.attendee(f"deputy{number}").id, Medium.PAPER)
    rounds = {"counted": _counted(votes, codes), "sealed": _sealed(votes, codes[:5]), "void": _void(votes)}
    rounds["scored"] = hall.open("scored", PAPERS, f"{ON}15:20").id
    rounds["open"] = hall.open("dimensions", PAPERS, f"{ON}15:21").id
    paper = {unit: {"": ("satisfied",)} for unit in UNITS}
    hall.cast(hall.round(rounds["open"]), codes[0], paper, f"{ON}15:25")
    return Polled(votes, rounds, tuple(plain_code(code) for code in codes))


def _counted(votes: Votes, codes: list[str]) -> UUID:
    """On phones and on paper; the second unit fares badly."""
    hall = votes.hall
    row = hall.open("satisfaction", PAPERS, f"{ON}14:40")
    for number, code in enumerate(codes):
        marks = ("satisfied", "satisfied", "basic", "satisfied", "dissatisfied")
        paper = {unit: {"": (marks[(number + place) % 5],)} for place, unit in enumerate(UNITS)}
        hall.cast(row, code, paper | {"jxj": {"": ("dissatisfied",)}}, f"{ON}14:45")
    counts = {unit: {"": {"satisfied": 2, "~abstained": 1}} for unit in UNITS}
    for teller, name in ((1, "辰计票"), (2, "巳计票")):
        hall.tell(row, Sheet("sitting", "deputy", teller, name, 3, 3, counts), f"{ON}14:50")
    return hall.close_round(row, f"{ON}14:55").id


def _sealed(votes: Votes, codes: list[str]) -> UUID:
    row = votes.hall.open("ranked", Given({("sitting", "deputy"): Issued(4, 0)}), f"{ON}15:00")
    for code in codes:
        votes.hall.cast(row, code, {unit: {"": (str(place),)} for place, unit in enumerate(UNITS, 1)}, f"{ON}15:02")
    return votes.hall.close_round(row, f"{ON}15:05").id


def _void(votes: Votes) -> UUID:
    row = votes.hall.open("approved", PAPERS, f"{ON}15:10")
    return votes.hall.void(row, "会场网络中断，部分代表没有投成。", f"{ON}15:12").id
