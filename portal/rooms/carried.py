"""承接结转问题: what earlier campaigns have handed on, to be looked at and taken over; and what was."""

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.operations.handed_over import carried
from appraisal.operations.handing_over import take_over
from portal.forms import Posted
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/campaigns/{slug}/carried")


@router.get("")
def show(slug: str, here: StaffHere) -> Response:
    page = _page(here, slug)
    here.note_reading(f"/campaigns/{slug}/carried")
    return page


@router.post("")
def take(slug: str, here: StaffHere, form: Posted) -> Response:
    """All that one campaign has to give; done twice it adds nothing."""
    try:
        with here.desk() as desk:
            take_over(desk, slug, form.value("from"))
    except Refusal as refusal:
        return _page(here, slug, refusal)
    return here.go(f"/campaigns/{slug}/carried", "problems-taken-over")


def _page(here: Visit, slug: str, refusal: Refusal | None = None) -> Response:
    with here.reading() as session:
        return here.show("carried", refusal, view=carried(session, slug))
