"""Whether closing out, verifying and looking back fit together: another hand each time, and something to decide on."""

from collections.abc import Iterator

from appraisal.method.duties import Duty
from appraisal.method.faults import Found, Loc
from appraisal.method.schema import Method
from appraisal.method.sequence import CLOSED_OUT, anchor, duties
from appraisal.method.words import Act, OwedBy, Scope


def faults_of_closing(method: Method) -> Iterator[Found]:
    """Every closing that could never come or would be in one's own hand, and every look-back that decides nothing."""
    of_units = {role.key for role in method.roles if role.scope is Scope.UNIT}
    for loc, _, duty in duties(method):
        yield from _verdict(duty, loc)
        yield from _look_back(duty, loc, of_units)
    for position, phase in enumerate(method.phases):
        for name, due in (("opens", phase.opens), ("closes", phase.closes)):
            if due and anchor(due) == CLOSED_OUT:
                yield Found(("phases", position, name, "after" if due.after else "before"), "closed-event")
    closing = method.problems.closing if method.problems else None
    if closing is None:
        return
    if closing.by in of_units:
        yield Found(("problems", "closing", "by"), "closing-own-hand", {"role": closing.by})
    if not any(duty.owed_by is OwedBy.EACH_PROBLEM and duty.accepted_by for _, _, duty in duties(method)):
        yield Found(("problems", "closing"), "closing-unjudged")


def _verdict(duty: Duty, loc: Loc) -> Iterator[Found]:
    if duty.manners and duty.accepted_by is None:
        yield Found((*loc, "manners"), "manners-no-verdict")


def _look_back(duty: Duty, loc: Loc, of_units: set[str]) -> Iterator[Found]:
    if duty.owed_by is not OwedBy.EACH_CLOSED:
        if duty.sample is not None:
            yield Found((*loc, "sample"), "sample-stray")
        if duty.not_before is not None:
            yield Found((*loc, "not_before"), "not-before-stray")
        if anchor(duty.due) == CLOSED_OUT:
            yield Found((*loc, "due", "after" if duty.due.after else "before"), "closed-event")
        return
    if duty.does is not Act.SUBMIT:
        yield Found((*loc, "does"), "look-back-no-paper")
    if duty.rhythm:
        yield Found((*loc, "rhythm"), "look-back-rhythm")
    if duty.role in of_units:
        yield Found((*loc, "role"), "look-back-own-hand", {"role": duty.role})
