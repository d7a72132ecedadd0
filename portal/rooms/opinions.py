"""意见办理: the desk of the office, searched and worked off a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from appraisal.domain.problems import Draft
from appraisal.domain.refusal import Refusal
from appraisal.operations import gathering, handling
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Desk
from appraisal.operations.opinion_desk import Sought, desk_page
from portal.forms import Form, Posted, not_too_long
from portal.rooms.choices import opinion_offer
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/campaigns/{slug}/opinions")

DONE = {
    "new": "opinions-listed",
    "into": "opinions-gathered",
    "reject": "opinions-rejected",
    "release": "opinions-let-in",
}
BLANK: Mapping[str, object] = {"opinions": [], "act": "", "title": "", "unit": "", "number": "", "reason": ""}


@router.get("")
def show(slug: str, here: StaffHere, request: Request) -> Response:
    return _page(here, slug, request.query_params)


@router.post("/chosen")
def decide(slug: str, here: StaffHere, form: Posted) -> Response:
    """One decision about every opinion that was ticked, or about none."""
    act, query = form.value("act"), QueryParams(form.value("query"))
    chosen = [found for found in (_uuid(written) for written in form.ticked("opinion")) if found]
    try:
        if not chosen:
            raise Refusal("opinion.none_chosen")
        with here.desk() as desk:
            _decide(desk, slug, act, chosen, form)
    except Refusal as refusal:
        fields = {name: form.text(name) for name in ("title", "unit", "number", "reason")}
        return _page(here, slug, query, refusal, opinions=form.ticked("opinion"), act=act, **fields)
    kept = [(name, value) for name, value in query.multi_items() if name != "done"]
    return here.go(f"/campaigns/{slug}/opinions?{urlencode([*kept, ('done', DONE[act])])}")


def problem_number(written: str) -> int:
    """The number of a problem as somebody typed it; Refusal ``problem.no_number``."""
    if not (written.isascii() and written.isdigit()) or len(written) > 6:
        raise Refusal("problem.no_number")
    return int(written)


def _decide(desk: Desk, slug: str, act: str, chosen: Sequence[UUID], form: Form) -> None:
    by = desk.work.actor.removeprefix("person:")
    match act:
        case "new":
            draft = Draft(form.text("title"), form.value("unit") or None)
            gathering.take_as_problem(desk, slug, chosen, draft, by)
        case "into":
            gathering.gather(desk, slug, problem_number(form.text("number")), chosen, by)
        case "reject":
            for each in chosen:
                handling.reject(desk, each, not_too_long(form.text("reason")))
        case "release":
            for each in chosen:
                handling.release(desk, each)
        case _:
            raise Refusal("opinion.no_act")


def _page(here: Visit, slug: str, query: QueryParams, refusal: Refusal | None = None, **typed: object) -> Response:
    sought = _sought(query)
    with here.reading() as session:
        page = desk_page(session, slug, sought, query.get("after", ""))
        campaign = campaign_by(session, slug)
        offer = opinion_offer(session, campaign)
    narrowed = any(asdict(replace(sought, text="", status="")).values())
    shown = {"campaign": campaign, "sought": sought, "page": page, "offer": offer, "narrowed": narrowed}
    return here.show("opinions", refusal, query=_query(sought), typed={**BLANK, **typed}, **shown)


def _sought(query: QueryParams) -> Sought:
    words = {
        name: query.get(name, "").replace("\x00", "")[:100] for name in ("text", "status", "unit", "aspect", "source")
    }
    return Sought(**words, point=_uuid(query.get("point", "")), day=_day(query.get("day", "")))


def _query(sought: Sought) -> str:
    """The search as part of an address, to come back to."""
    return urlencode([(name, str(value)) for name, value in asdict(sought).items() if value])


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
