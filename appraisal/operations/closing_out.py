"""Closing out a problem (销号), in two hands where the method says so: verified by one, closed out by another."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OBLIGATION, OPEN_OBLIGATION, PROBLEM, ProblemStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.duties import Duty
from appraisal.method.rectification import ClosingOut
from appraisal.method.schema import Method
from appraisal.method.words import OwedBy, Scope
from appraisal.notices.post import Letter
from appraisal.notices.recipients import Recipient, absent, holders
from appraisal.operations.clerks import PERSON
from appraisal.operations.closing_steps import add_step, last_of, returns_of, round_of, times_of
from appraisal.operations.issuing import issue_look_backs
from appraisal.operations.loading import method_of
from appraisal.operations.office import Desk
from appraisal.operations.seats import seat
from appraisal.operations.telling import letter, tell
from appraisal.operations.tracks import is_on_track
from appraisal.store.campaign_tables import CampaignRow, ObligationRow, SubmissionRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.rectification_tables import AgreementRow
from appraisal.store.register_tables import PersonRow, PostRow, UnitRow


def move(desk: Desk, slug: str, row: ProblemRow, action: Action, behalf: str | None = None, /, **facts: object) -> None:
    """The only door through which the status of a problem changes."""
    row.status = PROBLEM.move(row.status, action)
    row.version += 1
    desk.record(slug, f"problem:{row.id}", action, behalf, **facts)


def closing_of(campaign: CampaignRow) -> ClosingOut | None:
    """What the method says about a second hand; None where what is accepted is closed out."""
    problems = method_of(campaign).problems
    return problems.closing if problems else None


def close_out(desk: Desk, slug: str, row: ProblemRow, by: str, text: str = "") -> None:
    """Close a problem, and withdraw what is still owed for it; one that is closed stays closed.

    Without a second hand ``by`` is who verified it, by code or name; Refusal ``problem.own_hand`` where that is
    somebody of its units.  With one, ``by`` closes out what another has verified: Refusal ``problem.not_verified``,
    ``problem.not_closer``, ``problem.two_hands``, and ``problem.not_agreed`` with the roles that are missing.
    """
    if row.status == ProblemStatus.CLOSED:
        return
    campaign = desk.session.get_one(CampaignRow, row.campaign_id)
    closing = closing_of(campaign)
    if closing is None:
        two_hands(desk, row, by)
        _shut(desk, campaign, row, by, text)
        return
    closer = second_hand(desk, campaign, row, closing, by)
    missing = missing_agreements(desk.session, campaign, row, closing)
    if missing:
        raise Refusal("problem.not_agreed", number=row.number, roles=missing)
    code = closer.person.code
    _shut(desk, campaign, row, code, text, absent([closer], code))


def withdraw(desk: Desk, slug: str, rows: Iterable[ObligationRow], why: str) -> None:
    """Let nobody owe these any more."""
    for duty in rows:
        duty.status = OBLIGATION.move(duty.status, Action.OBLIGATION_WITHDRAWN)
        duty.next_check_at = None
        desk.record(slug, f"obligation:{duty.id}", Action.OBLIGATION_WITHDRAWN, why=why)


def accepted_for_problem(desk: Desk, accepted: ObligationRow, by: str) -> None:
    """Once nothing more has to be accepted for a problem, it is verified or, without a second hand, closed out."""
    row = accepted.problem
    if row is None or row.status != ProblemStatus.ASSIGNED or not _all_accepted(desk.session, accepted, row):
        return
    slug = accepted.campaign.slug
    if closing_of(accepted.campaign) is None:
        close_out(desk, slug, row, by)
        return
    two_hands(desk, row, by)
    last = accepted.submissions[-1]
    move(desk, slug, row, Action.PROBLEM_VERIFIED, by=by, manner=last.manner or "", on=str(last.verified_on or ""))
    reason = last.verdict_reason or ""
    add_step(desk, row, "verified", by, reason, manner=last.manner, verified_on=last.verified_on)
    _tell_verified(desk, accepted.campaign, row)


def less_is_owed(desk: Desk, row: ProblemRow) -> None:
    """What waited for nothing else than what is owed no more is verified, or closed out, by whoever accepted last."""
    accepted = (ObligationRow.problem_id == row.id, SubmissionRow.verdict == "accepted")
    query = select(ObligationRow, SubmissionRow.verdict_by).join(ObligationRow.submissions).where(*accepted)
    last = desk.session.execute(query.order_by(SubmissionRow.verdict_at.desc()).limit(1)).first()
    if last and last.verdict_by:
        accepted_for_problem(desk, last[0], last.verdict_by)


def second_hand(desk: Desk, campaign: CampaignRow, row: ProblemRow, closing: ClosingOut, by: str) -> Recipient:
    """Whoever closes out or returns: holds the role, is of none of its units, and has not verified it themselves.

    They sit at the desk: a name that somebody else types is no second hand (Refusal ``problem.not_signed``).
    """
    two_hands(desk, row, by)
    if row.status != ProblemStatus.VERIFIED:
        raise Refusal("problem.not_verified", number=row.number, status=row.status)
    found = _holder(desk, campaign, row, closing.by, by)
    if found is None:
        raise Refusal("problem.not_closer", number=row.number, role=method_of(campaign).role(closing.by).title, by=by)
    if found.person.code in verifiers(desk.session, row):
        raise Refusal("problem.two_hands", number=row.number, by=found.person.name)
    if desk.work.actor != f"{PERSON}{found.person.code}":
        raise Refusal("problem.not_signed", number=row.number, by=found.person.name)
    return found


def still_to_agree(session: Session, row: ProblemRow, closing: ClosingOut) -> list[str]:
    """The roles that have not agreed to this closing yet."""
    here = (AgreementRow.problem_id == row.id, AgreementRow.round == round_of(session, row))
    agreed = set(session.scalars(select(AgreementRow.role).where(*here)))
    return [role for role in closing.agreed_by if role not in agreed]


def missing_agreements(session: Session, campaign: CampaignRow, row: ProblemRow, closing: ClosingOut) -> list[str]:
    """Their titles."""
    return [method_of(campaign).role(role).title for role in still_to_agree(session, row, closing)]


def agree(desk: Desk, slug: str, row: ProblemRow, by: str, remarks: str = "") -> list[str]:
    """Agree to the closing of a problem that is verified, in every role that is asked and held; returns these roles.

    Who has agreed stays so; Refusal ``problem.not_asked`` for whoever holds none of the roles.
    """
    campaign = desk.session.get_one(CampaignRow, row.campaign_id)
    closing = closing_of(campaign)
    found = {role: _holder(desk, campaign, row, role, by) for role in (closing.agreed_by if closing else [])}
    mine = {role: recipient for role, recipient in found.items() if recipient}
    if not mine:
        raise Refusal("problem.not_asked", number=row.number, by=by)
    if row.status == ProblemStatus.CLOSED:
        return list(mine)
    if row.status != ProblemStatus.VERIFIED:
        raise Refusal("problem.not_verified", number=row.number, status=row.status)
    current = round_of(desk.session, row)
    for role, recipient in mine.items():
        if desk.session.get(AgreementRow, (row.id, current, role)) is None:
            code = recipient.person.code
            agreement = AgreementRow(problem_id=row.id, round=current, role=role, by=code, at=desk.now, remarks=remarks)
            desk.session.add(agreement)
            row.version += 1
            behalf, facts = absent([recipient], code), {"role": role, "round": current, "remarks": remarks}
            desk.record(slug, f"problem:{row.id}", Action.PROBLEM_AGREED, behalf, by=code, **facts)
    desk.session.flush()
    return list(mine)


def owed_for(session: Session, row: ProblemRow) -> list[ObligationRow]:
    """What somebody still owes for the problem."""
    owed = select(ObligationRow).where(ObligationRow.problem_id == row.id, ObligationRow.status.in_(OPEN_OBLIGATION))
    return list(session.scalars(owed.order_by(ObligationRow.issued_at, ObligationRow.key)))


def two_hands(desk: Desk, row: ProblemRow, by: str) -> None:
    """Refusal ``problem.own_hand`` where ``by``, a code or a name, is somebody of the units of the problem."""
    own = [unit.id for unit in (row.unit, *row.supporting) if unit]
    named = (PersonRow.code == by) | (PersonRow.name == by)
    query = select(PostRow.id).join(PersonRow, PersonRow.id == PostRow.person_id)
    if desk.session.scalar(query.where(named, PostRow.unit_id.in_(own)).limit(1)) is not None:
        raise Refusal("problem.own_hand", number=row.number, by=by)


def _shut(desk: Desk, campaign: CampaignRow, row: ProblemRow, by: str, text: str, behalf: str | None = None) -> None:
    move(desk, campaign.slug, row, Action.PROBLEM_CLOSED, behalf, by=by)
    row.closed_at, row.closed_by = desk.now, by
    add_step(desk, row, "closed", by, text)
    withdraw(desk, campaign.slug, owed_for(desk.session, row), "problem closed")
    issue_look_backs(desk, campaign)
    _tell_closed(desk, campaign, row, text)


def _all_accepted(session: Session, accepted: ObligationRow, row: ProblemRow) -> bool:
    """Whether every duty whose papers somebody accepts is done with, each as often as it is owed."""
    about = select(ObligationRow.key, ObligationRow.times).where(ObligationRow.problem_id == row.id)
    issued = {(key, times) for key, times in session.execute(about)}
    waiting = {duty.key for duty in owed_for(session, row) if duty.id != accepted.id}
    returned = returns_of(session, row.campaign_id).get(row.id, 0)
    judged = {duty.key: times_of(duty, row, returned) for duty in _judged(method_of(accepted.campaign), row)}
    return set(judged.items()) <= issued and not judged.keys() & waiting


def _judged(method: Method, row: ProblemRow) -> list[Duty]:
    """The duties about a problem whose papers somebody accepts, its supporting units' too; not those that come back."""
    owed = {OwedBy.EACH_PROBLEM, *([OwedBy.EACH_SUPPORTING] if row.supporting else [])}
    duties = [duty for phase in method.phases for duty in phase.duties if is_on_track(method, duty, row)]
    return [duty for duty in duties if duty.owed_by in owed and duty.accepted_by and not duty.rhythm]


def verifiers(session: Session, row: ProblemRow) -> set[str]:
    """Whoever verified the problem last, or ever accepted a paper about it: none of them is the second hand."""
    verified = last_of(session, row, "verified")
    accepted = select(SubmissionRow.verdict_by).join(ObligationRow, ObligationRow.id == SubmissionRow.obligation_id)
    those = (ObligationRow.problem_id == row.id, SubmissionRow.verdict == "accepted")
    accepted_by = {by for by in session.scalars(accepted.where(*those)) if by}
    return accepted_by | {verified.by} if verified else accepted_by


def holding(session: Session, campaign: CampaignRow, row: ProblemRow, role: str, on: date) -> list[Recipient]:
    """Whoever holds the role in the matter of this problem that day."""
    return holders(session, role, seat(campaign, role, row.unit, about=row), on)


def _holder(desk: Desk, campaign: CampaignRow, row: ProblemRow, role: str, by: str) -> Recipient | None:
    found = holding(desk.session, campaign, row, role, desk.now.date())
    return next((each for each in found if by in (each.person.code, each.person.name)), None)


def _tell_verified(desk: Desk, campaign: CampaignRow, row: ProblemRow) -> None:
    closing = closing_of(campaign)
    if closing is None:
        return
    roles = dict.fromkeys((closing.by, *closing.agreed_by))
    facts = {"problem": row.number, "title": row.title, "agreed": bool(closing.agreed_by)}
    tell(desk, campaign, [_letter(desk, campaign, row, "problem-verified", roles, facts)])


def _tell_closed(desk: Desk, campaign: CampaignRow, row: ProblemRow, text: str) -> None:
    """Its units and the panels over it; without a second hand they have heard of it as the last paper was accepted."""
    if closing_of(campaign) is None:
        return
    facts = {"problem": row.number, "title": row.title, "remarks": text}
    tell_concerned(desk, campaign, row, "problem-closed", facts)
    roles = concerned_roles(method_of(campaign), OwedBy.EACH_SUPPORTING)
    units = row.supporting if roles else []
    tell(desk, campaign, [_letter(desk, campaign, row, "problem-closed", roles, facts, unit) for unit in units])


def concerned_roles(method: Method, owed_by: OwedBy) -> list[str]:
    """Who does what is owed for a problem, and is told of it."""
    duties = [duty for phase in method.phases for duty in phase.duties if duty.owed_by is owed_by]
    roles = dict.fromkeys(role for duty in duties for role in (duty.role, *duty.tell))
    return [role for role in roles if method.role(role).scope is not Scope.BODY]


def tell_concerned(
    desk: Desk, campaign: CampaignRow, row: ProblemRow, template: str, facts: Mapping[str, object], *more: str
) -> None:
    """Tell the lead unit and the panels over it how a problem goes on, and ``more`` roles of the body."""
    method = method_of(campaign)
    told = concerned_roles(method, OwedBy.EACH_PROBLEM)
    told += [role.key for role in method.roles if role.scope is Scope.PANEL and role.key not in told]
    tell(desk, campaign, [_letter(desk, campaign, row, template, (*told, *more), facts)])


def _letter(
    desk: Desk,
    campaign: CampaignRow,
    row: ProblemRow,
    template: str,
    roles: Iterable[str],
    facts: Mapping[str, object],
    supporting: UnitRow | None = None,
) -> Letter:
    """A letter about how a problem goes on, once for each of its closings: to its lead unit, or one that supports."""
    key = f"{row.number}/{round_of(desk.session, row)}{f'/{supporting.code}' if supporting else ''}"
    return letter(campaign, template, key, roles, f"/problems/{row.id}", facts, owner=supporting or row.unit, about=row)
