"""Who does what when in a rehearsal: everybody attends, on the last day; whoever is late lets the ladder run out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import select

from appraisal.clock import ZONE
from appraisal.domain.lifecycle import ObligationStatus, PhaseStatus
from appraisal.method.ballots import Ballot
from appraisal.method.vote_words import Recording
from appraisal.method.words import Act
from appraisal.operations.briefs import obstacles_of
from appraisal.operations.further_rounds import rounds_due, standing, units_for
from appraisal.operations.ladders import reached
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.objections import objection_due
from appraisal.operations.occurred import events_of, sittings_of
from appraisal.operations.office import Desk
from appraisal.operations.recurring import next_periods
from appraisal.operations.rehearsal_opinions import undelivered
from appraisal.operations.rehearsal_petitions import to_extend, to_instruct, to_object, undecided
from appraisal.operations.rehearsal_problems import (
    handed_on_in,
    to_agree,
    to_close,
    to_close_by_hand,
    to_hand_on,
    unfound,
)
from appraisal.store.campaign_tables import CampaignRow, ObligationRow, PhaseRow

MORNING, DESK_HOURS, MEETING, HANDING_ON, DECISION = time(9), time(10), time(11), time(14), time(15)
DAY = timedelta(days=1)
AFTER_NO_LADDER = timedelta(days=7)


class Deed(StrEnum):
    """What somebody does."""

    SIGN = "sign"
    FULFIL = "fulfil"
    JUDGE = "judge"
    VOTE = "vote"
    OPINE = "opine"
    DECIDE = "decide"
    FIND = "find"
    AGREE = "agree"
    CLOSE = "close"
    HAND_ON = "hand_on"
    INSTRUCT = "instruct"
    OBJECT = "object"
    ASK = "ask"
    CONSENT = "consent"


@dataclass(frozen=True)
class Appointment:
    """A deed with its time; ``about`` is the id of what it is about, or the phase's key.

    ``unit`` is whom an opinion is delivered to, and with ``ballot`` who is voted on: all at once where it is counted.
    ``problem`` is the number of the one that is objected to, or instructed upon.
    """

    at: datetime
    deed: Deed
    about: str
    unit: str = ""
    ballot: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Manner:
    """How the cast behaves: so many days ahead of the date, and who is late."""

    days_before: int
    late: frozenset[str]


def appointments(desk: Desk, slug: str, manner: Manner) -> list[Appointment]:
    """Everything that somebody will do as things stand, the earliest first."""
    campaign = campaign_by(desk.session, slug)
    found = [*_about_duties(desk, campaign, manner), *_votes(desk, campaign)]
    found += [*_opinions(desk, campaign), *_about_problems(desk, campaign), *_decisions(desk, campaign)]
    found += _petitions(desk, campaign, manner)
    return sorted(found, key=lambda appointment: (appointment.at, appointment.deed, appointment.about))


def wakings(desk: Desk, slug: str) -> Iterator[datetime]:
    """When the patrol would find something: a rung, a date missed, a new period, a phase that opens or ends."""
    campaign = campaign_by(desk.session, slug)
    checks = select(ObligationRow.next_check_at).where(ObligationRow.campaign_id == campaign.id)
    yield from (at for at in desk.session.scalars(checks) if at is not None)
    for phase in campaign.phases:
        if phase.status == PhaseStatus.PLANNED and phase.opens_on:
            yield _at(phase.opens_on, MORNING)
        if phase.status == PhaseStatus.OPEN and phase.closes_on:
            yield _at(phase.closes_on, MORNING)
    yield from (_at(day, MORNING) for day in next_periods(desk, campaign))


def _about_duties(desk: Desk, campaign: CampaignRow, manner: Manner) -> Iterator[Appointment]:
    owed = (ObligationStatus.ISSUED, ObligationStatus.ACKNOWLEDGED, ObligationStatus.RETURNED)
    wanted = select(ObligationRow).where(
        ObligationRow.campaign_id == campaign.id, ObligationRow.status.in_((*owed, ObligationStatus.SUBMITTED))
    )
    for row in desk.session.scalars(wanted):
        if row.status == ObligationStatus.SUBMITTED:
            yield Appointment(_next_morning(desk, row.submissions[-1].at), Deed.JUDGE, str(row.id))
            continue
        if row.status == ObligationStatus.ISSUED and method_of(campaign).duty(row.key).does is not Act.ACKNOWLEDGE:
            yield Appointment(_next_morning(desk, row.issued_at), Deed.SIGN, str(row.id))
        if row.due_on is not None:
            yield Appointment(_fulfilled_at(desk, row, row.due_on, manner), Deed.FULFIL, str(row.id))


def _fulfilled_at(desk: Desk, row: ObligationRow, due_on: date, manner: Manner) -> datetime:
    if row.unit is None or row.unit.code not in manner.late:
        issued_on = desk.office.hours.day_of(row.issued_at)
        return _at(max(due_on - manner.days_before * DAY, issued_on), DESK_HOURS)
    rungs = reached(method_of(row.campaign), row, desk.office)
    last = max((rung.date() for rung in rungs if rung), default=due_on + AFTER_NO_LADDER)
    return _at(desk.office.calendar.next_working(max(last, due_on) + DAY), DESK_HOURS)


def _votes(desk: Desk, campaign: CampaignRow) -> Iterator[Appointment]:
    for phase in campaign.phases:
        for ballot in _held(method_of(campaign).ballots, phase):
            left = _left(desk, campaign, ballot)
            at = _meeting(desk, phase) if left else None
            if at is not None:
                counted = ballot.recording is Recording.COUNTED
                yield from (
                    Appointment(at, Deed.VOTE, phase.key, unit, ballot.key) for unit in ([""] if counted else left)
                )


def _left(desk: Desk, campaign: CampaignRow, ballot: Ballot) -> list[str]:
    """The units that are still to be voted on, for the first time or once more."""
    recorded = {row.unit_id for row in standing(desk.session, campaign, ballot.key)}
    first = [unit.code for unit in units_for(desk.session, campaign, ballot) if unit.id not in recorded]
    again = [due.unit.code for due in rounds_due(desk.session, campaign, ballot) if due.ready(desk.now)]
    return [*first, *again]


def _opinions(desk: Desk, campaign: CampaignRow) -> Iterator[Appointment]:
    """The opinions are delivered on the day on which the phase opens in which they are signed for."""
    for phase, unit in undelivered(desk, campaign):
        yield Appointment(_at(phase.opens_on or desk.now.date(), DESK_HOURS), Deed.OPINE, phase.key, unit)


def _held(ballots: Sequence[Ballot], phase: PhaseRow) -> list[Ballot]:
    return [ballot for ballot in ballots if ballot.held_in == phase.key and phase.status == PhaseStatus.OPEN]


def _meeting(desk: Desk, phase: PhaseRow) -> datetime | None:
    """The sitting that falls into the phase, else its last day."""
    campaign = phase.campaign
    sittings = sittings_of(method_of(campaign), events_of(desk.session, campaign), desk.office)
    inside = [day for day in sittings if phase.opens_on and day >= phase.opens_on]
    if phase.closes_on is None:
        return _at(inside[0], MEETING) if inside else None
    return _at(next((day for day in inside if day <= phase.closes_on), phase.closes_on), MEETING)


def _about_problems(desk: Desk, campaign: CampaignRow) -> Iterator[Appointment]:
    """Found as the phase opens; from the verdict on, a hand each morning; what goes on is handed on at the end."""
    if method_of(campaign).problems is None:
        return
    phase = unfound(desk, campaign)
    if phase is not None:
        yield Appointment(_at(phase.opens_on or desk.now.date(), DESK_HOURS), Deed.FIND, phase.key)
    for row, since in to_agree(desk, campaign):
        yield Appointment(_next_morning(desk, since), Deed.AGREE, str(row.id))
    for row, since in to_close(desk, campaign):
        yield Appointment(_next_morning(desk, since), Deed.CLOSE, str(row.id))
    for row, due_on in to_close_by_hand(desk, campaign):
        yield Appointment(_at(desk.office.calendar.next_working(due_on), DESK_HOURS), Deed.CLOSE, str(row.id))
    last = handed_on_in(campaign)
    if last.status == PhaseStatus.OPEN and last.closes_on and to_hand_on(desk, campaign):
        yield Appointment(_at(last.closes_on, HANDING_ON), Deed.HAND_ON, last.key)


def _petitions(desk: Desk, campaign: CampaignRow, manner: Manner) -> Iterator[Appointment]:
    """One of each: what is asked for is decided the next morning."""
    for number, day in to_instruct(desk, campaign):
        at = _at(desk.office.calendar.next_working(day), DESK_HOURS)
        yield Appointment(at, Deed.INSTRUCT, campaign.slug, problem=number)
    for sent, problem in to_object(desk, campaign, manner.late):
        due = objection_due(desk.office, campaign, sent)
        at = _next_morning(desk, sent.sent_at)
        at = at if due is None or at < due.due_at else sent.sent_at
        yield Appointment(at, Deed.OBJECT, str(sent.id), problem=str(problem.number))
    for row, day in to_extend(desk, campaign, manner.late, manner.days_before):
        yield Appointment(_at(day, DESK_HOURS), Deed.ASK, str(row.id))
    for petition, since in undecided(desk.session, campaign):
        yield Appointment(_next_morning(desk, since), Deed.CONSENT, str(petition.id))


def _decisions(desk: Desk, campaign: CampaignRow) -> Iterator[Appointment]:
    """Phases are closed on their last day, or as soon afterwards as nothing stands in the way.

    Before that day nobody asks what does, for it takes long to tell.
    """
    for phase in campaign.phases:
        if phase.status == PhaseStatus.OPEN and phase.closes_on:
            at = _at(phase.closes_on, DECISION)
            if at > desk.now or not obstacles_of(desk, phase):
                yield Appointment(at, Deed.DECIDE, phase.key)


def _next_morning(desk: Desk, since: datetime) -> datetime:
    return _at(desk.office.calendar.next_working(desk.office.hours.day_of(since) + DAY), DESK_HOURS)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, ZONE)
