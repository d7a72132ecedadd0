"""The office enters what came on paper, in its own name and on behalf of the unit."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.method.words import Act
from appraisal.operations import duties
from appraisal.operations.dossiers import Dossier, dossier
from appraisal.operations.duties import By
from appraisal.operations.uploads import keeping
from portal.forms import Posted, not_too_long
from portal.rooms.handing_in import BLANK, offered_in, percent_in, written_in
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/offline/{identifier}")

DONE_BY = {Act.ACKNOWLEDGE: "acknowledged", Act.CONFIRM: "confirmed", Act.SUBMIT: "submitted"}


@router.get("")
def show(identifier: UUID, here: StaffHere) -> Response:
    return _page(here, _read(here, identifier))


@router.post("/submission")
def enter(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    text, by = form.text("text"), By(here.person, offline=True)
    shown = _read(here, identifier)
    act = Act.ACKNOWLEDGE if form.value("act") == Act.ACKNOWLEDGE else shown.does
    try:
        not_too_long(text)
        percent, offered = percent_in(form), offered_in(form)
        with keeping(here.office, offered) as files, here.desk() as desk:
            match act:
                case Act.ACKNOWLEDGE:
                    duties.acknowledge(desk, identifier, by)
                case Act.CONFIRM:
                    duties.confirm(desk, identifier, by, text)
                case Act.SUBMIT:
                    duties.submit(desk, identifier, by, text, files, percent)
    except Refusal as refusal:
        return _page(here, shown, refusal, text, written_in(form))
    return here.go(f"/duties/{identifier}", DONE_BY[act])


def _read(here: Visit, identifier: UUID) -> Dossier:
    with here.reading() as session:
        return dossier(session, here.office, identifier, here.person, here.now)


def _page(
    here: Visit, shown: Dossier, refusal: Refusal | None = None, typed: str = "", entered: Mapping[str, str] = BLANK
) -> Response:
    return here.show("offline", refusal, duty=shown, typed=typed, entered=entered)
