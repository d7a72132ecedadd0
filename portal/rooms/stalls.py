"""停滞事项、后续预告: what stands still in a campaign, and what will happen if nobody acts."""

from collections.abc import Iterable

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from appraisal.operations.forecast import if_nobody_acts
from appraisal.operations.loading import campaign_by
from appraisal.operations.stall_access import may_see_forecast, stalled_for
from appraisal.operations.stalls import StallLine, StallsSought, counts
from appraisal.operations.weekly_brief import coming_in_words, next_in_words
from portal.paging import paged
from portal.visits import Here, Visit

router = APIRouter(prefix="/campaigns/{slug}")

Options = list[tuple[str, str]]


@router.get("/stalled")
def stalled(slug: str, here: Here, unit: str = "", panel: str = "", leader: str = "", page: int = 1) -> Response:
    """The office and who gets the weekly brief see everything, a unit and a panel their own."""
    with here.reading() as session:
        everything = _seen(session, here, StallsSought(slug))
        lines = _seen(session, here, StallsSought(slug, unit, panel, leader))
        campaign = campaign_by(session, slug)
        title = campaign.title
    here.note_reading(f"/campaigns/{slug}/stalled")
    shown = paged(lines, page)
    sought = {"unit": unit, "panel": panel, "leader": leader}
    following = {line.page: next_in_words(line) for line in shown.items}
    found = {"counts": counts(lines), "following": following, "sought": sought, "offer": _offer(everything)}
    return here.show("stalled", None, slug=slug, campaign=title, paged=shown, **found)


@router.get("/forecast")
def forecast(slug: str, here: Here) -> Response:
    with here.reading() as session:
        campaign = campaign_by(session, slug)
        may_see_forecast(session, campaign, here.person, here.now.date())
        days = if_nobody_acts(session, here.office, here.now, slug)
        title = campaign.title
    here.note_reading(f"/campaigns/{slug}/forecast")
    shown = [(day, [(each, coming_in_words(each)) for each in coming]) for day, coming in days]
    return here.show("forecast", None, slug=slug, campaign=title, days=shown)


def _seen(session: Session, here: Visit, sought: StallsSought) -> list[StallLine]:
    return stalled_for(session, here.office, here.now, here.person, sought)


def _offer(lines: Iterable[StallLine]) -> dict[str, Options]:
    """By what the list can be narrowed: the units, panels and leaders that something stalled belongs to."""
    listed = list(lines)
    return {
        "unit": sorted({(line.unit_code, line.unit) for line in listed if line.unit_code}),
        "panel": sorted({panel for line in listed for panel in line.panels}),
        "leader": sorted({(line.leader, line.leader) for line in listed if line.leader}),
    }
