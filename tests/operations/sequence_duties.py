"""Deeds about what is owed, in any order: time goes by, patrols come, papers go back and forth, dates move."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy import select

from appraisal.domain.lifecycle import OWED, ObligationStatus, PhaseStatus
from appraisal.domain.problems import LookBack
from appraisal.method.duties import Duty
from appraisal.method.load import Edition
from appraisal.method.words import Act, Manner, OwedBy
from appraisal.notices.delivery import DELIVERED, passing
from appraisal.operations import closings, duties, events, extensions, phases
from appraisal.operations.dispatch import claim, settle
from appraisal.operations.occurred import EXTENSION
from appraisal.operations.office import Desk
from appraisal.operations.parcels import Delivery
from appraisal.operations.verdicts import UNSAID, Verified
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.rectification_tables import PetitionRow
from appraisal.store.register_tables import StandInRow
from tests.operations.mailroom import mailroom
from tests.operations.memory import Memory
from tests.operations.sequence_world import LEADER, MEMBER, SLUG, UNITS, Course

PLACE = st.integers(0, 59)
UNIT = st.sampled_from(UNITS)
STEPS = (
    timedelta(minutes=1),
    timedelta(hours=5),
    timedelta(days=1),
    timedelta(days=2),
    timedelta(days=5),
    timedelta(days=9),
    timedelta(days=16),
    timedelta(days=30),
)
BODY = {"office": "office-1", "director": "director", "panel_head": LEADER, "panel_member": MEMBER}
LEASE = timedelta(minutes=2)


class Duties(RuleBasedStateMachine):
    """What is done about obligations; mostly by whoever is entitled, sometimes by somebody else."""

    memory: Memory
    edition: Edition

    def __init__(self) -> None:
        super().__init__()
        self.course = Course(self.memory, self.edition)

    def teardown(self) -> None:
        self.patrol_comes(timedelta(days=30))
        self.course.check()

    @rule(step=st.sampled_from(STEPS))
    def time_goes_by(self, step: timedelta) -> None:
        self.course.now += step

    @rule(step=st.sampled_from(STEPS))
    def patrol_comes(self, step: timedelta) -> None:
        self.course.now += step
        self.course.go_on_patrol()

    @rule(place=PLACE, stranger=st.integers(0, 9))
    def sign(self, place: int, stranger: int) -> None:
        row = self.course.pick(place, ObligationRow.status == ObligationStatus.ISSUED)
        if row is not None:
            who = self._holder(row, self._duty(row).role) if stranger else "director"
            self.course.attempt(who, lambda desk: duties.acknowledge(desk, row.id, self.course.by(who)))

    @rule(place=PLACE, stranger=st.integers(0, 9), percent=st.sampled_from((None, 10, 50)), relapsed=st.booleans())
    def hand_in(self, place: int, stranger: int, percent: int | None, relapsed: bool) -> None:
        row = self.course.pick(place, ObligationRow.status.in_(OWED), ObligationRow.key != "sign")
        if row is None:
            return
        duty = self._duty(row)
        who = self._holder(row, duty.role) if stranger else "office-2"
        by, finding = self.course.by(who), LookBack.RELAPSED if relapsed else LookBack.HOLDS
        if duty.does is Act.CONFIRM:
            self.course.attempt(who, lambda desk: duties.confirm(desk, row.id, by))
            return
        given = (percent if duty.progress else None, finding if duty.owed_by is OwedBy.EACH_CLOSED else None)
        self.course.attempt(who, lambda desk: duties.submit(desk, row.id, by, f"已办理 {row.returns}", (), *given))

    @rule(place=PLACE, good=st.booleans(), stranger=st.integers(0, 9))
    def judge(self, place: int, good: bool, stranger: int) -> None:
        row = self.course.pick(place, ObligationRow.status == ObligationStatus.SUBMITTED)
        if row is None:
            return
        duty = self._duty(row)
        who = self._holder(row, duty.accepted_by or "office") if stranger else self._holder(row, duty.role)
        by = self.course.by(who)
        how = Verified(Manner.ON_PAPER, self._today()) if duty.manners else UNSAID
        if good:
            self.course.attempt(who, lambda desk: duties.accept(desk, row.id, by, "属实", how))
        else:
            self.course.attempt(who, lambda desk: duties.give_back(desk, row.id, by, "请补正", how))

    @rule(place=PLACE, days=st.integers(-1, 30), then=st.sampled_from((None, True, True, False)))
    def ask_for_time(self, place: int, days: int, then: bool | None) -> None:
        row = self.course.pick(place, ObligationRow.status.in_(OWED), ObligationRow.due_on.is_not(None))
        if row is not None and row.due_on is not None:
            who, until = self._holder(row, self._duty(row).role), row.due_on + timedelta(days=days)
            self.course.attempt(who, lambda desk: extensions.ask(desk, row.id, self.course.by(who), until, "资金未到"))
        if then is not None:
            self._decide(0, granted=then)

    @rule(place=PLACE, granted=st.booleans())
    def decide_on_time(self, place: int, granted: bool) -> None:
        self._decide(place, granted=granted)

    @rule(place=PLACE)
    def take_petition_back(self, place: int) -> None:
        petition = self._petition(place)
        if petition is not None:
            who = petition.asked_by
            self.course.attempt(who, lambda desk: extensions.withdraw(desk, petition.id, self.course.by(who)))

    @rule(unit=UNIT, days=st.integers(-10, 30))
    def agree_on_plan(self, unit: str, days: int) -> None:
        at = (self.course.now + timedelta(days=days)).replace(hour=9, minute=0)
        self.course.attempt("office-1", lambda desk: events.set_event(desk, SLUG, "plan_agreed", at, unit))

    @rule(unit=UNIT, days=st.integers(0, 20))
    def be_absent(self, unit: str, days: int) -> None:
        """The head stands in for the handler."""
        since, people = self._today(), self.course.people
        key = identity("stand_in", unit, since)
        pair = {"person_id": people[f"{unit}-handler"].id, "stand_in_id": people[f"{unit}-head"].id}
        with self.course.office.desk("cli", self.course.now) as desk:
            desk.session.merge(StandInRow(id=key, since=since, until=since + timedelta(days=days), **pair))

    @rule(key=st.sampled_from(("rectify", "look_back")), agreed=st.integers(0, 9))
    def decide_on_closing(self, key: str, agreed: int) -> None:
        def deed(desk: Desk) -> None:
            closing = closings.ask(desk, SLUG, key)
            person, seen = self.course.people["director"], closing.brief.digest()
            if closing.status == "pending":
                closings.decide(desk, SLUG, key, person, agreed=bool(agreed), seen=seen, via="portal", remarks="阅")

        self.course.attempt("director", deed, once=True)

    @rule()
    def phases_move_on(self) -> None:
        """What their flows do."""

        def deed(desk: Desk) -> None:
            for phase in [*phases.open_phases(desk.session), *phases.ready_to_open(desk)]:
                if phase.status == PhaseStatus.OPEN:
                    phases.close_phase(desk, SLUG, phase.key)
                else:
                    phases.open_phase(desk, SLUG, phase.key)
                    phases.issue_duties(desk, SLUG, phase.key)

        self.course.attempt("office-1", deed, once=True)

    @rule(fares=st.sampled_from(("arrives", "fails", "sender dies")))
    def dispatch_comes(self, fares: str) -> None:
        """Every letter can be worded; what was claimed and not settled is claimed again."""
        office, now = self.course.office, self.course.now
        with office.desk("engine", now) as desk:
            parcels = claim(desk.work, now, 200, LEASE)
        carrier = replace(mailroom(office.store).carrier, today=self._today())
        composed = [(parcel, *carrier.compose(parcel)[1:]) for parcel in parcels]
        assert [faulty for _, _, faulty in composed if faulty] == []
        outcome = DELIVERED if fares == "arrives" else passing("http:503")
        settled = [Delivery(parcel.claim, item, outcome) for parcel, items, _ in composed for item in items]
        if fares != "sender dies":
            with office.desk("engine", now) as desk:
                settle(desk.work, settled, now, office.quiet, office.calendar)

    def _duty(self, row: ObligationRow) -> Duty:
        return self.course.method.duty(row.key)

    def _holder(self, row: ObligationRow, role: str) -> str:
        return BODY.get(role) or f"{row.unit.code if row.unit else 'jyj'}-{role}"

    def _decide(self, place: int, *, granted: bool) -> None:
        petition = self._petition(place)
        if petition is not None:
            by, deed = self.course.by("director"), extensions.decide
            self.course.attempt("director", lambda desk: deed(desk, petition.id, by, granted=granted, remarks="阅"))

    def _petition(self, place: int) -> PetitionRow | None:
        """The newest first."""
        query = select(PetitionRow).where(PetitionRow.kind == EXTENSION)
        query = query.order_by(PetitionRow.asked_at.desc(), PetitionRow.position.desc(), PetitionRow.id)
        with self.course.office.store.reading() as session:
            found = session.scalars(query).all()
            return found[place % len(found)] if found else None

    def _today(self) -> date:
        return self.course.now.date()
