"""我的事项: what I owe, what waits for my acceptance, what waits for my approval."""

from collections.abc import Iterable

from fastapi import APIRouter
from starlette.responses import Response

from appraisal.domain.timeliness import Timeliness
from appraisal.operations.desks import DutyCard, desk_of
from appraisal.operations.extension_views import petitions_on_desk
from appraisal.operations.overview import campaigns
from appraisal.operations.panel_access import my_panels
from appraisal.operations.review_opinion_views import opinions_on_desk
from portal.visits import Here

router = APIRouter()

MOST_DONE = 20
"""What is done is kept, but a daily report makes many of them: the newest are shown."""

GROUPS = (
    Timeliness.OVERDUE,
    Timeliness.DUE,
    Timeliness.NEAR,
    Timeliness.ON_TIME,
    Timeliness.WAITING,
    Timeliness.SUBMITTED,
    Timeliness.DONE,
)


@router.get("/")
def mine(here: Here) -> Response:
    with here.reading() as session:
        desk = desk_of(session, here.person, here.now)
        running = campaigns(session)
        panels = my_panels(session, here.person, here.now.date())
        opinions = opinions_on_desk(session, here.person, here.now)
        petitions = petitions_on_desk(session, here.person, here.now)
    here.note_reading("/")
    shown = {"desk": desk, "groups": grouped(desk.owed), "campaigns": running, "panels": panels}
    shown |= {"opinions": opinions, "petitions": petitions}
    return here.show("desk", None, most_done=MOST_DONE, **shown)


def grouped(cards: Iterable[DutyCard]) -> list[tuple[str, list[DutyCard]]]:
    """The cards under their headings, the most pressing first; headings without cards are left out."""
    listed = list(cards)
    groups = [(str(name), [card for card in listed if card.light == name]) for name in GROUPS]
    return [(name, found) for name, found in groups if found]
