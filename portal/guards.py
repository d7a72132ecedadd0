"""What stands around every room: headers that forbid what no page needs, a measure for bodies, a net for mishaps."""

import logging
import secrets
import traceback

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from appraisal.documents.grids import MOST_BYTES
from appraisal.operations.photos import LARGEST_PHOTO, MOST_PHOTOS
from appraisal.operations.uploads import MEGABYTE, MOST_FILES
from portal.house import House
from portal.mishaps import mishap

logger = logging.getLogger(__name__)

SMALL_BODY = 512 * 1024
PHOTOS = MOST_PHOTOS * LARGEST_PHOTO + MEGABYTE
POINTS = "/o/"
WITH_PHOTOS = ("/opinions/own", "/opinions/new")
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Curtain:
    """Puts the headers on every answer that does not say otherwise itself."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self._app = app
        self._headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, dressed if scope["type"] == "http" else send)


class Measure:
    """Stops a body that is too large while it comes in, whatever its header promised."""

    def __init__(self, app: ASGIApp, upload_limit_mb: int) -> None:
        self._app = app
        papers, workbook = (upload_limit_mb * MOST_FILES + 1) * MEGABYTE, MOST_BYTES + MEGABYTE
        self._by_ending = {"/submission": papers, "/import": workbook, **dict.fromkeys(WITH_PHOTOS, PHOTOS)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        limit = self._limit(path)
        promised = Headers(scope=scope).get("content-length", "")
        taken = 0

        async def measured() -> Message:
            nonlocal taken
            if promised.isdecimal() and int(promised) > limit:
                raise HTTPException(413)
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise HTTPException(413)
            return message

        await self._app(scope, measured, send)

    def _limit(self, path: str) -> int:
        """In bytes: what the form of that address may hold."""
        if path.startswith(POINTS):
            return PHOTOS
        return next((limit for ending, limit in self._by_ending.items() if path.endswith(ending)), SMALL_BODY)


class Net:
    """Catches what nobody expected: a page with a number for the visitor, the same number in the log.

    The log gets the kind of error and where it arose, but not its text: that may quote what somebody typed.
    """

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if "\x00" in scope.get("path", ""):  # No database keeps it, so no page is called by it.
            await mishap(self._house, 404)(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            reference = secrets.token_hex(4).upper()
            where = "".join(traceback.format_tb(error.__traceback__))
            logger.error("mishap %s: %s\n%s", reference, type(error).__name__, where)
            if begun:
                raise
            await mishap(self._house, 500, reference)(scope, receive, send)
