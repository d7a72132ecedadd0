"""签到: the public page behind a check-in code; it gives out the code to vote by, once, and sets no cookie."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from appraisal.documents.qr import qr_svg
from appraisal.domain.refusal import Refusal
from appraisal.keys import plain_code
from appraisal.operations.check_in import Arrival, Welcome, arrival_by, check_in
from portal.public import ACTOR, Given, Guest, GuestHere

router = APIRouter(prefix="/c")
LONGEST = 40


@router.get("")
def ask_for_code(here: GuestHere) -> Response:
    return _ask(here)


@router.post("")
def take_code(given: Given) -> Response:
    plain = plain_code(given.value("code"))[:LONGEST]
    try:
        _arrival(given.guest, plain)
    except Refusal as refusal:
        return _ask(given.guest, given.text("code")[:LONGEST], refusal)
    return RedirectResponse(f"/c/{plain}", status_code=303)


@router.get("/{code}")
def greet(code: str, here: GuestHere) -> Response:
    """Nothing is noted by looking: whatever opens links ahead of people must not check anybody in."""
    try:
        arrival = _arrival(here, code)
    except Refusal as refusal:
        return _ask(here, "", refusal)
    return here.show("check-in", arrival=arrival, here=f"/c/{plain_code(code)}")


@router.post("/{code}")
def come(code: str, given: Given) -> Response:
    here = given.guest
    try:
        _arrival(here, code)
        with here.house.queue:
            welcome = check_in(here.office, ACTOR, code, here.now)
    except Refusal as refusal:
        return _ask(here, "", refusal)
    return _welcome(here, welcome)


def _arrival(here: Guest, written: str) -> Arrival:
    """Wrong codes are counted, so that nobody may try them out."""
    try:
        with here.reading() as session:
            return arrival_by(session, here.keyring, written, here.now)
    except Refusal as refusal:
        if refusal.code == "check_in.unknown":
            here.house.guard.admit_lookup()
        raise


def _ask(here: Guest, typed: str = "", refusal: Refusal | None = None) -> Response:
    return here.show("check-in-code", refusal, typed=typed)


def _welcome(here: Guest, welcome: Welcome) -> Response:
    address = f"{here.office.settings.portal}/v/{plain_code(welcome.code)}" if welcome.code else ""
    qr = qr_svg(address) if address else ""
    vote = f"/v/{plain_code(welcome.code)}" if welcome.code else ""
    return here.show("checked-in", arrival=welcome.arrival, code=welcome.code, qr=qr, vote=vote)
