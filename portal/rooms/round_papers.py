"""What a round leaves on paper and as files: the result sheet, the draft of a bulletin, the recount file."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.documents.result_sheet import ResultSheet, bulletin_docx, result_sheet_docx
from appraisal.operations.round_sheets import recount_of, sheet_of
from appraisal.operations.rounds import round_by
from portal.rooms.questionnaire_papers import attached
from portal.visits import Here, StaffHere, Visit

router = APIRouter(prefix="/rounds/{identifier}")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/sheet")
def sheet(identifier: UUID, here: Here) -> Response:
    """To be printed, or saved as PDF, from the browser."""
    return here.show("round-sheet", sheet=_sheet(here, identifier), identifier=identifier)


@router.get("/results.docx")
def results(identifier: UUID, here: StaffHere) -> Response:
    return attached(result_sheet_docx(_sheet(here, identifier)), f"results-{_short(identifier)}.docx", DOCX)


@router.get("/bulletin.docx")
def bulletin(identifier: UUID, here: StaffHere) -> Response:
    return attached(bulletin_docx(_sheet(here, identifier)), f"bulletin-{_short(identifier)}.docx", DOCX)


@router.get("/recount.json")
def recount(identifier: UUID, here: Here) -> Response:
    """For anyone who may see the result: what ``scripts/recount.py`` reads."""
    with here.reading() as session:
        text = recount_of(session, round_by(session, identifier))
    return attached(text.encode(), f"recount-{_short(identifier)}.json", "application/json")


def _sheet(here: Visit, identifier: UUID) -> ResultSheet:
    with here.reading() as session:
        return sheet_of(session, round_by(session, identifier))


def _short(identifier: UUID) -> str:
    return identifier.hex[:8]
