from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import pytest

from appraisal.domain.refusal import Refusal
from appraisal.domain.selection import (
    Candidate,
    Figure,
    Outcome,
    Place,
    Put,
    Rules,
    Threshold,
    carried_over,
    drawn,
    in_turn,
    listed,
    lot,
    most_votes,
    ranked_then_voted,
    share_of,
    voted,
)

JYJ, WJJ, RSJ, KJJ, MZJ, CLH = (
    Candidate(code, name)
    for code, name in (
        ("jyj", "市教育局"),
        ("wjj", "市卫健局"),
        ("rsj", "市人社局"),
        ("kjj", "市科经局"),
        ("mzj", "市民政局"),
        ("clh", "市残联"),
    )
)
DANJIANGKOU = (
    Place(WJJ, 1, 15),
    Place(JYJ, 2, 11),
    Place(RSJ, 3, 9),
    Place(KJJ, 4, 7),
    Place(MZJ, 4, 7),
    Place(CLH, 6, 5),
)
HALF, REACHED = Threshold(Fraction(1, 2), reach=False), Threshold(Fraction(1, 2), reach=True)


def chosen(figures: Iterable[Figure]) -> list[str]:
    return [figure.unit.name for figure in figures if figure.outcome is Outcome.CHOSEN]


def outcomes(figures: Iterable[Figure]) -> dict[str, Outcome]:
    return {figure.unit.code: figure.outcome for figure in figures}


def refusal(code: str, put: Put, rules: Rules, rule: object) -> dict[str, object]:
    assert callable(rule)
    with pytest.raises(Refusal) as caught:
        rule(put, rules)
    assert caught.value.code == code
    return caught.value.facts


def test_share_is_exact_as_percent_and_as_fraction() -> None:
    assert (share_of("50%"), share_of("2/3"), share_of("66.7%")) == (
        Fraction(1, 2),
        Fraction(2, 3),
        Fraction(667, 1000),
    )


@pytest.mark.parametrize(("votes", "exceeds", "reaches"), [(15, False, False), (16, False, True), (17, True, True)])
def test_exactly_half_passes_only_where_the_method_says_so(votes: int, exceeds: bool, reaches: bool) -> None:
    assert (HALF.passes(votes, 32), REACHED.passes(votes, 32)) == (exceeds, reaches)


def test_half_of_an_odd_number_lies_between_two_votes() -> None:
    assert (REACHED.passes(15, 31), REACHED.passes(16, 31)) == (False, True)


def test_danjiangkou_six_units_are_ranked_and_then_voted() -> None:
    votes = dict.fromkeys((WJJ, JYJ, RSJ, KJJ, MZJ, CLH), 26)
    figures = ranked_then_voted(Put(votes=votes, base=29, ranking=DANJIANGKOU), Rules(None, HALF))
    assert [(figure.unit.name, figure.rank, figure.problems, figure.votes) for figure in figures] == [
        ("市卫健局", 1, 15, 26),
        ("市教育局", 2, 11, 26),
        ("市人社局", 3, 9, 26),
        ("市科经局", 4, 7, 26),
        ("市民政局", 4, 7, 26),
        ("市残联", 6, 5, 26),
    ]
    assert chosen(figures) == ["市卫健局", "市教育局", "市人社局", "市科经局", "市民政局", "市残联"]


def test_ranked_unit_that_is_not_chosen_is_recorded_as_passed_over() -> None:
    votes = {WJJ: 10, RSJ: 20, KJJ: 15, MZJ: 14}
    figures = ranked_then_voted(Put(votes=votes, base=29, ranking=DANJIANGKOU), Rules(None, HALF))
    assert outcomes(figures) == {
        "wjj": Outcome.PASSED_OVER,
        "jyj": Outcome.PASSED_OVER,
        "rsj": Outcome.CHOSEN,
        "kjj": Outcome.CHOSEN,
        "mzj": Outcome.NOT_PASSED,
        "clh": Outcome.NOT_PUT,
    }


def test_units_of_one_rank_are_voted_on_together() -> None:
    put = Put(votes={WJJ: 20, KJJ: 20}, base=29, ranking=DANJIANGKOU)
    assert refusal("selection.rank_unvoted", put, Rules(None, HALF), ranked_then_voted) == {"units": ["市民政局"]}


def test_votes_decide_between_equal_ranks_at_the_last_place() -> None:
    put = Put(votes={WJJ: 20, JYJ: 20, RSJ: 20, KJJ: 18, MZJ: 19}, base=29, ranking=DANJIANGKOU)
    figures = ranked_then_voted(put, Rules(4, HALF))
    assert chosen(figures) == ["市卫健局", "市教育局", "市人社局", "市民政局"]
    assert outcomes(figures)["kjj"] is Outcome.BELOW_CUT


def test_equal_ranks_with_equal_votes_at_the_last_place_must_be_decided() -> None:
    votes = {WJJ: 20, JYJ: 20, RSJ: 20, KJJ: 18, MZJ: 18}
    put = Put(votes=votes, base=29, ranking=DANJIANGKOU)
    facts = refusal("selection.tie", put, Rules(4, HALF), ranked_then_voted)
    assert facts == {"units": ["市科经局", "市民政局"], "places": 1}
    settled = Put(votes=votes, base=29, ranking=DANJIANGKOU, settled=frozenset({MZJ}))
    assert chosen(ranked_then_voted(settled, Rules(4, HALF))) == ["市卫健局", "市教育局", "市人社局", "市民政局"]


def test_unit_without_problems_cannot_be_voted_on_after_a_ranking() -> None:
    put = Put(votes={Candidate("czj", "市财政局"): 20}, base=29, ranking=DANJIANGKOU)
    assert refusal("selection.not_ranked", put, Rules(None, HALF), ranked_then_voted) == {"units": ["市财政局"]}


def test_committee_vote_takes_those_that_pass_and_of_too_many_the_most_votes() -> None:
    put = Put(votes={JYJ: 16, WJJ: 15, RSJ: 25, KJJ: 20}, base=30)
    rules = Rules(None, HALF)
    assert outcomes(voted(put, rules)) == {
        "rsj": Outcome.CHOSEN,
        "kjj": Outcome.CHOSEN,
        "jyj": Outcome.CHOSEN,
        "wjj": Outcome.NOT_PASSED,
    }
    assert outcomes(voted(put, Rules(2, HALF)))["jyj"] is Outcome.BELOW_CUT


def test_committee_vote_is_refused_without_base_line_or_with_more_votes_than_voters() -> None:
    rules = Rules(None, HALF)
    assert refusal("selection.no_base", Put(votes={JYJ: 16}), rules, voted) == {}
    assert refusal("selection.no_passing", Put(votes={JYJ: 16}, base=30), Rules(), voted) == {}
    facts = refusal("selection.votes_exceed", Put(votes={JYJ: 31}, base=30), rules, voted)
    assert facts == {"units": ["市教育局"], "base": 30}
    assert refusal("selection.nobody", Put(base=30), rules, voted) == {}


def test_public_vote_takes_the_most_votes_and_refuses_a_tie_at_the_last_place() -> None:
    votes = {JYJ: 1204, WJJ: 980, RSJ: 980, KJJ: 300}
    assert chosen(most_votes(Put(votes=votes), Rules(3))) == ["市教育局", "市卫健局", "市人社局"]
    facts = refusal("selection.tie", Put(votes=votes), Rules(2), most_votes)
    assert facts == {"units": ["市卫健局", "市人社局"], "places": 1}
    assert chosen(most_votes(Put(votes=votes, settled=frozenset({RSJ})), Rules(2))) == ["市教育局", "市人社局"]


def test_tie_above_the_last_place_is_no_tie() -> None:
    votes = {JYJ: 500, WJJ: 500, RSJ: 400}
    assert chosen(most_votes(Put(votes=votes), Rules(2))) == ["市教育局", "市卫健局"]


def test_vote_for_a_number_of_places_needs_that_number() -> None:
    assert refusal("selection.no_count", Put(votes={JYJ: 5}), Rules(), most_votes) == {}


def test_settling_more_than_the_places_that_are_left_is_refused() -> None:
    put = Put(votes={JYJ: 5, WJJ: 5}, settled=frozenset({JYJ, WJJ}))
    assert refusal("selection.tie", put, Rules(1), most_votes) == {"units": ["市教育局", "市卫健局"], "places": 1}


def test_lot_can_be_drawn_again_by_anyone() -> None:
    assert lot(" 20231027 ", JYJ)[:16] == lot("20231027", JYJ)[:16] == "aa68ba446f26f726"


def test_draw_is_the_same_whatever_order_the_pool_is_written_in() -> None:
    pool = (JYJ, WJJ, RSJ, KJJ, MZJ, CLH)
    first, second = sorted(pool, key=lambda unit: lot("20231027", unit))[:2]
    put = Put(units=(second,), pool=pool, seed="20231027")
    figures = drawn(put, Rules(2))
    assert figures == drawn(Put(units=(second,), pool=pool[::-1], seed="20231027"), Rules(2))
    found = outcomes(figures)
    assert (found[first.code], found[second.code]) == (Outcome.NOT_CONFIRMED, Outcome.CHOSEN)
    assert list(found.values()).count(Outcome.NOT_DRAWN) == 4


def test_unit_that_was_not_drawn_cannot_be_confirmed() -> None:
    pool = (JYJ, WJJ, RSJ)
    *first, last = sorted(pool, key=lambda unit: lot("1", unit))
    put = Put(units=(last,), pool=pool, seed="1")
    names = [unit.name for unit in first]
    assert refusal("selection.not_drawn", put, Rules(2), drawn) == {"units": [last.name], "drawn": names}
    assert refusal("selection.confirm_drawn", replace(put, units=()), Rules(2), drawn) == {"seed": "1", "drawn": names}
    assert refusal("selection.no_seed", Put(units=(JYJ,), pool=pool, seed=" "), Rules(2), drawn) == {}
    facts = refusal("selection.pool_small", Put(units=(JYJ,), pool=pool, seed="1"), Rules(4), drawn)
    assert facts == {"pool": 3, "count": 4}


def test_list_takes_whoever_is_on_it_up_to_the_places() -> None:
    assert chosen(listed(Put(units=(JYJ, WJJ)), Rules(2))) == ["市教育局", "市卫健局"]
    assert refusal("selection.too_many", Put(units=(JYJ, WJJ)), Rules(1), listed) == {"given": 2, "places": 1}
    assert refusal("selection.nobody", Put(), Rules(), listed) == {}
    assert [figure.outcome for figure in carried_over(Put(units=(JYJ,)), Rules())] == [Outcome.CARRIED]


def test_turn_comes_again_only_when_it_has_come_to_all() -> None:
    pool = (JYJ, WJJ, RSJ, KJJ)
    before = Put(units=(JYJ, RSJ), pool=pool, times={JYJ: 1, WJJ: 1})
    facts = refusal("selection.not_their_turn", before, Rules(2), in_turn)
    assert facts == {"units": ["市教育局"], "waiting": ["市科经局"]}
    assert chosen(in_turn(Put(units=(RSJ, KJJ), pool=pool, times={JYJ: 1, WJJ: 1}), Rules(2))) == [
        "市人社局",
        "市科经局",
    ]


def test_last_of_the_turn_may_be_joined_by_the_first_of_the_next() -> None:
    pool = (JYJ, WJJ, RSJ)
    times = {JYJ: 1, WJJ: 1}
    assert chosen(in_turn(Put(units=(RSJ, JYJ), pool=pool, times=times), Rules(2))) == ["市人社局", "市教育局"]
    again = dict.fromkeys(pool, 1)
    assert chosen(in_turn(Put(units=(WJJ,), pool=pool, times=again), Rules(2))) == ["市卫健局"]


def test_unit_outside_of_the_pool_has_no_turn() -> None:
    facts = refusal("selection.not_in_pool", Put(units=(CLH,), pool=(JYJ,)), Rules(), in_turn)
    assert facts == {"units": ["市残联"]}
