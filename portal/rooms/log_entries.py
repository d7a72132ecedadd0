"""One entry of a log: read with its photos, added to by a problem or a suggestion, withdrawn if it was a mistake."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import FileResponse, Response

from appraisal.domain.official_date import parse_official_date
from appraisal.domain.problems import Draft, FindingKind, Found, ProblemKind
from appraisal.domain.refusal import Refusal
from appraisal.operations import panel_views, problems
from appraisal.operations.panel_access import may_read, may_write
from appraisal.operations.panel_log import entry_by, withdraw
from appraisal.operations.photos import photo_file
from appraisal.operations.units import active_units
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.panel_tables import LogEntryRow, PhotoRow
from appraisal.store.problem_tables import FindingRow, ProblemRow
from portal.forms import Form, Posted, not_too_long
from portal.visits import Here, Visit

router = APIRouter(prefix="/log/{identifier}")

FIELDS = ("raised", "title", "detail", "unit", "leader", "due_on", "reason")
Typed = Mapping[str, str]
NOTHING: Typed = dict.fromkeys(FIELDS, "")


@router.get("")
def show(identifier: UUID, here: Here) -> Response:
    return _page(here, identifier)


@router.post("/withdrawal")
def take_back(identifier: UUID, here: Here, form: Posted) -> Response:
    typed = _typed(form)
    try:
        not_too_long(typed["reason"])
        with here.desk() as desk:
            withdraw(desk, identifier, here.person, typed["reason"])
    except Refusal as refusal:
        return _page(here, identifier, refusal, typed)
    return here.go(f"/log/{identifier}", "log-withdrawn")


@router.post("/problems")
def add(identifier: UUID, here: Here, form: Posted) -> Response:
    """A problem that was seen, or a suggestion with its owner, leader and date (责任部门、责任领导、解决时限)."""
    typed = _typed(form)
    suggested = typed["raised"] == ProblemKind.SUGGESTION
    try:
        not_too_long(typed["detail"])
        with here.desk() as desk:
            row, campaign = _entry(desk.session, identifier)
            may_write(desk.session, campaign, row.panel, here.person, here.now.date())
            kind = FindingKind.SEMINAR if suggested else FindingKind.LOG
            words = typed["detail"] or typed["title"]
            found = Found(kind, words, here.person.code, log_entry_id=row.id, panel_id=row.panel_id)
            problems.record(desk, campaign.slug, _draft(typed, suggested=suggested), found)
    except Refusal as refusal:
        return _page(here, identifier, refusal, typed)
    return here.go(f"/log/{identifier}", "log-suggested" if suggested else "log-raised")


@router.get("/photos/{photo}")
def picture(identifier: UUID, photo: UUID, here: Here) -> Response:
    with here.reading() as session:
        row, campaign = _entry(session, identifier)
        may_read(session, campaign, row.panel, here.person, here.now.date())
        found = session.get(PhotoRow, photo)
        if found is None or found.log_entry_id != row.id:
            raise Refusal("photo.missing")
        path = photo_file(here.office, found)
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'"}
    return FileResponse(path, media_type=found.media_type, headers=headers)


def _draft(typed: Typed, *, suggested: bool) -> Draft:
    due_on = parse_official_date(typed["due_on"], "解决时限") if typed["due_on"] else None
    kind = ProblemKind.SUGGESTION if suggested else ProblemKind.PROBLEM
    unit = typed["unit"] or None
    return Draft(typed["title"], unit, typed["detail"], leader=typed["leader"], due_on=due_on, kind=kind)


def _entry(session: Session, identifier: UUID) -> tuple[LogEntryRow, CampaignRow]:
    row = entry_by(session, identifier)
    return row, session.get_one(CampaignRow, row.campaign_id)


def _typed(form: Form) -> dict[str, str]:
    return {field: form.text(field) for field in FIELDS}


def _page(here: Visit, identifier: UUID, refusal: Refusal | None = None, typed: Typed = NOTHING) -> Response:
    with here.reading() as session:
        row, campaign = _entry(session, identifier)
        may_read(session, campaign, row.panel, here.person, here.now.date())
        raised = select(ProblemRow).join(FindingRow, FindingRow.problem_id == ProblemRow.id)
        mine = raised.where(FindingRow.log_entry_id == row.id).distinct().order_by(ProblemRow.number)
        shown = {
            "entry": panel_views.entry_line(session, campaign, row),
            "back": f"/panels/{row.panel_id}" if row.panel_id else f"/campaigns/{campaign.slug}/log",
            "problems": session.scalars(mine).unique().all(),
            "everyone": [(unit.code, unit.name) for unit in active_units(session)],
            "writes": campaign.closed_at is None and (row.panel is None or row.panel.active),
        }
        typed = typed or NOTHING
        return here.show("log-entry", refusal, slug=campaign.slug, campaign=campaign.title, typed=typed, **shown)
