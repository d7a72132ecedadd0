"""The choice of the units as a page shows it: what was decided on what figures, and what a new decision must say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.lifecycle import CampaignStatus
from appraisal.domain.selection import Candidate, Place
from appraisal.method.investigation import Selection
from appraisal.method.words import SelectionWay
from appraisal.notices.wording import phrase
from appraisal.operations.campaigns import Unheld, vacant_roles
from appraisal.operations.chosen_units import chosen_units
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.selection_inputs import places_of, rules_of
from appraisal.operations.units import active_units
from appraisal.store.campaign_tables import CampaignRow, ResultRow
from appraisal.store.problem_tables import SelectionRow

ASKED: Mapping[SelectionWay, frozenset[str]] = {
    SelectionWay.NAMED: frozenset({"units"}),
    SelectionWay.COUNCIL_DECISION: frozenset({"units"}),
    SelectionWay.COMMITTEE_VOTE: frozenset({"votes", "base", "settled"}),
    SelectionWay.RANKED_THEN_VOTED: frozenset({"votes", "base", "settled"}),
    SelectionWay.LOTTERY_THEN_CONFIRMED: frozenset({"units", "seed", "pool"}),
    SelectionWay.PUBLIC_VOTE: frozenset({"votes", "settled"}),
    SelectionWay.DEPUTIES_VOTE: frozenset({"votes", "settled"}),
    SelectionWay.TERM_ROTATION: frozenset({"units", "pool", "term_since", "earlier"}),
    SelectionWay.CARRIED_OVER: frozenset({"carried", "carried_from"}),
}


@dataclass(frozen=True)
class TargetLine:
    """An appraised unit: whether a decision chose it or the start named it, and where it was carried over from."""

    unit: str
    decided: bool
    carried_from: str


@dataclass(frozen=True)
class SelectionPaper:
    """All that a page on the choice says.  ``places`` are those left; None where the method sets no number."""

    slug: str
    campaign: str
    way: SelectionWay
    basis: str
    decider: str
    passing: str
    places: int | None
    open: bool
    asked: frozenset[str]
    ranking: tuple[Place, ...]
    candidates: tuple[Candidate, ...]
    earlier: tuple[tuple[str, str], ...]
    targets: tuple[TargetLine, ...]
    decisions: tuple[SelectionRow, ...]
    vacant: tuple[Unheld, ...]


def selection_paper(session: Session, slug: str, on: date) -> SelectionPaper:
    """The paper of a campaign, with the roles that nobody holds in its units that day."""
    campaign = campaign_by(session, slug)
    method = method_of(campaign)
    selection = method.targets.selection
    inside = {target.unit.code for target in campaign.targets}
    ranking = tuple(place for place in places_of(session, campaign) if place.unit.code not in inside)
    rest = tuple(Candidate(unit.code, unit.name) for unit in active_units(session) if unit.code not in inside)
    ranked = selection.way is SelectionWay.RANKED_THEN_VOTED
    query = select(SelectionRow).where(SelectionRow.campaign_id == campaign.id).order_by(SelectionRow.position.desc())
    places = rules_of(session, campaign).count
    return SelectionPaper(
        slug=slug,
        campaign=campaign.title,
        way=selection.way,
        basis=selection.basis or method.targets.basis,
        decider=method.role(selection.decided_by).title if selection.decided_by else "",
        passing=_passing(campaign),
        places=places,
        open=_is_open(session, campaign),
        asked=_asked(selection, places),
        ranking=ranking if ranked else (),
        candidates=tuple(place.unit for place in ranking) if ranked else rest,
        earlier=_earlier(session, campaign),
        targets=_targets(session, campaign),
        decisions=tuple(session.scalars(query)),
        vacant=_vacant(session, campaign, on),
    )


def _asked(selection: Selection, places: int | None) -> frozenset[str]:
    """What the way asks for while there are places left, and units to carry over at any time."""
    own = frozenset() if places == 0 else ASKED[selection.way]
    return own | (ASKED[SelectionWay.CARRIED_OVER] if selection.carried_over else frozenset())


def _targets(session: Session, campaign: CampaignRow) -> tuple[TargetLine, ...]:
    chosen = chosen_units(session, campaign)
    codes = [(target.unit.code, target.unit.name) for target in campaign.targets]
    return tuple(TargetLine(name, code in chosen, chosen.get(code, "")) for code, name in codes)


def _vacant(session: Session, campaign: CampaignRow, on: date) -> tuple[Unheld, ...]:
    found = vacant_roles(session, method_of(campaign), [target.unit for target in campaign.targets], on)
    return tuple(gap for gap in found if gap.unit)


def _passing(campaign: CampaignRow) -> str:
    passing = method_of(campaign).targets.selection.passing
    if passing is None:
        return ""
    return phrase("selection.passing", share=passing.share, boundary=str(passing.boundary), base=str(passing.base))


def _earlier(session: Session, campaign: CampaignRow) -> tuple[tuple[str, str], ...]:
    others = select(CampaignRow.slug, CampaignRow.title).where(CampaignRow.id != campaign.id)
    found = session.execute(others.order_by(CampaignRow.starts_on.desc(), CampaignRow.slug))
    return tuple((slug, title) for slug, title in found)


def _is_open(session: Session, campaign: CampaignRow) -> bool:
    voted = select(ResultRow.id).where(ResultRow.campaign_id == campaign.id).limit(1)
    return campaign.status != CampaignStatus.CLOSED and session.scalar(voted) is None
