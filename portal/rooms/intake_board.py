"""What an investigation has brought so far, in figures, for anyone who is signed in."""

from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.notices.wording import phrase
from appraisal.operations.inquiry_figures import Spread, figures
from appraisal.operations.intake_figures import Line
from appraisal.operations.loading import campaign_by
from appraisal.operations.panel_access import secret_titles
from portal.visits import Here

router = APIRouter()


@router.get("/campaigns/{slug}/intake")
def show(slug: str, here: Here) -> Response:
    with here.reading() as session:
        view = figures(session, slug, here.now)
        secret = secret_titles(session, campaign_by(session, slug), here.person, here.now.date())
    view = replace(view, goals=tuple(goal for goal in view.goals if goal.panel not in secret))
    opinions = view.opinions
    bars = {
        "days": [(phrase("figures.batch", first=day.first, last=day.last), day.count) for day in opinions.days][::-1],
        "aspects": _named(opinions.aspects, "figures.no_aspect"),
        "units": _named(opinions.units, "figures.no_unit"),
        "leads": _named(view.found.units, "figures.no_lead"),
        "spreads": [Spread(axis.title, tuple(_named(axis.lines, "figures.no_class"))) for axis in view.found.axes],
    }
    return here.show("intake-board", None, view=view, **bars)


def _named(lines: Sequence[Line], nobody: str) -> list[Line]:
    """The lines with a label for what is named by nobody."""
    return [(label or phrase(nobody), count) for label, count in lines]
