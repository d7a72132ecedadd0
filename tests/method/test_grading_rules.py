"""A ballot turned into the terms of the domain, and what its parts are called."""

from fractions import Fraction

from appraisal.domain.grading_terms import Condition, Portion, Terms, Threshold
from appraisal.method.grading_rules import (
    channels_of,
    classes_of,
    condition_of,
    grade_keys,
    grade_title,
    subjects_of,
    terms_of,
)
from appraisal.method.vote_words import ChannelSource
from tests.method.written import codes, method, spoilt


def terms(name: str) -> Terms:
    return terms_of(method(name), method(name).ballots[0])


def test_majority_counts_its_own_option_and_cumulative_all_better_ones() -> None:
    line = Condition(counts=("satisfied",), share=Fraction(1, 2), boundary="exceed")
    assert terms("ballots-all-members").thresholds[0] == Threshold("satisfied", line)
    assert [threshold.condition.counts for threshold in terms("ballots-cumulative").thresholds] == [
        ("satisfied",),
        ("satisfied", "basic"),
    ]
    assert [veto.condition.counts for veto in terms("ballots-cumulative").vetoes] == [("dissatisfied",)]


def test_approving_ballot_counts_approvals() -> None:
    (threshold,) = terms("ballots-approve").thresholds
    assert threshold.condition.all == (
        Condition(counts=("approve",), first=Portion(Fraction(2))),
        Condition(counts=("approve",), share=Fraction(1, 3), boundary="reach"),
    )


def test_share_of_places_and_of_papers_are_exact() -> None:
    assert terms("ballots-ranking").thresholds[0].condition.first == Portion(Fraction(30), percent=True)
    assert terms("ballots-valid").thresholds[1].condition.share == Fraction(3, 5)
    assert terms("ballots-bands").vetoes[0].condition.all[1].score == Fraction(60)


def test_parts_of_a_ballot_have_their_titles() -> None:
    ballots = {
        name: (method(f"ballots-{name}"), method(f"ballots-{name}").ballots[0]) for name in ("channels", "items")
    }
    written, ballot = ballots["channels"]
    assert subjects_of(ballot) == [("", "总体")]
    assert classes_of(written, ballot) == [
        ("members", "常委会组成人员"),
        ("deputies", "人大代表"),
        ("public", "群众代表"),
    ]
    assert channels_of(ballot) == [
        ("meeting", "会议测评", ChannelSource.SITTING),
        ("survey", "问卷", ChannelSource.ENTERED),
    ]
    assert grade_keys(ballot) == ["satisfied", "basic", "dissatisfied"]
    written, ballot = ballots["items"]
    assert subjects_of(ballot) == [("first", "整改事项一"), ("second", "整改事项二")]
    assert classes_of(written, ballot) == [("voters", "投票人")]
    assert channels_of(ballot) == [("sitting", "会议", ChannelSource.SITTING)]


def test_grades_are_the_options_unless_they_are_written() -> None:
    bands = method("ballots-bands").ballots[0]
    assert grade_keys(bands) == ["excellent", "passed", "weak", "failed"]
    assert [grade_title(bands, key) for key in ("failed", "good", "nothing")] == ["不合格", "好", "nothing"]


def test_entered_ballot_has_terms_too() -> None:
    written = method("overlapping")
    found = terms_of(written, written.ballots[0])
    assert [grade.title for grade in found.grades] == ["好", "差"]
    assert (found.thresholds, found.otherwise, found.weighing) == ((), None, None)


def test_condition_of_a_consequence_keeps_its_shape() -> None:
    worst = method("ballots-second-tier").consequences[2].when
    assert worst is not None
    found = condition_of(worst)
    assert [inner.share for inner in found.any] == [Fraction(1, 2), None]
    assert found.any[1].all[0].last == Portion(Fraction(1))


def test_consequence_of_an_entered_result_asks_for_what_was_read_out_alone() -> None:
    when = """consequences:
  - key: look_back
    title: 回头看
    when:
      all:
        - {counts: [poor], share: 1/2, boundary: reach, base: WHAT}
        - {counts: [poor], votes: 1, boundary: reachMORE}
    basis: 检验用
"""
    text = spoilt("overlapping")
    base, vote = "consequences[0].when.all[0].base", "consequences[0].when.all[1].channel"
    assert codes(text + when.replace("WHAT", "valid").replace("MORE", "")) == []
    assert codes(text + when.replace("WHAT", "present").replace("MORE", "")) == [(base, "entered-base")]
    found = codes(text + when.replace("WHAT", "valid").replace("MORE", ", channel: sitting"))
    assert (vote, "entered-detail") in found
