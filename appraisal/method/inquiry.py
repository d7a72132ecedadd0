"""Whether the parts of an investigation fit each other: the choice of units, goals, opinions, problems, briefs."""

from collections.abc import Iterator

from appraisal.method.duties import Duty
from appraisal.method.faults import Found, Loc, words
from appraisal.method.investigation import FROM_LOG, Goal
from appraisal.method.schema import Method, Phase
from appraisal.method.sequence import ABOUT_THINGS, duties
from appraisal.method.words import Act, GateRule, GoalScope, Measure, OwedBy, PointScope, ProblemPart, SelectionWay

DEPUTY = "deputy"
"""The role whose holders get a code of their own (代表码)."""
_VOTED = frozenset({SelectionWay.COMMITTEE_VOTE, SelectionWay.RANKED_THEN_VOTED})
_COUNTED = frozenset({SelectionWay.LOTTERY_THEN_CONFIRMED, SelectionWay.PUBLIC_VOTE, SelectionWay.DEPUTIES_VOTE})
_DECIDED = _VOTED | {SelectionWay.COUNCIL_DECISION, SelectionWay.LOTTERY_THEN_CONFIRMED, SelectionWay.TERM_ROTATION}
_NO_PANEL = frozenset({Measure.SELF_FOUND, Measure.ISSUED, Measure.RETURNED, Measure.RETURN_RATE})


def faults_of_inquiry(method: Method) -> Iterator[Found]:
    """Every part of an investigation that nothing else in the method bears out."""
    yield from _selection(method)
    for position, phase in enumerate(method.phases):
        for at, goal in enumerate(phase.goals):
            yield from _goal(method, goal, ("phases", position, "goals", at))
        yield from _gates(method, phase, ("phases", position, "gate"))
    for loc, _, duty in duties(method):
        yield from _rhythm(duty, loc)
        if duty.owed_by in ABOUT_THINGS and not _has_lead(method):
            yield Found((*loc, "owed_by"), "problem-no-lead")
    yield from _intake(method)
    yield from _roundups(method)


def _selection(method: Method) -> Iterator[Found]:
    chosen, loc = method.targets.selection, ("targets", "selection")
    facts = {"way": words(f"SelectionWay.{chosen.way}")}
    asked = {"passing": _VOTED, "count": _COUNTED, "decided_by": _DECIDED}
    for name, ways in asked.items():
        if chosen.way in ways and getattr(chosen, name) is None:
            yield Found(loc, "selection-lacks", {**facts, "name": name, "title": words(f"Selection.{name}")})
    if chosen.passing and chosen.way not in _VOTED:
        yield Found((*loc, "passing"), "selection-stray", facts)
    waits = any(gate.rule is GateRule.TARGETS_CHOSEN for phase in method.phases for gate in phase.gate)
    if chosen.way is not SelectionWay.NAMED and not waits:
        yield Found((*loc, "way"), "selection-no-gate", facts)


def _goal(method: Method, goal: Goal, loc: Loc) -> Iterator[Found]:
    facts = {"goal": goal.title}
    if goal.measures in FROM_LOG and not method.log:
        yield Found(loc, "goal-no-log", facts)
    if goal.measures is Measure.OPINIONS and method.intake is None:
        yield Found(loc, "goal-no-intake", facts)
    if goal.scope is GoalScope.EACH_PANEL and goal.measures in _NO_PANEL:
        yield Found((*loc, "scope"), "goal-not-panel", {**facts, "measures": words(f"Measure.{goal.measures}")})
    if goal.measures is Measure.RETURN_RATE and goal.at_least > 100:
        yield Found((*loc, "at_least"), "goal-rate", {**facts, "value": goal.at_least})


def _gates(method: Method, phase: Phase, loc: Loc) -> Iterator[Found]:
    recurring = {duty.key for _, _, duty in duties(method) if duty.rhythm}
    named = method.targets.selection.way is SelectionWay.NAMED
    for at, gate in enumerate(phase.gate):
        if gate.rule is GateRule.GOALS_REACHED and not phase.goals:
            yield Found((*loc, at), "gate-no-goal")
        if gate.rule is GateRule.PROBLEMS_CLASSIFIED and method.problems is None:
            yield Found((*loc, at), "gate-no-problems")
        if gate.rule is GateRule.TARGETS_CHOSEN and named:
            yield Found((*loc, at), "gate-named")
        for number, duty in enumerate(gate.duties):
            if duty in recurring:
                yield Found((*loc, at, "duties", number), "gate-recurring", {"duty": method.duty(duty).title})


def _rhythm(duty: Duty, loc: Loc) -> Iterator[Found]:
    if duty.rhythm is None:
        return
    facts = {"duty": duty.title}
    if duty.rhythm.every.count < 1:
        yield Found((*loc, "rhythm", "every"), "rhythm-nothing", facts)
    if duty.due.after != f"{duty.key}.issued":
        yield Found((*loc, "due"), "rhythm-due", {**facts, "event": f"{duty.key}.issued"})
    if duty.raises:
        yield Found((*loc, "raises"), "rhythm-raises", facts)


def _has_lead(method: Method) -> bool:
    return method.problems is not None and ProblemPart.LEAD in method.problems.complete


def _intake(method: Method) -> Iterator[Found]:
    points = method.intake.points if method.intake else []
    if PointScope.DEPUTY in points and DEPUTY not in {role.key for role in method.roles}:
        yield Found(("intake", "points", points.index(PointScope.DEPUTY)), "intake-no-deputy", {"role": DEPUTY})


def _roundups(method: Method) -> Iterator[Found]:
    reports = {duty.key for _, _, duty in duties(method) if _is_report(duty)}
    known = {duty.key for _, _, duty in duties(method)}
    for position, roundup in enumerate(method.roundups):
        if roundup.duty in known - reports:
            yield Found(("roundups", position, "duty"), "roundup-duty", {"duty": method.duty(roundup.duty).title})


def _is_report(duty: Duty) -> bool:
    return duty.owed_by is OwedBy.EACH_PANEL and duty.does is Act.SUBMIT and duty.rhythm is not None
