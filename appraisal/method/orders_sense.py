"""Whether the numbered letters of a method and the duties that answer them fit each other."""

from collections.abc import Iterator

from appraisal.method.duties import Duty
from appraisal.method.faults import Found, Loc
from appraisal.method.schema import Method
from appraisal.method.sequence import duties
from appraisal.method.words import Moment, OrderKind, OwedBy


def faults_of_orders(method: Method) -> Iterator[Found]:
    """Kinds listed twice, duties that answer nothing or what is not listed, and answers where no order is meant."""
    kinds: list[OrderKind] = []
    for position, rule in enumerate(method.orders):
        if rule.kind in kinds:
            yield Found(("orders", position, "kind"), "order-kind-twice", {"kind": rule.kind})
        if rule.kind is OrderKind.REPORT_UP and not rule.tell:
            yield Found(("orders", position), "order-up-to-nobody", {"name": "tell"})
        kinds.append(rule.kind)
    for loc, _, duty in duties(method):
        if duty.owed_by is OwedBy.EACH_ORDER:
            yield from _answering(method, duty, loc)
        elif duty.answers:
            yield Found((*loc, "answers"), "answers-stray", {"duty": duty.title})


def _answering(method: Method, duty: Duty, loc: Loc) -> Iterator[Found]:
    """A letter that a ladder gives names no day, so nothing may wait for the day that it names."""
    listed = {rule.kind for rule in method.orders}
    raised = {str(rung.do) for ladder in method.ladders.values() for rung in ladder.rungs} - {OrderKind.REPORT_UP}
    if not duty.answers:
        yield Found(loc, "answers-nothing", {"duty": duty.title})
    if duty.rhythm:
        yield Found((*loc, "rhythm"), "answers-rhythm", {"duty": duty.title})
    for at, kind in enumerate(duty.answers):
        if kind not in listed:
            yield Found((*loc, "answers", at), "answers-unlisted", {"kind": kind})
        if duty.due.at is Moment.DECIDED and kind in raised:
            yield Found((*loc, "due", "at"), "answers-undated", {"kind": kind})
