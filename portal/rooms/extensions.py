"""A petition for more time: read, granted or refused by whom the method names, or taken back by whoever asked."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.operations import extensions
from appraisal.operations.duties import By
from appraisal.operations.extension_views import petition_paper
from portal.forms import Posted, not_too_long
from portal.visits import Here, Visit

router = APIRouter(prefix="/petitions/{identifier}")


@router.get("")
def show(identifier: UUID, here: Here) -> Response:
    page = _page(here, identifier)
    here.note_reading(f"/petitions/{identifier}")
    return page


@router.post("/decision")
def decide(identifier: UUID, here: Here, form: Posted) -> Response:
    remarks, decision = form.text("remarks"), form.value("decision")
    try:
        if decision not in ("grant", "refuse"):
            raise Refusal("portal.no_decision")
        not_too_long(remarks)
        with here.desk() as desk:
            granted = decision == "grant"
            extensions.decide(desk, identifier, By(here.person), granted=granted, remarks=remarks)
    except Refusal as refusal:
        return _page(here, identifier, refusal, typed=remarks)
    return here.go(f"/petitions/{identifier}", "extension-granted" if granted else "extension-refused")


@router.post("/withdrawal")
def withdraw(identifier: UUID, here: Here, _: Posted) -> Response:
    try:
        with here.desk() as desk:
            duty = extensions.withdraw(desk, identifier, By(here.person)).obligation_id
    except Refusal as refusal:
        return _page(here, identifier, refusal)
    return here.go(f"/duties/{duty}", "extension-withdrawn")


def _page(here: Visit, identifier: UUID, refusal: Refusal | None = None, typed: str = "") -> Response:
    with here.reading() as session:
        paper = petition_paper(session, here.office, identifier, here.person, here.now)
    return here.show("petition", refusal, paper=paper, typed=typed)
