"""工作日志: what a panel did, written down on a phone in the evening; of the body, by the office."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from appraisal.domain.official_date import parse_official_date
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.refusal import Refusal
from appraisal.operations import panel_views, problems
from appraisal.operations.loading import campaign_by
from appraisal.operations.office import Desk
from appraisal.operations.panel_access import may_read
from appraisal.operations.panel_log import Entry, enter
from appraisal.operations.panels import panel_by
from appraisal.operations.photos import MOST_PHOTOS, keeping_photos
from appraisal.operations.units import active_units
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.panel_tables import LogEntryRow, PanelRow
from portal.forms import Form, Posted, not_too_long
from portal.visits import Here, StaffHere, Visit

router = APIRouter()

FIELDS = (
    "once",
    "kind",
    "on",
    "announced",
    "unit",
    "place",
    "title",
    "text",
    "enterprises",
    "people",
    "count",
    "problem",
    "problem_unit",
)
Typed = Mapping[str, str]


@router.get("/panels/{identifier}")
def show_panel(identifier: UUID, here: Here, page: int = 1) -> Response:
    shown = _panel_page(here, identifier, page)
    here.note_reading(f"/panels/{identifier}")
    return shown


@router.post("/panels/{identifier}/log/submission")
def enter_for_panel(identifier: UUID, here: Here, form: Posted) -> Response:
    typed = _typed(form)
    with here.reading() as session:
        slug = session.get_one(CampaignRow, panel_by(session, identifier).campaign_id).slug
    try:
        _enter(here, slug, form, typed, identifier)
    except Refusal as refusal:
        return _panel_page(here, identifier, 1, refusal, typed)
    return here.go(f"/panels/{identifier}", "logged")


@router.get("/campaigns/{slug}/log")
def show_body(slug: str, here: StaffHere, page: int = 1, all: str = "") -> Response:
    return _body_page(here, slug, page, everything=bool(all))


@router.post("/campaigns/{slug}/log/submission")
def enter_for_body(slug: str, here: StaffHere, form: Posted) -> Response:
    typed = _typed(form)
    try:
        _enter(here, slug, form, typed, None)
    except Refusal as refusal:
        return _body_page(here, slug, 1, refusal, typed)
    return here.go(f"/campaigns/{slug}/log", "logged")


def whole(text: str, least: int) -> int:
    """A number as somebody typed it; nothing is the least there can be."""
    if not text:
        return least
    if not text.isdecimal() or len(text) > 9:
        raise Refusal("log.number_unread", text=text[:20])
    return int(text)


def _enter(here: Visit, slug: str, form: Form, typed: Typed, panel: UUID | None) -> None:
    not_too_long(typed["text"])
    entry = Entry(
        once=typed["once"],
        kind=typed["kind"],
        on=parse_official_date(typed["on"], "日期"),
        panel=panel,
        announced=typed["announced"] != "no",
        unit=typed["unit"],
        place=typed["place"],
        title=typed["title"],
        text=typed["text"],
        enterprises=typed["enterprises"].splitlines(),
        people=whole(typed["people"], 0),
        count=whole(typed["count"], 1),
    )
    with keeping_photos(here.office, form.files("photos")) as photos, here.desk() as desk:
        row = enter(desk, slug, entry, here.person, photos)
        if typed["problem"]:
            _raise(desk, slug, row, typed, here.person.code)


def _raise(desk: Desk, slug: str, row: LogEntryRow, typed: Typed, by: str) -> None:
    """A problem found on the spot, put on the list with where it was found."""
    found = Found(FindingKind.LOG, typed["problem"], by, log_entry_id=row.id, panel_id=row.panel_id)
    problems.record(desk, slug, Draft(typed["problem"], typed["problem_unit"] or typed["unit"] or None), found)


def _typed(form: Form) -> dict[str, str]:
    return {field: form.text(field) for field in FIELDS}


def _blank(here: Visit, asked: panel_views.Asked) -> dict[str, str]:
    """Two taps suffice: what is most likely is filled in."""
    first = asked.kinds[0][0] if asked.kinds else ""
    likely = {"once": uuid4().hex, "kind": first, "on": here.now.date().isoformat(), "announced": "yes", "count": "1"}
    return dict.fromkeys(FIELDS, "") | likely


def _panel_page(
    here: Visit, identifier: UUID, page: int, refusal: Refusal | None = None, typed: Typed | None = None
) -> Response:
    with here.reading() as session:
        panel = panel_by(session, identifier)
        campaign = session.get_one(CampaignRow, panel.campaign_id)
        on = here.now.date()
        may_read(session, campaign, panel, here.person, on)
        card = panel_views.panel_card(session, campaign, panel, on, mine=True, checked=True)
        goals = panel_views.open_goals(session, campaign, panel.title)
        owed = panel_views.owed_by(session, panel, here.now)
        shown = _shown(session, here, campaign, panel, page, typed)
    return here.show("panel", refusal, card=card, goals=goals, owed=owed, **shown)


def _body_page(
    here: Visit,
    slug: str,
    page: int,
    refusal: Refusal | None = None,
    typed: Typed | None = None,
    *,
    everything: bool = False,
) -> Response:
    with here.reading() as session:
        campaign = campaign_by(session, slug)
        goals = panel_views.open_goals(session, campaign)
        shown = _shown(session, here, campaign, None, page, typed)
        if everything:
            shown["entries"] = panel_views.all_entries(session, campaign, page)
    return here.show("log-body", refusal, goals=goals, everything=everything, **shown)


def _shown(
    session: Session, here: Visit, campaign: CampaignRow, panel: PanelRow | None, page: int, typed: Typed | None
) -> dict[str, object]:
    asked = panel_views.asked(session, campaign, panel)
    return {
        "slug": campaign.slug,
        "campaign": campaign.title,
        "running": campaign.closed_at is None,
        "asked": asked,
        "everyone": [(unit.code, unit.name) for unit in active_units(session)],
        "entries": panel_views.entries(session, campaign, panel, page),
        "typed": typed or _blank(here, asked),
        "most_photos": MOST_PHOTOS,
    }
