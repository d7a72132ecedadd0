"""导入问题清单: from a workbook or a csv file, looked at first and taken in after."""

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.operations.drafts import draft, drop_draft, keep_draft
from appraisal.operations.loading import campaign_by
from appraisal.operations.problem_import import Preview, import_problems, preview, template
from portal.forms import Posted
from portal.rooms.problems import workbook
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/campaigns/{slug}/problems/import")

SHOWN = 50
SHOWN_FAULTS = 200
NAMES = {"csv": "问题清单.csv", "xlsx": "问题清单.xlsx"}


@router.get("")
def choose(slug: str, here: StaffHere) -> Response:
    return _page(here, slug)


@router.get("/template")
def download(slug: str, here: StaffHere) -> Response:
    with here.reading() as session:
        content = template(session, slug)
    return workbook(content, NAMES["xlsx"])


@router.post("")
def look(slug: str, here: StaffHere, form: Posted) -> Response:
    """Read it, say what is wrong with it or what it would add; nothing is written yet."""
    try:
        files = form.files("file")
        if not files:
            raise Refusal("problem.no_file")
        kind = "csv" if files[0].name.lower().endswith(".csv") else "xlsx"
        content = files[0].content.read()
        with here.reading() as session:
            seen = preview(session, slug, content, NAMES[kind])
            campaign = campaign_by(session, slug)
    except Refusal as refusal:
        return _page(here, slug, refusal)
    if seen.faults:
        return _page(here, slug, Refusal("problem.faulty", count=len(seen.faults)), seen)
    kept = keep_draft(here.office, content, here.now) if seen.fresh else ""
    first = seen.lines[:SHOWN]
    return here.show("problem-import-preview", campaign=campaign, seen=seen, first=first, draft=kept, kind=kind)


@router.post("/taken")
def take(slug: str, here: StaffHere, form: Posted) -> Response:
    name = form.value("draft")
    try:
        content = draft(here.office, name)
        with here.desk() as desk:
            import_problems(desk, slug, content, NAMES.get(form.value("kind"), NAMES["xlsx"]))
    except Refusal as refusal:
        return _page(here, slug, refusal)
    drop_draft(here.office, name)
    return here.go(f"/campaigns/{slug}/problems", "problems-taken")


def _page(here: Visit, slug: str, refusal: Refusal | None = None, seen: Preview | None = None) -> Response:
    with here.reading() as session:
        campaign = campaign_by(session, slug)
    faults = seen.faults[:SHOWN_FAULTS] if seen else ()
    return here.show("problem-import", refusal, campaign=campaign, faults=faults)
