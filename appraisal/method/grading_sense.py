"""Whether the grading of a ballot decides every count, exactly on the line too, and names nothing that is not there."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from appraisal.domain.selection import share_of
from appraisal.method.ballots import Ballot
from appraisal.method.condition_sense import (
    counts_marks,
    figure_of,
    own_subjects,
    scores,
    threshold_faults,
    unknown_grade,
    unknown_name,
    unknown_options,
)
from appraisal.method.faults import Found, Loc, field_title, words
from appraisal.method.grading import Grading
from appraisal.method.grading_rules import counted_by, grade_keys, grade_title
from appraisal.method.schema import Method
from appraisal.method.vote_words import Bound, ClassWeighing, GradingRule, Marking, Recording, Ties

_FITTING: dict[GradingRule, tuple[str, ...]] = {
    GradingRule.MAJORITY: ("share", "votes"),
    GradingRule.CUMULATIVE: ("share", "votes"),
    GradingRule.SCORE_BANDS: ("score",),
    GradingRule.RANKING: ("first", "last"),
}
_OF_COUNTED = ("base", "thresholds", "otherwise", "vetoes", "classes", "if_empty", "drop", "decimals", "ranked_by")


def faults_of_grading(method: Method, ballot: Ballot, loc: Loc) -> Iterator[Found]:
    """Every fault of the grading of one ballot; ``loc`` is that of the grading."""
    grading = ballot.grading
    if (ballot.recording is Recording.ENTERED) != (grading.rule is GradingRule.ANNOUNCED):
        code = "entered-rule" if ballot.recording is Recording.ENTERED else "counted-rule"
        at = (*loc, "rule")
        yield Found(at, code, {"rule": words(f"GradingRule.{grading.rule}")})
        return
    if grading.rule is GradingRule.ANNOUNCED:
        for name in _OF_COUNTED:
            if getattr(grading, name) not in (None, []) and name != "base":
                yield Found((*loc, name), "announced-stray", {"name": name, "title": field_title(Grading, name)})
        return
    yield from _rule(ballot, grading, loc)
    yield from _thresholds(method, ballot, loc)
    yield from _figures(ballot, grading, loc)
    yield from _classes(method, ballot, loc)


def _rule(ballot: Ballot, grading: Grading, loc: Loc) -> Iterator[Found]:
    """What the rule cannot do without, and what it has no use for."""
    if grading.otherwise is not None:
        yield from unknown_grade(ballot, grading.otherwise, (*loc, "otherwise"))
    if grading.rule is GradingRule.PLURALITY:
        yield from _plurality(ballot, grading, loc)
        return
    if grading.otherwise is None:
        yield Found(loc, "otherwise-missing")
    if not grading.thresholds:
        yield Found(loc, "thresholds-none", {"rule": words(f"GradingRule.{grading.rule}")})


def _plurality(ballot: Ballot, grading: Grading, loc: Loc) -> Iterator[Found]:
    if grading.ties not in (Ties.BETTER, Ties.WORSE):
        yield Found(loc, "ties-open", {"known": [Ties.BETTER.value, Ties.WORSE.value]})
    if grading.thresholds:
        yield Found((*loc, "thresholds"), "plurality-thresholds")
    if ballot.marking is not Marking.ONE_OF_OPTIONS:
        yield Found((*loc, "rule"), "plurality-marking", {"marking": words(f"Marking.{ballot.marking}")})
        return
    known = grade_keys(ballot)
    if strange := [option.key for option in ballot.options if not option.excluded and option.key not in known]:
        yield Found((*loc, "rule"), "plurality-grades", {"options": strange})


def _thresholds(method: Method, ballot: Ballot, loc: Loc) -> Iterator[Found]:
    grading = ballot.grading
    fitting = _FITTING.get(grading.rule)
    for position, threshold in enumerate(grading.thresholds):
        at = (*loc, "thresholds", position)
        yield from threshold_faults(method, ballot, threshold, at, counted_by(ballot, threshold))
        figure = figure_of(threshold)
        if fitting and figure is not None and figure not in fitting:
            yield Found(
                (*at, figure), "threshold-misfit", {"rule": words(f"GradingRule.{grading.rule}"), "known": fitting}
            )
    for position, veto in enumerate(grading.vetoes):
        at = (*loc, "vetoes", position)
        yield from threshold_faults(method, ballot, veto, at, counted_by(ballot, veto, veto=True))
    if grading.rule is GradingRule.SCORE_BANDS:
        yield from _bands(grading, loc)
    yield from _earned_twice(ballot, loc)


def _earned_twice(ballot: Ballot, loc: Loc) -> Iterator[Found]:
    """Two grades for different marks whose lines make up the whole: exactly on both lines, both would be earned."""
    lined = [
        (at, each) for at, each in enumerate(ballot.grading.thresholds) if each.share and each.boundary is Bound.REACH
    ]
    for (_, first), (at, second) in combinations(lined, 2):
        apart = not set(counted_by(ballot, first)) & set(counted_by(ballot, second))
        alike = all(getattr(first, name) == getattr(second, name) for name in ("base", "of", "voters", "channel"))
        shares = share_of(first.share or "0%"), share_of(second.share or "0%")
        if first.grade != second.grade and apart and alike and sum(shares) == 1:
            titles = [grade_title(ballot, each.grade) for each in (first, second)]
            facts = {"line": first.share, "other": second.share, "grades": titles}
            yield Found((*loc, "thresholds", at), "earned-twice", facts)


def _bands(grading: Grading, loc: Loc) -> Iterator[Found]:
    """Bands go from the top down, so that one begins where the one above it ends."""
    banded = [(at, each) for at, each in enumerate(grading.thresholds) if each.score is not None]
    for at, threshold in banded:
        if threshold.boundary in (Bound.WITHIN, Bound.BELOW):
            facts = {"boundary": words(f"Bound.{threshold.boundary}")}
            yield Found((*loc, "thresholds", at, "boundary"), "bands-bound", facts)
    for (_, above), (at, below) in pairwise(banded):
        if above.score is not None and below.score is not None and below.score >= above.score:
            facts = {"score": str(below.score), "above": str(above.score)}
            yield Found((*loc, "thresholds", at, "score"), "bands-order", facts)


def _figures(ballot: Ballot, grading: Grading, loc: Loc) -> Iterator[Found]:
    for name in ("drop", "decimals"):
        if getattr(grading, name) is not None and not scores(ballot):
            yield Found((*loc, name), "no-score")
    if grading.drop and grading.classes is ClassWeighing.PAPERS:
        yield Found((*loc, "drop"), "drop-papers")
    if grading.satisfaction and ballot.marking is not Marking.ONE_OF_OPTIONS:
        facts = {"marking": words(f"Marking.{ballot.marking}"), "figure": words("Grading.satisfaction")}
        yield Found((*loc, "satisfaction"), "condition-misfit", facts)
    if grading.base is None and (grading.satisfaction or grading.rule is GradingRule.PLURALITY):
        yield Found(loc, "base-missing")
    for position, by in enumerate(grading.ranked_by):
        at = (*loc, "ranked_by", position)
        yield from unknown_options(ballot, by.counts, (*at, "counts"))
        if by.of is not None:
            yield from unknown_name((*at, "of"), "subject", by.of, own_subjects(ballot))
        if by.counts and counts_marks(ballot) and by.base is None and grading.base is None:
            yield Found(at, "base-missing")
        if not by.counts and not scores(ballot):
            yield Found(at, "no-score")


def _classes(method: Method, ballot: Ballot, loc: Loc) -> Iterator[Found]:
    """Where classes weigh differently, what their weights weigh must be said, and every class must have one."""
    wanted = ballot.electorate or [voters.key for voters in method.voters]
    voting = [(at, voters) for at, voters in enumerate(method.voters) if voters.key in wanted]
    without = [(at, voters) for at, voters in voting if voters.weight is None]
    if len(without) == len(voting):
        if ballot.grading.classes:
            yield Found((*loc, "classes"), "classes-no-weights")
        return
    if len(voting) > 1 and ballot.grading.classes is None:
        yield Found(loc, "classes-open", {"voters": [voters.title for _, voters in voting if voters.weight]})
    for at, voters in without:
        yield Found(("voters", at), "weights-partly", {"title": voters.title})
