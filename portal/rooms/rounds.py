"""一轮投票: how far it is, what is handed out later, closing and voiding it, and what came out."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from appraisal.domain.lifecycle import RoundStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.ballots import Ballot
from appraisal.operations.ballot_words import Words
from appraisal.operations.desks import holds
from appraisal.operations.loading import method_of
from appraisal.operations.round_records import ballot_of, rounds_of_ballot
from appraisal.operations.round_sheets import is_sealed, sheet_of, units_of
from appraisal.operations.rounds import close_round, issue_more, progress_of, release, round_by, void_round
from appraisal.operations.tellers import TELLERS, differences, where
from appraisal.store.ballot_tables import RoundRow
from portal.forms import Posted
from portal.live_screen import pieces_of, screen_token
from portal.rooms.questionnaires import number_in
from portal.visits import Here, StaffHere, Visit

router = APIRouter(prefix="/rounds/{identifier}")
NOTHING: Mapping[str, str] = {}


@router.get("")
def show(identifier: UUID, here: Here) -> Response:
    """Of a round that is open or sealed only the office, and whoever may release it, is shown anything."""
    return _page(here, identifier)


@router.post("/issue")
def issue(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    voters = form.value("voters")
    typed = {f"{name}/{voters}": form.text(name) for name in ("phone", "paper")}
    try:
        phone, paper = (number_in(form, name) if form.text(name) else 0 for name in ("phone", "paper"))
        with here.desk() as desk:
            issue_more(desk, identifier, voters, phone, paper)
    except Refusal as refusal:
        return _page(here, identifier, refusal, typed)
    return here.go(f"/rounds/{identifier}", "round-issued")


@router.post("/closing")
def close(identifier: UUID, here: StaffHere, _: Posted) -> Response:
    try:
        with here.desk() as desk:
            close_round(desk, identifier)
    except Refusal as refusal:
        return _page(here, identifier, refusal)
    return here.go(f"/rounds/{identifier}", "round-closed")


@router.post("/voiding")
def void(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    try:
        with here.desk() as desk:
            void_round(desk, identifier, form.text("why"))
    except Refusal as refusal:
        return _page(here, identifier, refusal, {"why": form.text("why")})
    return here.go(f"/rounds/{identifier}", "round-voided")


@router.post("/release")
def show_result(identifier: UUID, here: Here, _: Posted) -> Response:
    """Whoever the method names releases, and that need not be the office."""
    try:
        with here.desk() as desk:
            release(desk, identifier)
    except Refusal as refusal:
        return _page(here, identifier, refusal)
    return here.go(f"/rounds/{identifier}", "round-released")


def _page(
    here: Visit, identifier: UUID, refusal: Refusal | None = None, typed: Mapping[str, str] = NOTHING
) -> Response:
    with here.reading() as session:
        row = round_by(session, identifier)
        ballot = ballot_of(row)
        shown = {"row": row, "ballot": ballot, "campaign": row.campaign, "sitting": row.sitting, "typed": typed}
        others = [each for each in rounds_of_ballot(session, row.campaign, row.ballot) if each.id != row.id]
        shown |= {"others": others, "sealed": is_sealed(row), "names": [name for _, name in units_of(row)]}
        if row.status == RoundStatus.OPEN or is_sealed(row):
            _may_see(session, here, row, ballot)
        shown |= _progress(session, row) if row.status == RoundStatus.OPEN else _outcome(session, row)
        return here.show("round", refusal, **shown, screen=f"/screen/{screen_token(here.office.keyring, row.id)}")


def _may_see(session: Session, here: Visit, row: RoundRow, ballot: Ballot) -> None:
    releaser = ballot.shown.released_by if is_sealed(row) else None
    releases = releaser is not None and holds(session, here.person, [(releaser, None)], here.now.date())
    if not here.staff and not releases:
        raise Refusal("portal.staff_only.not_yours")


def _progress(session: Session, row: RoundRow) -> dict[str, object]:
    ballot = ballot_of(row)
    words = Words(row.campaign, ballot)
    progress = progress_of(session, row)
    differing = [where(words, each) for each in differences(session, row)]
    return {
        "progress": progress,
        "classes": [(each, words.place(each.channel, each.voters)) for each in progress.classes],
        "tellers": TELLERS,
        "differing": differing,
        "sheet": None,
    }


def _outcome(session: Session, row: RoundRow) -> dict[str, object]:
    releaser = ballot_of(row).shown.released_by
    title = method_of(row.campaign).role(releaser).title if releaser else ""
    if is_sealed(row):
        return {"sheet": None, "releaser": title, "pieces": pieces_of}
    return {"sheet": sheet_of(session, row), "releaser": title, "pieces": pieces_of}
