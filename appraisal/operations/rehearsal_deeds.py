"""The deeds of a rehearsal, done through the very operations of the real thing."""

from collections.abc import Callable, Mapping
from uuid import UUID

from appraisal.domain.lifecycle import ObligationStatus, PhaseStatus
from appraisal.domain.problems import LookBack
from appraisal.domain.refusal import Refusal
from appraisal.method.vote_words import Recording
from appraisal.method.words import Act, Evidence, OwedBy
from appraisal.notices.recipients import holders
from appraisal.notices.wording import phrase
from appraisal.operations import closings, duties, phases, results
from appraisal.operations.briefs import brief_of
from appraisal.operations.loading import campaign_by, method_of, obligation_by, phase_by
from appraisal.operations.office import Desk
from appraisal.operations.papers import StoredFile
from appraisal.operations.rehearsal_ballots import hold_ballot
from appraisal.operations.rehearsal_opinions import deliver_opinion
from appraisal.operations.rehearsal_petitions import ask_for_time, consent, instruct, object_to
from appraisal.operations.rehearsal_problems import agree_to, close, find_all, hand_all_on
from appraisal.operations.rehearsal_script import Appointment, Deed
from appraisal.operations.seats import place_of
from appraisal.operations.verdicts import UNSAID, Verified
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.register_tables import PersonRow

PAPERS = 30

_ABOUT_DUTIES = frozenset({Deed.SIGN, Deed.FULFIL, Deed.JUDGE})
PACE = 25
"""By how much each report of progress is above the one before, in percent."""


def do(desk: Desk, slug: str, appointment: Appointment) -> None:
    """Do what the appointment says; a refusal is left to the caller.

    Of what was withdrawn at this very moment, as its problem was closed out, there is nothing left to do.
    """
    if appointment.deed in _ABOUT_DUTIES and _obligation(desk, appointment).status == ObligationStatus.WITHDRAWN:
        return
    _DEEDS[appointment.deed](desk, slug, appointment)


def _sign(desk: Desk, _: str, appointment: Appointment) -> None:
    row = _obligation(desk, appointment)
    duties.acknowledge(desk, row.id, duties.By(_holder(desk, row)))


def _fulfil(desk: Desk, _: str, appointment: Appointment) -> None:
    row = _obligation(desk, appointment)
    by = duties.By(_holder(desk, row))
    duty = method_of(row.campaign).duty(row.key)
    match duty.does:
        case Act.ACKNOWLEDGE:
            duties.acknowledge(desk, row.id, by)
        case Act.CONFIRM:
            duties.confirm(desk, row.id, by)
        case Act.SUBMIT:
            finding = LookBack.HOLDS if duty.owed_by is OwedBy.EACH_CLOSED else None
            files = [_paper(row)] if duty.evidence is Evidence.REQUIRED else []
            percent = min(row.problem.percent + PACE, 100) if duty.progress and row.problem else None
            duties.submit(desk, row.id, by, phrase("rehearsal.paper", title=row.title), files, percent, finding)


def _judge(desk: Desk, _: str, appointment: Appointment) -> None:
    row = _obligation(desk, appointment)
    role = method_of(row.campaign).duty(row.key).accepted_by or ""
    found = [found.person for found in holders(desk.session, *place_of(row, role), desk.now.date())]
    other = next((person for person in found if person.code != row.submissions[-1].by), None)
    if other is None:
        raise Refusal("rehearsal.no_second_hand", duty=row.title, unit=row.owner)
    manners = method_of(row.campaign).duty(row.key).manners
    verified = Verified(manners[0], desk.office.hours.day_of(desk.now)) if manners else UNSAID
    duties.accept(desk, row.id, duties.By(other), verified=verified)


def _vote(desk: Desk, slug: str, appointment: Appointment) -> None:
    """What is counted is voted on at once, what is entered is announced unit by unit."""
    ballot = method_of(campaign_by(desk.session, slug)).ballot(appointment.ballot)
    if ballot.recording is Recording.COUNTED:
        hold_ballot(desk, slug, ballot.key)
        return
    best = ballot.options[0]
    tally = results.Tally(issued=PAPERS, returned=PAPERS, valid=PAPERS, counts={best.key: PAPERS})
    results.record_result(desk, slug, appointment.ballot, appointment.unit, tally, best.key)


def _opine(desk: Desk, slug: str, appointment: Appointment) -> None:
    deliver_opinion(desk, slug, appointment.unit)


def _decide(desk: Desk, slug: str, appointment: Appointment) -> None:
    row = phase_by(desk.session, slug, appointment.about)
    closing = closings.ask(desk, slug, row.key)
    if closing.role:
        approvers = closings.approvers(desk, row)
        if not approvers:
            raise Refusal("rehearsal.no_approver", phase=row.title)
        seen = brief_of(desk.session, row).digest()
        closings.decide(desk, slug, row.key, approvers[0], agreed=True, seen=seen, via="portal")
    else:
        closings.decide_by_rule(desk, slug, row.key)
    if phases.close_phase(desk, slug, row.key).status != PhaseStatus.CLOSED:
        raise Refusal("rehearsal.not_closed", phase=row.title)


def _obligation(desk: Desk, appointment: Appointment) -> ObligationRow:
    return obligation_by(desk.session, UUID(appointment.about))


def _holder(desk: Desk, row: ObligationRow) -> PersonRow:
    role = method_of(row.campaign).duty(row.key).role
    found = holders(desk.session, *place_of(row, role), desk.now.date())
    if not found:
        raise Refusal("rehearsal.no_holder", duty=row.title, unit=row.owner)
    return found[0].person


def _paper(row: ObligationRow) -> StoredFile:
    return StoredFile(f"{row.title}.pdf", "application/pdf", 1, "0" * 64, f"rehearsal-{row.id}-{row.returns}")


_DEEDS: Mapping[Deed, Callable[[Desk, str, Appointment], None]] = {
    Deed.SIGN: _sign,
    Deed.FULFIL: _fulfil,
    Deed.JUDGE: _judge,
    Deed.VOTE: _vote,
    Deed.OPINE: _opine,
    Deed.DECIDE: _decide,
    Deed.FIND: lambda desk, slug, appointment: find_all(desk, slug, appointment.about),
    Deed.AGREE: lambda desk, slug, appointment: agree_to(desk, slug, appointment.about),
    Deed.CLOSE: lambda desk, slug, appointment: close(desk, slug, appointment.about),
    Deed.INSTRUCT: lambda desk, slug, appointment: instruct(desk, slug, appointment.problem),
    Deed.OBJECT: lambda desk, slug, appointment: object_to(desk, slug, appointment.about, appointment.problem),
    Deed.ASK: lambda desk, _, appointment: ask_for_time(desk, appointment.about),
    Deed.CONSENT: lambda desk, slug, appointment: consent(desk, slug, appointment.about),
    Deed.HAND_ON: lambda desk, slug, _: hand_all_on(desk, slug),
}
