"""评议码: printed codes made, closed and renewed by the office, and the sheet to print."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from appraisal.documents.qr import qr_svg
from appraisal.domain.refusal import Refusal
from appraisal.operations.loading import campaign_by
from appraisal.operations.points import close_point, intake_of, make_points, point_address, points, renew_point
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.opinion_tables import PointRow
from portal.forms import Posted
from portal.paging import paged
from portal.visits import StaffHere, Visit

router = APIRouter(prefix="/campaigns/{slug}/points")


@router.get("")
def show(slug: str, here: StaffHere, page: int = 1) -> Response:
    return _page(here, slug, page)


@router.post("")
def make(slug: str, here: StaffHere, _: Posted) -> Response:
    return _done(here, slug, "points-made", make_points)


@router.post("/{identifier}/closing")
def close(slug: str, identifier: UUID, here: StaffHere, _: Posted) -> Response:
    return _done(here, slug, "point-closed", close_point, identifier)


@router.post("/{identifier}/renewal")
def renew(slug: str, identifier: UUID, here: StaffHere, _: Posted) -> Response:
    return _done(here, slug, "point-renewed", renew_point, identifier)


def _done(here: Visit, slug: str, done: str, act: Callable[..., object], *about: UUID) -> Response:
    """Do it in one transaction; back to the page, with the refusal above it or the word for what was done."""
    try:
        with here.desk() as desk:
            act(desk, slug, *about)
    except Refusal as refusal:
        return _page(here, slug, 1, refusal)
    return here.go(f"/campaigns/{slug}/points", done)


@router.get("/sheet")
def sheet(slug: str, here: StaffHere, page: int = 1) -> Response:
    with here.reading() as session:
        campaign, found = _found(session, slug)
    shown = paged([point for point in found if point.active], page)
    portal = here.office.settings.portal
    cards = [(point, address := point_address(portal, point), qr_svg(address)) for point in shown.items]
    return here.show("points-sheet", campaign=campaign, cards=cards, paged=shown)


def _page(here: Visit, slug: str, page: int, refusal: Refusal | None = None) -> Response:
    with here.reading() as session:
        campaign, found = _found(session, slug)
    shown = paged(found, page)
    addresses = {point.id: point_address(here.office.settings.portal, point) for point in shown.items}
    return here.show("points", refusal, campaign=campaign, paged=shown, addresses=addresses)


def _found(session: Session, slug: str) -> tuple[CampaignRow, list[PointRow]]:
    """Refused where the method takes no opinions; those in use come first."""
    campaign = campaign_by(session, slug)
    intake_of(campaign)
    return campaign, sorted(points(session, campaign), key=lambda point: not point.active)
