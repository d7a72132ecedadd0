"""整改台账: the register of rectification of a campaign, fetched as a workbook and sent back edited."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from appraisal.documents.rectification_reading import read_register
from appraisal.domain.refusal import Refusal
from appraisal.operations.drafts import draft, drop_draft, keep_draft
from appraisal.operations.rectification_import import Outcome, preview, take
from appraisal.operations.rectification_register import rectification_register, register_view
from appraisal.operations.rectification_rows import RegisterSought
from portal.forms import Posted
from portal.rooms.problems import workbook
from portal.visits import Here, Visit

router = APIRouter(prefix="/campaigns/{slug}/rectification")

NAME = "整改台账.xlsx"
SHOWN = 200


def sought_in(request: Request) -> RegisterSought:
    """What the page was asked for."""
    query = request.query_params
    words = {name: query.get(name, "").replace("\x00", "")[:100] for name in ("unit", "panel", "leader")}
    return RegisterSought(**words)


Sought = Annotated[RegisterSought, Depends(sought_in)]


@router.get("")
def show(slug: str, here: Here, sought: Sought) -> Response:
    return _page(here, slug, sought)


@router.get("/register")
def download(slug: str, here: Here, sought: Sought) -> Response:
    with here.reading() as session:
        title = register_view(session, slug, here.person, here.now.date(), sought).title
        content = rectification_register(session, here.office, here.now, slug, here.person, sought)
    return workbook(content, f"{title}{NAME}")


@router.post("")
def look(slug: str, here: Here, form: Posted) -> Response:
    """Read it and say what it would change; nothing is written yet."""
    try:
        files = form.files("file")
        if not files:
            raise Refusal("rectification.no_file")
        content = files[0].content.read()
        rows = read_register(content, NAME)
        with here.desk() as desk:
            seen = preview(desk, slug, rows, here.person)
    except Refusal as refusal:
        return _page(here, slug, RegisterSought(), refusal)
    kept = keep_draft(here.office, content, here.now) if seen.of("changed") else ""
    return _outcome(here, slug, seen, draft=kept)


@router.post("/taken")
def take_in(slug: str, here: Here, form: Posted) -> Response:
    """Take in what can be, and say what became of every row."""
    name = form.value("draft")
    try:
        rows = read_register(draft(here.office, name), NAME)
        with here.desk() as desk:
            outcome = take(desk, slug, rows, here.person)
    except Refusal as refusal:
        return _page(here, slug, RegisterSought(), refusal)
    drop_draft(here.office, name)
    return _outcome(here, slug, outcome, draft="", taken=True)


def _page(here: Visit, slug: str, sought: RegisterSought, refusal: Refusal | None = None) -> Response:
    with here.reading() as session:
        view = register_view(session, slug, here.person, here.now.date(), sought)
    query = urlencode([(name, word) for name, word in vars(sought).items() if word])
    return here.show("rectification", refusal, slug=slug, view=view, sought=sought, query=query)


def _outcome(here: Visit, slug: str, outcome: Outcome, *, draft: str, taken: bool = False) -> Response:
    with here.reading() as session:
        title = register_view(session, slug, here.person, here.now.date(), RegisterSought()).title
    rows = {fate: outcome.of(fate) for fate in ("changed", "refused", "same", "untouched")}
    shown = {"slug": slug, "campaign": title, "rows": rows, "most": SHOWN}
    return here.show("rectification-outcome", None, draft=draft, taken=taken, **shown)
