"""约谈: the office records talks; whoever answers for the unit reads the record."""

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.operations.loading import campaign_by
from appraisal.operations.summonses import Talk, record_summons, summons_for, summons_page, summonses
from appraisal.operations.units import active_units
from portal.forms import Posted, not_too_long
from portal.paging import paged
from portal.rooms.reading import day_in, names_in, number_in
from portal.visits import Here, StaffHere, Visit

router = APIRouter(prefix="/campaigns/{slug}/summonses")

FIELDS = ("unit", "person", "held_on", "held_by", "reason", "record", "agreed", "problems", "order")


@router.get("")
def listed(slug: str, here: StaffHere, page: int = 1) -> Response:
    return _page(here, slug, {}, page=page)


@router.post("")
def record(slug: str, here: StaffHere, form: Posted) -> Response:
    typed = {name: form.text(name) for name in FIELDS}
    try:
        talk = _talk(typed)
        with here.desk() as desk:
            number = record_summons(desk, slug, talk).number
    except Refusal as refusal:
        return _page(here, slug, typed, refusal)
    return here.go(summons_page(slug, number), "summoned")


@router.get("/{number}")
def show(slug: str, number: int, here: Here) -> Response:
    with here.reading() as session:
        campaign = campaign_by(session, slug).title
        row = summons_for(session, slug, number, here.person, here.now.date())
    here.note_reading(summons_page(slug, number))
    return here.show("summons", None, slug=slug, campaign=campaign, row=row)


def _talk(typed: dict[str, str]) -> Talk:
    for text in typed.values():
        not_too_long(text)
    held_on = day_in(typed["held_on"], "约谈日期")
    numbers = tuple(number_in(each, "涉及的问题序号") for each in names_in(typed["problems"]))
    texts = (typed["held_by"], typed["reason"], typed["record"], typed["agreed"])
    order = number_in(typed["order"], "约谈通知编号") if typed["order"] else None
    return Talk(typed["unit"], typed["person"], held_on, *texts, numbers, order)


def _page(here: Visit, slug: str, typed: dict[str, str], refusal: Refusal | None = None, page: int = 1) -> Response:
    with here.reading() as session:
        campaign = campaign_by(session, slug)
        rows, units = summonses(session, campaign), active_units(session)
        title = campaign.title
    return here.show("summonses", refusal, slug=slug, campaign=title, units=units, paged=paged(rows, page), typed=typed)
