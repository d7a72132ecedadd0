"""Revising problems on the list: what they say, their classes, units, leader and due date; one, or many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from appraisal.domain.digest import digest
from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OPEN_PROBLEM, ProblemStatus
from appraisal.domain.problems import Draft, ProblemKind, tidied
from appraisal.domain.refusal import Refusal
from appraisal.method.schema import Method
from appraisal.operations.classifying import default_leader, read_classes
from appraisal.operations.loading import campaign_by, method_of, unit_by
from appraisal.operations.office import Desk
from appraisal.operations.problems import complete_suggestion, problem_by
from appraisal.operations.retracking import resettle
from appraisal.operations.supporting import follow_supporting
from appraisal.operations.tracks import track_of
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow


def draft_of(row: ProblemRow) -> Draft:
    """The problem as it stands, to be revised."""
    return Draft(
        row.title,
        row.unit.code if row.unit else None,
        row.detail,
        row.aim,
        dict(row.classes),
        tuple(unit.code for unit in row.supporting),
        row.leader,
        row.due_on,
        row.kind,
    )


def mark_of(row: ProblemRow) -> str:
    """What a form is bound to, so that it does not undo what somebody else has done since."""
    draft = replace(draft_of(row), classes=dict(sorted(row.classes.items())))
    return digest([str(part) for part in vars(draft).values()])[:16]


def revise(desk: Desk, slug: str, number: int, draft: Draft, seen: str = "") -> ProblemRow:
    """Let the problem say what the draft says, and let be owed for it what goes with its track and its units then.

    The same draft again does nothing.  A unit that comes to support an assigned problem gets a letter of its own.

    Refuses what ``record`` refuses, a problem that is not open, another lead unit or due date once it is assigned,
    and (``seen`` is the ``mark_of`` what was read) a problem that has changed since.
    """
    campaign = campaign_by(desk.session, slug)
    row, method = problem_by(desk.session, slug, number), method_of(campaign)
    before, wanted = draft_of(row), replace(tidied(draft), kind=row.kind)
    lead = unit_by(desk.session, wanted.unit) if wanted.unit else None
    supporting = _supporting(desk, wanted, lead)
    wanted = replace(
        wanted,
        unit=lead.code if lead else None,
        supporting=tuple(unit.code for unit in supporting),
        classes=read_classes(method, wanted.classes),
        leader=_leader(desk, method, row, wanted, lead),
    )
    if wanted == before:
        return row
    _may_change(row, before, wanted, seen)
    complete_suggestion(wanted)
    track, supported = track_of(method, row), list(row.supporting)
    row.title, row.detail, row.aim, row.classes = wanted.title, wanted.detail, wanted.aim, dict(wanted.classes)
    row.unit, row.supporting, row.leader, row.due_on = lead, supporting, wanted.leader, wanted.due_on
    changed = [part for part in vars(wanted) if getattr(wanted, part) != getattr(before, part)]
    facts = {"unit": wanted.unit or "", "classes": dict(wanted.classes), "due_on": str(wanted.due_on or "")}
    row.version += 1
    desk.record(slug, f"problem:{row.id}", Action.PROBLEM_CLASSIFIED, changed=changed, **facts)
    if track_of(method, row) is not track:
        resettle(desk, campaign, row)
    follow_supporting(desk, campaign, row, supported)
    return row


def classify(
    desk: Desk, slug: str, numbers: Sequence[int], classes: Mapping[str, str], unit: str | None = None
) -> list[ProblemRow]:
    """Give many problems the same classes (axis → value), and the same lead unit where one is named.

    A suggestion takes the unit alone.  Refusal ``problem.none_chosen`` without numbers, ``problem.nothing_to_set``
    without classes and unit, and whatever refuses one of them refuses all.
    """
    if not numbers:
        raise Refusal("problem.none_chosen")
    if not unit and not any(classes.values()):
        raise Refusal("problem.nothing_to_set")
    given = read_classes(method_of(campaign_by(desk.session, slug)), classes)
    return [_classify(desk, slug, number, given, unit) for number in numbers]


def _classify(desk: Desk, slug: str, number: int, classes: Mapping[str, str], unit: str | None) -> ProblemRow:
    now = draft_of(problem_by(desk.session, slug, number))
    own = now.classes if now.kind == ProblemKind.SUGGESTION else {**now.classes, **classes}
    return revise(desk, slug, number, replace(now, classes=own, unit=unit or now.unit))


def _supporting(desk: Desk, draft: Draft, lead: UnitRow | None) -> list[UnitRow]:
    units = dict.fromkeys(unit_by(desk.session, unit) for unit in draft.supporting)
    if lead in units:
        raise Refusal("problem.lead_supports", unit=lead.name if lead else "")
    return sorted(units, key=lambda unit: (unit.position, unit.code))


def _leader(desk: Desk, method: Method, row: ProblemRow, wanted: Draft, lead: UnitRow | None) -> str:
    """Another lead unit has another leader, unless one was named that was not its predecessor's."""
    moved = row.unit is not None and row.unit is not lead and wanted.leader == default_leader(desk, method, row.unit)
    return (not moved and wanted.leader) or default_leader(desk, method, lead)


def _may_change(row: ProblemRow, before: Draft, wanted: Draft, seen: str) -> None:
    if row.status not in OPEN_PROBLEM:
        raise Refusal("problem.not_open", number=row.number, status=row.status)
    if seen and seen != mark_of(row):
        raise Refusal("problem.changed", number=row.number)
    fixed = (wanted.unit, wanted.due_on) != (before.unit, before.due_on)
    if row.status != ProblemStatus.FOUND and fixed:
        raise Refusal("problem.assigned_already", number=row.number, unit=row.unit.name if row.unit else "")
