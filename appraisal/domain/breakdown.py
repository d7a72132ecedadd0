"""The figures of a questionnaire by aspect, and by unit, with small groups hidden."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from appraisal.domain.figures import Figures, Pool, figures_of, is_small
from appraisal.domain.suppression import suppressed
from appraisal.domain.survey import Answers, QuestionKind, Survey


@dataclass(frozen=True)
class Standing:
    """How an aspect stands: the share of satisfied answers, and the average mark of a hundred; None is not shown.

    ``has_share`` and ``has_mark``: whether any question about it gives one at all.
    """

    satisfied: Pool | None
    mark: Pool | None
    has_share: bool
    has_mark: bool


@dataclass(frozen=True)
class UnitFigures:
    """The figures about one unit: how many valid sheets, and shares and marks by aspect; None is not shown."""

    sheets: int | None
    satisfied: Mapping[str, Fraction | None]
    marks: Mapping[str, Fraction | None]


def by_aspect(figures: Iterable[Figures]) -> dict[str, Standing]:
    """Each aspect from all questions about it; one that must not be told keeps its whole aspect from being told."""
    about: dict[str, list[Figures]] = {}
    for each in figures:
        if aspect := aspect_of(each):
            about.setdefault(aspect, []).append(each)
    return {aspect: _standing(found) for aspect, found in about.items()}


def _standing(found: Sequence[Figures]) -> Standing:
    shares = [each.satisfied for each in found if each.question.satisfied]
    marks = [each.mark for each in found if each.question.kind is QuestionKind.SCORE]
    return Standing(_together(shares), _together(marks), bool(shares), bool(marks))


def aspect_of(figures: Figures) -> str | None:
    """What the figures are about: the row's own aspect, or that of its question."""
    own = next((line.aspect for line in figures.question.lines if line.key == figures.line), None)
    return own or figures.question.aspect


def by_unit(survey: Survey, sheets: Mapping[str, Sequence[Answers]], smallest: int) -> dict[str, UnitFigures]:
    """The figures about each unit; sheets that name none stand under an empty one.

    What is known of all units together must not tell the few that are hidden: they are two at least.
    """
    whole = by_aspect(figures_of(survey, [sheet for group in sheets.values() for sheet in group], smallest))
    known = suppressed({unit: len(group) for unit, group in sheets.items()}, smallest)
    exact = {unit: by_aspect(figures_of(survey, group, 1)) for unit, group in sheets.items()}
    satisfied: dict[str, dict[str, Fraction | None]] = {unit: {} for unit in sheets}
    marks: dict[str, dict[str, Fraction | None]] = {unit: {} for unit in sheets}
    for aspect, standing in whole.items():
        for into, pools, told, split in (
            (satisfied, {unit: exact[unit][aspect].satisfied for unit in sheets}, standing.satisfied, True),
            (marks, {unit: exact[unit][aspect].mark for unit in sheets}, standing.mark, False),
        ):
            for unit, average in _averages(pools, known, smallest, told=told is not None, split=split).items():
                into[unit][aspect] = average
    return {unit: UnitFigures(known[unit], satisfied[unit], marks[unit]) for unit in sheets}


def _averages(
    pools: Mapping[str, Pool | None], known: Mapping[str, int | None], smallest: int, *, told: bool, split: bool
) -> dict[str, Fraction | None]:
    """``split``: the pool parts people in two, and neither part may be few."""
    if not told:
        return dict.fromkeys(pools)
    few = smallest - 1
    weights = {
        unit: few if known[unit] is None or pool is None or _is_risky(pool, smallest, split=split) else pool.people
        for unit, pool in pools.items()
    }
    shown = suppressed(weights, smallest)
    return {unit: pool.average if pool and shown[unit] is not None else None for unit, pool in pools.items()}


def _is_risky(pool: Pool, smallest: int, *, split: bool) -> bool:
    if pool.people < smallest:
        return True
    return split and (is_small(int(pool.total), smallest) or is_small(pool.people - int(pool.total), smallest))


def _together(pools: Sequence[Pool | None]) -> Pool | None:
    told = [pool for pool in pools if pool is not None]
    if not pools or len(told) < len(pools):
        return None
    return Pool(sum((pool.total for pool in told), Fraction(0)), sum(pool.people for pool in told))
