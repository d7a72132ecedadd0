"""Rehearsal: a whole campaign ahead of time, through the same operations, on a throw-away record.

Time moves from one thing that happens to the next.  What people would do is written in ``rehearsal_script``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from appraisal.clock import ZONE
from appraisal.domain.lifecycle import CampaignStatus, PhaseStatus
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import phrase
from appraisal.operations import campaigns, closings, patrol, phases, recurring, roundups, weekly_brief
from appraisal.operations.loading import campaign_by, phase_by
from appraisal.operations.office import Desk, Office
from appraisal.operations.rehearsal_cast import ACTOR, Cast, Plan, cast, stage
from appraisal.operations.rehearsal_dates import Assumed, assume_for, assume_to_go_on, set_given
from appraisal.operations.rehearsal_deeds import do
from appraisal.operations.rehearsal_findings import FaultLine, Rehearsal, findings
from appraisal.operations.rehearsal_panels import is_supposed, seat_panel, supposed
from appraisal.operations.rehearsal_script import MORNING, Appointment, Deed, Manner, appointments, wakings
from appraisal.settings import Settings

SLUG = "rehearsal"
LONGEST = timedelta(days=5 * 366)
MOST_ROUNDS = 50

Answer = TypeVar("Answer")


def rehearse(settings: Settings, plan: Plan) -> Rehearsal:
    """Refuses what could not be started; whatever goes wrong on the way is a fault of the rehearsal."""
    with stage(settings) as office:
        started = datetime.combine(plan.starts_on, MORNING, ZONE)
        walk = Walk(office, plan, cast(office, plan, started), started)
        walk.begin()
        walk.to_the_end()
        with office.desk(ACTOR, walk.now) as desk:
            return findings(desk, SLUG, plan, walk.cast, walk.assumed, walk.faults)


@dataclass
class Walk:
    """Where the rehearsal stands: its moment, what it assumed, and what did not work."""

    office: Office
    plan: Plan
    cast: Cast
    now: datetime
    assumed: list[Assumed] = field(default_factory=list)
    faults: list[FaultLine] = field(default_factory=list)
    given_up: set[tuple[str, str, str, str]] = field(default_factory=set)

    def begin(self) -> None:
        edition, units = supposed(self.plan.edition), self.cast.units
        title = edition.method.title
        self._in(lambda desk: campaigns.start(desk, edition, SLUG, title, self.plan.starts_on, units))
        self._in(lambda desk: seat_panel(desk, SLUG))
        if is_supposed(self.plan.edition):
            self.faults.append(FaultLine("supposed", None, phrase("rehearsal.fault.supposed")))
        self.assumed += self._in(lambda desk: set_given(desk, SLUG, self.plan.events))

    def to_the_end(self) -> None:
        until = self.now + LONGEST
        while not self._over():
            self._live()
            after = self._in(self._next)
            if after is None or after > until:
                if self._over() or not self._go_on():
                    break
                continue
            self.now = after

    def _live(self) -> None:
        """All that happens at this moment, until nothing more does."""
        for _ in range(MOST_ROUNDS):
            if not (self._open() or self._in(recurring.issue_recurring) or self._act()):
                break
        while self._in(patrol.fire_due).looked_at:
            pass
        self._in(roundups.send_roundups)
        self._in(weekly_brief.send_weekly)
        self._in(patrol.call_for_closings)

    def _open(self) -> bool:
        ready = self._in(lambda desk: phases.ready_to_open(desk, SLUG))
        for phase in ready:
            self._begin_phase(phase.key)
        return bool(ready)

    def _begin_phase(self, key: str) -> None:
        """What the flow of a phase does before it waits."""
        self._in(lambda desk: phases.open_phase(desk, SLUG, key))
        self._in(lambda desk: phases.issue_duties(desk, SLUG, key))
        self.assumed += self._in(lambda desk: assume_for(desk, SLUG, key))
        self._in(lambda desk: closings.ask(desk, SLUG, key))

    def _act(self) -> bool:
        """The deeds that are due, all in one transaction for speed; one that is refused is not tried again."""
        with self.office.desk(ACTOR, self.now) as desk:
            due = [appointment for appointment in self._appointments(desk) if appointment.at <= self.now]
            for appointment in due:
                self._try(desk, appointment)
            return bool(due)

    def _try(self, desk: Desk, appointment: Appointment) -> None:
        try:
            with desk.work.attempt():
                do(desk, SLUG, appointment)
            self.faults += _supposed(desk, appointment)
        except Refusal as refusal:
            self.given_up.add(_name(appointment))
            self.faults.append(FaultLine("refused", self.now.date(), phrase(refusal.code, **refusal.facts)))

    def _next(self, desk: Desk) -> datetime | None:
        """A weekly brief stops the clock on the way to something else, and keeps nothing going by itself."""
        planned = [appointment.at for appointment in self._appointments(desk)]
        after = min((at for at in (*planned, *wakings(desk, SLUG)) if at > self.now), default=None)
        return min((after, *weekly_brief.next_weekly(desk))) if after else None

    def _appointments(self, desk: Desk) -> list[Appointment]:
        manner = Manner(self.plan.days_before, self.cast.late)
        return [each for each in appointments(desk, SLUG, manner) if _name(each) not in self.given_up]

    def _over(self) -> bool:
        return self._in(lambda desk: campaign_by(desk.session, SLUG).status == CampaignStatus.CLOSED)

    def _go_on(self) -> bool:
        assumed = self._in(lambda desk: assume_to_go_on(desk, SLUG))
        self.assumed += assumed
        if not assumed:
            what = self._in(_stuck)
            self.faults.append(FaultLine("stuck", self.now.date(), what))
        return bool(assumed)

    def _in(self, body: Callable[[Desk], Answer]) -> Answer:
        with self.office.desk(ACTOR, self.now) as desk:
            return body(desk)


def _supposed(desk: Desk, appointment: Appointment) -> list[FaultLine]:
    """What nobody could know ahead of time, and the rehearsal supposes."""
    facts: dict[str, object] = {}
    if appointment.deed is Deed.FIND:
        facts["phase"] = phase_by(desk.session, SLUG, appointment.about).title
    elif appointment.deed not in (Deed.INSTRUCT, Deed.OBJECT, Deed.ASK):
        return []
    return [FaultLine("supposed", None, phrase(f"rehearsal.fault.supposed_{appointment.deed}", **facts))]


def _stuck(desk: Desk) -> str:
    campaign = campaign_by(desk.session, SLUG)
    still = [row.title for row in campaign.phases if row.status != PhaseStatus.CLOSED]
    return phrase("rehearsal.fault.stuck", phases=still)


def _name(appointment: Appointment) -> tuple[str, str, str, str]:
    return appointment.deed, appointment.about, appointment.unit, appointment.ballot
