from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from appraisal.domain.lifecycle import OFF_THE_LIST, ProblemStatus
from appraisal.domain.rectified import Cell, Tally, parted, tally

FLAGS = st.booleans()
CELLS = st.lists(
    st.builds(
        Cell,
        unit=st.sampled_from(["", "jyj", "kjj"]),
        kind=st.sampled_from(["problem", "suggestion"]),
        classes=st.sampled_from([(), (("time", "now"),), (("time", "long"),)]),
        status=st.sampled_from([str(status) for status in ProblemStatus]),
        assigned=FLAGS,
        passed=FLAGS,
        late=FLAGS,
        in_part=FLAGS,
        relapsed=FLAGS,
        count=st.integers(1, 200),
        relapses=st.integers(0, 9),
    )
)


def cell(status: str, count: int, **said: bool) -> Cell:
    flags = {name: said.get(name, False) for name in ("assigned", "passed", "late", "in_part", "relapsed")}
    return Cell("jyj", "problem", (), status, **flags, count=count, relapses=0)


@given(CELLS)
def test_parts_make_up_the_whole_however_the_problems_are_parted(cells: list[Cell]) -> None:
    whole = tally(cells)
    for part in (lambda each: each.unit, lambda each: each.classes, lambda each: (each.kind, each.late)):
        assert sum(parted(cells, part).values(), Tally()) == whole


@given(CELLS)
def test_standings_make_up_what_is_listed_and_timeliness_what_is_closed_and_open(cells: list[Cell]) -> None:
    whole = tally(cells)
    assert whole.listed == sum(each.count for each in cells if each.status not in OFF_THE_LIST)
    assert whole.open + whole.closed + whole.handed_on == whole.listed
    assert whole.closed_on_time + whole.closed_late == whole.closed
    assert 0 <= whole.open_late <= whole.open


def test_closing_rate_is_of_what_is_listed_and_of_nothing_there_is_none() -> None:
    cells = [cell("closed", 2), cell("assigned", 1), cell("merged", 5), cell("handed_on", 1)]
    assert (tally(cells).rate, tally([]).rate) == (Fraction(1, 2), None)


def test_late_is_told_apart_for_what_is_closed_and_what_is_open() -> None:
    late = [cell("closed", 2, late=True), cell("assigned", 3, late=True), cell("closed", 4)]
    found = tally(late)
    assert (found.closed_late, found.closed_on_time, found.open_late, found.late) == (2, 4, 3, 5)
