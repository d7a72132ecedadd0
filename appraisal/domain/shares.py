"""Shares of the papers, and scores: what a unit has of each, as figures that keep their parts."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from appraisal.domain.figuring import Among, Cell, Figure, Key, Leaf, Look, base_of, figure
from appraisal.domain.grading_terms import APPROVE, Terms
from appraisal.domain.numerals import half_up

Scored = tuple[Fraction, int]
"""A score and how many lines have it."""


def share(seen: Look, unit: str, subject: str, among: Among, counts: Sequence[str], base: str) -> Figure:
    """The share of valid lines with one of the marks in the base."""
    return figure(seen, unit, subject, among, _share_leaf(counts, base))


def score(seen: Look, unit: str, subject: str, among: Among) -> Figure:
    """The mean of the scores on valid lines, exact.

    Scores are what was marked, the points of the option that was marked, or for a ranking of m units m points for the
    first place, one less for each further place, none where a paper gives the unit no place.  Where scores are dropped,
    they are dropped from each mean that is taken, before anything is weighed; a mean of which nothing is left is none.
    """
    return figure(seen, unit, subject, among, _score_leaf)


def rounded(value: Fraction, decimals: int | None) -> Fraction:
    """Half up, as a score is published; unchanged where no places are named."""
    return value if decimals is None else half_up(value, decimals)


def gives_scores(terms: Terms) -> bool:
    """Whether the marks of the ballot come to a score."""
    if terms.marking == "one_of_options":
        return any(option.points is not None for option in terms.options)
    return terms.marking != APPROVE


def _share_leaf(counts: Sequence[str], base: str) -> Leaf:
    def leaf(seen: Look, unit: str, subject: str, cells: Sequence[tuple[Key, Fraction]]) -> Figure:
        weights = dict(cells)
        there = seen.at(unit, subject)
        top = sum(
            (weights[key] * sum(_cell(there, key).marks[mark] for mark in counts) for key in weights), Fraction(0)
        )
        numbers = base_of(seen, unit, subject, base, list(weights))
        bottom = sum((weights[key] * number for key, number in numbers), Fraction(0))
        valid = sum(_cell(there, key).valid(seen.terms) for key in weights)
        return Figure(top / bottom if bottom else None, valid, top, bottom)

    return leaf


def _score_leaf(seen: Look, unit: str, subject: str, cells: Sequence[tuple[Key, Fraction]]) -> Figure:
    there = seen.at(unit, subject)
    top = bottom = Fraction(0)
    weighs_papers = seen.terms.weighing == "papers"
    groups = [[key] for key, _ in cells] if weighs_papers else [[key for key, _ in cells]]
    weights = dict(cells)
    for keys in groups:
        weight = weights[keys[0]] if keys else Fraction(1)
        for value, lines in trimmed(_scores(seen, (_cell(there, key) for key in keys)), seen.terms):
            top += weight * value * lines
            bottom += weight * lines
    valid = sum(_cell(there, key).valid(seen.terms) for key, _ in cells)
    return Figure(top / bottom if bottom else None, valid, top, bottom)


def trimmed(scores: Sequence[Scored], terms: Terms) -> list[Scored]:
    """Without so many of the lowest and of the highest scores; empty where no more than these were given."""
    drop = terms.drop
    total = sum(lines for _, lines in scores)
    kept: list[Scored] = []
    passed = 0
    for value, lines in scores:
        first, last = max(passed, drop.lowest), min(passed + lines, total - drop.highest)
        if last > first:
            kept.append((value, last - first))
        passed += lines
    return kept


def _scores(seen: Look, cells: Iterator[Cell]) -> list[Scored]:
    """From the lowest up."""
    found: dict[Fraction, int] = {}
    for cell in cells:
        for mark, lines in cell.marks.items():
            value = score_of_mark(seen, mark)
            if value is not None:
                found[value] = found.get(value, 0) + lines
    return sorted(found.items())


def score_of_mark(seen: Look, mark: str) -> Fraction | None:
    """What a mark is worth; None where it gives no score."""
    match seen.terms.marking:
        case "score":
            return Fraction(mark) if mark else None
        case "ranking":
            return Fraction(len(seen.units) - int(mark) + 1) if mark else Fraction(0)
        case "one_of_options":
            options = seen.terms.options
            return next((each.points for each in options if each.key == mark and not each.excluded), None)
    return None


def _cell(there: Mapping[Key, Cell], key: Key) -> Cell:
    return there.get(key) or Cell()
