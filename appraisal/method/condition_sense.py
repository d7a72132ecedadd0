"""Whether a condition on a ballot can be answered, and whether it leaves anything open."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from appraisal.domain.grading_terms import APPROVE
from appraisal.domain.selection import share_of
from appraisal.method.ballots import Ballot
from appraisal.method.faults import Found, Loc, words
from appraisal.method.grading import Condition, Threshold
from appraisal.method.grading_rules import classes_of, grade_keys
from appraisal.method.phrasing import nearest
from appraisal.method.schema import Method
from appraisal.method.vote_words import Base, Marking, Recording, Ties

FIGURES = ("share", "votes", "score", "first", "last", "all", "any")
_OF_PEOPLE = (Base.ALL_MEMBERS, Base.DUE, Base.PRESENT)
# What goes with each figure, besides what every condition may have.
_WITH: dict[str, frozenset[str]] = {
    "share": frozenset({"counts", "boundary", "base", "of", "voters", "channel"}),
    "votes": frozenset({"counts", "boundary", "of", "voters", "channel"}),
    "score": frozenset({"boundary", "of", "voters", "channel"}),
    "first": frozenset({"of"}),
    "last": frozenset({"of"}),
    "all": frozenset(),
    "any": frozenset(),
}
_EXTRAS = ("counts", "boundary", "base", "of", "voters", "channel")


@dataclass(frozen=True)
class Asked:
    """A condition, its place, and the ballot that it is asked of; ``counts`` are counted where it names none."""

    method: Method
    ballot: Ballot
    loc: Loc
    condition: Condition
    counts: Sequence[str] = ()


def figure_of(condition: Condition) -> str | None:
    """The name of the figure that a condition asks for."""
    return next((name for name in FIGURES if getattr(condition, name) not in (None, [])), None)


def scores(ballot: Ballot) -> bool:
    """Whether the marks of the ballot come to a score."""
    if ballot.marking is Marking.ONE_OF_OPTIONS:
        return any(option.points is not None for option in ballot.options)
    return ballot.marking is not Marking.APPROVE


def counts_marks(ballot: Ballot) -> bool:
    """Whether there are marks to be counted: options, or approvals."""
    return ballot.marking in (Marking.ONE_OF_OPTIONS, Marking.APPROVE)


def faults_of_condition(asked: Asked) -> Iterator[Found]:
    """Everything that makes the condition, or one within it, no question that can be answered."""
    figure = figure_of(asked.condition)
    if figure is None:
        yield Found(asked.loc, "condition-empty")
        return
    for name in _EXTRAS:
        if getattr(asked.condition, name) not in (None, []) and name not in _WITH[figure]:
            yield Found((*asked.loc, name), "condition-stray", {"name": name, "figure": _title(figure)})
    yield from _names(asked)
    yield from _ASKS[figure](asked)


def _title(figure: str) -> str:
    return words(f"Condition.{figure}").partition("：")[0]


def _joined(asked: Asked) -> Iterator[Found]:
    for name in ("all", "any"):
        for position, inner in enumerate(getattr(asked.condition, name)):
            counts = [APPROVE] if asked.ballot.marking is Marking.APPROVE else []
            loc = (*asked.loc, name, position)
            yield from faults_of_condition(Asked(asked.method, asked.ballot, loc, inner, counts))


def _share(asked: Asked) -> Iterator[Found]:
    condition, grading = asked.condition, asked.ballot.grading
    yield from _marks(asked, "share")
    if condition.share is not None and share_of(condition.share) > 1:
        yield Found((*asked.loc, "share"), "share-over", {"value": condition.share})
    base = condition.base or grading.base
    if base is None:
        yield Found(asked.loc, "base-missing")
    elif asked.ballot.recording is Recording.ENTERED and base in _OF_PEOPLE:
        facts = {"base": words(f"Base.{base}"), "ballot": asked.ballot.title}
        yield Found((*asked.loc, "base"), "entered-base", facts)
    if base is Base.KNOWN and not any(option.excluded for option in asked.ballot.options):
        yield Found((*asked.loc, "base"), "known-nothing")


def _votes(asked: Asked) -> Iterator[Found]:
    yield from _marks(asked, "votes")


def _marks(asked: Asked, name: str) -> Iterator[Found]:
    if not counts_marks(asked.ballot):
        facts = {"marking": words(f"Marking.{asked.ballot.marking}"), "figure": _title(name)}
        yield Found((*asked.loc, name), "condition-misfit", facts)
    elif not (asked.condition.counts or asked.counts):
        options = [option.key for option in asked.ballot.options]
        yield Found(asked.loc, "counts-missing", {"known": options})


def _score(asked: Asked) -> Iterator[Found]:
    if not scores(asked.ballot):
        yield Found((*asked.loc, "score"), "no-score")


def _place(asked: Asked) -> Iterator[Found]:
    grading, condition = asked.ballot.grading, asked.condition
    portion = condition.first or condition.last or ""
    name = "first" if condition.first else "last"
    if not grading.ranked_by and not scores(asked.ballot):
        yield Found((*asked.loc, name), "no-ranking")
    if grading.ties not in (Ties.IN, Ties.OUT):
        yield Found((*asked.loc, name), "ties-open", {"known": [Ties.IN.value, Ties.OUT.value]})
    if portion.endswith("%") and grading.rounding is None:
        yield Found((*asked.loc, name), "rounding-open", {"value": portion})
    if portion.endswith("%") and share_of(portion) > 1:
        yield Found((*asked.loc, name), "share-over", {"value": portion})


_ASKS: dict[str, Callable[[Asked], Iterator[Found]]] = {
    "share": _share,
    "votes": _votes,
    "score": _score,
    "first": _place,
    "last": _place,
    "all": _joined,
    "any": _joined,
}


def _names(asked: Asked) -> Iterator[Found]:
    """What the condition names must be there: options, subjects, channels, classes that vote."""
    ballot, condition, loc = asked.ballot, asked.condition, asked.loc
    yield from unknown_options(ballot, condition.counts, (*loc, "counts"))
    if condition.of is not None:
        yield from unknown_name((*loc, "of"), "subject", condition.of, own_subjects(ballot))
    if condition.channel is not None:
        known = [channel.key for channel in ballot.channels]
        yield from unknown_name((*loc, "channel"), "channel", condition.channel, known)
    voting = [key for key, _ in classes_of(asked.method, ballot)]
    declared = {voters.key for voters in asked.method.voters}
    for position, voters in enumerate(condition.voters):
        if voters in declared and voters not in voting:
            facts = {"voters": voters, "ballot": ballot.title, "known": voting}
            yield Found((*loc, "voters", position), "voters-elsewhere", facts)
    if ballot.recording is Recording.ENTERED:
        for name in ("of", "voters", "channel"):
            if getattr(condition, name):
                yield Found((*loc, name), "entered-detail", {"name": name, "ballot": ballot.title})


def own_subjects(ballot: Ballot) -> list[str]:
    """The dimensions and items that a condition may name."""
    return [item.key for item in (*ballot.dimensions, *ballot.items)]


def unknown_options(ballot: Ballot, counts: Sequence[str], loc: Loc) -> Iterator[Found]:
    """Every mark counted that is no option of the ballot."""
    known = [APPROVE] if ballot.marking is Marking.APPROVE else [option.key for option in ballot.options]
    for position, key in enumerate(counts):
        yield from unknown_name((*loc, position), "option", key, known)


def unknown_grade(ballot: Ballot, key: str, loc: Loc) -> Iterator[Found]:
    """A grade named that cannot come out."""
    yield from unknown_name(loc, "grade", key, grade_keys(ballot))


def unknown_name(loc: Loc, kind: str, key: str, known: list[str]) -> Iterator[Found]:
    """A name that nothing on the ballot has."""
    if key not in known:
        facts = {"kind": words(f"kind.{kind}"), "value": key, "known": known, "near": nearest(key, known)}
        yield Found(loc, "unknown-reference", facts)


def threshold_faults(
    method: Method, ballot: Ballot, threshold: Threshold, loc: Loc, counts: Sequence[str]
) -> list[Found]:
    """Of a threshold: its grade, and its condition."""
    asked = Asked(method, ballot, loc, threshold, counts)
    return [*unknown_grade(ballot, threshold.grade, (*loc, "grade")), *faults_of_condition(asked)]
