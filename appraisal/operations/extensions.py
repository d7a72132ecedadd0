"""More time (延期): asked for by whoever owes a duty, granted or refused by the role that the method names."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.extension import ExtensionRule, Limits, Standing, check_asked, limits, may_ask
from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OWED, PETITION, PetitionStatus
from appraisal.domain.refusal import Refusal
from appraisal.method.rectification import Extension
from appraisal.method.words import ExtensionFrom, Moment, OwedBy
from appraisal.notices.recipients import Recipient, absent, holders
from appraisal.operations.desks import is_staff
from appraisal.operations.duties import By, may_act
from appraisal.operations.loading import method_of, obligation_by
from appraisal.operations.occurred import EXTENSION, events_of, seen_by_row
from appraisal.operations.office import Desk, Office
from appraisal.operations.planning import replan_one, replan_problem
from appraisal.operations.seats import place_of
from appraisal.operations.telling import duty_page, letter, tell
from appraisal.operations.tracks import is_on_one_of
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.rectification_tables import PetitionRow

_DECIDED = {True: PetitionStatus.GRANTED, False: PetitionStatus.REFUSED}


@dataclass(frozen=True)
class Offer:
    """What a duty can be extended by today; ``refusal`` says why it cannot."""

    limits: Limits | None
    granted: int
    times: int
    refusal: Refusal | None


def ask(desk: Desk, identifier: UUID, by: By, until: date, reason: str) -> PetitionRow:
    """Ask for more time until a day; the same petition again, while it waits, is one.

    Refuses whoever does not owe the duty, what the method does not extend, and whatever ``domain.extension`` refuses.
    """
    row = obligation_by(desk.session, identifier)
    offline = by.offline and is_staff(desk.session, by.person, desk.now.date())
    if not offline and not may_act(desk, row, by.person, accepting=False):
        raise Refusal("extension.not_yours", duty=row.title, unit=row.owner)
    known = petitions_of(desk.session, row)
    for petition in known:
        if petition.status == PetitionStatus.ASKED and (petition.until, petition.reason) == (until, reason.strip()):
            return petition
    rule, today = extendable(row), desk.office.hours.day_of(desk.now)
    standing = _standing(desk.session, desk.office, row, rule, today)
    within = may_ask(_rule(rule), standing, today, desk.office.calendar)
    check_asked(standing, within, until, reason)
    petition = _petition(desk, row, by, len(known) + 1, rule.consent)
    petition.until, petition.reason = until, reason.strip()
    desk.session.add(petition)
    facts = {"obligation": str(row.id), "before": str(row.due_on), "until": str(until), "reason": petition.reason}
    _record(desk, petition, row, Action.PETITION_ASKED, by, method_of(row.campaign).duty(row.key).role, **facts)
    _tell_asked(desk, petition, row)
    return petition


def decide(desk: Desk, identifier: UUID, by: By, *, granted: bool, remarks: str = "") -> PetitionRow:
    """Grant a petition or refuse it, with the reason; the same decision again does nothing.

    Refuses whoever does not hold the role that consents, whoever asked, a petition that was decided otherwise, and
    granting what has been overtaken: a duty that is no longer owed, or is due later anyway.
    """
    petition = petition_by(desk.session, identifier)
    row = _obligation(petition)
    if by.person.id not in {each.person.id for each in deciders(desk.session, petition, desk.now.date())}:
        raise Refusal("extension.decision.not_yours", duty=row.title, unit=row.owner)
    if petition.asked_by == by.person.code:
        raise Refusal("extension.two_hands", duty=row.title)
    if petition.status == _DECIDED[granted]:
        return petition
    if not granted and not remarks.strip():
        raise Refusal("extension.refusal_needs_reason", duty=row.title)
    _waits(petition, row)
    action = Action.PETITION_GRANTED if granted else Action.PETITION_REFUSED
    status = PETITION.move(petition.status, action)
    if granted:
        _is_still_asked(petition, row)
    petition.status = status
    petition.decided_by, petition.decided_at, petition.remarks = by.person.code, desk.now, remarks.strip()
    _record(desk, petition, row, action, by, petition.role, remarks=petition.remarks)
    if granted:
        _extend(desk, petition, row)
    _tell_decided(desk, petition, row)
    return petition


def withdraw(desk: Desk, identifier: UUID, by: By) -> PetitionRow:
    """Take back a petition that has not been decided."""
    petition = petition_by(desk.session, identifier)
    row = _obligation(petition)
    offline = by.offline and is_staff(desk.session, by.person, desk.now.date())
    if not offline and not may_act(desk, row, by.person, accepting=False):
        raise Refusal("extension.not_yours", duty=row.title, unit=row.owner)
    if petition.status != PetitionStatus.WITHDRAWN:
        _waits(petition, row)
        petition.status = PETITION.move(petition.status, Action.PETITION_WITHDRAWN)
        _record(desk, petition, row, Action.PETITION_WITHDRAWN, by, method_of(row.campaign).duty(row.key).role)
    return petition


def petition_by(session: Session, identifier: UUID) -> PetitionRow:
    """The petition for more time, with its campaign held; Refusal ``extension.unknown``."""
    row = session.get(PetitionRow, identifier)
    if row is None or row.kind != EXTENSION or row.obligation_id is None:
        raise Refusal("extension.unknown")
    obligation_by(session, row.obligation_id)
    session.refresh(row)
    return row


def petitions_of(session: Session, row: ObligationRow) -> list[PetitionRow]:
    """The petitions for more time for an obligation, in their order."""
    mine = (PetitionRow.obligation_id == row.id, PetitionRow.kind == EXTENSION)
    return list(session.scalars(select(PetitionRow).where(*mine).order_by(PetitionRow.position)))


def deciders(session: Session, petition: PetitionRow, on: date) -> list[Recipient]:
    """Who holds the role that decides that day; who asked is refused elsewhere."""
    return holders(session, *place_of(_obligation(petition), petition.role), on)


def is_offered(row: ObligationRow) -> bool:
    """Whether the method lets the duty be extended at all: a unit's, among those named, for a problem on a track."""
    method = method_of(row.campaign)
    rule, duty = method.extension, method.duty(row.key)
    if rule is None or row.unit is None or duty.owed_by is OwedBy.EACH_CLOSED:
        return False
    if rule.tracks and not (row.problem and is_on_one_of(method, rule.tracks, row.problem)):
        return False
    return not rule.duties or row.key in rule.duties


def extendable(row: ObligationRow) -> Extension:
    """The rule by which the obligation may be extended, or a refusal: not by this method, or not any more."""
    rule = method_of(row.campaign).extension
    if rule is None or not is_offered(row):
        raise Refusal("extension.not_offered", duty=row.title)
    if row.status not in OWED:
        raise Refusal("extension.not_owed", duty=row.title, status=row.status)
    if row.due_on is None:
        raise Refusal("extension.no_date", duty=row.title)
    return rule


def offer_of(session: Session, office: Office, row: ObligationRow, now: datetime) -> Offer:
    """What may be asked for today, for the page of the duty; only of what is offered."""
    try:
        rule = extendable(row)
    except Refusal as refusal:
        return Offer(None, 0, 0, refusal)
    today = office.hours.day_of(now)
    standing = _standing(session, office, row, rule, today)
    try:
        found = may_ask(_rule(rule), standing, today, office.calendar)
    except Refusal as refusal:
        return Offer(None, standing.granted, rule.times, refusal)
    return Offer(found, standing.granted, rule.times, None)


def latest_for(session: Session, office: Office, row: ObligationRow) -> date | None:
    """The latest day that the method allows as things stand; None where that cannot be told."""
    try:
        rule = extendable(row)
        return limits(_rule(rule), _standing(session, office, row, rule, None), office.calendar).latest
    except Refusal:
        return None


def _rule(rule: Extension) -> ExtensionRule:
    return ExtensionRule(rule.asked_before, rule.ceiling, rule.times)


def _standing(session: Session, office: Office, row: ObligationRow, rule: Extension, today: date | None) -> Standing:
    """How the duty stands; ``today`` is when more time is asked for, where no petition that waits says when it was."""
    petitions = petitions_of(session, row)
    if row.due_on is None:
        raise Refusal("extension.no_date", duty=row.title)
    waiting = [each.asked_at for each in petitions if each.status == PetitionStatus.ASKED]
    granted = sum(each.status == PetitionStatus.GRANTED for each in petitions)
    asked_on = office.hours.day_of(waiting[-1]) if waiting else today
    counted_from = asked_on if rule.counted_from is ExtensionFrom.REQUEST else _counted_from(session, office, row, rule)
    return Standing(row.due_on, counted_from, granted, bool(waiting))


def _counted_from(session: Session, office: Office, row: ObligationRow, rule: Extension) -> date | None:
    match rule.counted_from:
        case ExtensionFrom.DUE:
            return row.due_on
        case ExtensionFrom.FIRST_DUE:
            return row.first_due_on or row.due_on
        case _:
            events = events_of(session, row.campaign)
            at = seen_by_row(method_of(row.campaign), row, events).get(rule.event or "")
            return office.hours.day_of(at) if at else None


def _petition(desk: Desk, row: ObligationRow, by: By, position: int, role: str) -> PetitionRow:
    return PetitionRow(
        id=identity("petition", EXTENSION, row.id, position),
        campaign_id=row.campaign_id,
        kind=EXTENSION,
        position=position,
        unit=row.unit,
        obligation=row,
        problem_id=row.problem_id,
        before=row.due_on,
        role=role,
        status=PETITION.move(None, Action.PETITION_ASKED),
        asked_by=by.person.code,
        asked_at=desk.now,
    )


def _obligation(petition: PetitionRow) -> ObligationRow:
    if petition.obligation is None:
        raise Refusal("extension.unknown")
    return petition.obligation


def _waits(petition: PetitionRow, row: ObligationRow) -> None:
    if petition.status != PetitionStatus.ASKED:
        raise Refusal("extension.decided_already", duty=row.title, status=petition.status)


def _is_still_asked(petition: PetitionRow, row: ObligationRow) -> None:
    if row.status not in OWED:
        raise Refusal("extension.overtaken_by_deed", duty=row.title, status=row.status)
    if petition.until and row.due_on and petition.until <= row.due_on:
        raise Refusal("extension.overtaken_by_date", duty=row.title, until=petition.until, due_on=row.due_on)


def _extend(desk: Desk, petition: PetitionRow, row: ObligationRow) -> None:
    """The date and whatever hangs on it; a date that was the problem's own is moved on the problem too."""
    row.first_due_on = row.first_due_on or row.due_on
    row.extended_on = petition.until
    if row.problem and method_of(row.campaign).duty(row.key).due.at is Moment.DECIDED:
        _follow(desk, row, petition)
    desk.session.flush()
    replan_one(desk, row)
    if row.problem_id:
        replan_problem(desk, row.campaign, row.problem_id)


def _follow(desk: Desk, row: ObligationRow, petition: PetitionRow) -> None:
    problem = row.problem
    if problem is None or problem.due_on is None or petition.until is None or problem.due_on >= petition.until:
        return
    problem.due_on, problem.version = petition.until, problem.version + 1
    facts = {"unit": problem.unit.code if problem.unit else "", "due_on": str(petition.until)}
    subject = f"problem:{problem.id}"
    desk.record(row.campaign.slug, subject, Action.PROBLEM_CLASSIFIED, changed=["due_on"], **facts)


def _record(
    desk: Desk, petition: PetitionRow, row: ObligationRow, action: Action, by: By, role: str, **facts: object
) -> None:
    held = holders(desk.session, *place_of(row, role), desk.now.date())
    who = {"by": by.person.code, "offline": by.offline}
    subject = f"petition:{petition.id}"
    desk.record(row.campaign.slug, subject, action, absent(held, by.person.code), **who, **facts)


def _tell_asked(desk: Desk, petition: PetitionRow, row: ObligationRow) -> None:
    facts = {
        "duty": row.title,
        "due_on": str(petition.before or ""),
        "until": str(petition.until or ""),
        "reason": petition.reason,
    }
    page, key = f"/petitions/{petition.id}", str(petition.id)
    roles, unit, about = (petition.role,), row.unit, row.problem
    paper = letter(row.campaign, "extension-asked", key, roles, page, facts, owner=unit, about=about)
    tell(desk, row.campaign, [paper], bundled=False)


def _tell_decided(desk: Desk, petition: PetitionRow, row: ObligationRow) -> None:
    duty = method_of(row.campaign).duty(row.key)
    facts = {
        "duty": row.title,
        "granted": petition.status == PetitionStatus.GRANTED,
        "until": str(petition.until or ""),
        "old_on": str(petition.before or ""),
        "due_on": str(row.due_on or ""),
        "remarks": petition.remarks or "",
    }
    roles, key, page, unit = (duty.role, *duty.tell), str(petition.id), duty_page(row), row.unit
    paper = letter(row.campaign, "extension-decided", key, roles, page, facts, owner=unit, about=row.problem)
    tell(desk, row.campaign, [paper])
