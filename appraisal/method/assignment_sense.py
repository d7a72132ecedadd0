"""Whether what a method says of assignment fits: letters, supporting units, and dates that hang on the lead unit's."""

from collections.abc import Iterator

from appraisal.method.duties import Due, Duty
from appraisal.method.faults import Found, Loc
from appraisal.method.schema import Method
from appraisal.method.sequence import anchor, due, duties
from appraisal.method.words import Act, OwedBy


def faults_of_assignment(method: Method) -> Iterator[Found]:
    """Every part of assignment that nothing else in the method bears out."""
    if method.assignment and method.problems is None:
        yield Found(("assignment",), "assignment-no-problems")
    known = {duty.key: duty for _, _, duty in duties(method)}
    for loc, _, duty in duties(method):
        yield from _supports(known, duty, loc)
        if duty.owed_by is OwedBy.EACH_ASSIGNMENT and duty.does is Act.SUBMIT:
            yield Found((*loc, "does"), "letter-needs-no-paper", {"duty": duty.title})
    yield from _dues(method, known)


def _supports(known: dict[str, Duty], duty: Duty, loc: Loc) -> Iterator[Found]:
    facts = {"duty": duty.title}
    if duty.owed_by is not OwedBy.EACH_SUPPORTING:
        if duty.supports:
            yield Found((*loc, "supports"), "supports-stray", facts)
    elif duty.supports is None:
        yield Found((*loc, "owed_by"), "supports-nothing", facts)
    elif duty.supports in known and known[duty.supports].owed_by is not OwedBy.EACH_PROBLEM:
        yield Found((*loc, "supports"), "supports-no-lead", {**facts, "supported": known[duty.supports].title})


def _dues(method: Method, known: dict[str, Duty]) -> Iterator[Found]:
    """The day on which one duty is due can be waited for by those that support it, and by nothing else."""
    events = {due(key): duty for key, duty in known.items()}
    for loc, dated, supports in _dated(method):
        event = anchor(dated)
        if event in events and (supports is None or event != due(supports)):
            at = (*loc, "after" if dated.after else "before")
            yield Found(at, "due-of-another", {"event": event, "duty": events[event].title})
    for position, copy in enumerate(method.copies):
        if copy.on in events:
            facts = {"event": copy.on, "duty": events[copy.on].title}
            yield Found(("copies", position, "on"), "due-of-another", facts)


def _dated(method: Method) -> Iterator[tuple[Loc, Due, str | None]]:
    for position, phase in enumerate(method.phases):
        loc: Loc = ("phases", position)
        if phase.opens:
            yield (*loc, "opens"), phase.opens, None
        yield (*loc, "closes"), phase.closes, None
    for at, _, duty in duties(method):
        yield (*at, "due"), duty.due, duty.supports
