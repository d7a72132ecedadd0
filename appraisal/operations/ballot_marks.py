"""What may be marked on a ballot: by unit and subject, as a phone sends it and as a teller reads it out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from appraisal.domain.grading_terms import APPROVE
from appraisal.domain.numerals import plain, read_decimal
from appraisal.domain.refusal import Refusal
from appraisal.method.ballots import Ballot, Scale
from appraisal.method.grading_rules import subjects_of
from appraisal.method.vote_words import Marking

__all__ = ["APPROVE", "MarkRule", "Marks", "cleaned", "known_marks", "longest"]

_LONGEST_SCORE = 16

Marks = Mapping[str, Mapping[str, Sequence[str]]]
Cleaned = dict[str, dict[str, tuple[str, ...]]]


@dataclass(frozen=True)
class MarkRule:
    """The marks that one line admits: some keys, or any score of a scale."""

    keys: tuple[str, ...]
    scale: Scale | None = None

    @property
    def most(self) -> int:
        """How many marks can stand on the line; of scores and places there is room for one."""
        return len(self.keys) if self.scale is None else 1

    def read(self, written: str) -> str | None:
        """The mark as it is counted; None for one that the line does not admit."""
        if self.scale is None:
            return written if written in self.keys else None
        score = read_decimal(written) if len(written) <= _LONGEST_SCORE else None
        lowest, highest, step = (Fraction(each) for each in (self.scale.lowest, self.scale.highest, self.scale.step))
        if score is None or not lowest <= score <= highest or ((score - lowest) / step).denominator != 1:
            return None
        return plain(score)

    def longest(self) -> tuple[str, ...]:
        """Marks that take at least as much room as any others."""
        return self.keys if self.scale is None else ("9" * 2 * _LONGEST_SCORE,)


def known_marks(ballot: Ballot, units: Sequence[str]) -> dict[str, dict[str, MarkRule]]:
    """What may be marked, by unit and subject."""
    rule, subjects = _rule(ballot, len(units)), [key for key, _ in subjects_of(ballot)]
    return {unit: dict.fromkeys(subjects, rule) for unit in units}


def cleaned(ballot: Ballot, units: Sequence[str], marks: Marks) -> Cleaned:
    """Every line of the paper, with the marks in one order; an empty line stays empty.

    Refusal ``ballot.marks_unknown`` for what does not stand on the ballot; blank lines and several marks are for the
    method to judge.
    """
    known = known_marks(ballot, units)
    strange = sum(1 for _ in _strange(known, marks))
    if strange:
        raise Refusal("ballot.marks_unknown", ballot=ballot.title, lines=strange)
    return {
        unit: {subject: _line(rule, marks.get(unit, {}).get(subject, ())) for subject, rule in subjects.items()}
        for unit, subjects in known.items()
    }


def longest(ballot: Ballot, units: Sequence[str]) -> Cleaned:
    """A paper with as many marks as there is room for."""
    known = known_marks(ballot, units)
    return {unit: {subject: rule.longest() for subject, rule in lines.items()} for unit, lines in known.items()}


def _rule(ballot: Ballot, units: int) -> MarkRule:
    match ballot.marking:
        case Marking.ONE_OF_OPTIONS:
            return MarkRule(tuple(option.key for option in ballot.options))
        case Marking.SCORE:
            return MarkRule((), ballot.scale or Scale())
        case Marking.RANKING:
            places = (ballot.limits.at_most if ballot.limits else None) or units
            return MarkRule(tuple(str(place) for place in range(1, places + 1)))
        case Marking.APPROVE:
            return MarkRule((APPROVE,))


def _line(rule: MarkRule, written: Sequence[str]) -> tuple[str, ...]:
    read = {rule.read(mark) for mark in written}
    order = {key: at for at, key in enumerate(rule.keys)}
    return tuple(sorted((mark for mark in read if mark is not None), key=lambda mark: order.get(mark, 0)))


def _strange(known: Mapping[str, Mapping[str, MarkRule]], marks: Marks) -> Iterator[tuple[str, str]]:
    for unit, lines in marks.items():
        for subject, written in lines.items():
            rule = known.get(unit, {}).get(subject)
            read = {rule.read(mark) for mark in written} if rule else {None}
            if rule is None or None in read or len(read) > rule.most:
                yield unit, subject
