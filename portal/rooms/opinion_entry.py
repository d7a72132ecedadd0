"""录入意见: what came on paper, by telephone or at a seminar, one by one or from a workbook."""

from io import BytesIO

from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from appraisal.domain.official_date import parse_official_date
from appraisal.domain.opinions import LONGEST, Channel, Source
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations.drafts import draft, drop_draft, keep_draft
from appraisal.operations.intake import Said, whole_form
from appraisal.operations.loading import campaign_by
from appraisal.operations.offline_opinions import CHANNELS, Preview, enter_opinion, import_opinions, preview, template
from appraisal.operations.photos import MOST_PHOTOS, keeping_photos
from appraisal.operations.tickets import new_ticket, read_ticket
from portal.forms import Posted
from portal.rooms.intake import NOTHING, said_in
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/campaigns/{slug}/opinions")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE_NAME = "意见.xlsx"
SHOWN = 50
SHOWN_FAULTS = 200


@router.get("/new")
def blank(slug: str, here: StaffHere) -> Response:
    return _form(here, slug, NOTHING, Channel.PAPER, here.now.date().isoformat())


@router.post("/new")
def enter(slug: str, here: StaffHere, form: Posted) -> Response:
    said, channel, written = said_in(form, tuple(Source)), form.value("channel"), form.value("received_on")
    try:
        if channel not in CHANNELS:
            raise Refusal("intake.no_channel")
        on = parse_official_date(written, "收到日期")
        nonce = read_ticket(here.office.keyring, _purpose(slug), form.value("ticket"), here.now.date())
        with keeping_photos(here.office, form.files("photos"), on=here.now.date()) as photos, here.desk() as desk:
            taken = enter_opinion(desk, slug, said, Channel(channel), on, nonce, photos)
    except Refusal as refusal:
        return _form(here, slug, said, channel, written, refusal)
    return here.show("opinion-entry-done", slug=slug, code=taken.code, held=taken.why_held)


@router.get("/import")
def choose(slug: str, here: StaffHere) -> Response:
    return _import(here, slug)


@router.get("/import/template")
def download(slug: str, here: StaffHere) -> Response:
    with here.reading() as session:
        content = template(session, slug, here.now.date())
    headers = {"Content-Disposition": "attachment; filename*=utf-8''%E6%84%8F%E8%A7%81.xlsx"}
    return StreamingResponse(BytesIO(content), media_type=XLSX, headers=headers)


@router.post("/import")
def look(slug: str, here: StaffHere, form: Posted) -> Response:
    """Read it, say what is wrong with it or what it would add; nothing is written yet."""
    try:
        files = form.files("file")
        if not files:
            raise Refusal("intake.no_file")
        content = files[0].content.read()
        seen = _seen(here, slug, content)
    except Refusal as refusal:
        return _import(here, slug, refusal)
    if seen.faults:
        return _import(here, slug, Refusal("intake.faulty", count=len(seen.faults)), seen)
    kept = keep_draft(here.office, content, here.now) if seen.fresh else ""
    return here.show("opinion-entry-preview", slug=slug, seen=seen, first=seen.lines[:SHOWN], draft=kept)


@router.post("/import/taken")
def take(slug: str, here: StaffHere, form: Posted) -> Response:
    name = form.value("draft")
    try:
        content = draft(here.office, name)
        with here.desk() as desk:
            import_opinions(desk, slug, content, FILE_NAME)
    except Refusal as refusal:
        return _import(here, slug, refusal)
    drop_draft(here.office, name)
    return here.go(f"/campaigns/{slug}/opinions/import", "opinions-taken")


def _seen(here: Visit, slug: str, content: bytes) -> Preview:
    with here.reading() as session:
        return preview(session, here.office, slug, content, FILE_NAME, here.now.date())


def _purpose(slug: str) -> str:
    return f"entry/{slug}"


def _form(
    here: Visit, slug: str, said: Said, channel: str, received_on: str, refusal: Refusal | None = None
) -> Response:
    with here.reading() as session:
        form = whole_form(session, campaign_by(session, slug))
    return here.show(
        "opinion-entry",
        refusal,
        slug=slug,
        campaign=form.campaign.title,
        said=said,
        channel=channel,
        received_on=received_on,
        ticket=new_ticket(here.office.keyring, _purpose(slug), here.now.date()),
        offer={"fixed": "", "units": [(unit.code, unit.name) for unit in form.units], "aspects": form.aspects},
        sources=[(str(each), phrase(f"intake.source.{each}")) for each in Source],
        channels=[(str(each), phrase(f"intake.channel.{each}")) for each in CHANNELS],
        most=LONGEST,
        most_photos=MOST_PHOTOS,
    )


def _import(here: Visit, slug: str, refusal: Refusal | None = None, seen: Preview | None = None) -> Response:
    with here.reading() as session:
        title = campaign_by(session, slug).title
    faults = seen.faults[:SHOWN_FAULTS] if seen else ()
    return here.show("opinion-entry-import", refusal, slug=slug, campaign=title, faults=faults)
