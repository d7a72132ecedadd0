"""What may follow what: one table of transitions a subject, used to decide and to replay the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from appraisal.domain.facts import Action
from appraisal.domain.refusal import Refusal


class ObligationStatus(StrEnum):
    """Where an obligation stands; its timeliness is another axis and is computed."""

    ISSUED = "issued"
    ACKNOWLEDGED = "acknowledged"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class PhaseStatus(StrEnum):
    """Where a phase stands."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class CampaignStatus(StrEnum):
    """Where a campaign stands."""

    RUNNING = "running"
    CLOSED = "closed"


class ApprovalStatus(StrEnum):
    """Where an approval stands; a void one was overtaken by a change of what it approved."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    VOID = "void"


class ProblemStatus(StrEnum):
    """Where a problem stands: found, assigned to its lead unit, verified, closed out, or handed on to next year's
    follow-up; or merged into another, or dropped.

    A method that names no second hand for closing has no ``verified``: what is accepted is closed out.
    """

    FOUND = "found"
    ASSIGNED = "assigned"
    VERIFIED = "verified"
    CLOSED = "closed"
    HANDED_ON = "handed_on"
    MERGED = "merged"
    DROPPED = "dropped"


class OpinionStatus(StrEnum):
    """Where an opinion stands: received, held back as possible abuse, taken up in a problem, or rejected."""

    RECEIVED = "received"
    HELD = "held"
    TAKEN_UP = "taken_up"
    REJECTED = "rejected"


class SittingStatus(StrEnum):
    """Where a sitting stands."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class RoundStatus(StrEnum):
    """Where a round of a ballot stands; a void one counts for nothing and is held again."""

    OPEN = "open"
    CLOSED = "closed"
    VOID = "void"


class PetitionStatus(StrEnum):
    """Where a petition of a unit stands: for more time, or that it was wrongly addressed."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ReviewOpinionStatus(StrEnum):
    """Where a version of an opinion stands; drafting anew makes a new version, which has to be approved by itself."""

    DRAFTED = "drafted"
    RETURNED = "returned"
    APPROVED = "approved"
    DELIVERED = "delivered"


Table = Mapping[str | None, Mapping[Action, str]]


@dataclass(frozen=True)
class Lifecycle:
    """The transitions of one kind of subject; ``None`` stands for not there yet."""

    subject: str
    table: Table

    def move(self, status: str | None, action: Action) -> str:
        """The status after ``action``, or a refusal that names what is possible instead."""
        allowed = self.table.get(status, {})
        if action not in allowed:
            possible = sorted(str(other) for other in allowed)
            raise Refusal(f"{self.subject}.illegal", status=str(status), action=str(action), possible=possible)
        return allowed[action]

    def changes(self, action: Action) -> bool:
        """Whether the action is one that changes a status of this subject at all."""
        return any(action in allowed for allowed in self.table.values())


_HANDED_IN = {
    Action.OBLIGATION_SUBMITTED: ObligationStatus.SUBMITTED,
    Action.OBLIGATION_FULFILLED: ObligationStatus.SETTLED,
    Action.OBLIGATION_WITHDRAWN: ObligationStatus.WITHDRAWN,
}
OBLIGATION = Lifecycle(
    "obligation",
    {
        None: {Action.OBLIGATION_ISSUED: ObligationStatus.ISSUED},
        ObligationStatus.ISSUED: {Action.OBLIGATION_ACKNOWLEDGED: ObligationStatus.ACKNOWLEDGED, **_HANDED_IN},
        ObligationStatus.ACKNOWLEDGED: _HANDED_IN,
        ObligationStatus.SUBMITTED: {
            Action.OBLIGATION_ACCEPTED: ObligationStatus.SETTLED,
            Action.OBLIGATION_RETURNED: ObligationStatus.RETURNED,
            Action.OBLIGATION_WITHDRAWN: ObligationStatus.WITHDRAWN,
        },
        ObligationStatus.RETURNED: _HANDED_IN,
    },
)
PHASE = Lifecycle(
    "phase",
    {
        None: {Action.PHASE_PLANNED: PhaseStatus.PLANNED},
        PhaseStatus.PLANNED: {Action.PHASE_OPENED: PhaseStatus.OPEN},
        PhaseStatus.OPEN: {Action.PHASE_CLOSED: PhaseStatus.CLOSED},
    },
)
CAMPAIGN = Lifecycle(
    "campaign",
    {
        None: {Action.CAMPAIGN_STARTED: CampaignStatus.RUNNING},
        CampaignStatus.RUNNING: {Action.CAMPAIGN_CLOSED: CampaignStatus.CLOSED},
    },
)
APPROVAL = Lifecycle(
    "approval",
    {
        None: {Action.APPROVAL_ASKED: ApprovalStatus.PENDING},
        ApprovalStatus.PENDING: {
            Action.APPROVAL_GRANTED: ApprovalStatus.GRANTED,
            Action.APPROVAL_REFUSED: ApprovalStatus.REFUSED,
            Action.APPROVAL_VOIDED: ApprovalStatus.VOID,
        },
        ApprovalStatus.GRANTED: {Action.APPROVAL_VOIDED: ApprovalStatus.VOID},
    },
)
PROBLEM = Lifecycle(
    "problem",
    {
        None: {Action.PROBLEM_RECORDED: ProblemStatus.FOUND},
        ProblemStatus.FOUND: {
            Action.PROBLEM_ASSIGNED: ProblemStatus.ASSIGNED,
            Action.PROBLEM_MERGED: ProblemStatus.MERGED,
            Action.PROBLEM_DROPPED: ProblemStatus.DROPPED,
            Action.PROBLEM_CLOSED: ProblemStatus.CLOSED,
        },
        ProblemStatus.ASSIGNED: {
            Action.PROBLEM_TAKEN_BACK: ProblemStatus.FOUND,
            Action.PROBLEM_VERIFIED: ProblemStatus.VERIFIED,
            Action.PROBLEM_CLOSED: ProblemStatus.CLOSED,
            Action.PROBLEM_HANDED_ON: ProblemStatus.HANDED_ON,
        },
        ProblemStatus.VERIFIED: {
            Action.PROBLEM_RETURNED: ProblemStatus.ASSIGNED,
            Action.PROBLEM_CLOSED: ProblemStatus.CLOSED,
        },
        ProblemStatus.CLOSED: {Action.PROBLEM_REOPENED: ProblemStatus.ASSIGNED},
    },
)
PETITION = Lifecycle(
    "petition",
    {
        None: {Action.PETITION_ASKED: PetitionStatus.ASKED},
        PetitionStatus.ASKED: {
            Action.PETITION_GRANTED: PetitionStatus.GRANTED,
            Action.PETITION_REFUSED: PetitionStatus.REFUSED,
            Action.PETITION_WITHDRAWN: PetitionStatus.WITHDRAWN,
        },
    },
)
OPINION = Lifecycle(
    "opinion",
    {
        None: {Action.OPINION_RECEIVED: OpinionStatus.RECEIVED, Action.OPINION_HELD: OpinionStatus.HELD},
        OpinionStatus.RECEIVED: {
            Action.OPINION_HELD: OpinionStatus.HELD,
            Action.OPINION_TAKEN_UP: OpinionStatus.TAKEN_UP,
            Action.OPINION_REJECTED: OpinionStatus.REJECTED,
        },
        OpinionStatus.HELD: {
            Action.OPINION_RELEASED: OpinionStatus.RECEIVED,
            Action.OPINION_REJECTED: OpinionStatus.REJECTED,
        },
        OpinionStatus.TAKEN_UP: {Action.OPINION_PUT_BACK: OpinionStatus.RECEIVED},
        OpinionStatus.REJECTED: {Action.OPINION_PUT_BACK: OpinionStatus.RECEIVED},
    },
)
SITTING = Lifecycle(
    "sitting",
    {
        None: {Action.SITTING_SET: SittingStatus.PLANNED},
        SittingStatus.PLANNED: {
            Action.SITTING_SET: SittingStatus.PLANNED,
            Action.SITTING_OPENED: SittingStatus.OPEN,
        },
        SittingStatus.OPEN: {Action.SITTING_SET: SittingStatus.OPEN, Action.SITTING_CLOSED: SittingStatus.CLOSED},
    },
)
ROUND = Lifecycle(
    "round",
    {
        None: {Action.ROUND_OPENED: RoundStatus.OPEN},
        RoundStatus.OPEN: {Action.ROUND_CLOSED: RoundStatus.CLOSED, Action.ROUND_VOIDED: RoundStatus.VOID},
    },
)
REVIEW_OPINION = Lifecycle(
    "review_opinion",
    {
        None: {Action.REVIEW_OPINION_DRAFTED: ReviewOpinionStatus.DRAFTED},
        ReviewOpinionStatus.DRAFTED: {
            Action.REVIEW_OPINION_APPROVED: ReviewOpinionStatus.APPROVED,
            Action.REVIEW_OPINION_RETURNED: ReviewOpinionStatus.RETURNED,
        },
        ReviewOpinionStatus.APPROVED: {Action.REVIEW_OPINION_DELIVERED: ReviewOpinionStatus.DELIVERED},
    },
)
_CYCLES = (OBLIGATION, PHASE, CAMPAIGN, APPROVAL, PROBLEM, PETITION, OPINION, SITTING, ROUND, REVIEW_OPINION)
LIFECYCLES = {cycle.subject: cycle for cycle in _CYCLES}

OPEN_OBLIGATION = frozenset(
    {ObligationStatus.ISSUED, ObligationStatus.ACKNOWLEDGED, ObligationStatus.SUBMITTED, ObligationStatus.RETURNED}
)
OWED = OPEN_OBLIGATION - {ObligationStatus.SUBMITTED}
"""While a submission is being looked at the unit owes nothing, and no rung may fire at it."""
OPEN_PROBLEM = frozenset({ProblemStatus.FOUND, ProblemStatus.ASSIGNED, ProblemStatus.VERIFIED})
OFF_THE_LIST = frozenset({ProblemStatus.MERGED, ProblemStatus.DROPPED})
