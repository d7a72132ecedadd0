"""A ballot of a method turned into the terms of the domain, and what its parts are called."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from appraisal.domain import grading_terms as domain
from appraisal.domain.count import SITTING, VOTERS, WHOLE
from appraisal.domain.grading_terms import APPROVE, Terms
from appraisal.domain.selection import share_of
from appraisal.method.ballots import Ballot, Item, Validity
from appraisal.method.faults import words
from appraisal.method.grading import Condition, RankedBy, Threshold
from appraisal.method.registry import GRADERS
from appraisal.method.schema import Method
from appraisal.method.vote_words import (
    BallotScope,
    Base,
    ChannelSource,
    EmptyRule,
    GradingRule,
    LineRule,
    Marking,
    Rounding,
    Ties,
)


def terms_of(method: Method, ballot: Ballot) -> Terms:
    """Everything that judging and grading its papers needs; of an entered ballot too, whose rule decides no grade."""
    grading, scale, limits = ballot.grading, ballot.scale, ballot.limits
    subjects = _subjects(ballot)
    return Terms(
        title=ballot.title,
        rule=GRADERS[grading.rule],
        whole_title=words("ballot.whole") if len(subjects) > 1 else "",
        marking=ballot.marking.value,
        options=tuple(
            domain.Choice(each.key, each.title, _exact(each.points), each.excluded) for each in ballot.options
        ),
        grades=tuple(domain.Titled(key, grade_title(ballot, key)) for key in grade_keys(ballot)),
        subjects=subjects,
        channels=tuple(_channels(ballot)),
        classes=tuple(_classes(method, ballot)),
        weighing=grading.classes.value if grading.classes and _weighs_classes(method, ballot) else None,
        scale=domain.Scale(*map(Fraction, (scale.lowest, scale.highest, scale.step))) if scale else domain.Scale(),
        limits=domain.Limits(limits.at_least, limits.at_most) if limits else domain.Limits(),
        validity=_validity(ballot.validity),
        base=(grading.base or Base.VALID).value,
        thresholds=tuple(_threshold(ballot, each) for each in grading.thresholds),
        otherwise=grading.otherwise,
        vetoes=tuple(_threshold(ballot, each, veto=True) for each in grading.vetoes),
        satisfaction=grading.satisfaction.value if grading.satisfaction else None,
        if_empty=(grading.if_empty or EmptyRule.UNDECIDED).value,
        drop=domain.Drop(grading.drop.highest, grading.drop.lowest) if grading.drop else domain.Drop(),
        decimals=grading.decimals,
        ranked_by=tuple(_ranked_by(each) for each in grading.ranked_by),
        ties=(grading.ties or Ties.OUT).value,
        rounding=(grading.rounding or Rounding.DOWN).value,
    )


def condition_of(condition: Condition, counts: Sequence[str] = (APPROVE,)) -> domain.Condition:
    """The condition in domain form; ``counts`` are the marks it counts where it names none."""
    inner_all = tuple(condition_of(each) for each in condition.all)
    inner_any = tuple(condition_of(each) for each in condition.any)
    return domain.Condition(
        counts=tuple(condition.counts or counts),
        share=share_of(condition.share) if condition.share is not None else None,
        votes=condition.votes,
        score=_exact(condition.score),
        first=_portion(condition.first),
        last=_portion(condition.last),
        boundary=condition.boundary.value if condition.boundary else "reach",
        base=condition.base.value if condition.base else None,
        of=condition.of,
        voters=tuple(condition.voters),
        channel=condition.channel,
        all=inner_all,
        any=inner_any,
    )


def counted_by(ballot: Ballot, threshold: Threshold, *, veto: bool = False) -> list[str]:
    """The marks that a threshold counts: those it names, else those of its own grade, or of it and all better ones."""
    if threshold.counts:
        return threshold.counts
    if ballot.marking is Marking.APPROVE:
        return [APPROVE]
    options = [option.key for option in ballot.options if not option.excluded]
    if threshold.grade not in options:
        return []
    if ballot.grading.rule is GradingRule.CUMULATIVE and not veto:
        return options[: options.index(threshold.grade) + 1]
    return [threshold.grade]


def grade_keys(ballot: Ballot) -> list[str]:
    """The grades that can come out, the best first: an option outside of ``known`` is none."""
    if ballot.grades:
        return [grade.key for grade in ballot.grades]
    return [option.key for option in ballot.options if not option.excluded]


def grade_title(ballot: Ballot, key: str) -> str:
    """The title of a grade; the key where the ballot has none of that key."""
    titles = {option.key: option.title for option in ballot.options}
    titles |= {grade.key: grade.title for grade in ballot.grades}
    return titles.get(key, key)


def subjects_of(ballot: Ballot) -> list[tuple[str, str]]:
    """What every paper has a line for, with titles; the whole is ``""``."""
    return [(each.key, each.title) for each in _subjects(ballot)]


def classes_of(method: Method, ballot: Ballot) -> list[tuple[str, str]]:
    """The classes of voters that vote, with titles; one unnamed class where the method names none."""
    return [(each.key, each.title) for each in _classes(method, ballot)]


def channels_of(ballot: Ballot) -> list[tuple[str, str, ChannelSource]]:
    """The channels that papers come from, with titles; the sitting alone where the ballot names none."""
    named = [(each.key, each.title, each.source) for each in ballot.channels]
    return named or [(SITTING, words("ballot.sitting"), ChannelSource.SITTING)]


def _subjects(ballot: Ballot) -> tuple[domain.Weighed, ...]:
    whole = domain.Weighed(WHOLE, words("ballot.whole"))
    if ballot.rates is BallotScope.ITEMS:
        return _weighed(ballot.items) or (whole,)
    if ballot.rates is BallotScope.DIMENSIONS:
        dimensions = _weighed(ballot.dimensions)
        return (whole, *dimensions) if ballot.overall or not dimensions else dimensions
    return (whole,)


def _weighed(items: Sequence[Item]) -> tuple[domain.Weighed, ...]:
    return tuple(domain.Weighed(each.key, each.title, _exact(each.weight)) for each in items)


def _classes(method: Method, ballot: Ballot) -> list[domain.Weighed]:
    wanted = ballot.electorate or [voters.key for voters in method.voters]
    chosen = [voters for voters in method.voters if voters.key in wanted]
    named = [domain.Weighed(each.key, each.title, _exact(each.weight)) for each in chosen]
    return named or [domain.Weighed(VOTERS, words("ballot.voters"))]


def _weighs_classes(method: Method, ballot: Ballot) -> bool:
    return any(each.weight is not None for each in _classes(method, ballot))


def _channels(ballot: Ballot) -> list[domain.Way]:
    weights = {each.key: _exact(each.weight) for each in ballot.channels}
    return [
        domain.Way(key, title, weights.get(key), source is ChannelSource.SITTING)
        for key, title, source in channels_of(ballot)
    ]


def _validity(validity: Validity | None) -> domain.Validity:
    if validity is None:
        return domain.Validity()
    return domain.Validity(
        blank=validity.blank.value,
        several=validity.several_marks.value,
        spoils_paper=validity.judged is LineRule.PAPER,
        abstentions_are_valid=validity.abstentions_are_valid,
        void_if_exceeds=validity.void_if_returned_exceeds_issued,
    )


def _threshold(ballot: Ballot, threshold: Threshold, *, veto: bool = False) -> domain.Threshold:
    counts = counted_by(ballot, threshold, veto=veto)
    return domain.Threshold(threshold.grade, condition_of(threshold, counts))


def _ranked_by(by: RankedBy) -> domain.RankedBy:
    return domain.RankedBy(tuple(by.counts), by.base.value if by.base else None, by.of, by.fewest)


def _portion(written: str | None) -> domain.Portion | None:
    if written is None:
        return None
    return domain.Portion(Fraction(written.removesuffix("%")), written.endswith("%"))


def _exact(number: Decimal | None) -> Fraction | None:
    return Fraction(number) if number is not None else None
