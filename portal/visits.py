"""A visit: one request of somebody who is signed in."""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session as Reading
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from appraisal import clock
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations.desks import is_staff, unread
from appraisal.operations.identity import person_by_register_code
from appraisal.operations.office import Desk, Office
from appraisal.operations.undelivered import mark_read
from appraisal.store.register_tables import PersonRow
from portal import sessions
from portal.house import House, house_of
from portal.refusals import status_of, words_of
from portal.sessions import Session

logger = logging.getLogger(__name__)

DONE = frozenset(
    {
        "acknowledged",
        "submitted",
        "confirmed",
        "accepted",
        "returned",
        "agreed",
        "refused",
        "retried",
        "panel-set",
        "panels-set",
        "panel-dissolved",
        "logged",
        "log-withdrawn",
        "log-raised",
        "log-suggested",
        "points-made",
        "point-closed",
        "point-renewed",
        "opinion-given",
        "opinions-taken",
        "follow-added",
        "chosen",
        "self-reviewed",
        "merged-as-same",
        "summoned",
        "order-given",
        "survey-opened",
        "survey-sent",
        "survey-reminded",
        "survey-papers",
        "survey-entered",
        "survey-closed",
        "opinions-listed",
        "opinions-gathered",
        "opinions-rejected",
        "opinions-let-in",
        "opinion-asked",
        "opinion-corrected",
        "opinion-reopened",
        "opinion-put-back",
        "problem-recorded",
        "problem-revised",
        "problem-merged",
        "problem-split",
        "problem-dropped",
        "problem-closed",
        "problem-agreed",
        "problem-part-closed",
        "problem-returned",
        "problem-reopened",
        "problem-handed-on",
        "problems-classified",
        "problems-assigned",
        "problem-moved",
        "objected",
        "objection-ruled",
        "problems-taken",
        "problem-noted",
        "problems-taken-over",
        "measure-set",
        "measure-dropped",
        "progress-reported",
        "progress-reported-lower",
        "progress-apart",
        "progress-apart-lower",
        "progress-settled",
        "progress-settled-lower",
        "sitting-set",
        "sitting-opened",
        "sitting-closed",
        "agenda-set",
        "agenda-held",
        "agenda-recorded",
        "roll-set",
        "noted",
        "review-opinion-kept",
        "review-opinion-asked",
        "review-opinions-asked",
        "review-opinion-approved",
        "review-opinion-returned",
        "review-opinion-delivered",
        "review-opinions-delivered",
        "round-opened",
        "round-issued",
        "round-closed",
        "round-voided",
        "round-released",
        "sheet-entered",
        "extension-asked",
        "extension-withdrawn",
        "extension-granted",
        "extension-refused",
    }
)


class NotSignedIn(Exception):  # noqa: N818 - an answer to the visitor, not a crash.
    """Nobody has come in by a link, or not for a long time."""


@dataclass(frozen=True)
class Visit:
    """Who is here, in which role, at what time; ``done`` names what the page before has just done."""

    house: House
    session: Session
    person: PersonRow
    staff: bool
    now: datetime
    done: str

    @property
    def office(self) -> Office:
        """The office behind the portal."""
        return self.house.office

    def reading(self) -> AbstractContextManager[Reading]:
        """A session that writes nothing."""
        return self.office.store.reading()

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """One transaction of the visitor; it commits when the block ends well."""
        with self.office.desk(f"person:{self.person.code}", self.now) as desk:
            yield desk

    def show(self, page: str, /, refusal: Refusal | None = None, **shown: object) -> Response:
        """A page; with a refusal, what was refused stands above it."""
        common = {
            "me": self.person.name,
            "staff": self.staff,
            "today": self.now.date(),
            "form_mark": sessions.form_mark(self.office.keyring, self.session),
            "done": phrase(f"portal.done.{self.done}") if self.done in DONE else "",
            "refused": words_of(refusal) if refusal else "",
        }
        return self.house.pages.render(page, status_of(refusal) if refusal else 200, **common, **shown)

    def go(self, page: str, done: str = "") -> Response:
        """On to a page of ours, so that loading it again does nothing twice."""
        return RedirectResponse(f"{page}?done={done}" if done else page, status_code=303)

    def note_reading(self, page: str) -> None:
        """The messages that pointed here are read now; looked up first, so that reading seldom writes."""
        try:
            with self.reading() as session:
                waiting = unread(session, self.person.id, page)
            if waiting:
                with self.desk() as desk:
                    mark_read(desk.work, self.person.id, page, self.now)
        except SQLAlchemyError as error:
            logger.warning("that a message was read is not noted: %s", type(error).__name__)


def visit(request: Request) -> Visit:
    """The visit of whoever is signed in; a session does not outlive the links of its person."""
    house, now = house_of(request), clock.now()
    session = sessions.from_cookie(house.office.keyring, request.cookies.get(sessions.COOKIE, ""), now)
    if session is None:
        raise NotSignedIn
    with house.office.store.reading() as reading:
        person = _person(reading, session)
        staff = is_staff(reading, person, now.date())
    return Visit(house, session, person, staff, now, request.query_params.get("done", ""))


def staff_visit(here: Annotated[Visit, Depends(visit)]) -> Visit:
    """The visit of somebody from the office."""
    if not here.staff:
        raise Refusal("portal.staff_only.not_yours")
    return here


def _person(reading: Reading, session: Session) -> PersonRow:
    try:
        person = person_by_register_code(reading, session.person)
    except Refusal:
        raise NotSignedIn from None
    if person.link_epoch != session.epoch:
        raise NotSignedIn
    return person


Here = Annotated[Visit, Depends(visit)]
StaffHere = Annotated[Visit, Depends(staff_visit)]
