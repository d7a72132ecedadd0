"""The closing of a phase: read where it stands and what stands in the way, then agree or not."""

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.operations import closings
from appraisal.operations.closing_papers import closing_paper
from portal.forms import Posted, not_too_long
from portal.visits import Here, Visit

router = APIRouter(prefix="/approvals/{campaign}/{phase}")
VIA = "portal"


@router.get("")
def show(campaign: str, phase: str, here: Here) -> Response:
    page = _page(here, campaign, phase)
    here.note_reading(f"/approvals/{campaign}/{phase}")
    return page


@router.post("")
def decide(campaign: str, phase: str, here: Here, form: Posted) -> Response:
    """Bound to what was on the page: ``seen`` is the digest of the brief that was shown."""
    remarks, decision, seen = form.text("remarks"), form.value("decision"), form.value("seen")
    try:
        if decision not in ("agree", "refuse"):
            raise Refusal("portal.no_decision")
        if decision == "refuse" and not remarks:
            raise Refusal("portal.refusal_needs_reason")
        not_too_long(remarks)
        with here.desk() as desk:
            agreed = decision == "agree"
            closings.decide(desk, campaign, phase, here.person, agreed=agreed, seen=seen, via=VIA, remarks=remarks)
    except Refusal as refusal:
        return _page(here, campaign, phase, refusal, typed=remarks)
    here.house.nudge(campaign, phase)
    return here.go(f"/approvals/{campaign}/{phase}", "agreed" if decision == "agree" else "refused")


def _page(here: Visit, campaign: str, phase: str, refusal: Refusal | None = None, typed: str = "") -> Response:
    with here.reading() as session:
        paper = closing_paper(session, campaign, phase, here.person, here.now)
    return here.show("approval", refusal, paper=paper, typed=typed)
