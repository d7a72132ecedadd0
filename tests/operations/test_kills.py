"""``kill -9`` of patrol and dispatch, a hundred times on each database: nothing is lost, and a copy says it is one."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import func, select

from appraisal.domain.facts import Action
from appraisal.notices.post import CLAIMED, QUEUED
from appraisal.notices.render import number
from appraisal.operations import audit
from appraisal.operations.office import Office
from appraisal.store.campaign_tables import FiringRow, ObligationRow
from appraisal.store.record_tables import LedgerRow, OutboxRow
from appraisal.store.register_tables import ContactRow, PersonRow
from tests.databases import sqlite_store
from tests.notices.sink import Sink, open_sink
from tests.operations.lives import EVENTS, KILLED, LEASE, LIVED, End, Lives, lives_of, work_through
from tests.operations.world import instant, open_office, running

pytestmark = pytest.mark.slow
KILLS = 100
SEED = 20231101
MOST = {"statement": 60, "committing": 8, "committed": 8, "sending": 8, "sent": 8}
TURNS_AT_ONE_INSTANT = 8
STARTS = tuple(f"2023-{day}T10:00" for day in ("08-28", "08-30", "09-05", "09-12"))
UNITS = ("jyj", "kjj")
NUMBER = re.compile(r"消息编号：([0-9A-F]{4}-[0-9A-F]{4})")


@dataclass
class Killer:
    """Ends lives until it has ended enough, at points drawn by its seed; now and then two are under way at once."""

    lives: Lives
    draw: Random = field(default_factory=lambda: Random(SEED))
    ended: list[End] = field(default_factory=list)

    def work_through(self, now: datetime) -> None:
        """One instant: lives that are ended, each when the claims of those before have run out, and one that is not."""
        for _ in range(TURNS_AT_ONE_INSTANT):
            if len(self.ended) >= KILLS or not self._turn(now):
                break
            now += LEASE + timedelta(minutes=1)
        self.lives.work_through(now)

    def _turn(self, now: datetime) -> bool:
        """Whether a life was ended."""
        ends = [self._drawn() for _ in range(1 if self.draw.random() < 0.75 else 2)]
        found = self.lives.live(now, ends)
        assert set(found) <= {LIVED, KILLED}
        taken = [end for end, how in zip(ends, found, strict=True) if how == KILLED]
        self.ended += taken
        return bool(taken)

    def _drawn(self) -> End:
        kind = self.draw.choice(EVENTS)
        return End(kind, self.draw.randint(1, MOST[kind]))


def prepared(office: Office, sink: Sink) -> None:
    """Campaigns in which nobody does anything, and everybody is reached at the sink."""
    for place, at in enumerate(STARTS):
        running(office, f"kills-{place}", UNITS, at)
    with office.store.work("test") as work:
        for row, code in work.session.execute(select(ContactRow, PersonRow.code).join(PersonRow)):
            row.sealed = office.keyring.seal(f"json://127.0.0.1:{sink.port}/{code}")


def next_instant(office: Office) -> datetime | None:
    """When there is something to do next."""
    with office.store.reading() as session:
        rung = session.scalar(select(func.min(ObligationRow.next_check_at)))
        waiting = OutboxRow.status.in_((QUEUED, CLAIMED)), OutboxRow.person_id.is_not(None)
        message = session.scalar(select(func.min(OutboxRow.not_before)).where(*waiting))
    return min((found for found in (rung, message) if found), default=None)


def through_the_months(office: Office, work: Callable[[datetime], None]) -> list[datetime]:
    """Work at every instant at which there is something to do, until there is nothing any more."""
    seen: list[datetime] = []
    while now := next_instant(office):
        seen.append(now)
        work(now)
    return seen


def done(office: Office) -> tuple[list[tuple[UUID, int, str, bool]], list[tuple[str, str]]]:
    """Every rung dealt with, and every message with how it stands."""
    fired = select(FiringRow.obligation_id, FiringRow.rung, FiringRow.act, FiringRow.passed_over)
    with office.store.reading() as session:
        rungs = [(row.obligation_id, row.rung, row.act, row.passed_over) for row in session.execute(fired)]
        posted = [(key, status) for key, status in session.execute(select(OutboxRow.key, OutboxRow.status))]
    return sorted(rungs), sorted(posted)


@pytest.fixture(scope="module")
def undisturbed(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[datetime], object]:
    """The same months with nobody killed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with open_sink() as sink, sqlite_store(pristine, folder / "pingyi.db") as store:
        office = open_office(store, folder, instant(STARTS[0]))
        prepared(office, sink)
        seen = through_the_months(office, lambda now: work_through(office, now))
        return seen, done(office)


def received(sink: Sink) -> Counter[tuple[str, str]]:
    """How often each person got each message, by its number; a digest has a number more than it has items."""
    got = ((each["path"].strip("/"), NUMBER.findall(each["message"])) for each in sink.got)
    return Counter((who, found) for who, numbers in got for found in (numbers[:-1] or numbers))


def recorded(office: Office) -> Counter[tuple[UUID, int]]:
    """How often the ledger has each rung of each obligation."""
    rungs = LedgerRow.action.in_((Action.OBLIGATION_RUNG_FIRED, Action.OBLIGATION_RUNG_PASSED))
    with office.store.reading() as session:
        rows = session.execute(select(LedgerRow.subject, LedgerRow.payload).where(rungs))
        return Counter((UUID(subject.partition(":")[2]), json.loads(payload)["rung"]) for subject, payload in rows)


def posted(office: Office) -> set[tuple[str, str]]:
    with office.store.reading() as session:
        rows = session.execute(select(PersonRow.code, OutboxRow.key).join(OutboxRow.person))
        return {(code, number(key)) for code, key in rows}


def test_patrol_and_dispatch_killed_at_random_points_lose_nothing_and_repeat_only_what_says_so(
    office: Office, undisturbed: object, record_testsuite_property: Callable[[str, object], None]
) -> None:
    with open_sink() as sink, lives_of(office) as lives:
        killer = Killer(lives)
        prepared(office, sink)
        seen = through_the_months(office, killer.work_through)
    got = received(sink)
    repeats = got.total() - len(got)
    told = f"{KILLS} kills on {office.store.engine.dialect.name}, seed {SEED}"
    record_testsuite_property(told, f"{len(got)} messages, {repeats} repeats; {Counter(e.event for e in killer.ended)}")
    assert len(killer.ended) == KILLS
    assert (seen, done(office)) == undisturbed
    assert set(got) == posted(office)
    assert repeats > 0
    assert recorded(office) == Counter({rung[:2]: 1 for rung in done(office)[0]})
    with office.store.reading() as session:
        assert session.scalars(select(OutboxRow.key).where(OutboxRow.status.in_((QUEUED, CLAIMED)))).all() == []
        assert audit.verify(session) == []
