"""Whether a ladder fits the duties that climb it: where it starts, and conditions that can come true."""

from collections.abc import Iterator

from appraisal.method.duties import Duty
from appraisal.method.faults import Found, Loc, words
from appraisal.method.ladders import Ladder, RungCondition
from appraisal.method.schema import Method
from appraisal.method.sequence import duties
from appraisal.method.words import Act, OwedBy

_ABOUT_A_PROBLEM = frozenset({OwedBy.EACH_PROBLEM, OwedBy.EACH_SUPPORTING})


def faults_of_ladders(method: Method) -> Iterator[Found]:
    """Every duty whose ladder cannot be climbed as it is written."""
    supported = {duty.supports for _, _, duty in duties(method)}
    for loc, _, duty in duties(method):
        ladder = method.ladders.get(duty.ladder or "")
        if duty.climbs_from and (ladder is None or all(rung.do is not duty.climbs_from for rung in ladder.rungs)):
            facts = {"act": words(f"RungAct.{duty.climbs_from}"), "ladder": duty.ladder or ""}
            yield Found((*loc, "climbs_from"), "climbs-from-nowhere", facts)
        if ladder:
            yield from _conditions(duty, ladder, (*loc, "ladder"), lead=duty.key in supported)


def counts_without_firing(ladder: Ladder, loc: Loc) -> Iterator[Found]:
    """A rung that waits for a count waits for the last of it on its own ladder, so that must be there, and lower."""
    for position, rung in enumerate(ladder.rungs):
        act = rung.when.fired if rung.when else None
        if act and all(below.do is not act for below in ladder.rungs[:position]):
            yield Found((*loc, "rungs", position, "when"), "rung-counts-nothing", {"act": words(f"RungAct.{act}")})


def _conditions(duty: Duty, ladder: Ladder, loc: Loc, *, lead: bool) -> Iterator[Found]:
    for number, rung in enumerate(ladder.rungs, start=1):
        name = _never_met(duty, rung.when, lead=lead) if rung.when else None
        if name:
            facts = {"number": number, "duty": duty.title, "condition": name, "ladder": ladder.title}
            yield Found(loc, "rung-never-met", facts)
            return


def _never_met(duty: Duty, when: RungCondition, *, lead: bool) -> str | None:
    """The condition that this duty can never bring about; None where it can."""
    if when.silent and (duty.does is not Act.SUBMIT or duty.rhythm):
        return "silent"
    if when.unmoved and duty.owed_by not in _ABOUT_A_PROBLEM:
        return "unmoved"
    if when.returned and not duty.accepted_by:
        return "returned"
    return "held_up" if when.held_up and not lead else None
