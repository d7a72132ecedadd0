"""总结报告: the figures of a campaign, the report written from them, and their use in the annual assessment."""

from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.documents.annual_book import annual_book
from appraisal.documents.final_report import FinalReport, final_report_docx
from appraisal.notices.wording import phrase
from appraisal.operations.annual_use import annual_lines
from appraisal.operations.final_report import report_for, report_name
from appraisal.operations.loading import campaign_by
from appraisal.operations.overview import obstacles_in
from appraisal.operations.rectification_figures import Figures
from portal.rooms.problems import workbook
from portal.rooms.round_papers import DOCX
from portal.visits import Here, Visit

router = APIRouter(prefix="/campaigns/{slug}")


@router.get("/report")
def show(slug: str, here: Here) -> Response:
    figures, report, title = _report(here, slug)
    with here.reading() as session:
        obstacles = obstacles_in(session, campaign_by(session, slug))
    here.note_reading(f"/campaigns/{slug}/report")
    shown = {"figures": figures, "report": report, "obstacles": obstacles}
    return here.show("final-report", None, slug=slug, campaign=title, **shown)


@router.get("/report/sheet")
def sheet(slug: str, here: Here) -> Response:
    """To be printed, or saved as PDF, from the browser."""
    _, report, title = _report(here, slug)
    return here.show("final-report-sheet", None, slug=slug, campaign=title, report=report)


@router.get("/report.docx")
def paper(slug: str, here: Here) -> Response:
    _, report, title = _report(here, slug)
    name = report_name(title, draft=bool(report.draft))
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}"}
    return Response(final_report_docx(report), media_type=DOCX, headers=headers)


@router.get("/annual")
def annual(slug: str, here: Here) -> Response:
    figures, report, title = _report(here, slug)
    lines = annual_lines(figures)
    return here.show("annual", None, slug=slug, campaign=title, lines=lines, figures=figures, draft=report.draft)


@router.get("/annual.xlsx")
def annual_register(slug: str, here: Here) -> Response:
    figures, _, title = _report(here, slug)
    return workbook(annual_book(annual_lines(figures)), phrase("annual.file", campaign=title))


def _report(here: Visit, slug: str) -> tuple[Figures, FinalReport, str]:
    with here.reading() as session:
        figures, report = report_for(session, slug, here.person, here.now)
        return figures, report, campaign_by(session, slug).title
