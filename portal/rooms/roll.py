"""会议名单: who is on the roll, taken from the register or pasted, and the sheet of check-in codes."""

from collections.abc import Callable
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.documents.qr import qr_svg
from appraisal.domain.refusal import Refusal
from appraisal.keys import plain_code
from appraisal.notices.wording import phrase
from appraisal.operations import roll
from appraisal.operations.check_in import is_late, state_of
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.presence import voters_of
from appraisal.operations.roll import RollPreview
from appraisal.operations.sittings import sitting_by
from portal.forms import Posted, not_too_long
from portal.paging import paged
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/sittings/{identifier}/roll")
SITS_IN = "sits-in"
SHOWN_FAULTS = 200


@router.get("")
def show(identifier: UUID, here: StaffHere, voters: str = "", page: int = 1) -> Response:
    return _page(here, identifier, voters, page)


@router.post("/holders")
def enlist(identifier: UUID, here: StaffHere, _: Posted) -> Response:
    return _do(here, identifier, "", lambda desk: roll.enlist_holders(desk, identifier))


@router.post("/{attendee}/due")
def set_due(identifier: UUID, attendee: UUID, here: StaffHere, form: Posted) -> Response:
    due = form.value("due") == "yes"
    return _do(here, identifier, form.value("voters"), lambda desk: roll.set_due(desk, attendee, due=due))


@router.post("/{attendee}/striking")
def strike(identifier: UUID, attendee: UUID, here: StaffHere, form: Posted) -> Response:
    return _do(here, identifier, form.value("voters"), lambda desk: roll.strike(desk, identifier, attendee))


@router.get("/import")
def blank(identifier: UUID, here: StaffHere) -> Response:
    return _import(here, identifier, "")


@router.post("/import")
def look(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    """Say what is wrong with it or what it would do; nothing is written yet."""
    text = form.text("text")
    try:
        not_too_long(text)
        with here.reading() as session:
            seen = roll.preview_roll(session, identifier, text)
            sitting = sitting_by(session, identifier)
            titles = dict(voters_of(method_of(sitting.campaign)))
    except Refusal as refusal:
        return _import(here, identifier, text, refusal)
    if seen.faults:
        return _import(here, identifier, text, Refusal("roll.faulty", count=len(seen.faults)), seen)
    shown = {"sitting": sitting, "campaign": sitting.campaign, "seen": seen, "titles": titles, "text": text}
    return here.show("roll-preview", None, **shown)


@router.post("/taken")
def take(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    text = form.text("text")
    try:
        with here.desk() as desk:
            roll.import_roll(desk, identifier, not_too_long(text))
    except Refusal as refusal:
        return _import(here, identifier, text, refusal)
    return here.go(f"/sittings/{identifier}/roll", "roll-set")


@router.get("/codes")
def codes(identifier: UUID, here: StaffHere, voters: str = "", page: int = 1) -> Response:
    """The sheet of check-in codes, by class, to be cut up and handed out at the door."""
    with here.reading() as session:
        sitting = sitting_by(session, identifier)
        classes = _classes(voters_of(method_of(sitting.campaign)))
        rows = [row for row in sitting.attendees if _is_in(row.voters, voters)]
    shown = paged(rows, page)
    portal, keyring = here.office.settings.portal, here.office.keyring
    made = [(row, roll.check_in_code(keyring, row)) for row in shown.items]
    slips = [(row, code, qr_svg(f"{portal}/c/{plain_code(code)}")) for row, code in made]
    about = {"sitting": sitting, "campaign": sitting.campaign, "classes": classes, "voters": voters}
    return here.show("check-in-codes", None, slips=slips, paged=shown, typing=f"{portal}/c", **about)


def _do(here: Visit, identifier: UUID, voters: str, act: Callable[[Desk], object]) -> Response:
    try:
        with here.desk() as desk:
            act(desk)
    except Refusal as refusal:
        return _page(here, identifier, voters, 1, refusal)
    return here.go(f"/sittings/{identifier}/roll?voters={quote(voters)}&done=roll-set")


def _page(here: Visit, identifier: UUID, voters: str, page: int, refusal: Refusal | None = None) -> Response:
    with here.reading() as session:
        sitting = sitting_by(session, identifier)
        method = method_of(sitting.campaign)
        rows = [row for row in sitting.attendees if _is_in(row.voters, voters)]
        lines = [(row, state_of(row), is_late(sitting, row)) for row in rows]
        by_role = any(each.role for each in method.voters)
    shown = {"sitting": sitting, "campaign": sitting.campaign, "classes": _classes(voters_of(method))}
    titles = dict(voters_of(method))
    return here.show("roll", refusal, paged=paged(lines, page), voters=voters, by_role=by_role, titles=titles, **shown)


def _import(
    here: Visit, identifier: UUID, text: str, refusal: Refusal | None = None, seen: RollPreview | None = None
) -> Response:
    with here.reading() as session:
        sitting = sitting_by(session, identifier)
        classes = [title for _, title in voters_of(method_of(sitting.campaign))]
    shown = {"sitting": sitting, "campaign": sitting.campaign, "classes": classes, "text": text}
    return here.show("roll-import", refusal, faults=seen.faults[:SHOWN_FAULTS] if seen else (), **shown)


def _classes(known: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """With those who sit in, and everybody first."""
    return [("", phrase("roll.everybody")), *known, (SITS_IN, phrase("attendee.sits_in"))]


def _is_in(voters: str | None, chosen: str) -> bool:
    return not chosen or (voters or SITS_IN) == chosen
