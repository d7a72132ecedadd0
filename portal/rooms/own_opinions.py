"""代表意见: a deputy gives opinions under their own name, and sees what became of them."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.opinions import LONGEST
from appraisal.domain.refusal import Refusal
from appraisal.operations.deputies import answer, give_opinion, opinions_of, refuse_others
from appraisal.operations.follow_ups import follow_up
from appraisal.operations.intake import is_taking, whole_form
from appraisal.operations.loading import campaign_by
from appraisal.operations.photos import MOST_PHOTOS, keeping_photos
from appraisal.operations.tickets import new_ticket, read_ticket
from portal.forms import Posted
from portal.paging import paged
from portal.rooms.intake import NOTHING, said_in
from portal.visits import Here, Visit

router = APIRouter(prefix="/campaigns/{slug}/opinions/own")


@router.get("")
def show(slug: str, here: Here, page: int = 1) -> Response:
    shown = _page(here, slug, page=page)
    here.note_reading(f"/campaigns/{slug}/opinions/own")
    return shown


@router.post("")
def give(slug: str, here: Here, form: Posted) -> Response:
    said = said_in(form)
    try:
        nonce = read_ticket(here.office.keyring, _purpose(here, slug), form.value("ticket"), here.now.date())
        with keeping_photos(here.office, form.files("photos"), on=here.now.date()) as photos, here.desk() as desk:
            give_opinion(desk, slug, here.person, said, nonce, photos)
    except Refusal as refusal:
        return _page(here, slug, refusal, said=said)
    return here.go(f"/campaigns/{slug}/opinions/own", "opinion-given")


@router.post("/{identifier}/message")
def say(slug: str, identifier: UUID, here: Here, form: Posted) -> Response:
    text = form.text("text")
    try:
        nonce = read_ticket(here.office.keyring, _purpose(here, slug), form.value("ticket"), here.now.date())
        with here.desk() as desk:
            answer(desk, slug, here.person, identifier, nonce, text)
    except Refusal as refusal:
        return _page(here, slug, refusal, typed={identifier: text})
    return here.go(f"/campaigns/{slug}/opinions/own", "follow-added")


def _purpose(here: Visit, slug: str) -> str:
    return f"own/{slug}/{here.person.code}"


def _page(here: Visit, slug: str, refusal: Refusal | None = None, page: int = 1, **typed: object) -> Response:
    with here.reading() as session:
        refuse_others(session, here.person, here.now.date())
        shown = paged(opinions_of(session, slug, here.person), page)
        opinions = [follow_up(session, row) for row in shown.items]
        form = whole_form(session, campaign_by(session, slug))
        is_open = is_taking(session, form.campaign)
    facts: dict[str, object] = {
        "slug": slug,
        "campaign": form.campaign.title,
        "is_open": is_open,
        "offer": {"fixed": "", "units": [(unit.code, unit.name) for unit in form.units], "aspects": form.aspects},
        "ticket": new_ticket(here.office.keyring, _purpose(here, slug), here.now.date()),
        "most": LONGEST,
        "most_photos": MOST_PHOTOS,
        "said": NOTHING,
        "typed": {},
    }
    return here.show("opinions-own", refusal, paged=shown, opinions=opinions, **facts | typed)
