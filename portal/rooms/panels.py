"""评议组: who sits on which, set by the office one by one; members and others read what they may know."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.refusal import Refusal
from appraisal.method.words import PanelKind
from appraisal.notices.wording import phrase
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.panel_checks import panel_roles
from appraisal.operations.panel_lines import read_members, read_units, written_members, written_units
from appraisal.operations.panel_views import open_goals, panel_cards
from appraisal.operations.panels import PanelDraft, add_panel, dissolve_panel, panel_by, set_panel
from appraisal.store.campaign_tables import CampaignRow
from portal.forms import Form, Posted, not_too_long
from portal.visits import Here, StaffHere, Visit

router = APIRouter()

FIELDS = ("title", "kind", "members", "units")


@router.get("/campaigns/{slug}/panels")
def show(slug: str, here: Here) -> Response:
    with here.reading() as session:
        campaign = campaign_by(session, slug)
        cards = panel_cards(session, campaign, here.person, here.staff, here.now.date())
        goals = open_goals(session, campaign) if here.staff else []
    return here.show("panels", None, slug=slug, campaign=campaign.title, cards=cards, goals=goals)


@router.get("/campaigns/{slug}/panels/new")
def blank(slug: str, here: StaffHere) -> Response:
    return _form(here, slug, dict.fromkeys(FIELDS, "") | {"kind": str(PanelKind.PANEL)})


@router.post("/campaigns/{slug}/panels/new")
def make(slug: str, here: StaffHere, form: Posted) -> Response:
    typed = _typed(form)
    try:
        _set(here, slug, "", typed)
    except Refusal as refusal:
        return _form(here, slug, typed, refusal)
    return here.go(f"/campaigns/{slug}/panels", "panel-set")


@router.get("/panels/{identifier}/edit")
def written(identifier: UUID, here: StaffHere) -> Response:
    with here.reading() as session:
        panel = panel_by(session, identifier)
        campaign = session.get_one(CampaignRow, panel.campaign_id)
        method, slug = method_of(campaign), campaign.slug
        members, units = written_members(session, method, panel), written_units(panel)
        typed = {"title": panel.title, "kind": panel.kind, "members": members, "units": units}
    return _form(here, slug, typed, panel=identifier)


@router.post("/panels/{identifier}/edit")
def change(identifier: UUID, here: StaffHere, form: Posted) -> Response:
    typed = _typed(form)
    slug, key = _place(here, identifier)
    try:
        _set(here, slug, key, typed)
    except Refusal as refusal:
        return _form(here, slug, typed, refusal, identifier)
    return here.go(f"/campaigns/{slug}/panels", "panel-set")


@router.post("/panels/{identifier}/dissolution")
def dissolve(identifier: UUID, here: StaffHere, _: Posted) -> Response:
    slug, key = _place(here, identifier)
    with here.desk() as desk:
        dissolve_panel(desk, slug, key)
    return here.go(f"/campaigns/{slug}/panels", "panel-dissolved")


def _set(here: Visit, slug: str, key: str, typed: dict[str, str]) -> None:
    for field in FIELDS:
        not_too_long(typed[field])
    with here.desk() as desk:
        members = read_members(method_of(campaign_by(desk.session, slug)), typed["members"])
        draft = PanelDraft(key, typed["title"], typed["kind"], members, read_units(typed["units"]))
        (set_panel if key else add_panel)(desk, slug, draft)


def _place(here: Visit, identifier: UUID) -> tuple[str, str]:
    with here.reading() as session:
        panel = panel_by(session, identifier)
        return session.get_one(CampaignRow, panel.campaign_id).slug, panel.key


def _typed(form: Form) -> dict[str, str]:
    return {field: form.text(field) for field in FIELDS}


def _form(
    here: Visit, slug: str, typed: dict[str, str], refusal: Refusal | None = None, panel: UUID | None = None
) -> Response:
    with here.reading() as session:
        campaign = campaign_by(session, slug)
        title, roles = campaign.title, list(panel_roles(method_of(campaign)).values())
    kinds = [(str(kind), phrase(f"panel.kind.{kind}")) for kind in PanelKind]
    shown = {"slug": slug, "campaign": title, "roles": roles, "kinds": kinds, "panel": panel}
    return here.show("panel-form", refusal, typed=typed, **shown)
