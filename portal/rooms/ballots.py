"""投票: what may be voted on at a sitting, the codes that are handed out, and opening a round."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from appraisal.documents.qr import qr_svg
from appraisal.domain.refusal import Refusal
from appraisal.keys import plain_code
from appraisal.method.ballots import Ballot
from appraisal.method.vote_words import Medium, Recording
from appraisal.notices.wording import phrase
from appraisal.operations.ballot_codes import make_codes
from appraisal.operations.ballot_words import Words
from appraisal.operations.loading import method_of
from appraisal.operations.presence import voters_of
from appraisal.operations.round_records import rounds_of_ballot
from appraisal.operations.rounds import Given, Issued, Opening, open_round, opening_of
from appraisal.operations.sittings import sitting_by
from appraisal.operations.turnouts import ClassTurnout
from appraisal.store.sitting_tables import SittingRow
from portal.forms import Form, Posted
from portal.live_screen import screen_token
from portal.refusals import words_of
from portal.rooms.questionnaires import number_in
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/sittings/{identifier}")
NOTHING: Mapping[str, str] = {}


@router.get("/ballots")
def listed(identifier: UUID, here: StaffHere) -> Response:
    with here.reading() as session:
        sitting = sitting_by(session, identifier)
        ballots = [(ballot, rounds_of_ballot(session, sitting.campaign, ballot.key)) for ballot in _counted(sitting)]
        screen = f"/screen/{screen_token(here.office.keyring, sitting.id)}"
        return here.show("ballots", sitting=sitting, campaign=sitting.campaign, ballots=ballots, screen=screen)


@router.get("/ballots/{key}")
def show(identifier: UUID, key: str, here: StaffHere) -> Response:
    return _page(here, identifier, key)


@router.post("/ballots/{key}")
def begin(identifier: UUID, key: str, here: StaffHere, form: Posted) -> Response:
    typed = {name: form.text(name) for name in form.data}
    try:
        with here.desk() as desk:
            opening = opening_of(desk.session, sitting_by(desk.session, identifier), key, desk.now)
            row = open_round(desk, identifier, key, _given(form, opening))
    except Refusal as refusal:
        return _page(here, identifier, key, refusal, typed, form.ticked("unit"))
    return here.go(f"/rounds/{row.id}", "round-opened")


@router.get("/codes")
def codes(identifier: UUID, here: StaffHere) -> Response:
    return _codes(here, identifier)


@router.post("/codes")
def print_codes(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    """The slips are the answer itself and stand at no address: they are shown this once."""
    voters = form.value("voters")
    try:
        count = number_in(form, "count")
        with here.desk() as desk:
            made = make_codes(desk, identifier, voters, count)
    except Refusal as refusal:
        return _codes(here, identifier, refusal, {"voters": voters, "count": form.text("count")})
    portal = here.office.settings.portal
    slips = [(code, qr_svg(f"{portal}/v/{plain_code(code)}")) for code in made]
    with here.reading() as session:
        sitting = sitting_by(session, identifier)
        title = dict(voters_of(method_of(sitting.campaign)))[voters]
    return here.show("ballot-slips", sitting=sitting, voters=title, slips=slips, typing=f"{portal}/v")


def _page(
    here: Visit,
    identifier: UUID,
    key: str,
    refusal: Refusal | None = None,
    typed: Mapping[str, str] = NOTHING,
    chosen: list[str] | None = None,
) -> Response:
    with here.reading() as session:
        sitting = sitting_by(session, identifier)
        opening = opening_of(session, sitting, key, here.now)
        shown = _words(session, sitting, opening)
    return here.show(
        "ballot-opening",
        refusal,
        sitting=sitting,
        campaign=sitting.campaign,
        opening=opening,
        typed=typed,
        chosen=[unit.code for unit in opening.units] if chosen is None else chosen,
        **shown,
    )


def _words(session: Session, sitting: SittingRow, opening: Opening) -> dict[str, object]:
    """What opening would mean, in words."""
    words = Words(sitting.campaign, opening.ballot)
    small = [
        phrase("round.small_group", voters=words.voters(each.voters), medium=each.medium or "", count=each.count)
        for each in opening.small
    ]
    return {
        "quorum": phrase(opening.quorum.step.code, **opening.quorum.step.facts) if opening.quorum else "",
        "classes": [(each, words.place(*each.key), _name(each)) for each in opening.turnout],
        "small": small,
        "obstacles": [words_of(each) for each in opening.obstacles],
        "phone": Medium.PHONE in opening.ballot.media,
        "paper": Medium.PAPER in opening.ballot.media,
        "rounds": rounds_of_ballot(session, sitting.campaign, opening.ballot.key),
    }


def _given(form: Form, opening: Opening) -> Given:
    issued = {
        each.key: Issued(_number(form, f"phone/{_name(each)}"), _number(form, f"paper/{_name(each)}"))
        for each in opening.turnout
        if each.present is not None
    }
    units = tuple(form.ticked("unit"))
    return Given(issued, units, form.text("scrutineers"), aware=form.value("aware") == "yes")


def _number(form: Form, name: str) -> int:
    """A medium that the ballot does not have has no field."""
    return number_in(form, name) if form.text(name) else 0


def _name(each: ClassTurnout) -> str:
    return f"{each.channel}/{each.voters}"


def _counted(sitting: SittingRow) -> list[Ballot]:
    """Ballots that the system counts."""
    return [ballot for ballot in method_of(sitting.campaign).ballots if ballot.recording is Recording.COUNTED]


def _codes(
    here: Visit, identifier: UUID, refusal: Refusal | None = None, typed: Mapping[str, str] = NOTHING
) -> Response:
    with here.reading() as session:
        sitting = sitting_by(session, identifier)
        classes = voters_of(method_of(sitting.campaign))
    return here.show("ballot-codes", refusal, sitting=sitting, campaign=sitting.campaign, classes=classes, typed=typed)
