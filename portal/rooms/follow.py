"""凭查询码查看办理情况: the writer comes back without being known; the code is never in an address."""

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations.follow_ups import add_message, follow_up, opinion_by_code
from portal.public import Given, Guest, GuestHere

router = APIRouter(prefix="/follow")
PURPOSE = "follow"


@router.get("")
def ask(here: GuestHere) -> Response:
    return here.show("follow", typed="")


@router.post("")
def look(given: Given) -> Response:
    return _opinion(given.guest, given.value("code"))


@router.post("/message")
def say(given: Given) -> Response:
    here, code, text = given.guest, given.value("code"), given.text("text")
    try:
        nonce = given.nonce(PURPOSE)
        here.house.guard.admit_lookup()
        with here.desk() as desk:
            add_message(desk, opinion_by_code(desk.session, here.keyring, code), nonce, text)
    except Refusal as refusal:
        return _opinion(here, code, refusal, text)
    return _opinion(here, code, done=phrase("portal.done.follow-added"))


def _opinion(here: Guest, code: str, refusal: Refusal | None = None, typed: str = "", done: str = "") -> Response:
    try:
        here.house.guard.admit_lookup()
        with here.reading() as session:
            opinion = follow_up(session, opinion_by_code(session, here.keyring, code))
    except Refusal as wrong:
        return here.show("follow", wrong, typed=code)
    shown = {"opinion": opinion, "code": code, "typed": typed, "ticket": here.ticket(PURPOSE)}
    return here.show("follow-opinion", refusal, **shown, done=done)
