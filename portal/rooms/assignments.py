"""交办函: all of a campaign for the office; one read, signed for, objected to, ruled on, taken home as a paper."""

from collections.abc import Callable
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.operations import objections
from appraisal.operations.assignment_papers import assignment_paper
from appraisal.operations.assignment_views import letter_view, letters_listed
from appraisal.operations.letters import letter_by
from appraisal.operations.objections import Ruling
from appraisal.operations.office import Desk
from appraisal.operations.reassigning import reassign
from appraisal.operations.units import active_units
from portal.forms import Posted, not_too_long
from portal.paging import paged
from portal.rooms.review_opinions import DOCX
from portal.visits import Here, StaffHere, Visit

router = APIRouter()
ONE = "/assignments/{identifier}"
PROBLEM = ONE + "/problems/{number}"


@router.get("/campaigns/{slug}/assignments")
def listed(slug: str, here: StaffHere, page: int = 1) -> Response:
    with here.reading() as session:
        campaign, lines = letters_listed(session, slug)
        title = campaign.title
    return here.show("assignments", None, slug=slug, campaign=title, paged=paged(lines, page))


@router.get(ONE + ".docx")
def paper(identifier: UUID, here: Here) -> Response:
    with here.reading() as session:
        name, content = assignment_paper(letter_view(session, here.office, identifier, here.person, here.now))
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}"}
    return Response(content, media_type=DOCX, headers=headers)


@router.get(ONE)
def show(identifier: UUID, here: Here) -> Response:
    page = _page(here, identifier)
    here.note_reading(f"/assignments/{identifier}")
    return page


@router.post(PROBLEM + "/objection")
def object_to(identifier: UUID, number: int, here: Here, form: Posted) -> Response:
    reason, offline = form.text("reason"), form.value("offline") == "yes"

    def act(desk: Desk) -> object:
        return objections.object_to(desk, identifier, number, here.person, reason, offline=offline)

    return _done(here, identifier, number, act, "objected", reason)


@router.post(PROBLEM + "/ruling")
def rule(identifier: UUID, number: int, here: Here, form: Posted) -> Response:
    remarks, granted = form.text("remarks"), form.value("ruling") == "grant"
    ruling = Ruling(granted, form.value("to_unit") if granted else "", remarks)

    def act(desk: Desk) -> object:
        return objections.rule_on(desk, identifier, number, here.person, ruling)

    return _done(here, identifier, number, act, "objection-ruled", remarks)


@router.post(PROBLEM + "/reassignment")
def move(identifier: UUID, number: int, here: StaffHere, form: Posted) -> Response:
    why, to_unit = form.text("why"), form.value("to_unit")

    def act(desk: Desk) -> object:
        campaign, _ = letter_by(desk.session, identifier)
        return reassign(desk, campaign.slug, number, to_unit, why)

    return _done(here, identifier, number, act, "problem-moved", why)


def _done(here: Visit, identifier: UUID, number: int, act: Callable[[Desk], object], done: str, typed: str) -> Response:
    try:
        not_too_long(typed)
        with here.desk() as desk:
            act(desk)
    except Refusal as refusal:
        return _page(here, identifier, refusal, number, typed)
    return here.go(f"/assignments/{identifier}", done)


def _page(here: Visit, identifier: UUID, refusal: Refusal | None = None, number: int = 0, typed: str = "") -> Response:
    """``typed`` is what was written in the form about the problem of that number."""
    with here.reading() as session:
        view = letter_view(session, here.office, identifier, here.person, here.now)
        units = [unit for unit in active_units(session) if unit.id != view.row.unit_id]
        return here.show("assignment", refusal, view=view, units=units, number=number, typed=typed)
