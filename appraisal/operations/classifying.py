"""Classifying problems: their place on the axes of the method, their units, their leader, their due date."""

from collections.abc import Mapping, Sequence

from appraisal.domain.problems import Placed, ProblemKind, lacking
from appraisal.domain.refusal import Refusal
from appraisal.method.investigation import Axis, Named
from appraisal.method.schema import Method
from appraisal.notices.recipients import holders
from appraisal.notices.wording import phrase
from appraisal.operations.office import Desk
from appraisal.operations.tracks import is_dated
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow


def axes_of(method: Method) -> Sequence[Axis]:
    """The axes of the method; none where it says nothing about problems."""
    return method.problems.axes if method.problems else []


def read_classes(method: Method, classes: Mapping[str, str]) -> dict[str, str]:
    """Classes by axis and value, each given by key or title, as keys; an empty value says nothing.

    Refuses an axis or a value that the method does not have (``problem.axis_unknown``, ``problem.class_unknown``),
    with those that there are.
    """
    given = {_axis(method, axis).key: (_axis(method, axis), value) for axis, value in classes.items() if value}
    return {key: _value(axis, value) for key, (axis, value) in given.items()}


def default_leader(desk: Desk, method: Method, lead: UnitRow | None) -> str:
    """Who is responsible for the lead unit unless another is named; empty where the method or the post is silent."""
    role = method.problems.leader if method.problems else None
    if role is None or lead is None:
        return ""
    found = holders(desk.session, role, lead.id, desk.now.date())
    return "、".join(dict.fromkeys((holder.acting_for or holder.person).name for holder in found))


def what_is_missing(method: Method, row: ProblemRow) -> list[str]:
    """What the problem lacks to count as classified: keys of axes, then ``ProblemPart`` words; empty when nothing.

    A suggestion has its place on no axis.  What is counted needs no date that somebody writes.
    """
    if method.problems is None:
        return []
    axes = [] if row.kind == ProblemKind.SUGGESTION else [axis.key for axis in axes_of(method)]
    dated = row.due_on is not None or is_dated(method, row)
    placed = Placed(row.classes, row.unit is not None, bool(row.supporting), bool(row.leader), dated, bool(row.aim))
    return lacking(placed, axes, method.problems.complete)


def missing_titles(method: Method, row: ProblemRow) -> list[str]:
    """The same in words."""
    axes = {axis.key: axis.title for axis in axes_of(method)}
    return [axes.get(part) or phrase(f"ProblemPart.{part}") for part in what_is_missing(method, row)]


def _axis(method: Method, wanted: str) -> Axis:
    known = axes_of(method)
    for axis in known:
        if wanted in (axis.key, axis.title):
            return axis
    raise Refusal("problem.axis_unknown", axis=wanted, known=[axis.title for axis in known])


def _value(axis: Axis, wanted: str) -> str:
    found: Named | None = next((value for value in axis.values if wanted.strip() in (value.key, value.title)), None)
    if found is None:
        known = [value.title for value in axis.values]
        raise Refusal("problem.class_unknown", axis=axis.title, value=wanted, known=known)
    return found.key
