"""Whether the numbered letters of a method and the duties that answer them fit each other."""

from collections.abc import Iterator

from appraisal.method.faults import Found
from appraisal.method.schema import Method
from appraisal.method.sequence import duties
from appraisal.method.words import OrderKind, OwedBy


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
        answering = duty.owed_by is OwedBy.EACH_ORDER
        if answering and not duty.answers:
            yield Found(loc, "answers-nothing", {"duty": duty.title})
        if duty.answers and not answering:
            yield Found((*loc, "answers"), "answers-stray", {"duty": duty.title})
        if answering and duty.rhythm:
            yield Found((*loc, "rhythm"), "answers-rhythm", {"duty": duty.title})
        for at, kind in enumerate(duty.answers):
            if answering and kind not in kinds:
                yield Found((*loc, "answers", at), "answers-unlisted", {"kind": kind})
