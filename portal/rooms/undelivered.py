"""Messages that did not arrive: why, and a button to send them again."""

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.operations.undelivered import retry, undelivered
from portal.forms import Posted
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/undelivered")


@router.get("")
def show(here: StaffHere) -> Response:
    page = _page(here)
    here.note_reading("/undelivered")
    return page


@router.post("")
def send_again(here: StaffHere, form: Posted) -> Response:
    try:
        with here.desk() as desk:
            retry(desk.work, form.value("key"), here.now)
    except Refusal as refusal:
        return _page(here, refusal)
    return here.go("/undelivered", "retried")


def _page(here: Visit, refusal: Refusal | None = None) -> Response:
    with here.reading() as session:
        listed = undelivered(session)
    given_up = [message for message in listed if message.next_try is None]
    return here.show("undelivered", refusal, given_up=given_up, trying=[each for each in listed if each.next_try])
