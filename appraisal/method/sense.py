"""Whether the parts of a method fit each other: duties, gates, ballots and ladders."""

from collections.abc import Iterator
from itertools import pairwise

from appraisal.domain.ladder import Offset
from appraisal.method.ballots import Ballot
from appraisal.method.duties import Duty
from appraisal.method.faults import Found, Loc, words
from appraisal.method.ladders import Ladder
from appraisal.method.schema import Gate, Method, Phase
from appraisal.method.sequence import duties
from appraisal.method.words import Act, Evidence, GateRule, PhaseKind

_VOTING = frozenset({PhaseKind.REVIEW, PhaseKind.RECTIFY, PhaseKind.EVALUATE})
_GATED = {GateRule.DUTIES_SETTLED: "duties", GateRule.RESULTS_RECORDED: "ballots"}
_DAYS = {"d": 1, "w": 7}


def faults_of_sense(method: Method) -> Iterator[Found]:
    """Every two parts that contradict each other."""
    for loc, _, duty in duties(method):
        yield from _paper(duty, loc)
    for position, phase in enumerate(method.phases):
        for at, gate in enumerate(phase.gate):
            yield from _gate(method, phase, gate, ("phases", position, "gate", at))
    for position, ballot in enumerate(method.ballots):
        yield from _ballot(method, ballot, ("ballots", position))


def rungs_out_of_order(ladder: Ladder, loc: Loc) -> Iterator[Found]:
    """Every rung that does not stand after the one below it, as far as their units can be compared."""
    placed = [(position, rung.at) for position, rung in enumerate(ladder.rungs) if rung.at]
    for (_, below), (position, rung) in pairwise(placed):
        if not _after(rung, below):
            facts = {"at": str(rung), "before": str(below)}
            yield Found((*loc, "rungs", position), "rung-order", facts)


def _after(rung: Offset, below: Offset) -> bool:
    if rung.unit == below.unit:
        return rung.count > below.count
    if rung.unit in _DAYS and below.unit in _DAYS:
        return rung.count * _DAYS[rung.unit] > below.count * _DAYS[below.unit]
    return rung.count > 0 or below.count < 0 or (rung.count == 0 and below.count < 0)


def _paper(duty: Duty, loc: Loc) -> Iterator[Found]:
    if duty.does is not Act.SUBMIT and duty.accepted_by:
        yield Found((*loc, "accepted_by"), "accepts-no-paper")
    if duty.does is not Act.SUBMIT and duty.evidence is Evidence.REQUIRED:
        yield Found((*loc, "evidence"), "evidence-no-paper")


def _gate(method: Method, phase: Phase, gate: Gate, loc: Loc) -> Iterator[Found]:
    meant = _GATED.get(gate.rule)
    for name in ("duties", "ballots"):
        if name != meant and getattr(gate, name):
            yield Found((*loc, name), "gate-stray", {"rule": words(f"GateRule.{gate.rule}"), "name": name})
    held = [ballot for ballot in method.ballots if ballot.held_in == phase.key]
    if gate.rule is GateRule.RESULTS_RECORDED and not (gate.ballots or held):
        yield Found(loc, "gate-no-ballot")
    if gate.rule is GateRule.DUTIES_SETTLED and not (gate.duties or phase.duties):
        yield Found(loc, "gate-no-duty")


def _ballot(method: Method, ballot: Ballot, loc: Loc) -> Iterator[Found]:
    order = {phase.key: position for position, phase in enumerate(method.phases)}
    phases = {phase.key: phase for phase in method.phases}
    phase = phases.get(ballot.held_in)
    if phase and phase.kind not in _VOTING:
        kind = words(f"PhaseKind.{phase.kind}")
        yield Found((*loc, "held_in"), "ballot-phase", {"phase": phase.title, "kind": kind})
    if ballot.repeats == ballot.key:
        yield Found((*loc, "repeats"), "repeats-itself")
        return
    repeated = next((other for other in method.ballots if other.key == ballot.repeats), None)
    if phase and repeated and order.get(repeated.held_in, -1) > order[phase.key]:
        facts = {"phase": phase.title, "ballot": repeated.title, "later": phases[repeated.held_in].title}
        yield Found((*loc, "repeats"), "repeats-later", facts)
