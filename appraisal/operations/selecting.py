"""Choosing the appraised units (确定评议对象): a decision is held against the method, recorded and acted on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import func, select

from appraisal.clock import ZONE
from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import CampaignStatus, PhaseStatus
from appraisal.domain.refusal import Refusal
from appraisal.domain.selection import TAKEN, Candidate, Figure, Outcome
from appraisal.method.registry import CHOOSERS
from appraisal.method.words import SelectionWay
from appraisal.operations.campaigns import Unheld, unheld_roles
from appraisal.operations.clerks import clerk_at
from appraisal.operations.events import happen
from appraisal.operations.issuing import issue
from appraisal.operations.loading import campaign_by, method_of, unit_by
from appraisal.operations.occurred import events_of
from appraisal.operations.office import Desk
from appraisal.operations.selection_inputs import Decision, Weighed, rules_of, weighed
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, ResultRow, TargetRow
from appraisal.store.problem_tables import SelectionRow
from appraisal.store.register_tables import UnitRow
from appraisal.store.types import JsonObject

EVENT = "targets.chosen"


@dataclass(frozen=True)
class Chosen:
    """A decision as recorded, and the roles that are only told of things and that nobody holds in the new units."""

    row: SelectionRow
    unheld: tuple[Unheld, ...]


def choose(desk: Desk, slug: str, decision: Decision) -> Chosen:
    """Record a decision on which units are appraised, and give them what the open phases ask of them.

    The same decision again does nothing; a later one may add units until the first result of a vote is recorded, and
    never drops any.  Refuses whoever is not of the office, a decision of the future, by nobody, without the document
    where the council decides, against the rule of the method's way (see ``domain.selection``), of units that are in
    already, and of units where nobody holds a role that a duty hangs on.
    """
    campaign, clerk = campaign_by(desk.session, slug), clerk_at(desk)
    given = weighed(desk.session, campaign, decision)
    key = identity("selection", slug, given.content)
    known = desk.session.get(SelectionRow, key)
    if known is not None:
        return Chosen(known, ())
    _may_decide(desk, campaign, decision)
    figures = _figures(desk, campaign, given)
    units = [unit_by(desk.session, figure.unit.code) for figure in figures if figure.outcome in TAKEN]
    unheld = _held(desk, campaign, units)
    row = _record(desk, campaign, decision, given, figures)
    row.id, row.recorded_by = key, clerk
    desk.session.add(row)
    _take_in(desk, campaign, units, _instant(desk, decision))
    named = [unit.code for unit in units]
    desk.record(slug, f"selection:{key}", Action.TARGETS_CHOSEN, way=row.way, units=named, by=row.decided_by)
    return Chosen(row, unheld)


def _may_decide(desk: Desk, campaign: CampaignRow, decision: Decision) -> None:
    if campaign.status == CampaignStatus.CLOSED:
        raise Refusal("selection.campaign_closed", campaign=campaign.title)
    if desk.session.scalar(select(ResultRow.id).where(ResultRow.campaign_id == campaign.id).limit(1)) is not None:
        raise Refusal("selection.voted", campaign=campaign.title)
    if decision.decided_on > desk.now.date():
        raise Refusal("selection.future", decided_on=decision.decided_on, today=desk.now.date())
    if not decision.decided_by.strip():
        raise Refusal("selection.no_decider")
    way = method_of(campaign).targets.selection.way
    if way is SelectionWay.COUNCIL_DECISION and not decision.document.strip():
        raise Refusal("selection.no_document")


def _figures(desk: Desk, campaign: CampaignRow, given: Weighed) -> list[Figure]:
    inside = {target.unit.code for target in campaign.targets}
    put, carried = given.put, given.carried
    again = [unit.name for unit in (*put.units, *put.votes, *carried) if unit.code in inside]
    if again:
        raise Refusal("selection.chosen_already", units=list(dict.fromkeys(again)))
    way = method_of(campaign).targets.selection.way
    figures = [Figure(unit, Outcome.CARRIED) for unit in carried]
    if given.asked or not carried:
        figures = [*CHOOSERS[way](put, rules_of(desk.session, campaign)), *figures]
    chosen = [figure.unit for figure in figures if figure.outcome in TAKEN]
    _once(chosen)
    return figures


def _once(chosen: Sequence[Candidate]) -> None:
    if not chosen:
        raise Refusal("selection.none_passed")
    twice = sorted({unit.name for unit in chosen if chosen.count(unit) > 1})
    if twice:
        raise Refusal("selection.twice", units=twice)


def _held(desk: Desk, campaign: CampaignRow, units: Sequence[UnitRow]) -> tuple[Unheld, ...]:
    found = unheld_roles(desk, method_of(campaign), units, desk.now.date())
    gaps = [gap for gap in found if gap.unit]
    if missing := [gap for gap in gaps if gap.needed]:
        raise Refusal("selection.unheld", gaps=[{"role": gap.title, "unit": gap.unit} for gap in missing])
    return tuple(gaps)


def _record(
    desk: Desk, campaign: CampaignRow, decision: Decision, given: Weighed, figures: Sequence[Figure]
) -> SelectionRow:
    last = select(func.max(SelectionRow.position)).where(SelectionRow.campaign_id == campaign.id)
    taken = [figure for figure in figures if figure.outcome in TAKEN]
    return SelectionRow(
        campaign_id=campaign.id,
        position=(desk.session.scalar(last) or 0) + 1,
        way=str(method_of(campaign).targets.selection.way),
        decided_on=decision.decided_on,
        decided_by=decision.decided_by.strip(),
        document=decision.document.strip(),
        terms=given.terms,
        figures=[_figure(figure) for figure in figures],
        chosen=[_chosen(figure, decision) for figure in taken],
        recorded_at=desk.now,
    )


def _figure(figure: Figure) -> JsonObject:
    counted = {"rank": figure.rank, "problems": figure.problems, "votes": figure.votes}
    kept = {name: count for name, count in counted.items() if count is not None}
    return {"unit": figure.unit.code, "name": figure.unit.name, "outcome": str(figure.outcome), **kept}


def _chosen(figure: Figure, decision: Decision) -> JsonObject:
    carried = {"carried_from": decision.carried_from} if figure.outcome is Outcome.CARRIED else {}
    return {"unit": figure.unit.code, "name": figure.unit.name, **carried}


def _take_in(desk: Desk, campaign: CampaignRow, units: Sequence[UnitRow], at: datetime) -> None:
    """Make the units targets; dates that hang on the choice run for later units from their own decision."""
    first = len(campaign.targets)
    campaign.targets += [TargetRow(unit=unit, position=first + number) for number, unit in enumerate(units)]
    desk.session.flush()
    if EVENT in events_of(desk.session, campaign).body:
        for unit in units:
            happen(desk, campaign, [EVENT], at, unit)
    else:
        happen(desk, campaign, [EVENT], at)
    for phase in campaign.phases:
        if phase.status == PhaseStatus.OPEN:
            issue(desk, phase)


def _instant(desk: Desk, decision: Decision) -> datetime:
    return min(datetime.combine(decision.decided_on, time(9), ZONE), desk.now)
