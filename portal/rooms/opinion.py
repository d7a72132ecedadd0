"""一条意见: what it says and what is like it; listed, asked about, put right, let in or rejected."""

from collections.abc import Callable, Mapping
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import FileResponse, Response

from appraisal.domain.problems import Draft
from appraisal.domain.refusal import Refusal
from appraisal.operations import gathering, handling
from appraisal.operations.follow_ups import Writer, contact_of
from appraisal.operations.loading import opinion_by
from appraisal.operations.office import Desk
from appraisal.operations.opinion_desk import opinion_view
from appraisal.operations.photos import photo_file
from appraisal.store.campaign_tables import CampaignRow
from portal.forms import Posted
from portal.rooms.choices import opinion_offer
from portal.rooms.opinions import problem_number
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/opinions/{identifier}")

BLANK = dict.fromkeys(("number", "title", "detail", "unit", "said", "about", "aspect", "reason"), "")


@router.get("")
def show(identifier: UUID, here: StaffHere) -> Response:
    return _page(here, identifier)


@router.post("/problem")
def list_it(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    typed = {name: form.text(name) for name in ("title", "detail", "unit")}
    draft = Draft(typed["title"], typed["unit"] or None, typed["detail"])

    def act(desk: Desk) -> None:
        gathering.take_as_problem(desk, _slug(desk.session, identifier), [identifier], draft, here.person.code)

    return _do(here, identifier, act, "opinions-listed", typed)


@router.post("/gathering")
def gather(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    number = form.text("number")

    def act(desk: Desk) -> None:
        slug = _slug(desk.session, identifier)
        gathering.gather(desk, slug, problem_number(number), [identifier], here.person.code)

    return _do(here, identifier, act, "opinions-gathered", {"number": number})


@router.post("/question")
def ask(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    said = form.text("said")
    return _do(here, identifier, lambda desk: handling.ask(desk, identifier, said), "opinion-asked", {"said": said})


@router.post("/correction")
def correct(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    unit, aspect = form.value("unit"), form.value("aspect")
    typed = {"about": unit, "aspect": aspect}
    return _do(
        here, identifier, lambda desk: handling.correct(desk, identifier, unit, aspect), "opinion-corrected", typed
    )


@router.post("/rejection")
def reject(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    reason = form.text("reason")
    typed = {"reason": reason}
    return _do(here, identifier, lambda desk: handling.reject(desk, identifier, reason), "opinions-rejected", typed)


@router.post("/release")
def release(identifier: UUID, here: StaffHere, _: Posted) -> Response:
    return _do(here, identifier, lambda desk: handling.release(desk, identifier), "opinions-let-in", {})


@router.post("/reopening")
def reopen(identifier: UUID, here: StaffHere, _: Posted) -> Response:
    return _do(here, identifier, lambda desk: handling.reopen(desk, identifier), "opinion-reopened", {})


@router.post("/contact")
def see_contact(identifier: UUID, here: StaffHere, _: Posted) -> Response:
    """Shown once, on the answer to the click: it is in no address, and every look is on the ledger."""
    try:
        with here.desk() as desk:
            writer = contact_of(desk, identifier)
    except Refusal as refusal:
        return _page(here, identifier, refusal)
    return _page(here, identifier, writer=writer)


@router.get("/photos/{place}")
def photo(identifier: UUID, place: int, here: StaffHere) -> Response:
    with here.reading() as session:
        photos = opinion_by(session, identifier).photos
        if not 0 <= place < len(photos):
            raise Refusal("photo.missing")
        path = photo_file(here.office, photos[place])
    return FileResponse(path, media_type=photos[place].media_type)


def _do(here: Visit, identifier: UUID, act: Callable[[Desk], object], done: str, typed: Mapping[str, str]) -> Response:
    try:
        with here.desk() as desk:
            act(desk)
    except Refusal as refusal:
        return _page(here, identifier, refusal, typed)
    return here.go(f"/opinions/{identifier}", done)


def _slug(session: Session, identifier: UUID) -> str:
    return session.get_one(CampaignRow, opinion_by(session, identifier).campaign_id).slug


def _page(
    here: Visit,
    identifier: UUID,
    refusal: Refusal | None = None,
    typed: Mapping[str, str] | None = None,
    writer: Writer | None = None,
) -> Response:
    with here.reading() as session:
        view = opinion_view(session, identifier)
        offer = opinion_offer(session, view.campaign)
    return here.show("opinion", refusal, view=view, offer=offer, typed={**BLANK, **(typed or {})}, writer=writer)
