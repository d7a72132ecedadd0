"""Coming in by a personal link, and leaving."""

import re
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from appraisal import clock
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations.identity import person_by_link
from portal import sessions
from portal.forms import Posted
from portal.house import House, house_of
from portal.refusals import words_of
from portal.visits import Here

router = APIRouter()
HOME = "/"
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


@router.get("/go/{token}")
def go(request: Request, token: str, to: str = HOME) -> Response:
    """The token leaves the address bar at once: the answer is a cookie and the way to the page."""
    house, now = house_of(request), clock.now()
    try:
        with house.office.store.reading() as session:
            person = person_by_link(session, house.office.keyring, token, now.date())
    except Refusal as refusal:
        return _turned_away(house, refusal)
    response = RedirectResponse(local_page(to), status_code=303)
    signed = sessions.to_cookie(house.office.keyring, sessions.begin(person.code, person.link_epoch, now))
    response.set_cookie(sessions.COOKIE, signed, httponly=True, samesite="lax", secure=house.is_secure)
    return response


@router.post("/leave")
def leave(here: Here, _: Posted) -> Response:
    shown = {"heading": phrase("portal.left.heading"), "words": phrase("portal.left.words")}
    response = here.house.pages.render("message", **shown, reference="", tone="calm", home=False)
    response.delete_cookie(sessions.COOKIE, httponly=True, samesite="lax", secure=here.house.is_secure)
    return response


def local_page(to: str) -> str:
    """The page somebody wants to, if it is one of ours; else the first one."""
    parts = urlsplit(to)
    ours = _LOCAL.fullmatch(to) and not parts.scheme and not parts.netloc and not to.startswith("/go/")
    return to if ours else HOME


def _turned_away(house: House, refusal: Refusal) -> Response:
    heading = phrase("portal.link.heading")
    words = f"{words_of(refusal)}。{phrase('portal.link.words')}"
    return house.pages.render("message", 401, heading=heading, words=words, reference="", tone="trouble", home=False)
