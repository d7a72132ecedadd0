"""导入评议组: the panels of a campaign from a workbook, looked at before they are set."""

from io import BytesIO
from urllib.parse import quote

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from appraisal.documents.file_kinds import KINDS
from appraisal.domain.refusal import Refusal
from appraisal.operations.drafts import draft, drop_draft, keep_draft
from appraisal.operations.loading import campaign_by
from appraisal.operations.panel_import import Preview, import_panels, panels_as_book, preview_panels
from portal.forms import Posted
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/campaigns/{slug}/panels/import")

FILE_NAME, TABLE_NAME = "评议组.xlsx", "评议组.csv"
SHOWN_FAULTS = 200


@router.get("")
def choose(slug: str, here: StaffHere) -> Response:
    return _page(here, slug)


@router.get("/book")
def download(slug: str, here: StaffHere) -> Response:
    with here.reading() as session:
        content = panels_as_book(session, slug)
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(FILE_NAME)}"}
    return StreamingResponse(BytesIO(content), media_type=KINDS["xlsx"].media_type, headers=headers)


@router.post("")
def look(slug: str, here: StaffHere, form: Posted) -> Response:
    """Read it, say what is wrong with it or what it would set; nothing is written yet."""
    try:
        files = form.files("file")
        if not files:
            raise Refusal("panel.no_file")
        content, name = files[0].content.read(), _name(files[0].name)
        with here.desk() as desk:
            seen = preview_panels(desk, slug, content, name)
    except Refusal as refusal:
        return _page(here, slug, refusal)
    if seen.faults:
        return _page(here, slug, Refusal("panel.faulty", count=len(seen.faults)), seen)
    kept = keep_draft(here.office, content, here.now)
    return here.show("panel-import-preview", None, slug=slug, seen=seen, draft=kept, file=name)


@router.post("/taken")
def take(slug: str, here: StaffHere, form: Posted) -> Response:
    name = form.value("draft")
    try:
        content = draft(here.office, name)
        with here.desk() as desk:
            import_panels(desk, slug, content, _name(form.value("file")))
    except Refusal as refusal:
        return _page(here, slug, refusal)
    drop_draft(here.office, name)
    return here.go(f"/campaigns/{slug}/panels", "panels-set")


def _name(written: str) -> str:
    """What the file is called here: only whether it is a csv matters."""
    return TABLE_NAME if written.lower().endswith(".csv") else FILE_NAME


def _page(here: Visit, slug: str, refusal: Refusal | None = None, seen: Preview | None = None) -> Response:
    with here.reading() as session:
        title = campaign_by(session, slug).title
    faults = seen.faults[:SHOWN_FAULTS] if seen else ()
    return here.show("panel-import", refusal, slug=slug, campaign=title, faults=faults)
