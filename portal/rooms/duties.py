"""One duty: read why and when, sign for it, hand in, report it done; accept or return what was handed in."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import FileResponse, Response

from appraisal.domain.official_date import parse_official_date
from appraisal.domain.refusal import Refusal
from appraisal.method.words import Manner
from appraisal.operations import duties, extensions
from appraisal.operations.dossiers import attachment, dossier
from appraisal.operations.duties import By
from appraisal.operations.extension_views import extension_part
from appraisal.operations.loading import obligation_by
from appraisal.operations.order_papers import kind_title
from appraisal.operations.order_views import orders_on
from appraisal.operations.review_opinion_views import opinion_at
from appraisal.operations.supervision import supervision_of
from appraisal.operations.uploads import fetch, keeping
from appraisal.operations.verdicts import Verified
from portal.forms import Form, Posted, not_too_long
from portal.rooms.handing_in import BLANK, UNASKED, finding_in, offered_in, percent_in, written_in
from portal.visits import Here, Visit

router = APIRouter(prefix="/duties/{identifier}")
UNSAID: Mapping[str, str] = {"typed": "", "finding": "", "manner": "", "verified_on": ""}


@router.get("")
def show(identifier: UUID, here: Here) -> Response:
    page = _page(here, identifier)
    here.note_reading(f"/duties/{identifier}")
    return page


@router.post("/acknowledgement")
def acknowledge(identifier: UUID, here: Here, _: Posted) -> Response:
    try:
        with here.desk() as desk:
            duties.acknowledge(desk, identifier, By(here.person))
    except Refusal as refusal:
        return _page(here, identifier, refusal)
    return here.go(f"/duties/{identifier}", "acknowledged")


@router.post("/submission")
def submit(identifier: UUID, here: Here, form: Posted) -> Response:
    text = form.text("text")
    try:
        not_too_long(text)
        percent, offered = percent_in(form), offered_in(form)
        with keeping(here.office, offered) as files, here.desk() as desk:
            duties.submit(desk, identifier, By(here.person), text, files, percent, finding_in(form))
    except Refusal as refusal:
        return _page(here, identifier, refusal, typed=text, entered=written_in(form), finding=form.value("finding"))
    return here.go(f"/duties/{identifier}", "submitted")


@router.post("/confirmation")
def confirm(identifier: UUID, here: Here, form: Posted) -> Response:
    remarks = form.text("remarks")
    try:
        not_too_long(remarks)
        with here.desk() as desk:
            duties.confirm(desk, identifier, By(here.person), remarks)
    except Refusal as refusal:
        return _page(here, identifier, refusal, typed=remarks)
    return here.go(f"/duties/{identifier}", "confirmed")


@router.post("/verdict")
def judge(identifier: UUID, here: Here, form: Posted) -> Response:
    remarks, accepted = form.text("remarks"), form.value("verdict") == "accept"
    try:
        not_too_long(remarks)
        with here.desk() as desk:
            _is_what_was_read(desk.session, identifier, form)
            act = duties.accept if accepted else duties.give_back
            act(desk, identifier, By(here.person), remarks, _verified_in(form))
    except Refusal as refusal:
        manner, on = form.value("manner"), form.text("verified_on")
        return _page(here, identifier, refusal, typed=remarks, manner=manner, verified_on=on)
    return here.go(f"/duties/{identifier}", "accepted" if accepted else "returned")


@router.post("/extension")
def ask_for_time(identifier: UUID, here: Here, form: Posted) -> Response:
    until, reason = form.text("until"), form.text("reason")
    try:
        not_too_long(reason)
        with here.desk() as desk:
            extensions.ask(desk, identifier, By(here.person), parse_official_date(until, "申请延至"), reason)
    except Refusal as refusal:
        return _page(here, identifier, refusal, asked={"until": until, "reason": reason})
    return here.go(f"/duties/{identifier}", "extension-asked")


@router.get("/files/{attached}")
def download(identifier: UUID, attached: UUID, here: Here) -> Response:
    """Never shown inside the site: saved, or opened by a program of the reader's."""
    with here.reading() as session:
        file = attachment(session, identifier, attached, here.person, here.now)
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'"}
    return FileResponse(fetch(here.office, file), media_type=file.media_type, filename=file.name, headers=headers)


def _verified_in(form: Form) -> Verified:
    manner, on = form.value("manner"), form.text("verified_on")
    chosen = Manner(manner) if manner in tuple(Manner) else None
    return Verified(chosen, parse_official_date(on, "核查日期") if on else None)


def _page(
    here: Visit,
    identifier: UUID,
    refusal: Refusal | None = None,
    asked: Mapping[str, str] = UNASKED,
    entered: Mapping[str, str] = BLANK,
    **said: str,
) -> Response:
    """What is owed as one person sees it; ``said`` is what was refused: words, a finding, a manner and its day."""
    with here.reading() as session:
        row = obligation_by(session, identifier)
        shown: dict[str, object] = {
            "duty": dossier(session, here.office, identifier, here.person, here.now),
            "extension": extension_part(session, here.office, identifier, here.person, here.now),
            "orders": [(kind_title(each.kind), each) for each in orders_on(session, row)],
            "supervision": supervision_of(session, [row.id])[row.id],
        }
        signs, opinion = opinion_at(session, row)
    shown |= {"signs_for_opinion": signs, "opinion": opinion, "asked": asked, "entered": entered}
    return here.show("duty", refusal, **shown, **{**UNSAID, **said})


def _is_what_was_read(session: Session, identifier: UUID, form: Form) -> None:
    """A verdict is about the round that was on the page, not about one handed in since."""
    row = obligation_by(session, identifier)
    newest = row.submissions[-1].round if row.submissions else 0
    if form.value("seen") != str(newest):
        raise Refusal("portal.submission_changed", duty=row.title)
