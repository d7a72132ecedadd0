"""What a closed questionnaire came to: pages and files to take away, small groups hidden in both."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.documents.survey_book import figures_book, figures_csv
from appraisal.domain.survey import percent
from appraisal.operations.survey_results import results_of
from appraisal.operations.survey_tables import question_grid, result_grids
from portal.paging import paged
from portal.rooms.questionnaire_papers import XLSX, attached
from portal.visits import StaffHere

router = APIRouter(prefix="/questionnaires/{identifier}")


@router.get("/results")
def show(identifier: UUID, here: StaffHere, page: int = 1) -> Response:
    with here.reading() as session:
        results = results_of(session, identifier)
    shown = paged(results.questions, page)
    return here.show("questionnaire-results", identifier=identifier, results=results, paged=shown, percent=percent)


@router.get("/export")
def export(identifier: UUID, here: StaffHere, form: str = "xlsx") -> Response:
    with here.reading() as session:
        results = results_of(session, identifier)
    if form == "csv":
        return attached(figures_csv(question_grid(results)), "questionnaire-results.csv", "text/csv; charset=utf-8")
    return attached(figures_book(result_grids(results)), "questionnaire-results.xlsx", XLSX)
