"""Whether what a method waits for can come: every event it names, in the order that its own rules impose."""

from collections.abc import Iterator
from dataclasses import dataclass

from appraisal.method.duties import Due, Duty
from appraisal.method.faults import Found, Loc, words
from appraisal.method.schema import Method
from appraisal.method.sequence import GIVEN, Sequence, anchor, duties, is_of_units, opened, own, sequence
from appraisal.method.words import Act, Moment, OwedBy

_FULFILS = {Act.ACKNOWLEDGE: "acknowledged", Act.SUBMIT: "submitted", Act.CONFIRM: "settled"}


@dataclass(frozen=True)
class Dated:
    """A due date with its place; ``done`` is the event that would make it pointless if the date came after it."""

    loc: Loc
    due: Due
    per_unit: bool
    done: str | None = None
    duty: str | None = None


def faults_of_timing(method: Method) -> Iterator[Found]:
    """Everything that is waited for and cannot come, or comes too late to be of use."""
    order = sequence(method)
    yield from _circles(method, order)
    never = dict(_never(method))
    for loc, event in _named_events(method):
        if event in never:
            yield Found(loc, "never-happens", {"event": event, "why": never[event]})
    for dated in _all_dated(method):
        yield from _dated(method, dated, order)
    yield from _own_events(method)
    for position, phase in enumerate(method.phases):
        if phase.opens and phase.opens.at is Moment.DECIDED:
            yield Found(("phases", position, "opens", "at"), "opens-decided")


def _circles(method: Method, order: Sequence) -> Iterator[Found]:
    position = {opened(phase.key): number for number, phase in enumerate(method.phases)}
    for wait in order.waits:
        ahead = order.before(wait.awaited) | {wait.awaited}
        if wait.event in ahead:
            yield Found(wait.loc, "waits-for-itself", {"event": wait.awaited, "waiting": wait.event})
        elif wait.event in position:
            later = [phase for phase in method.phases[position[wait.event] + 1 :] if opened(phase.key) in ahead]
            if later:
                phase = method.phases[position[wait.event]]
                yield Found(wait.loc, "opens-after-later", {"phase": phase.title, "later": later[0].title})


def _never(method: Method) -> Iterator[tuple[str, str]]:
    for _, _, duty in duties(method):
        if duty.does is not Act.SUBMIT:
            yield f"{duty.key}.submitted", words("why.never-submitted", title=duty.title)
    if not method.ballots:
        yield "result.recorded", words("why.no-ballot")


def _named_events(method: Method) -> Iterator[tuple[Loc, str]]:
    for dated in _all_dated(method):
        event = anchor(dated.due)
        if event:
            yield (*dated.loc, _side(dated.due)), event
    for position, copy in enumerate(method.copies):
        yield ("copies", position, "on"), copy.on


def _all_dated(method: Method) -> Iterator[Dated]:
    for position, phase in enumerate(method.phases):
        if phase.opens:
            yield Dated(("phases", position, "opens"), phase.opens, per_unit=False)
        yield Dated(("phases", position, "closes"), phase.closes, per_unit=False)
    for loc, _, duty in duties(method):
        yield Dated((*loc, "due"), duty.due, per_unit=is_of_units(duty), done=_done(duty), duty=duty.key)


def _done(duty: Duty) -> str:
    return f"{duty.key}.{_FULFILS[duty.does]}"


def _dated(method: Method, dated: Dated, order: Sequence) -> Iterator[Found]:
    if dated.due.at is Moment.NEXT_SITTING and not any(event.sitting for event in method.events):
        yield Found((*dated.loc, "at"), "no-sitting")
    event = anchor(dated.due)
    if event is None:
        return
    loc = (*dated.loc, _side(dated.due))
    if event in order.per_unit and not dated.per_unit:
        yield Found(loc, "unit-event", {"event": event})
    if dated.due.before and event in order.undated:
        yield Found(loc, "not-dated-ahead", {"event": event})
    if dated.done and dated.done in order.before(event) | {event}:
        yield Found(loc, "due-after-done", {"event": event})


def _own_events(method: Method) -> Iterator[Found]:
    """What one panel, problem or period sees alone cannot be waited for by anything but its own due date."""
    owned = frozenset(own(method))
    for dated in _all_dated(method):
        event = anchor(dated.due)
        if event and event in owned and event not in _seen_alone(method, dated.duty):
            yield Found((*dated.loc, _side(dated.due)), "own-event", {"event": event})
    for position, copy in enumerate(method.copies):
        if copy.on in owned:
            yield Found(("copies", position, "on"), "own-event", {"event": copy.on})


def _seen_alone(method: Method, key: str | None) -> frozenset[str]:
    """What an obligation under the duty sees and others do not."""
    if key is None:
        return frozenset()
    answers = method.duty(key).owed_by is OwedBy.EACH_ORDER
    return frozenset({f"{key}.issued", *([GIVEN] if answers else [])})


def _side(due: Due) -> str:
    return "after" if due.after else "before"
