"""提意见: the page behind a printed code, for anybody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy.exc import IntegrityError
from starlette.responses import Response

from appraisal.domain.opinions import LONGEST, Channel, Source
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations.intake import IntakeForm, Origin, Said, TakenIn, checked, take_in
from appraisal.operations.intake_guard import Pace
from appraisal.operations.photos import MOST_PHOTOS, StoredPhoto, keeping_photos
from portal.forms import Form
from portal.public import Given, Guest, GuestHere

router = APIRouter(prefix="/o/{token}")

NOTHING = Said("")
SOURCES = (Source.PUBLIC, Source.ENTERPRISE)


@dataclass(frozen=True)
class Offer:
    """A form as a template lists it; ``fixed`` names the one unit of a point that has one."""

    token: str
    title: str
    campaign: str
    fixed: str
    units: list[tuple[str, str]]
    aspects: tuple[tuple[str, str], ...]
    sources: list[tuple[str, str]]
    most: int = LONGEST
    most_photos: int = MOST_PHOTOS


@router.get("")
def show(token: str, here: GuestHere) -> Response:
    try:
        return _page(here, _form(here, token))
    except Refusal as refusal:
        return here.turn_away(refusal)


@router.post("")
def send(token: str, given: Given) -> Response:
    here, said = given.guest, said_in(given)
    try:
        form = _form(here, token)
    except Refusal as refusal:
        return here.turn_away(refusal, typed=said.text)
    try:
        return _thanks(here, form, said, _taken(given, form, said).code, len(given.files("photos")))
    except Refusal as refusal:
        return _page(here, form, said, refusal)


def said_in(form: Form, sources: Collection[Source] = SOURCES) -> Said:
    """What was typed, as it was typed; a source that is not offered is the public."""
    source = form.value("source")
    return Said(
        form.text("text"),
        form.value("unit"),
        form.value("aspect"),
        Source(source) if source in sources else Source.PUBLIC,
        form.value("named") == "yes",
        form.text("name"),
        form.text("contact"),
    )


def offer(form: IntakeForm) -> Offer:
    """The form of a campaign or a point as templates list it."""
    fixed = form.point.unit.name if form.point and form.point.unit else ""
    return Offer(
        form.point.token if form.point else "",
        form.point.title if form.point else form.campaign.title,
        form.campaign.title,
        fixed,
        [(unit.code, unit.name) for unit in form.units],
        form.aspects,
        [(source, phrase(f"intake.source.{source}")) for source in SOURCES],
    )


def _form(here: Guest, token: str) -> IntakeForm:
    with here.reading() as session:
        return here.house.forms.at(session, token)


def _taken(given: Given, form: IntakeForm, said: Said) -> TakenIn:
    """Checked first, counted second, photos drawn last: what is refused costs little."""
    here = given.guest
    checked(form, said)
    origin = Origin(Channel.CODE, given.nonce(_purpose(form)), here.now.date(), pace=_pace(here, form))
    with keeping_photos(here.office, given.files("photos"), on=here.now.date()) as photos:
        try:
            return _take(here, form, said, origin, photos)
        except IntegrityError:  # The same form came twice at the same moment; by now the other is in.
            return _take(here, form, said, origin, photos)


def _take(here: Guest, form: IntakeForm, said: Said, origin: Origin, photos: Sequence[StoredPhoto]) -> TakenIn:
    """One after the other in the order they came: SQLite has one writer, and who waits for it there waits by luck."""
    with here.house.queue, here.desk() as desk:
        return take_in(desk, form, said, origin, photos)


def _pace(here: Guest, form: IntakeForm) -> Pace:
    pace = here.house.guard.pace(str(form.point.id) if form.point else "")
    if pace is Pace.REFUSED:
        raise Refusal("intake.too_fast")
    return pace


def _address(form: IntakeForm) -> str:
    return f"/o/{form.point.token}" if form.point else ""


def _purpose(form: IntakeForm) -> str:
    return f"opinion{_address(form)}"


def _page(here: Guest, form: IntakeForm, said: Said = NOTHING, refusal: Refusal | None = None) -> Response:
    return here.show("intake", refusal, form=offer(form), said=said, ticket=here.ticket(_purpose(form)))


def _thanks(here: Guest, form: IntakeForm, said: Said, code: str, photos: int) -> Response:
    """Not a redirect: the code must not get into an address."""
    return here.show("intake-thanks", code=code, named=said.named, photos=photos, page=_address(form))
