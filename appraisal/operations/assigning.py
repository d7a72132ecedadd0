"""Assigning problems (交办) to their lead units: to one or to many, before the sitting if the office likes."""

from collections.abc import Iterable, Sequence

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import CampaignStatus, ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.schema import Method
from appraisal.method.sequence import ABOUT_THINGS
from appraisal.method.words import OwedBy, Scope
from appraisal.notices.post import Letter
from appraisal.operations.classifying import missing_titles
from appraisal.operations.closing_out import move
from appraisal.operations.events import happen
from appraisal.operations.issuing import issue_for_letters, issue_for_problems
from appraisal.operations.letters import LEADS, SUPPORTS, write_letters
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk
from appraisal.operations.problems import problem_by
from appraisal.operations.telling import letter, tell
from appraisal.store.assignment_tables import AssignmentRow
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, EventRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow

EVENT = "problem.assigned"


def assign(desk: Desk, slug: str, numbers: Sequence[int]) -> list[ProblemRow]:
    """Assign problems to their lead units; those that are assigned already stay so.  Returns those that are new.

    Each unit that leads or supports gets one numbered letter with all that is new to it.
    Refuses all when one is not classified in full (``problem.unclassified`` names each with what it lacks), has no
    lead unit, or is closed, merged or dropped, and in a campaign that is closed (``problem.assigned_too_late``).
    """
    campaign = campaign_by(desk.session, slug)
    if not numbers:
        raise Refusal("problem.none_chosen")
    chosen = [problem_by(desk.session, slug, number) for number in dict.fromkeys(numbers)]
    fresh = [row for row in chosen if row.status != ProblemStatus.ASSIGNED]
    units = dict.fromkeys(unit for row in fresh for unit in (row.unit, *row.supporting) if unit)
    give(desk, campaign, fresh, units)
    return fresh


def give(
    desk: Desk, campaign: CampaignRow, rows: Sequence[ProblemRow], units: Iterable[UnitRow], *, again: bool = False
) -> list[AssignmentRow]:
    """Assign problems that are not assigned, and write to these units; refuses what ``assign`` refuses.

    ``again`` where another unit owed for them before, which their letters say.
    """
    _may_be_assigned(campaign, rows)
    for row in rows:
        move(desk, campaign.slug, row, Action.PROBLEM_ASSIGNED, unit=row.unit.code if row.unit else "")
        row.assigned_at = desk.now
    letters = send_letters(desk, campaign, rows, units, again=again)
    for unit in dict.fromkeys(row.unit for row in rows if row.unit):
        _first(desk, campaign, unit)
    return letters


def send_letters(
    desk: Desk, campaign: CampaignRow, rows: Sequence[ProblemRow], units: Iterable[UnitRow], *, again: bool = False
) -> list[AssignmentRow]:
    """Write to these units about problems that are assigned, and let them owe what goes with it."""
    letters = write_letters(desk, campaign, rows, units, again=again)
    issue_for_letters(desk, campaign, letters)
    issue_for_problems(desk, campaign, rows)
    tell(desk, campaign, [_letter(campaign, each) for each in letters])
    return letters


def assignment_page(letter: AssignmentRow) -> str:
    """Where a letter of assignment is read, signed for and objected to."""
    return f"/assignments/{letter.id}"


def _may_be_assigned(campaign: CampaignRow, rows: Sequence[ProblemRow]) -> None:
    if rows and campaign.status == CampaignStatus.CLOSED:
        numbers = [row.number for row in rows]
        raise Refusal("problem.assigned_too_late", numbers=numbers, campaign=campaign.title)
    method = method_of(campaign)
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


def _letter(campaign: CampaignRow, sent: AssignmentRow) -> Letter:
    facts = {"mark": sent.mark, "again": sent.again}
    facts |= {part: [_line(item.problem) for item in sent.items if item.part == part] for part in (LEADS, SUPPORTS)}
    roles, page = _told(method_of(campaign)), assignment_page(sent)
    return letter(campaign, "problem-assigned", str(sent.id), roles, page, facts, owner=sent.unit)


def _line(row: ProblemRow) -> dict[str, object]:
    due_on, lead = str(row.due_on or ""), row.unit.name if row.unit else ""
    return {"number": row.number, "title": row.title, "lead": lead, "leader": row.leader, "due_on": due_on}


def _told(method: Method) -> list[str]:
    """Who in a unit hears of a problem: those who owe something for it or, where nobody does, for their unit."""
    duties = [duty for phase in method.phases for duty in phase.duties]
    for owed_by in (ABOUT_THINGS, {OwedBy.EACH_UNIT}):
        roles = [role for duty in duties if duty.owed_by in owed_by for role in (duty.role, *duty.tell)]
        found = [role for role in dict.fromkeys(roles) if method.role(role).scope is Scope.UNIT]
        if found:
            return found
    return [role.key for role in method.roles if role.scope is Scope.UNIT]
