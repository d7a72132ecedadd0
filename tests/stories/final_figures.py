"""The figures of the final report beside the rows themselves: what is counted by statement is counted by hand too."""

from collections import Counter

from appraisal.domain.lifecycle import OPEN_PROBLEM
from appraisal.domain.rectified import Tally
from appraisal.operations.rectification_figures import figures_of
from appraisal.store.problem_tables import ProblemRow
from tests.operations.world import instant
from tests.stories.danjiangkou import listed
from tests.stories.inquiry import Inquiry


def final_figures_hold(story: Inquiry, at: str, *, closed: int) -> None:
    """Of 189 problems so many are closed out; by unit and along both axes the parts make up the whole."""
    rows = listed(story)
    with story.office.store.reading() as session:
        found = figures_of(session, story.slug, instant(at))
    assert (found.whole.listed, found.whole.closed, found.whole.open) == (189, closed, 189 - closed)
    assert sum((unit.tally for unit in found.units), found.unplaced) == found.whole
    assert {unit.name: numbers(unit.tally) for unit in found.units if unit.tally.listed} == by_hand(rows)
    assert [sum((tally for _, tally in parts), Tally()) for _, parts in found.axes] == [found.whole] * 2
    for name in vars(found.counts):
        units = [getattr(unit.counts, name) for unit in found.units]
        assert sum(units, getattr(found.elsewhere, name)) == getattr(found.counts, name)


def numbers(tally: Tally) -> tuple[int, int, int]:
    return tally.listed, tally.closed, tally.open


def by_hand(rows: list[ProblemRow]) -> dict[str, tuple[int, int, int]]:
    units: dict[str, Counter[str]] = {}
    for row in rows:
        units.setdefault(row.unit.name if row.unit else "", Counter())[row.status] += 1
    return {
        unit: (found.total(), found["closed"], sum(found[status] for status in OPEN_PROBLEM))
        for unit, found in units.items()
    }
