"""The office enters what came on paper, in its own name and on behalf of the unit."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.official_date import parse_official_date
from appraisal.domain.refusal import Refusal
from appraisal.method.words import Act
from appraisal.operations import duties, extensions
from appraisal.operations.dossiers import Dossier, dossier
from appraisal.operations.duties import By
from appraisal.operations.extension_views import extension_part
from appraisal.operations.uploads import keeping
from portal.forms import Posted, not_too_long
from portal.rooms.handing_in import BLANK, UNASKED, finding_in, offered_in, percent_in, written_in
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/offline/{identifier}")

DONE_BY = {Act.ACKNOWLEDGE: "acknowledged", Act.CONFIRM: "confirmed", Act.SUBMIT: "submitted"}


@router.get("")
def show(identifier: UUID, here: StaffHere) -> Response:
    return _page(here, _read(here, identifier))


@router.post("/submission")
def enter(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    text, by = form.text("text"), By(here.person, offline=True)
    shown = _read(here, identifier)
    act = Act.ACKNOWLEDGE if form.value("act") == Act.ACKNOWLEDGE else shown.does
    try:
        not_too_long(text)
        percent, offered = percent_in(form), offered_in(form)
        with keeping(here.office, offered) as files, here.desk() as desk:
            match act:
                case Act.ACKNOWLEDGE:
                    duties.acknowledge(desk, identifier, by)
                case Act.CONFIRM:
                    duties.confirm(desk, identifier, by, text)
                case Act.SUBMIT:
                    duties.submit(desk, identifier, by, text, files, percent, finding_in(form))
    except Refusal as refusal:
        finding = form.value("finding")
        return _page(here, shown, refusal, typed=text, entered=written_in(form), finding=finding)
    return here.go(f"/duties/{identifier}", DONE_BY[act])


@router.post("/extension")
def ask_for_time(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    until, reason = form.text("until"), form.text("reason")
    shown = _read(here, identifier)
    try:
        not_too_long(reason)
        with here.desk() as desk:
            by = By(here.person, offline=True)
            extensions.ask(desk, identifier, by, parse_official_date(until, "申请延至"), reason)
    except Refusal as refusal:
        return _page(here, shown, refusal, asked={"until": until, "reason": reason})
    return here.go(f"/duties/{identifier}", "extension-asked")


def _read(here: Visit, identifier: UUID) -> Dossier:
    with here.reading() as session:
        return dossier(session, here.office, identifier, here.person, here.now)


def _page(
    here: Visit,
    shown: Dossier,
    refusal: Refusal | None = None,
    asked: Mapping[str, str] = UNASKED,
    entered: Mapping[str, str] = BLANK,
    **said: str,
) -> Response:
    """``said`` is what was refused: words and a finding."""
    with here.reading() as session:
        extension = extension_part(session, here.office, shown.card.id, here.person, here.now)
    extra = {"typed": "", "finding": "", **said}
    return here.show("offline", refusal, duty=shown, extension=extension, asked=asked, entered=entered, **extra)
