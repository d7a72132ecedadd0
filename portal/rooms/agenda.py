"""议程: the items of a sitting, put in order, worded, and held."""

from collections.abc import Callable
from secrets import token_hex
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.agenda import AgendaKind
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations import agenda
from appraisal.operations.agenda import ItemDraft
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.sittings import sitting_by
from portal.forms import Form, Posted, not_too_long
from portal.rooms.sittings import page_of
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/sittings/{identifier}/agenda")
FIELDS = ("kind", "title", "speaker", "unit", "minutes", "ballot")
BLANK = dict.fromkeys(FIELDS, "")


@router.get("")
def show(identifier: UUID, here: StaffHere) -> Response:
    return _page(here, identifier)


@router.post("")
def add(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    typed = _typed(form)
    try:
        draft = _draft(typed)
        with here.desk() as desk:
            agenda.add_item(desk, identifier, draft, form.value("once")[:64])
    except Refusal as refusal:
        return _page(here, identifier, refusal, typed)
    return here.go(f"/sittings/{identifier}/agenda", "agenda-set")


@router.post("/{item}/place")
def move(identifier: UUID, item: UUID, here: StaffHere, form: Posted) -> Response:
    place = form.value("place")
    number = int(place) if place.isascii() and place.isdigit() and len(place) < 5 else 1
    return _do(here, identifier, lambda desk: agenda.move_item(desk, item, number))


@router.post("/{item}/striking")
def strike(identifier: UUID, item: UUID, here: StaffHere, _: Posted) -> Response:
    return _do(here, identifier, lambda desk: agenda.strike_item(desk, identifier, item))


@router.post("/{item}/beginning")
def begin(identifier: UUID, item: UUID, here: StaffHere, _: Posted) -> Response:
    return _hold(here, identifier, lambda desk: agenda.begin_item(desk, item))


@router.post("/{item}/ending")
def end(identifier: UUID, item: UUID, here: StaffHere, _: Posted) -> Response:
    return _hold(here, identifier, lambda desk: agenda.end_item(desk, item))


@router.get("/{item}")
def written(identifier: UUID, item: UUID, here: StaffHere) -> Response:
    return _item(here, identifier, item)


@router.post("/{item}")
def change(identifier: UUID, item: UUID, here: StaffHere, form: Posted) -> Response:
    typed = _typed(form)
    try:
        draft = _draft(typed)
        with here.desk() as desk:
            agenda.change_item(desk, item, draft)
    except Refusal as refusal:
        return _item(here, identifier, item, refusal, typed)
    return here.go(f"/sittings/{identifier}/agenda", "agenda-set")


@router.post("/{item}/record")
def record(identifier: UUID, item: UUID, here: StaffHere, form: Posted) -> Response:
    text = form.text("text")
    try:
        not_too_long(text)
        with here.desk() as desk:
            agenda.write_record(desk, item, text)
    except Refusal as refusal:
        return _item(here, identifier, item, refusal, text=text)
    return here.go(f"/sittings/{identifier}/agenda/{item}", "agenda-recorded")


def _do(here: Visit, identifier: UUID, act: Callable[[Desk], object]) -> Response:
    try:
        with here.desk() as desk:
            act(desk)
    except Refusal as refusal:
        return _page(here, identifier, refusal)
    return here.go(f"/sittings/{identifier}/agenda", "agenda-set")


def _hold(here: Visit, identifier: UUID, act: Callable[[Desk], object]) -> Response:
    """From the page of the sitting, and back to it."""
    try:
        with here.desk() as desk:
            act(desk)
    except Refusal as refusal:
        return page_of(here, identifier, refusal)
    return here.go(f"/sittings/{identifier}", "agenda-held")


def _typed(form: Form) -> dict[str, str]:
    return {name: form.text(name) for name in FIELDS}


def _draft(typed: dict[str, str]) -> ItemDraft:
    if typed["kind"] not in list(AgendaKind):
        raise Refusal("agenda.kind_unknown")
    written = typed["minutes"]
    if written and not (written.isascii() and written.isdigit() and len(written) < 6):
        raise Refusal("agenda.minutes", most=agenda.MOST_MINUTES)
    minutes = int(written) if written else None
    kind, ballot = AgendaKind(typed["kind"]), typed["ballot"] or None
    return ItemDraft(kind, typed["title"], typed["speaker"], typed["unit"], minutes, ballot)


def _page(
    here: Visit, identifier: UUID, refusal: Refusal | None = None, typed: dict[str, str] | None = None
) -> Response:
    shown = _offer(here, identifier)
    return here.show("agenda", refusal, typed=typed or BLANK, once=token_hex(16), **shown)


def _item(
    here: Visit,
    identifier: UUID,
    item: UUID,
    refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
    text: str | None = None,
) -> Response:
    with here.reading() as session:
        row = agenda.item_by(session, item)
        standing = {name: str(getattr(row, name) or "") for name in FIELDS} | {
            "unit": row.unit.code if row.unit else ""
        }
    shown = _offer(here, identifier)
    return here.show(
        "agenda-item", refusal, item=row, typed=typed or standing, text=row.text if text is None else text, **shown
    )


def _offer(here: Visit, identifier: UUID) -> dict[str, object]:
    with here.reading() as session:
        sitting = sitting_by(session, identifier)
        units = [(target.unit.code, target.unit.name) for target in sitting.campaign.targets]
        items = list(sitting.agenda)
        ballots = [(ballot.key, ballot.title) for ballot in method_of(sitting.campaign).ballots]
    kinds = [(str(kind), phrase(f"agenda.kind.{kind}")) for kind in AgendaKind]
    return {"sitting": sitting, "campaign": sitting.campaign, "items": items, "units": units} | {
        "ballots": ballots,
        "kinds": kinds,
    }
