"""Answers that are no page: refused, not found, not signed in, too large, broken; each says what to do next."""

from typing import cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from portal.house import House, house_of
from portal.refusals import status_of, words_of
from portal.visits import NotSignedIn

KNOWN = frozenset({400, 401, 403, 404, 405, 409, 413, 422, 500})
FOR_ANYBODY = ("/o/", "/follow", "/q/", "/c/", "/v/", "/receipts/", "/screen/")
"""Where people come who have no page of their own to go back to."""


def mishap(house: House, status: int, reference: str = "", words: str = "", path: str = "") -> Response:
    """A page that stands by itself: no menu, for nobody may be signed in."""
    kind = status if status in KNOWN else 500 if status >= 500 else 400
    shown = {"heading": phrase(f"portal.error.{kind}.heading"), "words": words or phrase(f"portal.error.{kind}.words")}
    home = status != 401 and not path.startswith(FOR_ANYBODY)
    return house.pages.render("message", status, **shown, reference=reference, tone="trouble", home=home)


def add_mishaps(app: FastAPI) -> None:
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(IntegrityError, _overtaken)


def _refused(request: Request, error: Exception) -> Response:
    refusal = cast("Refusal", error)
    return mishap(house_of(request), status_of(refusal), words=words_of(refusal))


def _http(request: Request, error: Exception) -> Response:
    return mishap(house_of(request), cast("HTTPException", error).status_code, path=request.url.path)


def _not_signed_in(request: Request, error: Exception) -> Response:
    return mishap(house_of(request), 401)


def _unfit(request: Request, error: Exception) -> Response:
    """An address that cannot be one of ours is simply not found."""
    faults = cast("RequestValidationError", error).errors()
    return mishap(house_of(request), 404 if any(fault["loc"][0] == "path" for fault in faults) else 422)


def _overtaken(request: Request, error: Exception) -> Response:
    """Two did the same thing at the same moment, and the other was first."""
    return mishap(house_of(request), 409, words=phrase("portal.overtaken"))
