"""Papers judged: blank lines, several marks, what is no mark, a fault that spoils its line or the whole paper."""

from dataclasses import replace

import pytest

from appraisal.domain.count import SITTING, VOTERS, Line, Paper, Verdict
from appraisal.domain.grading_terms import Limits, Terms
from appraisal.domain.marking import ABSTAINED_MARK, INVALID_MARK, counted, judged, judged_together
from tests.domain.votes import terms

VALID, SPOILT, BLANK = Verdict.VALID, Verdict.INVALID, Verdict.ABSTAINED
OPTIONS = terms("ballots-all-members")
SCORES = terms("ballots-trimmed")
RANKS = replace(terms("ballots-ranking"), limits=Limits())
APPROVALS = terms("ballots-approve")


def verdicts(rules: Terms, *marks: tuple[str, ...], **validity: object) -> list[tuple[str, Verdict]]:
    """One paper with a line a unit; the mark and the verdict of each."""
    rules = replace(rules, validity=replace(rules.validity, **validity))  # type: ignore[arg-type]  # words of the method
    paper = Paper(SITTING, VOTERS, {f"{at}局": {"": given} for at, given in enumerate(marks)})
    return [(line.mark, line.verdict) for line in judged(rules, paper)]


@pytest.mark.parametrize(
    ("given", "mark", "verdict"),
    [
        (("satisfied",), "satisfied", VALID),
        (("satisfied", "satisfied"), "satisfied", VALID),
        ((" satisfied ",), "satisfied", VALID),
        (("excellent",), "", SPOILT),
        ((INVALID_MARK,), "", SPOILT),
        ((ABSTAINED_MARK,), "", BLANK),
    ],
)
def test_mark_of_a_line_is_an_option_or_none_that_counts(given: tuple[str, ...], mark: str, verdict: Verdict) -> None:
    assert verdicts(OPTIONS, given) == [(mark, verdict)]


@pytest.mark.parametrize(("rule", "verdict"), [("abstained", BLANK), ("invalid", SPOILT)])
def test_blank_line_and_several_marks_are_what_the_method_says(rule: str, verdict: Verdict) -> None:
    assert verdicts(OPTIONS, (), blank=rule) == [("", verdict)]
    assert verdicts(OPTIONS, ("",), blank=rule) == [("", verdict)]
    assert verdicts(OPTIONS, ("satisfied", "basic"), several=rule) == [("", verdict)]


def test_fault_spoils_its_line_or_the_whole_paper() -> None:
    marks = (("satisfied",), ("satisfied", "basic"), ())
    assert verdicts(OPTIONS, *marks) == [("satisfied", VALID), ("", SPOILT), ("", BLANK)]
    assert verdicts(OPTIONS, *marks, spoils_paper=True) == [("", SPOILT), ("", SPOILT), ("", SPOILT)]
    assert verdicts(OPTIONS, marks[0], (), spoils_paper=True) == [("satisfied", VALID), ("", BLANK)]


@pytest.mark.parametrize(
    ("written", "mark"),
    [("0", "0"), ("10", "10"), ("8.50", "8.5"), ("08.5", "8.5"), ("+9", "9"), ("9.0", "9")],
)
def test_score_is_written_one_way(written: str, mark: str) -> None:
    assert verdicts(SCORES, (written,)) == [(mark, VALID)]


@pytest.mark.parametrize("written", ["10.5", "-0.5", "8.4", "九", "1e1", "8,5", "8/10", "NaN", "1" * 40])
def test_score_off_the_scale_or_between_its_steps_is_invalid(written: str) -> None:
    assert verdicts(SCORES, (written,)) == [("", SPOILT)]


def test_paper_that_ranks_has_a_place_or_none_for_every_unit() -> None:
    assert verdicts(RANKS, ("2",), ("1",), ()) == [("2", VALID), ("1", VALID), ("", VALID)]
    assert verdicts(RANKS, (), (), ()) == [("", BLANK), ("", BLANK), ("", BLANK)]


def test_place_given_twice_is_invalid_on_both_lines() -> None:
    assert verdicts(RANKS, ("1",), ("1",), ("2",)) == [("", SPOILT), ("", SPOILT), ("2", VALID)]
    assert verdicts(RANKS, ("1",), ("1",), ("2",), spoils_paper=True) == [("", SPOILT), ("", SPOILT), ("", SPOILT)]


@pytest.mark.parametrize("written", ["0", "4", "1.5", "第一", "-1"])
def test_place_beyond_the_units_is_invalid(written: str) -> None:
    assert verdicts(RANKS, (written,), ("1",), ("2",)) == [("", SPOILT), ("1", VALID), ("2", VALID)]


def test_paper_that_ranks_more_than_it_may_is_invalid_as_a_whole() -> None:
    three = replace(RANKS, limits=Limits(2, 2))
    assert verdicts(three, ("1",), ("2",), ()) == [("1", VALID), ("2", VALID), ("", VALID)]
    assert verdicts(three, ("1",), ("2",), ("3",)) == [("", SPOILT), ("", SPOILT), ("", SPOILT)]
    assert verdicts(three, ("1",), (), ()) == [("", SPOILT), ("", SPOILT), ("", SPOILT)]
    assert verdicts(three, ("3",), ("1",), ()) == [("", SPOILT), ("1", VALID), ("", VALID)]


def test_paper_that_approves_of_too_many_is_invalid_as_a_whole() -> None:
    yes = ("approve",)
    assert verdicts(APPROVALS, yes, (), yes) == [("approve", VALID), ("", VALID), ("approve", VALID)]
    assert verdicts(APPROVALS, yes, yes, yes) == [("", SPOILT), ("", SPOILT), ("", SPOILT)]
    assert verdicts(APPROVALS, (), (), ()) == [("", BLANK), ("", BLANK), ("", BLANK)]
    assert verdicts(APPROVALS, ("agree",), yes, ()) == [("", SPOILT), ("approve", VALID), ("", VALID)]


def test_every_subject_has_its_line_whether_it_is_marked_or_not() -> None:
    rules = terms("ballots-dimensions")
    paper = Paper(SITTING, VOTERS, {"甲局": {"law": ("satisfied",), "style": ("basic", "satisfied")}})
    assert judged(rules, paper) == (
        Line(SITTING, VOTERS, "甲局", "law", "satisfied", VALID, 1),
        Line(SITTING, VOTERS, "甲局", "work", "", BLANK, 1),
        Line(SITTING, VOTERS, "甲局", "style", "", SPOILT, 1),
    )


def test_equal_lines_are_counted_together_in_one_order() -> None:
    one = Line(SITTING, VOTERS, "甲局", "", "satisfied", VALID, 2)
    other = Line(SITTING, VOTERS, "甲局", "", "basic", VALID, 1)
    assert counted([one, other, one]) == (replace(other), replace(one, count=4))
    assert counted([other, one, one]) == counted([one, one, other])
    assert counted([replace(one, count=0)]) == ()


def test_many_papers_are_counted_as_one_by_one() -> None:
    papers = [
        Paper(SITTING, VOTERS, {"甲局": {"": ("satisfied",)}, "乙局": {"": ()}}),
        Paper(SITTING, VOTERS, {"甲局": {"": ("basic",)}, "乙局": {"": ("basic", "satisfied")}}),
    ]
    together = judged_together(OPTIONS, [(papers[0], 3), (papers[1], 1)])
    singly = [line for paper in [papers[0]] * 3 + papers[1:] for line in judged(OPTIONS, paper)]
    assert together == counted(singly)


def test_paper_of_no_unit_has_no_line() -> None:
    assert judged(OPTIONS, Paper(SITTING, VOTERS, {})) == ()
