"""Whether the ballots of a method, what they lead to and the opinion on a unit fit together and leave nothing open."""

from collections.abc import Iterator, Sequence

from appraisal.domain.grading_terms import APPROVE
from appraisal.method.ballots import Ballot, Item
from appraisal.method.condition_sense import Asked, faults_of_condition, unknown_grade
from appraisal.method.faults import Found, Loc, field_title, words
from appraisal.method.grading import Condition, Consequence
from appraisal.method.grading_rules import grade_keys
from appraisal.method.grading_sense import faults_of_grading
from appraisal.method.phrasing import nearest
from appraisal.method.schema import Method
from appraisal.method.sequence import duties
from appraisal.method.vote_words import BallotScope, Base, Marking, Recording, ShownWhen
from appraisal.method.words import Act, OwedBy, Scope

_FEWEST_OPTIONS = 2
_RATED = {BallotScope.DIMENSIONS: "dimensions", BallotScope.ITEMS: "items"}
_MARKED_BY = {
    "scale": (Marking.SCORE,),
    "limits": (Marking.RANKING, Marking.APPROVE),
    "options": (Marking.ONE_OF_OPTIONS,),
}


def faults_of_voting(method: Method) -> Iterator[Found]:
    """Every fault of ballots, consequences and the review opinion."""
    for position, ballot in enumerate(method.ballots):
        loc: Loc = ("ballots", position)
        yield from _marking(ballot, loc)
        yield from _subjects(ballot, loc)
        yield from _conduct(ballot, loc)
        yield from _rounds(method, ballot, loc)
        yield from faults_of_grading(method, ballot, (*loc, "grading"))
    for position, consequence in enumerate(method.consequences):
        yield from _consequence(method, consequence, ("consequences", position))
    for loc, _, duty in duties(method):
        if duty.only_if and duty.owed_by not in (OwedBy.EACH_UNIT, OwedBy.EACH_CLOSED):
            yield Found((*loc, "only_if"), "only-if-owner")
    yield from _review_opinion(method)


def _marking(ballot: Ballot, loc: Loc) -> Iterator[Found]:
    """What may be marked: options, a scale or limits, and the grades where options are none."""
    marking = words(f"Marking.{ballot.marking}")
    for name, markings in _MARKED_BY.items():
        if getattr(ballot, name) and ballot.marking not in markings:
            facts = {"name": name, "title": field_title(Ballot, name), "marking": marking}
            yield Found((*loc, name), "marking-stray", facts)
    if ballot.marking is Marking.ONE_OF_OPTIONS:
        yield from _options(ballot, loc)
    elif ballot.recording is Recording.ENTERED:
        yield Found((*loc, "marking"), "entered-marking", {"marking": marking})
    elif not ballot.grades:
        yield _lacks(loc, "grades")
    scale, limits = ballot.scale, ballot.limits
    if scale and scale.lowest >= scale.highest:
        facts = {"lowest": str(scale.lowest), "highest": str(scale.highest)}
        yield Found((*loc, "scale"), "scale-order", facts)
    elif scale and (scale.highest - scale.lowest) % scale.step:
        facts = {"lowest": str(scale.lowest), "highest": str(scale.highest), "step": str(scale.step)}
        yield Found((*loc, "scale", "step"), "scale-step", facts)
    if limits and limits.at_most is not None and limits.at_least > limits.at_most:
        yield Found((*loc, "limits"), "choose-order", {"least": limits.at_least, "most": limits.at_most})


def _options(ballot: Ballot, loc: Loc) -> Iterator[Found]:
    options = ballot.options
    if len(options) < _FEWEST_OPTIONS:
        facts = {"limit": _FEWEST_OPTIONS, "actual": len(options)}
        yield Found((*loc, "options"), "too-few", facts)
    worth = [option for option in options if option.points is not None]
    for position, option in enumerate(options):
        at = (*loc, "options", position)
        if option.excluded and option.points is not None:
            yield Found((*at, "points"), "points-excluded", {"option": option.title})
        elif worth and option.points is None and not option.excluded:
            yield Found(at, "points-partly", {"option": option.title})


def _subjects(ballot: Ballot, loc: Loc) -> Iterator[Found]:
    """What is rated: dimensions or items are there where they are meant, and nowhere else."""
    wanted = _RATED.get(ballot.rates)
    for name in ("dimensions", "items"):
        items: Sequence[Item] = getattr(ballot, name)
        if name == wanted and not items:
            yield _lacks(loc, name)
        if name != wanted and items:
            facts = {"name": name, "title": field_title(Ballot, name), "rates": words(f"BallotScope.{ballot.rates}")}
            yield Found((*loc, name), "rates-stray", facts)
        without = [position for position, item in enumerate(items) if item.weight is None]
        if len(without) < len(items):
            for position in without:
                yield Found((*loc, name, position), "weights-partly", {"title": items[position].title})
            if name == "dimensions" and ballot.overall:
                yield Found((*loc, name), "weights-unused")


def _conduct(ballot: Ballot, loc: Loc) -> Iterator[Found]:
    if ballot.recording is Recording.COUNTED and ballot.validity is None:
        yield _lacks(loc, "validity")
    total = sum(channel.weight for channel in ballot.channels)
    if ballot.channels and total != 100:
        yield Found((*loc, "channels"), "channels-sum", {"total": f"{total.normalize():f}" if total else "0"})
    if ballot.channels and ballot.recording is Recording.ENTERED:
        yield Found((*loc, "channels"), "entered-channels")
    if ballot.quorum and ballot.quorum.base not in (Base.ALL_MEMBERS, Base.DUE):
        facts = {"base": words(f"Base.{ballot.quorum.base}"), "known": [Base.ALL_MEMBERS.value, Base.DUE.value]}
        yield Found((*loc, "quorum", "base"), "quorum-base", facts)
    if ballot.shown.released_by and ballot.shown.when is ShownWhen.ON_THE_SPOT:
        yield Found((*loc, "shown", "released_by"), "released-stray")


def _rounds(method: Method, ballot: Ballot, loc: Loc) -> Iterator[Found]:
    if ballot.second_round:
        for position, grade in enumerate(ballot.second_round.grades):
            yield from unknown_grade(ballot, grade, (*loc, "second_round", "grades", position))
    repeated = next((other for other in method.ballots if other.key == ballot.repeats), None)
    if ballot.only and ballot.repeats is None:
        yield Found((*loc, "only"), "only-no-repeat")
    for position, grade in enumerate(ballot.only if repeated else []):
        if repeated:
            yield from unknown_grade(repeated, grade, (*loc, "only", position))


def _consequence(method: Method, consequence: Consequence, loc: Loc) -> Iterator[Found]:
    ballots = [ballot for ballot in method.ballots if not consequence.ballots or ballot.key in consequence.ballots]
    if not consequence.grades and consequence.when is None:
        code = "failures-no-grades" if consequence.failures else "consequence-always"
        yield Found(loc, code)
    elif consequence.failures and not consequence.grades:
        yield Found((*loc, "failures"), "failures-no-grades")
    known = list(dict.fromkeys(key for ballot in ballots for key in grade_keys(ballot)))
    for position, grade in enumerate(consequence.grades):
        if grade not in known and ballots:
            facts = {"kind": words("kind.grade"), "value": grade, "known": known, "near": nearest(grade, known)}
            yield Found((*loc, "grades", position), "unknown-reference", facts)
    if consequence.when is not None:
        yield from _when(method, ballots, consequence.when, (*loc, "when"))


def _when(method: Method, ballots: Sequence[Ballot], condition: Condition, loc: Loc) -> Iterator[Found]:
    """Asked of every ballot that the consequence looks at; what is wrong with one of them is said once."""
    said: set[tuple[Loc, str]] = set()
    for ballot in ballots:
        counts = [APPROVE] if ballot.marking is Marking.APPROVE else []
        for found in faults_of_condition(Asked(method, ballot, loc, condition, counts)):
            if (found.loc, found.code) not in said:
                said.add((found.loc, found.code))
                yield found


def _review_opinion(method: Method) -> Iterator[Found]:
    opinion = method.review_opinion
    if opinion is None:
        return
    for _, _, duty in duties(method):
        if duty.key == opinion.duty and (duty.does is not Act.ACKNOWLEDGE or duty.owed_by is not OwedBy.EACH_UNIT):
            yield Found(("review_opinion", "duty"), "opinion-duty", {"duty": duty.title})
    scopes = {role.key: role.scope for role in method.roles}
    if scopes.get(opinion.approved_by) is Scope.UNIT:
        yield Found(("review_opinion", "approved_by"), "role-not-body", {"role": opinion.approved_by})


def _lacks(loc: Loc, name: str) -> Found:
    return Found(loc, "ballot-lacks", {"name": name, "title": field_title(Ballot, name)})
