"""Assigning problems (交办) to their lead units: to one or to many, before the sitting if the office likes."""

from collections.abc import Sequence

from appraisal.domain.digest import digest
from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.schema import Method
from appraisal.method.words import OwedBy, Scope
from appraisal.notices.post import Letter
from appraisal.operations.classifying import missing_titles
from appraisal.operations.closing_out import move
from appraisal.operations.events import happen
from appraisal.operations.issuing import issue_for_problems
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk
from appraisal.operations.problems import problem_by
from appraisal.operations.telling import letter, tell
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, EventRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow

EVENT = "problem.assigned"


def assign(desk: Desk, slug: str, numbers: Sequence[int]) -> list[ProblemRow]:
    """Assign problems to their lead units; those that are assigned already stay so.  Returns those that are new.

    Refuses all when one is not classified in full (``problem.unclassified`` names each with what it lacks), has no
    lead unit, or is closed, merged or dropped.
    """
    campaign = campaign_by(desk.session, slug)
    if not numbers:
        raise Refusal("problem.none_chosen")
    chosen = [problem_by(desk.session, slug, number) for number in dict.fromkeys(numbers)]
    fresh = [row for row in chosen if row.status != ProblemStatus.ASSIGNED]
    _may_be_assigned(method_of(campaign), fresh)
    for row in fresh:
        move(desk, slug, row, Action.PROBLEM_ASSIGNED, unit=row.unit.code if row.unit else "")
        row.assigned_at = desk.now
    desk.session.flush()
    issue_for_problems(desk, campaign, fresh)
    for unit in dict.fromkeys(row.unit for row in fresh if row.unit):
        _first(desk, campaign, unit)
    tell(desk, campaign, _letters(campaign, fresh))
    return fresh


def _may_be_assigned(method: Method, rows: Sequence[ProblemRow]) -> None:
    over = next((row for row in rows if row.status != ProblemStatus.FOUND), None)
    if over is not None:
        raise Refusal("problem.not_open", number=over.number, status=over.status)
    lacking = [(row, missing_titles(method, row)) for row in rows]
    faults = [{"number": row.number, "title": row.title, "missing": missing} for row, missing in lacking if missing]
    if faults:
        raise Refusal("problem.unclassified", problems=faults)
    nobody = [row.number for row in rows if row.unit is None]
    if nobody:
        raise Refusal("problem.no_lead", numbers=nobody)


def _first(desk: Desk, campaign: CampaignRow, unit: UnitRow) -> None:
    """The event of the unit is its first assignment: what was counted from it does not move with the next."""
    if desk.session.get(EventRow, identity("event", campaign.slug, EVENT, unit.code)) is None:
        happen(desk, campaign, [EVENT], desk.now, unit)


def _letters(campaign: CampaignRow, rows: Sequence[ProblemRow]) -> list[Letter]:
    """One letter to each unit that leads or supports, with all that is new to it."""
    units = dict.fromkeys(unit for row in rows for unit in (row.unit, *row.supporting) if unit)
    return [_letter(campaign, unit, rows) for unit in units]


def _letter(campaign: CampaignRow, unit: UnitRow, rows: Sequence[ProblemRow]) -> Letter:
    leads = [row for row in rows if row.unit is unit]
    supports = [row for row in rows if unit in row.supporting]
    first = (leads or supports)[0]
    page = f"/problems/{first.id}" if len(leads + supports) == 1 else f"/campaigns/{campaign.slug}/problems"
    facts = {"leads": [_line(row) for row in leads], "supports": [_line(row) for row in supports]}
    key = f"{unit.code}/{digest(sorted(row.number for row in leads + supports))[:16]}"
    return letter(campaign, "problem-assigned", key, _told(method_of(campaign)), page, facts, owner=unit)


def _line(row: ProblemRow) -> dict[str, object]:
    due_on, lead = str(row.due_on or ""), row.unit.name if row.unit else ""
    return {"number": row.number, "title": row.title, "lead": lead, "leader": row.leader, "due_on": due_on}


def _told(method: Method) -> list[str]:
    """Who in a unit hears of a problem: those who owe something for it or, where nobody does, for their unit."""
    duties = [duty for phase in method.phases for duty in phase.duties]
    for owed_by in (OwedBy.EACH_PROBLEM, OwedBy.EACH_UNIT):
        roles = [role for duty in duties if duty.owed_by is owed_by for role in (duty.role, *duty.tell)]
        found = [role for role in dict.fromkeys(roles) if method.role(role).scope is Scope.UNIT]
        if found:
            return found
    return [role.key for role in method.roles if role.scope is Scope.UNIT]
