"""Closing out a problem (销号): agreed to, closed out whole or in part, returned, opened again, handed on."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.official_date import parse_official_date
from appraisal.operations import closing_out, handing_over, problems, reopening
from appraisal.operations.office import Desk
from appraisal.store.problem_tables import ProblemRow
from portal.forms import Posted
from portal.rooms.problem import do
from portal.visits import Here, StaffHere

router = APIRouter(prefix="/problems/{identifier}")


@router.post("/agreement")
def agree(identifier: UUID, here: Here, form: Posted) -> Response:
    def act(desk: Desk, slug: str, row: ProblemRow) -> None:
        closing_out.agree(desk, slug, row, here.person.code, form.text("remarks"))

    return do(here, identifier, act, "problem-agreed")


@router.post("/second-hand")
def decide(identifier: UUID, here: Here, form: Posted) -> Response:
    """Closed out, closed out in part, or returned: one form, for one has to be chosen."""
    words, remaining, due_on = form.text("words"), form.text("remaining"), form.text("new_date")

    def act(desk: Desk, slug: str, row: ProblemRow) -> None:
        by, number = here.person.code, row.number
        match form.value("decision"):
            case "close":
                problems.close_problem(desk, slug, number, by, words)
            case "part":
                reopening.close_part(desk, slug, number, by, words, remaining, _day(due_on))
            case _:
                reopening.return_problem(desk, slug, number, by, words, _day(due_on))

    done = {"close": "problem-closed", "part": "problem-part-closed"}.get(form.value("decision"), "problem-returned")
    return do(here, identifier, act, done, words=words, remaining=remaining, new_date=due_on)


@router.post("/reopening")
def reopen(identifier: UUID, here: Here, form: Posted) -> Response:
    words, due_on = form.text("words"), form.text("new_date")

    def act(desk: Desk, slug: str, row: ProblemRow) -> None:
        reopening.reopen(desk, slug, row.number, here.person.code, words, _day(due_on))

    return do(here, identifier, act, "problem-reopened", words=words, new_date=due_on)


@router.post("/handing-on")
def hand_on(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    reason = form.text("words")

    def act(desk: Desk, slug: str, row: ProblemRow) -> None:
        handing_over.hand_on(desk, slug, [row.number], here.person.code, reason)

    return do(here, identifier, act, "problem-handed-on", words=reason)


def _day(written: str) -> date | None:
    return parse_official_date(written, "新的时限") if written else None
