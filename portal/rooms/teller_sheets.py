"""计票录入: the sheet of one of two tellers, for a channel and a class of voters.

What the other teller entered, or what was entered before, is not shown: each counts for themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.method.ballots import Ballot
from appraisal.method.grading_rules import subjects_of
from appraisal.method.vote_words import Marking
from appraisal.notices.wording import phrase
from appraisal.operations.ballot_marks import APPROVE
from appraisal.operations.ballot_words import ABSTAINED, INVALID, Words
from appraisal.operations.round_records import ballot_of, open_round_by
from appraisal.operations.round_sheets import units_of
from appraisal.operations.tellers import Sheet, enter_sheet, places_of, sheets_of
from portal.forms import Form, Posted
from portal.rooms.questionnaires import number_in
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/rounds/{identifier}/tellers/{teller}/{channel}/{voters}")
NOTHING: Mapping[str, str] = {}
LIST = "list"
"""The end of the name of a field that takes several marks with their numbers."""


@dataclass(frozen=True)
class Place:
    """Whose sheet it is: the round, the teller, the channel, the class."""

    round_id: UUID
    teller: int
    channel: str
    voters: str

    @property
    def address(self) -> str:
        return f"/rounds/{self.round_id}/tellers/{self.teller}/{self.channel}/{self.voters}"


@router.get("")
def show(identifier: UUID, teller: int, channel: str, voters: str, here: StaffHere) -> Response:
    return _page(here, Place(identifier, teller, channel, voters))


@router.post("")
def enter(identifier: UUID, teller: int, channel: str, voters: str, here: StaffHere, form: Posted) -> Response:
    place = Place(identifier, teller, channel, voters)
    typed = {name: form.text(name) for name in form.data}
    try:
        with here.desk() as desk:
            row = open_round_by(desk.session, identifier)
            counts = counts_in(form, ballot_of(row), [code for code, _ in units_of(row)])
            numbers = number_in(form, "issued"), number_in(form, "returned")
            enter_sheet(desk, identifier, Sheet(channel, voters, teller, form.text("name"), *numbers, counts))
    except Refusal as refusal:
        return _page(here, place, refusal, typed)
    return here.go(f"/rounds/{identifier}", "sheet-entered")


def fields_of(ballot: Ballot) -> list[tuple[str, str]]:
    """The marks that have a field of their own, with titles; of scores and places there are too many."""
    rest = [(INVALID, phrase("sheet.mark.invalid")), (ABSTAINED, phrase("sheet.mark.abstained"))]
    match ballot.marking:
        case Marking.ONE_OF_OPTIONS:
            return [*((option.key, option.title) for option in ballot.options), *rest]
        case Marking.APPROVE:
            return [(APPROVE, phrase("round_sheet.approve")), *rest]
        case _:
            return [(LIST, phrase(f"teller.list.{ballot.marking}")), *rest]


def counts_in(form: Form, ballot: Ballot, units: Sequence[str]) -> dict[str, dict[str, dict[str, int]]]:
    """What was counted, by unit, subject and mark; an empty field is none."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for unit in units:
        for subject, _ in subjects_of(ballot):
            marks = found.setdefault(unit, {}).setdefault(subject, {})
            for mark, _ in fields_of(ballot):
                name = f"count/{unit}/{subject}/{mark}"
                if mark == LIST:
                    marks.update(_list(form.text(name)))
                elif form.text(name):
                    marks[mark] = number_in(form, name)
    return found


def _list(typed: str) -> dict[str, int]:
    """``95×3, 90×12`` or one to a line: a mark, and how many papers have it."""
    found: dict[str, int] = {}
    for piece in normalize("NFKC", typed).replace("、", "\n").replace(",", "\n").replace(";", "\n").splitlines():
        if not piece.strip():
            continue
        mark, _, count = piece.replace("*", "×").replace("x", "×").partition("×")
        if not mark.strip() or not count.strip().isdecimal() or len(count.strip()) > 7:
            raise Refusal("teller.list", piece=piece.strip()[:20])
        found[mark.strip()] = found.get(mark.strip(), 0) + int(count)
    return found


def _page(here: Visit, place: Place, refusal: Refusal | None = None, typed: Mapping[str, str] = NOTHING) -> Response:
    with here.reading() as session:
        row = open_round_by(session, place.round_id)
        ballot = ballot_of(row)
        expected = next((each for each in places_of(row) if each.key == (place.channel, place.voters)), None)
        if expected is None:
            raise Refusal("teller.unknown")
        there = [sheet.teller for sheet in sheets_of(session, row).get(expected.key, [])]
        title = Words(row.campaign, ballot).place(*expected.key)
        return here.show(
            "teller-sheet",
            refusal,
            row=row,
            ballot=ballot,
            place=place,
            title=title,
            units=units_of(row),
            subjects=subjects_of(ballot),
            fields=fields_of(ballot),
            issued=expected.paper if expected.present is not None else "",
            again=place.teller in there,
            typed=typed,
        )
