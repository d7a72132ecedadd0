"""向上反映: the office puts a problem before a higher level, and records the instruction (批示) that comes back."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.method.words import OrderKind
from appraisal.operations.office import Desk
from appraisal.operations.orders import Order, give
from appraisal.store.problem_tables import ProblemRow
from portal.forms import Posted, not_too_long
from portal.rooms.problem import do
from portal.rooms.reading import day_in
from portal.visits import StaffHere

router = APIRouter(prefix="/problems/{identifier}")


@router.post("/reporting-up")
def report_up(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    reason = form.text("report")

    def act(desk: Desk, slug: str, row: ProblemRow) -> None:
        not_too_long(reason)
        give(desk, slug, Order(OrderKind.REPORT_UP, reason, problem=row.number))

    return do(here, identifier, act, "problem-reported-up", report=reason)


@router.post("/instruction")
def instruct(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    leader, text, written = form.text("by_leader"), form.text("reply"), form.text("reply_due")

    def act(desk: Desk, slug: str, row: ProblemRow) -> None:
        not_too_long(text)
        due_on = day_in(written, "办结期限") if written else None
        give(desk, slug, Order(OrderKind.INSTRUCT, text, by=leader, due_on=due_on, problem=row.number))

    return do(here, identifier, act, "problem-instructed", by_leader=leader, reply=text, reply_due=written)
