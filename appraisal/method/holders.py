"""Whether every duty, consent and message of a method has somebody who can hold it."""

from collections.abc import Iterator

from appraisal.method.duties import Duty
from appraisal.method.faults import Found, Loc
from appraisal.method.schema import Method
from appraisal.method.sequence import duties, sequence
from appraisal.method.words import OwedBy, Scope

Named = tuple[Loc, str]
_SHARED = {OwedBy.BODY: frozenset({Scope.BODY}), OwedBy.EACH_PANEL: frozenset({Scope.BODY, Scope.PANEL})}
_IN_UNITS = frozenset({OwedBy.EACH_UNIT, OwedBy.EACH_SUPPORTING, OwedBy.EACH_ASSIGNMENT, OwedBy.EACH_ORDER})
_CODES = {OwedBy.BODY: "role-not-body", OwedBy.EACH_PANEL: "role-of-units"}


def faults_of_holders(method: Method) -> Iterator[Found]:
    """Roles asked for where nobody holds them, and one hand for what takes two."""
    scopes = {role.key: role.scope for role in method.roles}
    for loc, _, duty in duties(method):
        if duty.accepted_by == duty.role:
            yield Found((*loc, "accepted_by"), "accepts-own", {"role": duty.role})
        yield from _held(method, duty, loc, scopes)
    for loc, role in _of_the_body(method):
        if scopes.get(role, Scope.BODY) is not Scope.BODY:
            yield Found(loc, "role-not-body", {"role": role})
    problems = method.problems
    if problems and problems.leader and scopes.get(problems.leader, Scope.UNIT) is not Scope.UNIT:
        yield Found(("problems", "leader"), "leader-not-unit", {"role": problems.leader})


def _held(method: Method, duty: Duty, loc: Loc, scopes: dict[str, Scope]) -> Iterator[Found]:
    """A duty of the body is held in the body alone, a duty of a panel on the panel; units have panels over them."""
    scope, named = scopes.get(duty.role), [((*loc, "role"), duty.role), *_others(duty, loc)]
    if duty.owed_by in _IN_UNITS and scope is Scope.BODY:
        yield Found((*loc, "role"), "role-not-unit", {"role": duty.role})
    if duty.owed_by is OwedBy.EACH_PANEL and scope in (Scope.BODY, Scope.UNIT):
        yield Found((*loc, "role"), "role-not-panel", {"role": duty.role})
        named = named[1:]
    if duty.owed_by in _SHARED:
        yield from _not_there(method, duty, loc, named, scopes)


def _others(duty: Duty, loc: Loc) -> Iterator[Named]:
    yield from (((*loc, "tell", position), role) for position, role in enumerate(duty.tell))
    if duty.accepted_by:
        yield (*loc, "accepted_by"), duty.accepted_by


def _not_there(method: Method, duty: Duty, loc: Loc, named: list[Named], scopes: dict[str, Scope]) -> Iterator[Found]:
    there, code = _SHARED[duty.owed_by], _CODES[duty.owed_by]
    for at, role in named:
        if role in scopes and scopes[role] not in there:
            yield Found(at, code, {"role": role})
    ladder = method.ladders.get(duty.ladder or "")
    at = (*loc, "ladder")
    for role in sorted({role for rung in ladder.rungs for role in rung.tell}) if ladder else []:
        if role in scopes and scopes[role] not in there:
            yield Found(at, f"ladder-{code}", {"ladder": duty.ladder, "role": role})


def _of_the_body(method: Method) -> Iterator[Named]:
    """Who consents, decides or is told where neither a unit nor a panel is meant."""
    for position, phase in enumerate(method.phases):
        if phase.closing:
            yield ("phases", position, "closing", "by"), phase.closing.by
    for position, rule in enumerate(method.orders):
        yield from ((("orders", position, "given_by", at), role) for at, role in enumerate(rule.given_by))
    if method.targets.selection.decided_by:
        yield ("targets", "selection", "decided_by"), method.targets.selection.decided_by
    if method.assignment and method.assignment.objection:
        yield ("assignment", "objection", "ruled_by"), method.assignment.objection.ruled_by
    per_unit = sequence(method).per_unit
    for position, copy in enumerate(method.copies):
        if copy.on not in per_unit:
            yield from ((("copies", position, "to", at), role) for at, role in enumerate(copy.to))
