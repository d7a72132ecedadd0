"""Whether every duty, consent and message of a method has somebody who can hold it."""

from collections.abc import Iterator

from appraisal.method.faults import Found, Loc
from appraisal.method.schema import Duty, Method
from appraisal.method.sequence import duties
from appraisal.method.words import OwedBy, Scope


def faults_of_holders(method: Method) -> Iterator[Found]:
    """Roles held per unit where the body is meant, roles of the body where units are meant, and one hand for two."""
    scopes = {role.key: role.scope for role in method.roles}
    for loc, _, duty in duties(method):
        if duty.accepted_by == duty.role:
            yield Found((*loc, "accepted_by"), "accepts-own", {"role": duty.role})
        if duty.owed_by is OwedBy.BODY:
            yield from _of_the_body(method, duty, loc, scopes)
        elif scopes.get(duty.role) is Scope.BODY and duty.owed_by is OwedBy.EACH_UNIT:
            yield Found((*loc, "role"), "role-not-unit", {"role": duty.role})
    for position, phase in enumerate(method.phases):
        if phase.closing and scopes.get(phase.closing.by) is Scope.UNIT:
            yield Found(("phases", position, "closing", "by"), "role-not-body", {"role": phase.closing.by})


def _of_the_body(method: Method, duty: Duty, loc: Loc, scopes: dict[str, Scope]) -> Iterator[Found]:
    named: list[tuple[Loc, str]] = [((*loc, "role"), duty.role)]
    named += [((*loc, "tell", position), role) for position, role in enumerate(duty.tell)]
    if duty.accepted_by:
        named.append(((*loc, "accepted_by"), duty.accepted_by))
    for at, role in named:
        if scopes.get(role) is Scope.UNIT:
            yield Found(at, "role-not-body", {"role": role})
    ladder = method.ladders.get(duty.ladder or "")
    told = sorted({role for rung in ladder.rungs for role in rung.tell}) if ladder else []
    for role in told:
        if scopes.get(role) is Scope.UNIT:
            facts = {"ladder": duty.ladder, "role": role}
            yield Found((*loc, "ladder"), "ladder-role-not-body", facts)
