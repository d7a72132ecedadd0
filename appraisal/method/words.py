"""The words a method may use where it chooses among known things.

Each enum lists every word that published methods need (docs/design: the 24 differences).  A word in
``PLANNED`` is understood and checked, but nothing acts on it yet: the checker refuses it by name with
"not supported yet" rather than ignore it.
"""

from collections.abc import Mapping
from enum import StrEnum


class AppraisalKind(StrEnum):
    """What sort of appraisal the method governs."""

    DEPARTMENT = "department-appraisal"
    SPECIAL = "special-appraisal"
    DEMOCRATIC = "democratic-appraisal"
    LIVELIHOOD = "livelihood-vote"


class Scope(StrEnum):
    """Whether a role is held once in the body, or anew in each appraised unit or panel."""

    BODY = "body"
    UNIT = "unit"
    PANEL = "panel"


class TargetKind(StrEnum):
    """What is appraised."""

    UNIT = "unit"
    SUB_UNIT = "sub_unit"
    COURT = "court"
    ENTERPRISE = "enterprise"
    PERSON = "person"
    REPORT = "report"
    PROPOSAL = "proposal"
    PROJECT = "project"
    SUB_ITEM = "sub_item"


class SelectionWay(StrEnum):
    """How the appraised units are chosen."""

    NAMED = "named"
    COUNCIL_DECISION = "council_decision"
    COMMITTEE_VOTE = "committee_vote"
    RANKED_THEN_VOTED = "ranked_then_voted"
    LOTTERY_THEN_CONFIRMED = "lottery_then_confirmed"
    PUBLIC_VOTE = "public_vote"
    DEPUTIES_VOTE = "deputies_vote"
    TERM_ROTATION = "term_rotation"
    CARRIED_OVER = "carried_over"


class PhaseKind(StrEnum):
    """Which flow runs the phase.

    ``supervise`` and ``evaluate`` are about livelihood projects, which stand on the list of problems: supervision puts
    them to their units, evaluation asks about those that are not done when it opens.
    """

    MOBILISE = "mobilise"
    SELF_REVIEW = "self_review"
    INVESTIGATE = "investigate"
    REVIEW = "review"
    RECTIFY = "rectify"
    LOOK_BACK = "look_back"
    COLLECT = "collect"
    ARGUE = "argue"
    VOTE = "vote"
    SUPERVISE = "supervise"
    EVALUATE = "evaluate"


class Act(StrEnum):
    """What fulfils a duty: signing for a paper, handing one in, or reporting that a thing is done."""

    ACKNOWLEDGE = "acknowledge"
    SUBMIT = "submit"
    CONFIRM = "confirm"


class OwedBy(StrEnum):
    """Who owes a duty: every appraised unit for itself, the body once, every panel, or one for each thing of a kind.

    Of a problem the lead unit, or every supporting one; of a letter of assignment whoever it went to; of an order
    (督办单、批示) whoever it was given to; of a problem that is closed out, whoever looks back at it.
    """

    EACH_UNIT = "each_unit"
    BODY = "body"
    EACH_PANEL = "each_panel"
    EACH_PROBLEM = "each_problem"
    EACH_SUPPORTING = "each_supporting"
    EACH_ASSIGNMENT = "each_assignment"
    EACH_ORDER = "each_order"
    EACH_CLOSED = "each_closed"


class Evidence(StrEnum):
    """Whether an attachment goes with a submission."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


class Moment(StrEnum):
    """A due date that is a moment of the year rather than a span of time."""

    YEAR_END = "year_end"
    NEXT_SITTING = "next_sitting"
    DECIDED = "decided"


class GateRule(StrEnum):
    """What must hold before a phase may close."""

    DUTIES_SETTLED = "duties_settled"
    RESULTS_RECORDED = "results_recorded"
    PROBLEMS_CLOSED = "problems_closed"
    PROBLEMS_CLASSIFIED = "problems_classified"
    GOALS_REACHED = "goals_reached"
    TARGETS_CHOSEN = "targets_chosen"


class PanelKind(StrEnum):
    """Whether a panel comes announced (评议组) or unannounced (暗访组)."""

    PANEL = "panel"
    UNDERCOVER = "undercover"


class Measure(StrEnum):
    """What a quantified goal (量化指标) counts."""

    ENTRIES = "entries"
    ENTERPRISES = "enterprises"
    PLACES = "places"
    PEOPLE = "people"
    OPINIONS = "opinions"
    PROBLEMS = "problems"
    SELF_FOUND = "self_found"
    SUGGESTIONS = "suggestions"
    ISSUED = "issued"
    RETURNED = "returned"
    RETURN_RATE = "return_rate"


class GoalScope(StrEnum):
    """Whether a goal is set to the body as a whole, or to every panel."""

    BODY = "body"
    EACH_PANEL = "each_panel"


class PointScope(StrEnum):
    """What an intake code (评议码、代表码) stands for."""

    CAMPAIGN = "campaign"
    UNIT = "unit"
    PANEL = "panel"
    DEPUTY = "deputy"


class ProblemPart(StrEnum):
    """What a problem must have, besides its place on every axis, to count as classified."""

    LEAD = "lead"
    SUPPORTING = "supporting"
    LEADER = "leader"
    DUE = "due"
    AIM = "aim"


class RungAct(StrEnum):
    """What a rung of a ladder does."""

    REMIND = "remind"
    URGE = "urge"
    YELLOW = "yellow"
    RED = "red"
    SUPERVISE = "supervise"
    LIST = "list"
    SUMMON = "summon"
    CIRCULAR = "circular"
    REPORT_UP = "report_up"


class OrderKind(StrEnum):
    """A numbered letter that presses a matter: 批示、督办单、挂牌督办、约谈通知、通报、向上反映."""

    INSTRUCT = "instruct"
    SUPERVISE = "supervise"
    LIST = "list"
    SUMMON = "summon"
    CIRCULAR = "circular"
    REPORT_UP = "report_up"


class Manner(StrEnum):
    """How a rectification is verified: on site or on paper."""

    ON_SITE = "on_site"
    ON_PAPER = "on_paper"


class ExtensionFrom(StrEnum):
    """What the ceiling of an extension is counted from: the date as it stands or the first, the request, an event."""

    DUE = "due"
    FIRST_DUE = "first_due"
    REQUEST = "request"
    EVENT = "event"


class Weekday(StrEnum):
    """A day of the week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"


PLANNED: Mapping[type[StrEnum], frozenset[StrEnum]] = {
    TargetKind: frozenset(TargetKind) - {TargetKind.UNIT},
    PhaseKind: frozenset({PhaseKind.COLLECT, PhaseKind.ARGUE, PhaseKind.VOTE}),
}


def is_planned(word: StrEnum) -> bool:
    """Whether nothing acts on this word yet; asked by its enum, for words of two enums may be spelt alike."""
    return word in PLANNED.get(type(word), frozenset())
