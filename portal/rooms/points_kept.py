"""积分台账: what rungs and consequences have cost each unit of a campaign."""

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.operations.loading import campaign_by
from appraisal.operations.points_kept import keeps_points, points_for
from portal.visits import Here

router = APIRouter(prefix="/campaigns/{slug}/points-kept")


@router.get("")
def show(slug: str, here: Here) -> Response:
    """The office reads all, a unit and its panels their own."""
    with here.reading() as session:
        campaign = campaign_by(session, slug)
        units, keeps = points_for(session, slug, here.person, here.now.date()), keeps_points(campaign)
        title = campaign.title
    return here.show("points-kept", None, slug=slug, campaign=title, units=units, keeps=keeps)
