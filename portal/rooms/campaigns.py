"""A campaign at a glance, for anyone who is signed in."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from appraisal.method.ballots import Ballot
from appraisal.method.vote_words import Recording
from appraisal.notices.wording import phrase
from appraisal.operations.desks import holds
from appraisal.operations.final_report import may_read_report
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.naming import event_title
from appraisal.operations.order_views import givable
from appraisal.operations.overview import DutyLine, Overview, ResultLine, overview
from appraisal.operations.panel_access import secret_titles
from appraisal.operations.panel_views import open_goals
from appraisal.operations.points import DEPUTY
from appraisal.operations.points_kept import keeps_points
from appraisal.operations.rectification_register import keeps_register
from appraisal.operations.results import counts_text
from appraisal.operations.review_opinion_views import has_to_do_with_opinions
from appraisal.operations.stall_access import units_seen
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow
from portal.rooms.desk import GROUPS
from portal.rooms.sections import sections
from portal.visits import Here, Visit

router = APIRouter()


@dataclass(frozen=True)
class Standing:
    """A result that stands; ``page`` is where its count can be looked at, if the system counted it."""

    unit: str
    grade: str
    counts: str
    round: int
    page: str


@router.get("/campaigns/{slug}")
def show(slug: str, here: Here) -> Response:
    with here.reading() as session:
        view = overview(session, slug, here.now)
        results = _results(session, view, here)
        waits_for = _waits_for(session, view)
        campaign, today = campaign_by(session, slug), here.now.date()
        secret = secret_titles(session, campaign, here.person, today)
        goals = open_goals(session, campaign) if here.staff else []
        is_deputy = holds(session, here.person, [(DEPUTY, None)], today)
        parts = sections(method_of(campaign), staff=here.staff, deputy=is_deputy, may=_may(session, campaign, here))
    here.note_reading(f"/campaigns/{slug}")
    shown = {"results": results, "waits_for": waits_for, "sections": parts, "goals": goals}
    return here.show("campaign", None, view=view, lights=GROUPS, units=by_unit(view, secret), **shown)


def _may(session: Session, campaign: CampaignRow, here: Visit) -> set[str]:
    """What the visitor may see or do, in the words of ``sections``."""
    person, today = here.person, here.now.date()
    seen = units_seen(session, campaign, person, today)
    of_some = seen is None or bool(seen)
    may = {
        "stalls": of_some,
        "ahead": seen is None,
        "opinions": has_to_do_with_opinions(session, campaign, person, today),
        "orders": bool(givable(session, campaign, person, today)),
        "costs": of_some and keeps_points(campaign),
        "report": may_read_report(session, campaign, person, today),
        "register": keeps_register(session, campaign, person, today),
    }
    return {word for word, allowed in may.items() if allowed}


def by_unit(view: Overview, secret: Collection[str] = ()) -> dict[str, tuple[Counter[str], list[DutyLine]]]:
    """How many duties of each unit stand under each heading, and the duties; the body's own under no name.

    What a panel owes that is ``secret`` to the visitor is left out.
    """
    found: dict[str, tuple[Counter[str], list[DutyLine]]] = {}
    for duty in (duty for duty in view.duties if duty.unit not in secret):
        lights, duties = found.setdefault(duty.unit, (Counter(), []))
        lights[str(duty.light)] += 1
        duties.append(duty)
    return found


def _results(session: Session, view: Overview, here: Visit) -> dict[str, list[Standing]]:
    """The results that stand, by the title of the ballot."""
    found: dict[str, list[Standing]] = {}
    for terms in method_of(campaign_by(session, view.slug)).ballots:
        lines = [line for line in view.results if line.ballot == terms.key]
        if lines:
            releaser = terms.shown.released_by
            releases = bool(releaser) and holds(session, here.person, [(str(releaser), None)], here.now.date())
            found[terms.title] = [_standing(view.slug, terms, line, sealed=here.staff or releases) for line in lines]
    return found


def _standing(slug: str, terms: Ballot, line: ResultLine, *, sealed: bool) -> Standing:
    """A result that was counted here leads to its round; a sealed one for those alone who may see the round so."""
    words = counts_text(terms, line.counts) if line.counts else ""
    counted = terms.recording is Recording.COUNTED
    leads = counted and (sealed or line.grade != phrase("result.sealed"))
    page = f"/rounds/{identity('round', slug, terms.key, line.round)}" if leads else ""
    return Standing(line.unit, line.grade, words, line.round, page)


def _waits_for(session: Session, view: Overview) -> dict[str, str]:
    method = method_of(campaign_by(session, view.slug))
    return {name: event_title(method, name) for name in {duty.waits_for for duty in view.duties} if name}
