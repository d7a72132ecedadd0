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
    APPROVAL_ASKED = "approval:asked"
    APPROVAL_GRANTED = "approval:granted"
    APPROVAL_REFUSED = "approval:refused"
    APPROVAL_VOIDED = "approval:voided"
    RESULT_RECORDED = "result:recorded"
    PROBLEM_RECORDED = "problem:recorded"
    PROBLEM_CLOSED = "problem:closed"


@dataclass(frozen=True)
class Fact:
    """Something that happened to a subject (``obligation:<id>``), with what needs keeping about it."""

    subject: str
    action: Action
    payload: Mapping[str, Any] = field(default_factory=dict)
