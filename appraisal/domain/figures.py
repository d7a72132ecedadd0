"""What a questionnaire comes to: figures of each question, with small groups hidden.

Every question is a table of its own whose total is known: how many it was put to.  A figure that could be had by
adding up counts is shown only where it tells nothing about hidden ones, and a question that was put to whoever chose
an option tells how many these are, so it is hidden along with that.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from appraisal.domain.answers import plain_number
from appraisal.domain.suppression import is_hidden, suppressed
from appraisal.domain.survey import Answers, Question, QuestionKind, Scale, Survey, chosen, is_asked

BLANK = ""
ANSWERED = "*"
"""Among the counts of a question, beside its options: whoever was asked and did not answer, and whoever did."""
BANDS = 5
FINEST = 11
"""A scale with no more marks than these is shown mark by mark, a finer one in bands."""


@dataclass(frozen=True)
class Pool:
    """A sum over a number of people, so that several can be taken together before anything is divided."""

    total: Fraction
    people: int

    @property
    def average(self) -> Fraction:
        """The sum by head."""
        return self.total / self.people


@dataclass(frozen=True)
class Figures:
    """Of a question, or of a row of a matrix; None is a figure that is not shown.

    ``counts`` goes by option, by band of marks, and ``BLANK``.  ``satisfied`` and ``mark`` (of a hundred) can be
    pooled by aspect.  ``withheld``: too few were asked, or how many were asked must not be told.
    """

    question: Question
    line: str
    counts: Mapping[str, int | None]
    satisfied: Pool | None = None
    mark: Pool | None = None
    mean: Fraction | None = None
    texts: tuple[str, ...] = ()
    withheld: bool = False

    @property
    def answered(self) -> int | None:
        """How many answered, where that is told."""
        return self.counts.get(ANSWERED, _sum(count for key, count in self.counts.items() if key != BLANK))


def figures_of(survey: Survey, sheets: Sequence[Answers], smallest: int) -> list[Figures]:
    """The figures of every question in order, a matrix row by row."""
    found: dict[str, list[Figures]] = {}
    for question in survey.questions:
        put_to = [sheet for sheet in sheets if is_asked(question, sheet)]
        if _must_be_withheld(question, found, len(put_to), len(sheets), smallest):
            lines = [line.key for line in question.lines] or [""]
            found[question.key] = [Figures(question, line, {}, withheld=True) for line in lines]
        else:
            found[question.key] = list(_TALLY[question.kind](question, put_to, smallest))
    return [figures for each in found.values() for figures in each]


def is_small(count: int, smallest: int) -> bool:
    """Whether so few people are too few for a figure; nobody is not few."""
    return 0 < count < smallest


def _must_be_withheld(
    question: Question, found: Mapping[str, list[Figures]], put_to: int, of: int, smallest: int
) -> bool:
    if put_to < smallest:
        return True
    if question.asked_if is None:
        return False
    before = found[question.asked_if.question][0]
    if before.withheld or is_small(of - put_to, smallest):
        return True
    gates = question.asked_if.options
    if before.question.kind is QuestionKind.MULTIPLE:
        return any(before.counts[gate] is None for gate in gates)
    return is_hidden(before.counts, gates)


def _single(question: Question, sheets: Sequence[Answers], smallest: int) -> Iterator[Figures]:
    answers = [next(iter(chosen(sheet.get(question.key))), BLANK) for sheet in sheets]
    yield _of_options(question, "", answers, smallest)


def _matrix(question: Question, sheets: Sequence[Answers], smallest: int) -> Iterator[Figures]:
    for line in question.lines:
        cells = [sheet.get(question.key) for sheet in sheets]
        answers = [cell.get(line.key, BLANK) if isinstance(cell, dict) else BLANK for cell in cells]
        yield _of_options(question, line.key, answers, smallest)


def _of_options(question: Question, line: str, answers: Iterable[str], smallest: int) -> Figures:
    counted = Counter(answers)
    counts = {key: counted[key] for key in (*(choice.key for choice in question.choices), BLANK)}
    shown = suppressed(counts, smallest)
    pool = _pool(counts, question)
    hidden = is_hidden(shown, question.satisfied) or is_hidden(shown, question.base) or pool.people < smallest
    return Figures(question, line, shown, satisfied=pool if question.satisfied and not hidden else None)


def _pool(counts: Mapping[str, int], question: Question) -> Pool:
    base = sum(counts[key] for key in question.base)
    return Pool(Fraction(sum(counts[key] for key in question.satisfied)), base)


def _multiple(question: Question, sheets: Sequence[Answers], smallest: int) -> Iterator[Figures]:
    """Options are no parts of a whole, so neither those who chose one nor those who did not may be few."""
    picked = Counter(option for sheet in sheets for option in chosen(sheet.get(question.key)))
    counts = {choice.key: picked[choice.key] for choice in question.choices}
    answered = sum(1 for sheet in sheets if sheet.get(question.key))
    risky = {key: 1 if _few_did_not(count, answered, len(sheets), smallest) else count for key, count in counts.items()}
    shown = suppressed(risky, smallest)
    whole = suppressed({ANSWERED: answered, BLANK: len(sheets) - answered}, smallest)
    yield Figures(question, "", {key: shown[key] and counts[key] for key in counts} | whole)


def _few_did_not(count: int, answered: int, of: int, smallest: int) -> bool:
    return is_small(answered - count, smallest) or is_small(of - count, smallest)


def _score(question: Question, sheets: Sequence[Answers], smallest: int) -> Iterator[Figures]:
    """The average, and how marks are spread; with the average known, no part of the spread can be hidden."""
    marks = [Decimal(mark) for sheet in sheets if isinstance(mark := sheet.get(question.key), str)]
    whole = suppressed({ANSWERED: len(marks), BLANK: len(sheets) - len(marks)}, smallest)
    if len(marks) < smallest:
        yield Figures(question, "", whole)
        return
    spread = Counter(band_of(question.scale, mark) for mark in marks)
    counts = {band: spread[band] for band in bands(question.scale)}
    told = suppressed(counts, smallest) == counts
    total = sum((Fraction(mark) for mark in marks), Fraction(0))
    hundred = sum((_of_hundred(question.scale, mark) for mark in marks), Fraction(0))
    shown: dict[str, int | None] = {**(counts if told else dict.fromkeys(counts)), **whole}
    yield Figures(question, "", shown, mark=Pool(hundred, len(marks)), mean=total / len(marks))


def _words(question: Question, sheets: Sequence[Answers], smallest: int) -> Iterator[Figures]:
    """In the order of the words themselves: no two texts of one sheet stand at the same place."""
    texts = sorted(text for sheet in sheets if isinstance(text := sheet.get(question.key), str))
    counts: dict[str, int | None] = {ANSWERED: len(texts), BLANK: len(sheets) - len(texts)}
    yield Figures(question, "", counts, texts=tuple(texts))


_TALLY: Mapping[QuestionKind, Callable[[Question, Sequence[Answers], int], Iterator[Figures]]] = {
    QuestionKind.SINGLE: _single,
    QuestionKind.MULTIPLE: _multiple,
    QuestionKind.MATRIX: _matrix,
    QuestionKind.SCORE: _score,
    QuestionKind.TEXT: _words,
}


def bands(scale: Scale) -> list[str]:
    """The bands in which the marks of a scale are shown: each mark, or fifths of the scale.

    A band is named by the least and the greatest mark in it, as ``60—79``: no mark stands in two of them.
    """
    marks = _steps(scale)
    if _is_coarse(scale):
        return [_written(scale, number) for number in range(int(marks) + 1)]
    starts = [ceil(marks * number / BANDS) for number in range(BANDS)]
    ends = [*(start - 1 for start in starts[1:]), int(marks)]
    return [f"{_written(scale, start)}—{_written(scale, end)}" for start, end in zip(starts, ends, strict=True)]


def band_of(scale: Scale, mark: Decimal) -> str:
    """The band of a mark; a mark on the edge belongs to the upper one."""
    found = bands(scale)
    if _is_coarse(scale):
        return found[int((mark - scale.lowest) / scale.step)]
    part = Fraction(mark - scale.lowest) / Fraction(scale.highest - scale.lowest)
    return found[min(int(part * BANDS), BANDS - 1)]


def _is_coarse(scale: Scale) -> bool:
    return _steps(scale) < FINEST


def _of_hundred(scale: Scale, mark: Decimal) -> Fraction:
    return Fraction(mark - scale.lowest) / Fraction(scale.highest - scale.lowest) * 100


def _steps(scale: Scale) -> Fraction:
    return Fraction(scale.highest - scale.lowest) / Fraction(scale.step)


def _written(scale: Scale, steps: int) -> str:
    return plain_number(scale.lowest + scale.step * steps)


def _sum(counts: Iterable[int | None]) -> int | None:
    known = list(counts)
    return None if None in known else sum(count for count in known if count is not None)
