"""投票: the ballot behind a code, on a phone, for whoever holds the code; no login, no cookie.

A paper is filled in, read again, and cast.  Between the steps it stands on the page and nowhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from secrets import token_hex
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from appraisal.domain.lifecycle import RoundStatus
from appraisal.domain.refusal import Refusal
from appraisal.keys import plain_code
from appraisal.operations.loading import method_of
from appraisal.operations.presence import voters_of
from appraisal.operations.projects import before_voters
from appraisal.operations.round_records import ballot_of, round_by
from appraisal.operations.round_sheets import units_of
from appraisal.operations.voting import Door, OpenRound, cast, door, door_to, receipts_of
from appraisal.store.sitting_tables import SittingRow
from portal.ballot_paper import PaperForm, read_paper
from portal.public import Guest, GuestHere, PaperGiven

router = APIRouter()
LONGEST_NUMBER = 64


@dataclass(frozen=True)
class Booth:
    """A round as the holder of a code sees it."""

    code: str
    sitting: SittingRow
    voters: str
    round: OpenRound
    units: Sequence[tuple[str, str]]
    about: Mapping[str, str]

    @property
    def address(self) -> str:
        """Where its paper is filled in; the code stands in it, as it does on the slip."""
        return f"/v/{self.code}/{self.round.row.id}"


@router.get("/v")
def ask_for_code(here: GuestHere) -> Response:
    """For whoever types the code from a slip of paper."""
    return here.show("vote-code", typed="")


@router.post("/v")
def take_code(given: PaperGiven) -> Response:
    plain = plain_code(given.text("code")[:40])
    try:
        with given.guest.reading() as session:
            door(session, given.guest.keyring, plain)
    except Refusal as refusal:
        return given.guest.show("vote-code", refusal, typed=given.text("code"))
    return RedirectResponse(f"/v/{plain}", status_code=303)


@router.get("/receipts/{identifier}")
def receipts(identifier: UUID, here: GuestHere) -> Response:
    """Public: whoever has a receipt finds it here once the round is over."""
    with here.reading() as session:
        row = round_by(session, identifier)
        over = row.status != RoundStatus.OPEN
        return here.show(
            "receipts",
            title=_title(OpenRound(row, ballot_of(row), already_in=False)),
            shown=over,
            receipts=receipts_of(row) if over else [],
        )


@router.get("/v/{code}")
def rounds(code: str, here: GuestHere) -> Response:
    plain = plain_code(code)
    try:
        with here.reading() as session:
            found = door(session, here.keyring, plain)
            voters = _class_title(found)
    except Refusal as refusal:
        return _turned_away(here, refusal, "/v")
    waiting = [each for each in found.rounds if not each.already_in]
    if len(found.rounds) == 1 and waiting:
        return RedirectResponse(f"/v/{plain}/{waiting[0].row.id}", status_code=303)
    shown = {"sitting": found.sitting, "voters": voters, "attendee": found.attendee}
    shown |= {"rounds": _listed(found.rounds), "over": _listed(found.over)}
    return here.show("vote-rounds", None, here=f"/v/{plain}", **shown)


@router.get("/v/{code}/{identifier}")
def show(code: str, identifier: UUID, here: GuestHere) -> Response:
    try:
        booth = _booth(here, plain_code(code), identifier)
    except Refusal as refusal:
        return _turned_away(here, refusal, _back(code, refusal))
    if booth.round.already_in:
        return RedirectResponse(f"/v/{booth.code}", status_code=303)
    return _page(here, booth, read_paper(None, booth.round.ballot, booth.units))


@router.post("/v/{code}/{identifier}")
def send(code: str, identifier: UUID, given: PaperGiven) -> Response:
    here, step = given.guest, given.value("step")
    try:
        booth = _booth(here, plain_code(code), identifier)
        paper = read_paper(given, booth.round.ballot, booth.units)
        if step == "cast" and not paper.flaws:
            return _cast(here, booth, paper, given.value("form")[:LONGEST_NUMBER])
    except Refusal as refusal:
        return _turned_away(here, refusal, _back(code, refusal))
    if paper.flaws:
        return _page(here, booth, paper, Refusal("vote.to_mend", count=paper.flaws))
    return _page(here, booth, paper, page="vote-check" if step == "check" else "vote-paper")


def _listed(rounds: Sequence[OpenRound]) -> list[dict[str, object]]:
    return [
        {"id": each.row.id, "title": _title(each), "already_in": each.already_in, "void": each.row.status == "void"}
        for each in rounds
    ]


def _cast(here: Guest, booth: Booth, paper: PaperForm, form: str) -> Response:
    """The receipt is the answer itself and stands at no address; sent again, the same paper brings the same one."""
    with here.house.queue, here.desk() as desk:
        receipt = cast(desk, booth.code, booth.round.row.id, paper.marks(), form)
    shown = {"receipt": receipt, "id": booth.round.row.id, "title": _title(booth.round)}
    return here.show("vote-cast", None, here=f"/v/{booth.code}", **shown)


def _booth(here: Guest, code: str, identifier: UUID) -> Booth:
    with here.reading() as session:
        found = door_to(session, here.keyring, code, identifier)
        [each] = found.rounds
        about = before_voters(session, found.sitting.campaign, each.ballot)
        return Booth(code, found.sitting, _class_title(found), each, units_of(each.row), about)


def _turned_away(here: Guest, refusal: Refusal, back: str) -> Response:
    return here.show("vote-closed", refusal, back=back)


def _back(code: str, refusal: Refusal) -> str:
    return "/v" if refusal.code == "ballot.code_unknown" else f"/v/{plain_code(code)}"


def _page(
    here: Guest, booth: Booth, paper: PaperForm, refusal: Refusal | None = None, page: str = "vote-paper"
) -> Response:
    return here.show(
        page,
        refusal,
        here=booth.address,
        paper=paper,
        about=booth.about,
        sitting=booth.sitting,
        voters=booth.voters,
        number=booth.round.row.number,
        form=token_hex(16),
    )


def _class_title(found: Door) -> str:
    return dict(voters_of(method_of(found.sitting.campaign)))[found.voters]


def _title(each: OpenRound) -> str:
    if each.row.number == 1:
        return each.ballot.title
    return f"{each.ballot.title}（第 {each.row.number} 轮）"
