"""Which events a method knows, whether each unit has its own, and what must have happened before each of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from appraisal.method.base import EventName
from appraisal.method.duties import Due, Duty
from appraisal.method.faults import Loc
from appraisal.method.schema import Method, Phase
from appraisal.method.words import Act, GateRule, OwedBy, Scope

STARTED = "campaign.started"
CHOSEN = "targets.chosen"
ASSIGNED = "problem.assigned"
GIVEN = "order.given"
CLOSED_OUT = "problem.closed"
DELIVERED = "review_opinion.delivered"
ABOUT_THINGS = frozenset({OwedBy.EACH_PROBLEM, OwedBy.EACH_SUPPORTING, OwedBy.EACH_ASSIGNMENT})
"""Owed by a unit for each thing of a kind: a problem, or a letter."""
OF_UNITS = ABOUT_THINGS | {OwedBy.EACH_UNIT, OwedBy.EACH_ORDER, OwedBy.EACH_CLOSED}


@dataclass(frozen=True)
class Wait:
    """A place where the author wrote that one event waits for another."""

    loc: Loc
    event: str
    awaited: str


@dataclass(frozen=True)
class Sequence:
    """The order that the rules impose on the events, whose they are, and whether they can be dated ahead."""

    requires: Mapping[str, frozenset[str]]
    waits: tuple[Wait, ...]
    per_unit: frozenset[str]
    undated: frozenset[str]

    def before(self, event: str) -> frozenset[str]:
        """Everything that must have happened before the event; the event itself only if it waits for itself."""
        reached: set[str] = set()
        ahead = [event]
        while ahead:
            fresh = self.requires.get(ahead.pop(), frozenset()) - reached
            reached |= fresh
            ahead.extend(fresh)
        return frozenset(reached)


def sequence(method: Method) -> Sequence:
    """The sequence of a method; an event that nothing declares requires nothing."""
    waits = tuple(_waits(method))
    edges = [*_course(method), *((wait.event, wait.awaited) for wait in waits)]
    requires: dict[str, set[str]] = {}
    for event, awaited in edges:
        requires.setdefault(event, set()).add(awaited)
    return Sequence(
        requires={event: frozenset(awaited) for event, awaited in requires.items()},
        waits=waits,
        per_unit=frozenset(_per_unit(method)),
        undated=frozenset(_undated(method)),
    )


def opened(phase: str) -> str:
    return f"phase.{phase}.opened"


def closed(phase: str) -> str:
    return f"phase.{phase}.closed"


def settled(duty: str) -> str:
    return f"{duty}.settled"


def due(duty: str) -> str:
    return f"{duty}.due"


def recorded(ballot: str) -> str:
    return f"{ballot}.recorded"


def applies(consequence: str) -> str:
    return f"{consequence}.applies"


def anchor(dated: Due) -> EventName | None:
    """The event a due date is counted from or back from."""
    return dated.after or dated.before


def duties(method: Method) -> Iterator[tuple[Loc, Phase, Duty]]:
    """Every duty with its place and its phase."""
    for first, phase in enumerate(method.phases):
        for second, duty in enumerate(phase.duties):
            yield ("phases", first, "duties", second), phase, duty


def is_of_units(duty: Duty) -> bool:
    """Whether each unit has its own date for it; what every panel owes is done when the last panel has done it."""
    return duty.owed_by in OF_UNITS


def supported(method: Method) -> frozenset[str]:
    """The duties of lead units that some duty of supporting units supports."""
    return frozenset(duty.supports for _, _, duty in duties(method) if duty.supports)


def supporting(method: Method) -> frozenset[str]:
    """The duties that support another."""
    return frozenset(duty.key for _, _, duty in duties(method) if duty.supports)


def own(method: Method) -> Iterator[str]:
    """The events that one obligation sees alone: its issuing, all that happens in a period, its order."""
    yield GIVEN
    for _, _, duty in duties(method):
        if duty.rhythm:
            yield from (*happens(duty), f"{duty.key}.acknowledged")
        elif duty.owed_by in ABOUT_THINGS | {OwedBy.EACH_PANEL, OwedBy.EACH_ORDER, OwedBy.EACH_CLOSED}:
            yield f"{duty.key}.issued"


def happens(duty: Duty) -> Iterator[str]:
    """The events by which a duty is fulfilled, in their order."""
    yield f"{duty.key}.issued"
    if duty.does is Act.ACKNOWLEDGE:
        yield f"{duty.key}.acknowledged"
    if duty.does is Act.SUBMIT:
        yield f"{duty.key}.submitted"
    yield settled(duty.key)
    if duty.raises:
        yield duty.raises


def linked(method: Method) -> frozenset[str]:
    """The duties about a problem or a letter that the date of another one about the same problem or letter waits for.

    收到交办函之日起三十日内: with a second letter to the unit each problem has the date of the letter that it is in.
    """
    about = {duty.key: duty for _, _, duty in duties(method) if duty.owed_by in ABOUT_THINGS and not duty.rhythm}
    whose = {name: key for key, duty in about.items() for name in done(duty)}
    waiting = ABOUT_THINGS | {OwedBy.EACH_CLOSED}
    awaited = ((duty.key, anchor(duty.due)) for _, _, duty in duties(method) if duty.owed_by in waiting)
    return frozenset(whose[event] for key, event in awaited if event in whose and whose[event] != key)


def done(duty: Duty) -> tuple[str, ...]:
    """The events by which a duty is fulfilled once it is issued."""
    return tuple(happens(duty))[1:]


def _course(method: Method) -> Iterator[tuple[str, str]]:
    """What follows from the course of an appraisal, without being written."""
    previous = STARTED
    for phase in method.phases:
        if phase.opens is None:
            yield opened(phase.key), previous
        yield closed(phase.key), opened(phase.key)
        for awaited in _gated_without_names(method, phase):
            yield closed(phase.key), awaited
        previous = closed(phase.key)
    for _, phase, duty in duties(method):
        yield from _chain((opened(phase.key), *happens(duty)))
        yield f"{duty.key}.acknowledged", f"{duty.key}.issued"
        yield due(duty.key), f"{duty.key}.issued"
    for ballot in method.ballots:
        yield recorded(ballot.key), opened(ballot.held_in)


def _gated_without_names(method: Method, phase: Phase) -> Iterator[str]:
    rules = {gate.rule for gate in phase.gate if not (gate.duties or gate.ballots)}
    if GateRule.DUTIES_SETTLED in rules:
        yield from (settled(duty.key) for duty in phase.duties if not duty.rhythm)
    if GateRule.RESULTS_RECORDED in rules:
        yield from (recorded(ballot.key) for ballot in method.ballots if ballot.held_in == phase.key)
    if GateRule.TARGETS_CHOSEN in rules:
        yield CHOSEN


def _chain(events: Iterable[str]) -> Iterator[tuple[str, str]]:
    earlier = None
    for event in events:
        if earlier is not None:
            yield event, earlier
        earlier = event


def _waits(method: Method) -> Iterator[Wait]:
    for position, phase in enumerate(method.phases):
        loc: Loc = ("phases", position)
        yield from _dated(phase.opens, opened(phase.key), (*loc, "opens"))
        yield from _dated(phase.closes, closed(phase.key), (*loc, "closes"))
        for gate_position, gate in enumerate(phase.gate):
            gate_loc = (*loc, "gate", gate_position)
            if gate.rule is GateRule.DUTIES_SETTLED:
                for at, duty in enumerate(gate.duties):
                    yield Wait((*gate_loc, "duties", at), closed(phase.key), settled(duty))
            elif gate.rule is GateRule.RESULTS_RECORDED:
                for at, ballot in enumerate(gate.ballots):
                    yield Wait((*gate_loc, "ballots", at), closed(phase.key), recorded(ballot))


def _dated(dated: Due | None, event: str, loc: Loc) -> Iterator[Wait]:
    awaited = anchor(dated) if dated else None
    if dated and awaited:
        yield Wait((*loc, "after" if dated.after else "before"), event, awaited)


def _per_unit(method: Method) -> Iterator[str]:
    for _, _, duty in duties(method):
        if is_of_units(duty):
            yield from (*happens(duty), f"{duty.key}.acknowledged")
    yield from (recorded(ballot.key) for ballot in method.ballots)
    yield from (applies(consequence.key) for consequence in method.consequences)
    yield from (event.key for event in method.events if event.scope is not Scope.BODY)
    yield from (ASSIGNED, GIVEN, DELIVERED, "result.recorded")


def _undated(method: Method) -> Iterator[str]:
    """The events whose day is known only when it comes; those that staff set, they may set ahead."""
    yield from (STARTED, CHOSEN, ASSIGNED, CLOSED_OUT, GIVEN, DELIVERED, "result.recorded")
    yield from (applies(consequence.key) for consequence in method.consequences)
    for phase in method.phases:
        yield from (opened(phase.key), closed(phase.key))
    for _, _, duty in duties(method):
        yield from (*happens(duty), f"{duty.key}.acknowledged")
    yield from (recorded(ballot.key) for ballot in method.ballots)
