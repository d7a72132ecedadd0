"""What is done about an obligation: signed for, handed in, reported done, accepted, returned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select, true

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OBLIGATION, OPEN_OBLIGATION, ObligationStatus
from appraisal.domain.problems import LookBack
from appraisal.domain.refusal import Refusal
from appraisal.method.duties import Duty
from appraisal.method.words import Act
from appraisal.notices.recipients import Recipient, absent, holders
from appraisal.operations.closing_out import accepted_for_problem
from appraisal.operations.desks import is_staff
from appraisal.operations.events import happen
from appraisal.operations.loading import method_of, obligation_by
from appraisal.operations.office import Desk
from appraisal.operations.papers import Paper, StoredFile, check_paper, is_last_paper, keep_paper
from appraisal.operations.periods import missed_before
from appraisal.operations.planning import follow_things, watch
from appraisal.operations.progress_notes import note_progress
from appraisal.operations.review_opinion_list import opinion_signed_for, signs_for_opinion
from appraisal.operations.seats import place_of
from appraisal.operations.telling import duty_letter, tell
from appraisal.operations.verdicts import UNSAID, Verified, check_verified, relapsed
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.register_tables import PersonRow

_HANDING_IN = frozenset({Action.OBLIGATION_SUBMITTED, Action.OBLIGATION_FULFILLED})
_JUDGING = frozenset({Action.OBLIGATION_ACCEPTED, Action.OBLIGATION_RETURNED})


@dataclass(frozen=True)
class By:
    """Who acts: somebody with a post, or the office entering what came on paper (``offline``)."""

    person: PersonRow
    offline: bool = False


def acknowledge(desk: Desk, identifier: UUID, by: By) -> ObligationRow:
    """Sign for an obligation; where signing is the whole duty, it is fulfilled."""
    row = obligation_by(desk.session, identifier)
    duty = _entitled(desk, row, by, accepting=False)
    if row.status in (ObligationStatus.ACKNOWLEDGED, ObligationStatus.SETTLED, ObligationStatus.SUBMITTED):
        return row
    opinion = _opinion(desk, row)
    if duty.does is Act.ACKNOWLEDGE:
        _fulfil(desk, row, duty, by, **opinion)
    else:
        _move(desk, row, Action.OBLIGATION_ACKNOWLEDGED, by, **opinion)
    _happened(desk, row, f"{row.key}.acknowledged")
    return row


def confirm(desk: Desk, identifier: UUID, by: By, remarks: str = "") -> ObligationRow:
    """Report that a duty is done which needs no paper."""
    row = obligation_by(desk.session, identifier)
    duty = _entitled(desk, row, by, accepting=False)
    if duty.does is not Act.CONFIRM:
        raise Refusal("obligation.needs_paper", duty=row.title)
    if row.status != ObligationStatus.SETTLED:
        _fulfil(desk, row, duty, by, remarks=remarks)
    return row


def submit(
    desk: Desk,
    identifier: UUID,
    by: By,
    text: str,
    files: Sequence[StoredFile] = (),
    percent: int | None = None,
    finding: LookBack | None = None,
) -> ObligationRow:
    """Hand in a paper; the same paper handed in twice is one submission.

    Refuses an empty paper, a missing attachment where the method requires one, evidence of a day still to come, a
    missing ``percent`` where the duty asks how far the problem is, and a duty that is settled.  A look-back says what
    it found (``submission.needs_finding``); what has relapsed is opened again, on acceptance where there is one.
    """
    row = obligation_by(desk.session, identifier)
    duty = _entitled(desk, row, by, accepting=False)
    if duty.does is not Act.SUBMIT:
        raise Refusal("obligation.needs_no_paper", duty=row.title)
    paper = Paper(text, files, percent, finding)
    if not is_last_paper(row, paper):
        hand_in(desk, [row], by, paper)
    return row


def hand_in(desk: Desk, rows: Sequence[ObligationRow], by: By, paper: Paper) -> None:
    """Hand in one paper for all of these, which are about one thing; its files, and its progress, go with the first.

    A report for a period makes up for the periods before it that are overdue: they stay late, and are owed no more.
    Refuses what ``submit`` refuses.
    """
    about, words = rows[0], replace(paper, files=())
    for row in rows:
        duty, whole = _entitled(desk, row, by, accepting=False), paper if row is about else words
        check_paper(desk, duty, row, whole)
        for missed in missed_before(desk.session, row, desk.now):
            _hand_in(desk, missed, duty, by, words)
        _hand_in(desk, row, duty, by, whole)
    if paper.percent is not None and about.problem and about.unit:
        note_progress(desk, about.campaign, about.problem, about.unit, paper.percent, paper.text, by.person.code, about)
    for row in rows:
        _happened(desk, row, f"{row.key}.submitted")
        if method_of(row.campaign).duty(row.key).accepted_by is None:
            relapsed(desk, row)


def _hand_in(desk: Desk, row: ObligationRow, duty: Duty, by: By, paper: Paper) -> None:
    if duty.accepted_by is None:
        _fulfil(desk, row, duty, by)
    else:
        _move(desk, row, Action.OBLIGATION_SUBMITTED, by)
        _tell(desk, row, "submission-received", (duty.accepted_by,), f"{row.id}/{row.returns}")
    keep_paper(desk, row, paper, by.person.code)


def accept(desk: Desk, identifier: UUID, by: By, remarks: str = "", verified: Verified = UNSAID) -> ObligationRow:
    """Accept what was handed in; in two hands: never by whoever handed it in."""
    row = obligation_by(desk.session, identifier)
    duty = _entitled(desk, row, by, accepting=True)
    if row.status == ObligationStatus.SETTLED:
        return row
    check_verified(desk, duty, row, verified)
    _judge(row, by, "accepted", remarks, desk, verified)
    _move(desk, row, Action.OBLIGATION_ACCEPTED, by, remarks=remarks, **verified.facts)
    row.settled_at = desk.now
    _tell(desk, row, "submission-accepted", (duty.role,), f"{row.id}/{row.returns}", remarks=remarks)
    _happened(desk, row, f"{row.key}.settled", *([duty.raises] if duty.raises else []))
    accepted_for_problem(desk, row, by.person.code)
    relapsed(desk, row)
    return row


def give_back(desk: Desk, identifier: UUID, by: By, remarks: str, verified: Verified = UNSAID) -> ObligationRow:
    """Return what was handed in for rework (退回), with the reason; the due date stays."""
    row = obligation_by(desk.session, identifier)
    duty = _entitled(desk, row, by, accepting=True)
    if not remarks.strip():
        raise Refusal("submission.return_needs_reason", duty=row.title)
    check_verified(desk, duty, row, verified)
    _judge(row, by, "returned", remarks, desk, verified)
    row.returns += 1
    _move(desk, row, Action.OBLIGATION_RETURNED, by, remarks=remarks, **verified.facts)
    _tell(desk, row, "submission-returned", (duty.role, *duty.tell), f"{row.id}/{row.returns}", remarks=remarks)
    return row


def may_act(desk: Desk, row: ObligationRow, person: PersonRow, *, accepting: bool) -> bool:
    """Whether the person holds the role that does the duty, or the one that accepts it, today."""
    return any(found.person.id == person.id for found in _entitled_ones(desk, row, accepting=accepting))


def _entitled(desk: Desk, row: ObligationRow, by: By, *, accepting: bool) -> Duty:
    duty = method_of(row.campaign).duty(row.key)
    offline = by.offline and not accepting and is_staff(desk.session, by.person, desk.now.date())
    if not offline and not may_act(desk, row, by.person, accepting=accepting):
        raise Refusal("obligation.not_yours", duty=row.title, unit=row.owner)
    return duty


def _opinion(desk: Desk, row: ObligationRow) -> dict[str, object]:
    """What is signed for, where that is the opinion on the unit; nobody signs for what was not delivered."""
    if not signs_for_opinion(row):
        return {}
    opinion = opinion_signed_for(desk.session, row)
    if opinion is None:
        raise Refusal("review_opinion.not_delivered", duty=row.title, unit=row.owner)
    return {"opinion": opinion.digest}


def _entitled_ones(desk: Desk, row: ObligationRow, *, accepting: bool) -> list[Recipient]:
    duty = method_of(row.campaign).duty(row.key)
    role = duty.accepted_by if accepting else duty.role
    return holders(desk.session, *place_of(row, role), desk.now.date()) if role else []


def _fulfil(desk: Desk, row: ObligationRow, duty: Duty, by: By, **facts: object) -> None:
    _move(desk, row, Action.OBLIGATION_FULFILLED, by, **facts)
    row.settled_at = desk.now
    _happened(desk, row, f"{row.key}.settled", *([duty.raises] if duty.raises else []))


def _move(desk: Desk, row: ObligationRow, action: Action, by: By, **facts: object) -> None:
    """The only door through which the status of an obligation changes."""
    row.status = OBLIGATION.move(row.status, action)
    watch(method_of(row.campaign), row, desk.office)
    late = action in _HANDING_IN and row.due_at is not None and desk.now >= row.due_at
    who = {"by": by.person.code, "offline": by.offline, "late": late}
    behalf = absent(_entitled_ones(desk, row, accepting=action in _JUDGING), by.person.code)
    desk.record(row.campaign.slug, f"obligation:{row.id}", action, behalf, **who, **facts)


def _happened(desk: Desk, row: ObligationRow, *names: str) -> None:
    """Events of a duty; one that is owed for each panel, problem or letter happens with the last of them.

    What waits for it about the same problem or letter does not wait for the others.
    """
    follow_things(desk, row)
    for_each = row.panel_id or row.problem_id or row.assignment_id or row.order_id
    if row.period is not None or (for_each and _others_open(desk, row)):
        return
    happen(desk, row.campaign, names, desk.now, row.unit)


def _others_open(desk: Desk, row: ObligationRow) -> bool:
    same = (ObligationRow.campaign_id == row.campaign_id, ObligationRow.key == row.key, ObligationRow.id != row.id)
    where = ObligationRow.unit_id == row.unit_id if row.unit_id else true()
    query = select(ObligationRow.id).where(*same, where, ObligationRow.status.in_(OPEN_OBLIGATION)).limit(1)
    return desk.session.scalar(query) is not None


def _judge(row: ObligationRow, by: By, verdict: str, remarks: str, desk: Desk, verified: Verified) -> None:
    if not row.submissions or row.submissions[-1].verdict is not None:
        raise Refusal("submission.nothing_to_judge", duty=row.title)
    last = row.submissions[-1]
    if last.by == by.person.code:
        raise Refusal("submission.two_hands", duty=row.title)
    last.verdict, last.verdict_by, last.verdict_at, last.verdict_reason = verdict, by.person.code, desk.now, remarks
    last.manner, last.verified_on = verified.manner, verified.on


def _tell(desk: Desk, row: ObligationRow, template: str, roles: tuple[str, ...], key: str, **facts: object) -> None:
    tell(desk, row.campaign, [duty_letter(row, template, key, roles, {"due_on": str(row.due_on or ""), **facts})])
