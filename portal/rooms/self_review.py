"""自查自纠: a unit lists what it found itself; the office compares that with what others found."""

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.documents.survey_book import figures_book, figures_csv
from appraisal.domain.refusal import Refusal
from appraisal.operations import self_review
from appraisal.operations.gathering import merge
from appraisal.operations.loading import campaign_by
from appraisal.operations.self_review import SelfFound, read_lines
from portal.forms import Form, Posted, not_too_long
from portal.paging import paged
from portal.rooms.reading import number_in
from portal.visits import Here, StaffHere, Visit

router = APIRouter(prefix="/campaigns/{slug}/self-review")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIELDS = ("unit", "title", "detail", "measure", "lines")


@router.get("")
def show(slug: str, here: Here, page: int = 1) -> Response:
    shown = _page(here, slug, {}, page=page)
    here.note_reading(f"/campaigns/{slug}/self-review")
    return shown


@router.post("")
def enter(slug: str, here: Here, form: Posted) -> Response:
    typed = {name: form.text(name) for name in FIELDS}
    try:
        found = _found(form)
        with here.desk() as desk:
            self_review.list_self_found(desk, slug, typed["unit"], here.person, found)
    except Refusal as refusal:
        return _page(here, slug, typed, refusal)
    return here.go(f"/campaigns/{slug}/self-review", "self-reviewed")


@router.get("/comparison")
def compare(slug: str, here: StaffHere, page: int = 1) -> Response:
    return _comparison(here, slug, page=page)


@router.post("/comparison")
def mark_as_same(slug: str, here: StaffHere, form: Posted) -> Response:
    typed = {name: form.text(name) for name in ("number", "into")}
    try:
        number, into = (number_in(text, "问题序号") for text in typed.values())
        with here.desk() as desk:
            merge(desk, slug, number, into)
    except Refusal as refusal:
        return _comparison(here, slug, refusal, typed)
    return here.go(f"/campaigns/{slug}/self-review/comparison", "merged-as-same")


@router.get("/comparison.xlsx")
def workbook(slug: str, here: StaffHere) -> Response:
    with here.reading() as session:
        grids = self_review.comparison(session, campaign_by(session, slug)).grids()
    return Response(figures_book(grids), media_type=XLSX, headers=_saved_as(f"{slug}-comparison.xlsx"))


@router.get("/comparison.csv")
def table(slug: str, here: StaffHere) -> Response:
    with here.reading() as session:
        figures, _ = self_review.comparison(session, campaign_by(session, slug)).grids()
    return Response(figures_csv(figures), media_type="text/csv", headers=_saved_as(f"{slug}-comparison.csv"))


def _found(form: Form) -> list[SelfFound]:
    """One problem from its fields, or as many as there are lines."""
    if form.value("act") == "lines":
        return read_lines(not_too_long(form.text("lines")))
    return [SelfFound(form.text("title"), not_too_long(form.text("detail")), not_too_long(form.text("measure")))]


def _page(here: Visit, slug: str, typed: dict[str, str], refusal: Refusal | None = None, page: int = 1) -> Response:
    with here.reading() as session:
        campaign = campaign_by(session, slug)
        units = self_review.reviewing_units(session, campaign, here.person, here.now.date())
        found = self_review.self_found(session, campaign, units)
        place = {"slug": slug, "campaign": campaign.title, "open": here.staff or self_review.is_open(campaign)}
    return here.show("self-review", refusal, units=units, paged=paged(found, page), typed=typed, **place)


def _comparison(
    here: Visit, slug: str, refusal: Refusal | None = None, typed: dict[str, str] | None = None, page: int = 1
) -> Response:
    with here.reading() as session:
        campaign = campaign_by(session, slug)
        found = self_review.comparison(session, campaign)
        title = campaign.title
    shown = {"found": found, "paged": paged(found.problems, page), "typed": typed or {}}
    return here.show("self-review-comparison", refusal, slug=slug, campaign=title, **shown)


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
