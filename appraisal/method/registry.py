"""Names to rules: a method names a rule, and the code that it names is found here.

Every supported word has its rule here; a test holds the two against each other.
"""

from collections.abc import Callable, Mapping

from appraisal.domain import selection
from appraisal.domain.refusal import Refusal
from appraisal.method.ballots import Ballot
from appraisal.method.vote_words import GradingRule
from appraisal.method.words import SelectionWay

Grader = Callable[[Ballot, str], str]


def announced(ballot: Ballot, grade: str) -> str:
    """The title of the grade that the meeting announced; Refusal where the ballot has no such option."""
    for option in ballot.options:
        if grade in (option.key, option.title):
            return option.title
    raise Refusal("result.unknown_grade", grade=grade, known=[option.title for option in ballot.options])


GRADERS: Mapping[GradingRule, Grader] = {GradingRule.ANNOUNCED: announced}

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
