"""Rectification told day by day: people act, the engine goes its rounds, and every message that leaves is noted."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import select

from appraisal.clock import ZONE
from appraisal.domain.lifecycle import PhaseStatus
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.method.words import Manner
from appraisal.notices.channels import Channels
from appraisal.notices.delivery import DELIVERED
from appraisal.notices.post import QUEUED
from appraisal.notices.wording import day as in_words
from appraisal.operations import assigning, duties, patrol, phases, problems, recurring, weekly_brief
from appraisal.operations.carrying import Carrier
from appraisal.operations.dispatch import claim, settle
from appraisal.operations.loading import campaign_by, method_of
from appraisal.operations.office import Desk, Office
from appraisal.operations.parcels import Delivery, Parcel
from appraisal.operations.summonses import Talk, record_summons
from appraisal.operations.verdicts import Verified
from appraisal.store.assignment_tables import OrderRow
from appraisal.store.base import identity
from appraisal.store.campaign_tables import CampaignRow, ObligationRow
from appraisal.store.record_tables import OutboxRow
from tests.method.written import WRITTEN
from tests.operations.closing_world import DUE, PANEL, TwoHands
from tests.operations.extending import Extending
from tests.operations.panel_world import set_panel
from tests.operations.world import STARTS, begin, edition, instant, open_phase

TITLE = "校车超员"
EVERY = timedelta(minutes=5)
"""The patrol comes so often; between two of its rounds that find something the clock is moved."""
LEASE = timedelta(minutes=2)


@dataclass(frozen=True, order=True)
class Message:
    """One message as it left."""

    at: datetime
    subject: str
    to: str
    body: str


@dataclass
class Engine:
    """How far the engine has come, when it was called for, and what it has sent that nobody has asked about yet."""

    now: datetime
    called: datetime | None = None
    sent: list[Message] = field(default_factory=list)
    read: list[Message] = field(default_factory=list)


@dataclass(frozen=True)
class Course(TwoHands, Extending):
    """Monday, 28 August 2023: rectification begins in two bureaus; a panel covers 市教育局.

    Whatever somebody does, the engine has been round up to that instant.
    """

    engine: Engine

    @contextmanager
    def desk(self, who: str, at: str) -> Iterator[Desk]:
        self._live(instant(at))
        with super().desk(who, at) as desk:
            yield desk
        self._send(instant(at))
        self.engine.called = instant(at) + EVERY

    def told(self, until: str) -> str:
        """Every message that left since this was last asked, up to that day after the hour of the rungs."""
        self._live(instant(f"{until}T09:30"))
        sent, self.engine.sent = self.engine.sent, []
        self.engine.read += sent
        return listed(sent)

    def last(self, subject: str) -> str:
        """The whole of the last message whose subject begins so, but for its link and number."""
        body = next(each.body for each in reversed(self.engine.read) if each.subject.startswith(subject))
        return "\n".join(["", *body.splitlines()[:-3], ""])

    def assign(self, *supporting: str, at: str = "2023-09-01T10:00", unit: str = "jyj", due_on: date = DUE) -> None:
        """One problem, put to its units by letter."""
        with self.desk("office-1", at) as desk:
            draft = Draft(TITLE, unit, classes={"time": "limit"}, due_on=due_on, supporting=supporting)
            number = problems.record(desk, self.slug, draft, Found(FindingKind.ENTERED, TITLE, "office-1")).number
            assigning.assign(desk, self.slug, [number])

    def sign(self, at: str, unit: str = "jyj") -> None:
        (row,) = [row for row in self.standing("sign") if row.unit and row.unit.code == unit]
        with self.desk(f"{unit}-handler", at) as desk:
            duties.acknowledge(desk, row.id, self.by(f"{unit}-handler"))

    def report(self, at: str, percent: int, text: str) -> None:
        """The report on the period that is under way."""
        self._live(instant(at))
        row = self.standing("progress")[-1]
        with self.desk("jyj-handler", at) as desk:
            duties.submit(desk, row.id, self.by("jyj-handler"), text, percent=percent)

    def answer(self, key: str, at: str, text: str, unit: str = "jyj") -> None:
        """Hand in what is owed last under a duty."""
        self._live(instant(at))
        with self.desk(f"{unit}-handler", at) as desk:
            duties.submit(desk, self.standing(key)[-1].id, self.by(f"{unit}-handler"), text)

    def verify_on_site(self, at: str) -> None:
        self.verify(at, verified=Verified(Manner.ON_SITE, instant(at).date()))

    def talk(self, at: str, reason: str) -> None:
        """The head of the bureau is talked to, as the last notice called for, and the record is kept."""
        with self.desk("office-1", at) as desk:
            agreed, record = "一周内报送整改情况。", "说明了原因，表示立即整改。"
            held = (instant(at).date(), "试用丙")
            record_summons(desk, self.slug, Talk("jyj", "李样例", *held, reason, record, agreed, [1], order=1))

    def standing(self, key: str) -> list[ObligationRow]:
        """What is or was owed under a duty, in the order of its issuing."""
        mine = (ObligationRow.key == key, ObligationRow.campaign.has(slug=self.slug))
        with self.office.store.reading() as session:
            order = (ObligationRow.issued_at, ObligationRow.times)
            return list(session.scalars(select(ObligationRow).where(*mine).order_by(*order)))

    def orders(self) -> list[tuple[str, str]]:
        """The kinds and marks of the numbered letters, in their order."""
        query = select(OrderRow).where(OrderRow.campaign_id == self.problem().campaign_id)
        with self.office.store.reading() as session:
            return [(row.kind, row.mark) for row in session.scalars(query.order_by(OrderRow.given_at, OrderRow.kind))]

    def _live(self, until: datetime) -> None:
        """Let the engine go its rounds."""
        while (coming := self._next()) <= until:
            self.engine.now = coming
            self._go_round(coming)
            self._send(coming)
        self.engine.now = max(self.engine.now, until)

    def _next(self) -> datetime:
        """When the patrol, or whoever sends what waits, finds something next; within a month at the latest."""
        now, called = self.engine.now, self.engine.called
        with self.office.desk("engine", now) as desk:
            campaign = campaign_by(desk.session, self.slug)
            days = [
                *recurring.next_periods(desk, campaign),
                *(row.closes_on for row in campaign.phases if row.closes_on),
            ]
            days += [row.opens_on for row in campaign.phases if row.opens_on and row.status == PhaseStatus.PLANNED]
            looks = select(ObligationRow.next_check_at).where(ObligationRow.campaign_id == campaign.id)
            waits = select(OutboxRow.not_before).where(OutboxRow.status == QUEUED)
            found = [max(at, now + EVERY) for at in desk.session.scalars(looks) if at]
            found += [*desk.session.scalars(waits), *weekly_brief.next_weekly(desk), *([called] if called else [])]
        found += [datetime.combine(day, time(), ZONE) for day in days]
        return min((at for at in found if at > now), default=now + timedelta(days=30))

    def _go_round(self, at: datetime) -> None:
        """What a patrol does about rectification, in its order."""
        with self.office.desk("engine", at) as desk:
            self._open_phases(desk)
            recurring.issue_recurring(desk)
            patrol.fire_due(desk)
            weekly_brief.send_weekly(desk)
            patrol.call_for_closings(desk)

    def _open_phases(self, desk: Desk) -> None:
        """What the flow of a phase does on its day."""
        for phase in campaign_by(desk.session, self.slug).phases:
            if phase.status == PhaseStatus.PLANNED and phase.opens_on and phase.opens_on <= desk.now.date():
                phases.open_phase(desk, self.slug, phase.key)
                phases.issue_duties(desk, self.slug, phase.key)

    def _send(self, at: datetime) -> None:
        """Everything that may go out by now: worded as it is, and taken by a channel that never fails."""
        carrier = Carrier(Channels({}), self.office.keyring.unseal, "https://pingyi{2}".format, at.date(), 5, 60)
        with self.office.desk("engine:dispatch", at) as desk:
            parcels = claim(desk.work, at, 500, LEASE)
            done = [each for parcel in parcels for each in self._hand_over(desk, parcel, carrier)]
            settle(desk.work, done, at, self.office.quiet, self.office.calendar)

    def _hand_over(self, desk: Desk, parcel: Parcel, carrier: Carrier) -> Iterator[Delivery]:
        message, items, faulty = carrier.compose(parcel)
        assert message, faulty
        row = desk.session.get_one(OutboxRow, items[0].id)
        if row.campaign_id == identity("campaign", self.slug):
            self.engine.sent.append(Message(desk.now, message.subject, _addressed(desk, row), message.body))
        yield from (Delivery(parcel.claim, item, DELIVERED) for item in items)


def course(office: Office, slug: str) -> Course:
    """The campaign under way."""
    begin(office, edition(WRITTEN["rectification"]), slug, "2023年整改评议", ("jyj", "kjj"), instant(STARTS))
    begun = Course(office, slug, Engine(instant(STARTS)))
    set_panel(begun, PANEL)
    open_phase(office, slug, "rectify", instant(STARTS))
    return begun


def _addressed(desk: Desk, row: OutboxRow) -> str:
    """Role and name, and for whom one stands in."""
    title = method_of(desk.session.get_one(CampaignRow, row.campaign_id)).role(row.role).title
    absent = row.context["acting_for"]
    return f"{title}{row.person.name if row.person else ''}{f'（代{absent}）' if absent else ''}"


def listed(sent: Iterable[Message]) -> str:
    """Day by day; under each message those to whom it went."""
    lines: list[str] = []
    for day, of_day in groupby(sorted(sent), key=lambda each: each.at.date()):
        lines.append(in_words(day))
        for (at, subject), same in groupby(of_day, key=lambda each: (each.at, each.subject)):
            lines += [f"  {at:%H:%M} {subject}", f"        → {'、'.join(each.to for each in same)}"]
    return "\n".join(["", *lines, ""])
