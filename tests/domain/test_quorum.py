from fractions import Fraction

import pytest

from appraisal.domain.quorum import Figures, QuorumState, quorum, quorum_rule
from appraisal.domain.reasoning import Step
from appraisal.notices.wording import reason
from tests.operations.world import refused


@pytest.mark.parametrize(
    ("share", "boundary", "base", "needed"),
    [
        ("1/2", "exceed", 31, 16),
        ("1/2", "exceed", 30, 16),
        ("1/2", "reach", 30, 15),
        ("1/2", "reach", 31, 16),
        ("2/3", "reach", 30, 20),
        ("2/3", "reach", 31, 21),
        ("2/3", "reach", 32, 22),
        ("2/3", "exceed", 30, 21),
        ("1", "reach", 7, 7),
    ],
)
def test_quorum_is_met_by_exactly_as_many_as_are_needed(share: str, boundary: str, base: int, needed: int) -> None:
    rule = quorum_rule(Fraction(share), boundary, "all_members")
    states = [quorum(rule, [Figures(base, base, present)]) for present in (needed - 1, needed)]
    assert [(state.met, state.needed, state.base) for state in states] == [(False, needed, base), (True, needed, base)]


def test_quorum_counts_the_classes_together() -> None:
    rule = quorum_rule(Fraction(2, 3), "reach", "due")
    assert quorum(rule, [Figures(None, 10, 8), Figures(None, 5, 2)]).met
    assert not quorum(rule, [Figures(None, 10, 8), Figures(None, 6, 2)]).met


def test_quorum_of_due_leaves_out_who_is_on_leave() -> None:
    assert quorum(quorum_rule(Fraction(2, 3), "reach", "due"), [Figures(30, 27, 18)]).met
    assert not quorum(quorum_rule(Fraction(2, 3), "reach", "all_members"), [Figures(30, 27, 18)]).met


def test_quorum_is_open_while_the_members_of_one_class_are_not_known() -> None:
    rule = quorum_rule(Fraction(1, 2), "exceed", "all_members")
    state = quorum(rule, [Figures(30, 30, 30), Figures(None, 5, 5)])
    facts: dict[str, str | int] = {"share": "1/2", "base": "all_members", "present": 35, "boundary": "exceed"}
    assert state == QuorumState(False, None, 35, None, Step("quorum.unknown", facts))
    assert "没有填全" in reason([state.step])[0]


def test_quorum_of_nobody_is_not_met() -> None:
    assert not quorum(quorum_rule(Fraction(1, 2), "reach", "due"), [Figures(0, 0, 0)]).met
    assert not quorum(quorum_rule(Fraction(1, 2), "reach", "due"), []).met


def test_quorum_says_in_words_who_is_lacking() -> None:
    rule = quorum_rule(Fraction(2, 3), "reach", "all_members")
    short, met = (quorum(rule, [Figures(31, 29, present)]).step for present in (20, 21))
    assert reason([short, met]) == [
        "到会不够：全体组成人员31人，要求到会2/3以上（含），至少21人，实到20人，还差1人",
        "到会符合要求：全体组成人员31人，要求到会2/3以上（含），至少21人，实到21人",
    ]


@pytest.mark.parametrize("base", ["present", "valid", "returned"])
def test_quorum_of_what_is_not_known_before_a_vote_is_refused(base: str) -> None:
    with refused("quorum.base", base=base):
        quorum_rule(Fraction(1, 2), "reach", base)
