"""Facts: what has happened, in the vocabulary of the ledger (``subject:past participle``)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Action(StrEnum):
    """Every action that the ledger knows."""

    REGISTER_IMPORTED = "register:imported"
    PERSON_LINK_REVOKED = "person:link_revoked"
    PERSON_CODE_WRONG = "person:code_wrong"
    PERSON_CODE_RENEWED = "person:code_renewed"
    PERSON_CODE_UNLOCKED = "person:code_unlocked"
    CAMPAIGN_STARTED = "campaign:started"
    CAMPAIGN_REPLANNED = "campaign:replanned"
    CAMPAIGN_CLOSED = "campaign:closed"
    EVENT_SET = "event:set"
    EVENT_MOVED = "event:moved"
    PHASE_PLANNED = "phase:planned"
    PHASE_OPENED = "phase:opened"
    PHASE_CLOSED = "phase:closed"
    OBLIGATION_ISSUED = "obligation:issued"
    OBLIGATION_DUE_SET = "obligation:due_set"
    OBLIGATION_DUE_MOVED = "obligation:due_moved"
    OBLIGATION_OVERDUE = "obligation:overdue"
    OBLIGATION_RUNG_FIRED = "obligation:rung_fired"
    OBLIGATION_RUNG_PASSED = "obligation:rung_passed"
    OBLIGATION_ACKNOWLEDGED = "obligation:acknowledged"
    OBLIGATION_SUBMITTED = "obligation:submitted"
    OBLIGATION_FULFILLED = "obligation:fulfilled"
    OBLIGATION_ACCEPTED = "obligation:accepted"
    OBLIGATION_RETURNED = "obligation:returned"
    OBLIGATION_WITHDRAWN = "obligation:withdrawn"
    OBLIGATION_SKIPPED = "obligation:skipped"
    APPROVAL_ASKED = "approval:asked"
    APPROVAL_GRANTED = "approval:granted"
    APPROVAL_REFUSED = "approval:refused"
    APPROVAL_VOIDED = "approval:voided"
    TARGETS_CHOSEN = "targets:chosen"
    PANEL_SET = "panel:set"
    PANEL_DISSOLVED = "panel:dissolved"
    LOG_ENTERED = "log:entered"
    LOG_WITHDRAWN = "log:withdrawn"
    POINT_MADE = "point:made"
    POINT_CLOSED = "point:closed"
    OPINION_RECEIVED = "opinion:received"
    OPINION_HELD = "opinion:held"
    OPINION_RELEASED = "opinion:released"
    OPINION_TAKEN_UP = "opinion:taken_up"
    OPINION_PUT_BACK = "opinion:put_back"
    OPINION_REJECTED = "opinion:rejected"
    OPINION_ANSWERED = "opinion:answered"
    OPINION_CORRECTED = "opinion:corrected"
    OPINION_CONTACT_SEEN = "opinion:contact_seen"
    QUESTIONNAIRE_OPENED = "questionnaire:opened"
    QUESTIONNAIRE_ISSUED = "questionnaire:issued"
    QUESTIONNAIRE_ENTERED = "questionnaire:entered"
    QUESTIONNAIRE_REMINDED = "questionnaire:reminded"
    QUESTIONNAIRE_CLOSED = "questionnaire:closed"
    RESULT_RECORDED = "result:recorded"
    PROBLEM_RECORDED = "problem:recorded"
    PROBLEM_CLASSIFIED = "problem:classified"
    PROBLEM_GATHERED = "problem:gathered"
    PROBLEM_SPLIT = "problem:split"
    PROBLEM_ASSIGNED = "problem:assigned"
    PROBLEM_MERGED = "problem:merged"
    PROBLEM_DROPPED = "problem:dropped"
    PROBLEM_CLOSED = "problem:closed"
    SUMMONS_RECORDED = "summons:recorded"


@dataclass(frozen=True)
class Fact:
    """Something that happened to a subject (``obligation:<id>``), with what needs keeping about it."""

    subject: str
    action: Action
    payload: Mapping[str, Any] = field(default_factory=dict)
