"""Pages for anybody: no login, no menu, no cookie; a form is guarded by a ticket and nothing else."""

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from appraisal import clock
from appraisal.domain.refusal import Refusal
from appraisal.keys import Keyring
from appraisal.operations.office import Desk, Office
from appraisal.operations.tickets import new_ticket, read_ticket
from portal.forms import LARGEST_PART, Form
from portal.house import House, house_of
from portal.refusals import status_of, words_of

ACTOR = "public"
MOST_FILES = 10
MOST_FIELDS = 500
MOST_LINES = 3000
"""On a ballot: many units in many respects."""


@dataclass(frozen=True)
class Guest:
    """One request of somebody nobody knows; whatever their browser sends along is not looked at."""

    house: House
    now: datetime

    @property
    def office(self) -> Office:
        """The office behind the portal."""
        return self.house.office

    @property
    def keyring(self) -> Keyring:
        """The keys of the office."""
        return self.office.keyring

    def reading(self) -> AbstractContextManager[Session]:
        """A session that writes nothing."""
        return self.office.store.reading()

    def desk(self) -> AbstractContextManager[Desk]:
        """One transaction of the public; it commits when the block ends well."""
        return self.office.desk(ACTOR, self.now)

    def ticket(self, purpose: str) -> str:
        """A fresh ticket for a form, as its hidden field ``ticket``."""
        return new_ticket(self.keyring, purpose, self.now.date())

    def show(self, page: str, /, refusal: Refusal | None = None, **shown: object) -> Response:
        """A page that extends public.html; with a refusal, what was refused stands above it."""
        common = {"today": self.now.date(), "done": "", "refused": words_of(refusal) if refusal else ""} | shown
        return self.house.pages.render(page, status_of(refusal) if refusal else 200, **common)

    def turn_away(self, refusal: Refusal, typed: str = "") -> Response:
        """A page that says why there is nothing to fill in, with whatever had been typed by then."""
        return self.show("public-closed", refusal, typed=typed)


@dataclass(frozen=True)
class PublicForm(Form):
    """What was typed by somebody nobody knows.  Ask for the nonce inside what shows the form again: a ticket that
    has run out must not cost anybody what they wrote."""

    guest: Guest

    def nonce(self, purpose: str) -> str:
        """The random number of the form's ticket; Refusal ``ticket.stale``."""
        return read_ticket(self.guest.keyring, purpose, self.value("ticket"), self.guest.now.date())


async def guest(request: Request) -> Guest:
    """Not a thread of its own: there is nothing to wait for."""
    return Guest(house_of(request), clock.now())


GuestHere = Annotated[Guest, Depends(guest)]


async def form(request: Request, here: GuestHere) -> AsyncIterator[PublicForm]:
    """The form of a request; its files are closed when the answer is made."""
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LARGEST_PART) as data:
        yield PublicForm(data, here)


async def paper(request: Request, here: GuestHere) -> AsyncIterator[PublicForm]:
    """The same for a ballot."""
    async with request.form(max_files=0, max_fields=MOST_LINES, max_part_size=LARGEST_PART) as data:
        yield PublicForm(data, here)


Given = Annotated[PublicForm, Depends(form)]
PaperGiven = Annotated[PublicForm, Depends(paper)]
