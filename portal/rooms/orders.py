"""督办文书: the office and leaders give numbered letters; whoever they press reads them, prints them, answers them."""

from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.method.words import OrderKind
from appraisal.operations.loading import campaign_by
from appraisal.operations.order_papers import kind_title, order_paper
from appraisal.operations.order_views import givable, order_page, order_view, orders_of
from appraisal.operations.orders import Order, give
from appraisal.operations.units import active_units
from portal.forms import Posted, not_too_long
from portal.paging import paged
from portal.rooms.reading import day_in, number_in
from portal.visits import Here, Visit

router = APIRouter()

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LIST, ONE = "/campaigns/{slug}/orders", "/orders/{identifier}"
FIELDS = ("kind", "unit", "by", "due_on", "problem", "about", "text")


@router.get(LIST)
def listed(slug: str, here: Here, kind: str = "", page: int = 1, about: str = "") -> Response:
    return _page(here, slug, {"kind": kind, "about": about}, kind=kind, page=page)


@router.post(LIST)
def send(slug: str, here: Here, form: Posted) -> Response:
    typed = {name: form.text(name) for name in FIELDS}
    try:
        order = _order(typed)
        with here.desk() as desk:
            identifier = give(desk, slug, order).id
    except Refusal as refusal:
        return _page(here, slug, typed, refusal)
    return here.go(order_page(identifier), "order-given")


@router.get(ONE + ".docx")
def paper(identifier: UUID, here: Here) -> Response:
    with here.reading() as session:
        name, content = order_paper(order_view(session, identifier, here.person, here.now.date()))
    headers = {"Content-Disposition": f"attachment; filename*=utf-8''{quote(name)}"}
    return Response(content, media_type=DOCX, headers=headers)


@router.get(ONE)
def show(identifier: UUID, here: Here) -> Response:
    with here.reading() as session:
        view = order_view(session, identifier, here.person, here.now.date())
    here.note_reading(order_page(identifier))
    return here.show("order", None, view=view, kind=kind_title(view.row.kind))


def _order(typed: dict[str, str]) -> Order:
    for text in typed.values():
        not_too_long(text)
    try:
        kind = OrderKind(typed["kind"])
        about = UUID(typed["about"]) if typed["about"] else None
    except ValueError:
        raise Refusal("order.no_kind") from None
    due_on = day_in(typed["due_on"], "办结期限") if typed["due_on"] else None
    problem = number_in(typed["problem"], "所涉问题序号") if typed["problem"] else None
    return Order(kind, typed["text"], typed["unit"], typed["by"], due_on, problem, about)


def _page(
    here: Visit, slug: str, typed: dict[str, str], refusal: Refusal | None = None, kind: str = "", page: int = 1
) -> Response:
    with here.reading() as session:
        campaign = campaign_by(session, slug)
        kinds = givable(session, campaign, here.person, here.now.date())
        if not kinds:
            raise Refusal("portal.staff_only.not_yours")
        rows = [row for row in orders_of(session, campaign, kind) if here.staff or row.given_by == here.person.code]
        units, title = active_units(session), campaign.title
    titles = {str(each): kind_title(each) for each in OrderKind}
    shown = {"units": units, "kinds": kinds, "titles": titles, "kind": kind, "typed": typed}
    return here.show("orders", refusal, slug=slug, campaign=title, paged=paged(rows, page), **shown)
