from itertools import product

import pytest

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import (
    LIFECYCLES,
    OBLIGATION,
    OPEN_OBLIGATION,
    OWED,
    ApprovalStatus,
    CampaignStatus,
    Lifecycle,
    ObligationStatus,
    OpinionStatus,
    PetitionStatus,
    PhaseStatus,
    ProblemStatus,
    ReviewOpinionStatus,
    RoundStatus,
    SittingStatus,
)
from appraisal.domain.refusal import Refusal

STATUSES = {
    "obligation": ObligationStatus,
    "phase": PhaseStatus,
    "campaign": CampaignStatus,
    "approval": ApprovalStatus,
    "problem": ProblemStatus,
    "petition": PetitionStatus,
    "opinion": OpinionStatus,
    "sitting": SittingStatus,
    "round": RoundStatus,
    "review_opinion": ReviewOpinionStatus,
}
LEGAL: dict[tuple[str | None, str], str] = {
    (None, "sitting:set"): "planned",
    ("planned", "sitting:set"): "planned",
    ("planned", "sitting:opened"): "open",
    ("open", "sitting:set"): "open",
    ("open", "sitting:closed"): "closed",
    (None, "round:opened"): "open",
    ("open", "round:closed"): "closed",
    ("open", "round:voided"): "void",
    (None, "review_opinion:drafted"): "drafted",
    ("drafted", "review_opinion:approved"): "approved",
    ("drafted", "review_opinion:returned"): "returned",
    ("approved", "review_opinion:delivered"): "delivered",
    (None, "obligation:issued"): "issued",
    ("issued", "obligation:acknowledged"): "acknowledged",
    ("issued", "obligation:submitted"): "submitted",
    ("issued", "obligation:fulfilled"): "settled",
    ("issued", "obligation:withdrawn"): "withdrawn",
    ("acknowledged", "obligation:submitted"): "submitted",
    ("acknowledged", "obligation:fulfilled"): "settled",
    ("acknowledged", "obligation:withdrawn"): "withdrawn",
    ("submitted", "obligation:accepted"): "settled",
    ("submitted", "obligation:returned"): "returned",
    ("submitted", "obligation:withdrawn"): "withdrawn",
    ("returned", "obligation:submitted"): "submitted",
    ("returned", "obligation:fulfilled"): "settled",
    ("returned", "obligation:withdrawn"): "withdrawn",
    (None, "phase:planned"): "planned",
    ("planned", "phase:opened"): "open",
    ("open", "phase:closed"): "closed",
    (None, "campaign:started"): "running",
    ("running", "campaign:closed"): "closed",
    (None, "approval:asked"): "pending",
    ("pending", "approval:granted"): "granted",
    ("pending", "approval:refused"): "refused",
    ("pending", "approval:voided"): "void",
    ("granted", "approval:voided"): "void",
    (None, "problem:recorded"): "found",
    ("found", "problem:assigned"): "assigned",
    ("found", "problem:merged"): "merged",
    ("found", "problem:dropped"): "dropped",
    ("found", "problem:closed"): "closed",
    ("assigned", "problem:taken_back"): "found",
    ("assigned", "problem:verified"): "verified",
    ("assigned", "problem:closed"): "closed",
    ("assigned", "problem:handed_on"): "handed_on",
    ("verified", "problem:returned"): "assigned",
    ("verified", "problem:closed"): "closed",
    ("closed", "problem:reopened"): "assigned",
    (None, "petition:asked"): "asked",
    ("asked", "petition:granted"): "granted",
    ("asked", "petition:refused"): "refused",
    ("asked", "petition:withdrawn"): "withdrawn",
    (None, "opinion:received"): "received",
    (None, "opinion:held"): "held",
    ("received", "opinion:held"): "held",
    ("received", "opinion:taken_up"): "taken_up",
    ("received", "opinion:rejected"): "rejected",
    ("held", "opinion:released"): "received",
    ("held", "opinion:rejected"): "rejected",
    ("taken_up", "opinion:put_back"): "received",
    ("rejected", "opinion:put_back"): "received",
}
EVERY = [
    pytest.param(cycle, status, action, id=f"{cycle.subject}-{status}-{action}")
    for cycle in LIFECYCLES.values()
    for status, action in product((None, *STATUSES[cycle.subject]), Action)
    if action.startswith(cycle.subject)
]


@pytest.mark.parametrize(("cycle", "status", "action"), EVERY)
def test_transition_is_made_or_refused_as_the_table_says(cycle: Lifecycle, status: str | None, action: Action) -> None:
    after = LEGAL.get((status, action))
    if after is not None:
        assert cycle.move(status, action) == after
        return
    possible = sorted(name for before, name in LEGAL if before == status and name.startswith(cycle.subject))
    with pytest.raises(Refusal) as refused:
        cycle.move(status, action)
    assert (refused.value.code, refused.value.facts) == (
        f"{cycle.subject}.illegal",
        {"status": str(status), "action": str(action), "possible": possible},
    )


def test_action_of_one_subject_moves_no_other() -> None:
    moved = {
        (cycle.subject, action.split(":")[0])
        for cycle in LIFECYCLES.values()
        for action in Action
        if cycle.changes(action)
    }
    assert moved == {(subject, subject) for subject in LIFECYCLES}


def test_actions_that_change_a_status_are_told_from_those_that_only_note() -> None:
    noted = sorted(action for action in Action if action.startswith("obligation") and not OBLIGATION.changes(action))
    assert noted == [
        "obligation:due_moved",
        "obligation:due_set",
        "obligation:overdue",
        "obligation:rung_fired",
        "obligation:rung_passed",
        "obligation:skipped",
    ]


def test_nothing_is_owed_while_a_paper_is_looked_at() -> None:
    assert sorted(OPEN_OBLIGATION - OWED) == ["submitted"]
    assert sorted(frozenset(ObligationStatus) - OPEN_OBLIGATION) == ["settled", "withdrawn"]
