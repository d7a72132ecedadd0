"""签到台: the clerk at the door, on a phone: search, and one tap for each who comes, leaves and returns."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.method.vote_words import Medium
from appraisal.operations import check_in
from appraisal.operations.check_in import AWAITED, LEFT, ON_LEAVE, THERE, is_late, media_for, state_of
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.presence import presence_of, voters_of
from appraisal.operations.sittings import sitting_by
from appraisal.store.sitting_tables import AttendeeRow
from portal.forms import Form, Posted
from portal.paging import paged
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/sittings/{identifier}/desk")
SHOWN: Mapping[str, tuple[str, ...]] = {
    "awaited": (AWAITED, ON_LEAVE),
    "there": (THERE, LEFT),
    "all": (AWAITED, ON_LEAVE, THERE, LEFT),
}


@router.get("")
def show(
    identifier: UUID, here: StaffHere, text: str = "", shown: str = "awaited", page: int = 1, last: str = ""
) -> Response:
    return _page(here, identifier, text.replace("\x00", "")[:50].strip(), shown, page, last)


@router.post("/{attendee}")
def note(identifier: UUID, attendee: UUID, here: StaffHere, form: Posted) -> Response:
    """One tap; the next page begins with what was just done, so that a wrong tap is seen and mended."""
    act, shown = _ACTS.get(form.value("act")), form.value("shown")
    try:
        if act is None:
            raise Refusal("check_in.medium_unknown")
        with here.desk() as desk:
            act(desk, attendee, form)
    except Refusal as refusal:
        return _page(here, identifier, "", shown, 1, "", refusal)
    return here.go(f"/sittings/{identifier}/desk?{urlencode({'shown': shown, 'last': attendee, 'done': 'noted'})}")


def _come(desk: Desk, attendee: UUID, form: Form) -> AttendeeRow:
    written = form.value("medium")
    return check_in.note_coming(desk, attendee, _medium(written) if written else None)


def _replace(desk: Desk, attendee: UUID, form: Form) -> AttendeeRow:
    return check_in.replace_medium(desk, attendee, _medium(form.value("medium")))


def _leave(desk: Desk, attendee: UUID, _: Form) -> AttendeeRow:
    return check_in.leave(desk, attendee)


def _take_back(desk: Desk, attendee: UUID, _: Form) -> AttendeeRow:
    return check_in.take_back(desk, attendee)


_ACTS: Mapping[str, Callable[[Desk, UUID, Form], AttendeeRow]] = {
    "come": _come,
    "replace": _replace,
    "leave": _leave,
    "take-back": _take_back,
}


def _medium(written: str) -> Medium:
    if written not in list(Medium):
        raise Refusal("check_in.medium_unknown")
    return Medium(written)


def _page(
    here: Visit, identifier: UUID, text: str, chosen: str, page: int, last: str, refusal: Refusal | None = None
) -> Response:
    chosen = chosen if chosen in SHOWN else "awaited"
    with here.reading() as session:
        sitting = sitting_by(session, identifier)
        classes, presence = voters_of(method_of(sitting.campaign)), presence_of(session, sitting)
        lines = [(row, state_of(row), is_late(sitting, row)) for row in sitting.attendees]
        media = {key: [str(medium) for medium in sorted(media_for(sitting, key))] for key, _ in classes}
    counts = {name: sum(state in states for _, state, _ in lines) for name, states in SHOWN.items()}
    found = [line for line in lines if (text and _answers(line[0], text)) or (not text and line[1] in SHOWN[chosen])]
    return here.show(
        "check-in-desk",
        refusal,
        sitting=sitting,
        campaign=sitting.campaign,
        paged=paged(found, page),
        last=[line for line in lines if str(line[0].id) == last],
        counts=counts,
        chosen=chosen,
        text=text,
        titles=dict(classes),
        media=media,
        present=sum(each.present for each in presence.values()),
        due=sum(each.due for each in presence.values()),
    )


def _answers(row: AttendeeRow, text: str) -> bool:
    """A search looks at everybody, whatever is shown."""
    return text in row.name or text in row.title
