"""Names to rules: a method names a rule, and the code that it names is found here.

Every supported word has its rule here; a test holds the two against each other.
"""

from collections.abc import Mapping

from appraisal.domain import grading, selection
from appraisal.domain.grading_terms import Rule
from appraisal.domain.refusal import Refusal
from appraisal.method.ballots import Ballot
from appraisal.method.vote_words import GradingRule
from appraisal.method.words import SelectionWay


def announced(ballot: Ballot, grade: str) -> str:
    """The title of the grade that the meeting announced; Refusal where the ballot has no such grade."""
    titles = {each.key: each.title for each in ballot.grades} or {each.key: each.title for each in ballot.options}
    for key, title in titles.items():
        if grade in (key, title):
            return title
    raise Refusal("result.unknown_grade", grade=grade, known=list(titles.values()))


GRADERS: Mapping[GradingRule, Rule] = {
    GradingRule.ANNOUNCED: grading.undecided,
    GradingRule.MAJORITY: grading.by_thresholds,
    GradingRule.CUMULATIVE: grading.by_thresholds,
    GradingRule.PLURALITY: grading.most_votes,
    GradingRule.SCORE_BANDS: grading.by_thresholds,
    GradingRule.RANKING: grading.by_thresholds,
    GradingRule.CRITERIA: grading.by_thresholds,
}

CHOOSERS: Mapping[SelectionWay, selection.Rule] = {
    SelectionWay.NAMED: selection.listed,
    SelectionWay.COUNCIL_DECISION: selection.listed,
    SelectionWay.COMMITTEE_VOTE: selection.voted,
    SelectionWay.RANKED_THEN_VOTED: selection.ranked_then_voted,
    SelectionWay.LOTTERY_THEN_CONFIRMED: selection.drawn,
    SelectionWay.PUBLIC_VOTE: selection.most_votes,
    SelectionWay.DEPUTIES_VOTE: selection.most_votes,
    SelectionWay.TERM_ROTATION: selection.in_turn,
    SelectionWay.CARRIED_OVER: selection.carried_over,
}
