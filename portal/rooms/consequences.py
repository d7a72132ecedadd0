"""结果运用: what followed from the results, for anyone who is signed in."""

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.operations.consequence_views import consequence_paper
from portal.visits import Here

router = APIRouter(prefix="/campaigns/{slug}/consequences")


@router.get("")
def show(slug: str, here: Here) -> Response:
    with here.reading() as session:
        paper = consequence_paper(session, slug)
    here.note_reading(f"/campaigns/{slug}/consequences")
    return here.show("consequences", None, paper=paper)
