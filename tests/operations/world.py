"""An office with the sample register, and a campaign that its people drive by hand."""

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from appraisal.clock import ZONE
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.refusal import Refusal
from appraisal.method.load import Edition, read_method
from appraisal.notices.wording import phrase
from appraisal.operations import campaigns, closings, duties, events, patrol, phases, problems, results
from appraisal.operations.closings import Closing
from appraisal.operations.duties import By
from appraisal.operations.office import Desk, Office
from appraisal.operations.papers import StoredFile
from appraisal.operations.patrol import Rounds
from appraisal.operations.register import import_register
from appraisal.operations.results import Tally
from appraisal.places import root
from appraisal.settings import Settings
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ObligationRow, PhaseRow
from appraisal.store.record_tables import LedgerRow, OutboxRow
from appraisal.store.register_tables import PersonRow, StandInRow
from appraisal.store.work import Store

LADDERS = root() / "config/ladders.yaml"
SMALL = Path(__file__).parent / "data/three-phases.yaml"
LANXI = root() / "config/methods/lanxi-2023.yaml"
STARTS = "2023-08-28T10:00"
TALLY = Tally(31, 31, 31, {"satisfied": 28, "basic": 3})


def instant(text: str) -> datetime:
    """``2023-08-28T10:00``, in the zone of the office."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def paper(name: str = "报告.pdf", content: str = "c0ffee") -> StoredFile:
    """A file as it comes out of the checks, under a random name."""
    return StoredFile(name, "application/pdf", 100, content, uuid4().hex)


@cache
def edition(path: Path = SMALL) -> Edition:
    return read_method(path, LADDERS)


def open_office(store: Store, home: Path, now: datetime, **chosen: Any) -> Office:  # noqa: ANN401 - any setting
    """An office whose register is the sample of 兰溪."""
    office = Office(Settings(home=home, **chosen), store)
    with office.desk("cli", now) as desk:
        sample = root() / "config/sample/lanxi"
        import_register(desk.work, office.keyring, sample, now, roles=None, valid_address=lambda _: True)
    return office


def begin(office: Office, method: Edition, slug: str, title: str, units: Sequence[str], now: datetime) -> None:
    """A campaign that starts today."""
    with office.desk("cli", now) as desk:
        campaigns.start(desk, method, slug, title, now.date(), units)


def open_phase(office: Office, slug: str, key: str, now: datetime) -> None:
    """What the flow of a phase does first."""
    with office.desk("engine", now) as desk:
        phases.open_phase(desk, slug, key)
        phases.issue_duties(desk, slug, key)


@contextmanager
def refused(code: str, **facts: object) -> Iterator[None]:
    """The block must be refused for exactly this, in words that exist."""
    with pytest.raises(Refusal) as caught:
        yield
    assert (caught.value.code, caught.value.facts) == (code, facts)
    assert phrase(code, **facts)


@dataclass(frozen=True)
class Campaign:
    """A campaign as its people see it; instants are given as ``2023-08-31T10:00``."""

    office: Office
    slug: str

    def desk(self, who: str, at: str) -> AbstractContextManager[Desk]:
        return self.office.desk(f"person:{who}", instant(at))

    def person(self, code: str) -> PersonRow:
        with self.office.store.reading() as session:
            return session.scalars(select(PersonRow).where(PersonRow.code == code)).one()

    def by(self, code: str, *, offline: bool = False) -> By:
        return By(self.person(code), offline)

    def duty(self, key: str, unit: str = "jyj") -> UUID:
        return identity("obligation", self.slug, key, unit)

    def row(self, key: str, unit: str = "jyj") -> ObligationRow:
        with self.office.store.reading() as session:
            return session.get_one(ObligationRow, self.duty(key, unit))

    def phase(self, key: str) -> PhaseRow:
        with self.office.store.reading() as session:
            return session.get_one(PhaseRow, identity("phase", self.slug, key))

    def facts(self, *actions: str, subject: str = "") -> list[dict[str, Any]]:
        """The payloads of these actions in the campaign's chain, in their order."""
        with self.office.store.reading() as session:
            rows = session.scalars(select(LedgerRow).where(LedgerRow.chain == self.slug).order_by(LedgerRow.link))
            return [json.loads(row.payload) for row in rows if row.action in actions and subject in ("", row.subject)]

    def about(self, key: str, *actions: str, unit: str = "jyj") -> list[dict[str, Any]]:
        """The same for one obligation."""
        return self.facts(*actions, subject=f"obligation:{self.duty(key, unit)}")

    def letters(self, template: str, unit: str | None = None) -> list[str]:
        """To whom letters of a template were posted in this campaign, by code."""
        return [code for code, _ in self.posted(template, unit)]

    def posted(self, template: str, unit: str | None = None) -> list[tuple[str, OutboxRow]]:
        query = select(PersonRow.code, OutboxRow).join(OutboxRow.person)
        mine = OutboxRow.campaign_id == identity("campaign", self.slug), OutboxRow.template == template
        with self.office.store.reading() as session:
            rows = session.execute(query.where(*mine).order_by(OutboxRow.created_at, PersonRow.code)).all()
            return [(code, row) for code, row in rows if unit in (None, row.unit)]

    def acknowledge(self, key: str, at: str, unit: str = "jyj", who: str = "") -> None:
        who = who or f"{unit}-handler"
        with self.desk(who, at) as desk:
            duties.acknowledge(desk, self.duty(key, unit), self.by(who))

    def submit(self, key: str, at: str, *files: StoredFile, unit: str = "jyj", text: str = "已整改") -> None:
        who = f"{unit}-handler"
        with self.desk(who, at) as desk:
            duties.submit(desk, self.duty(key, unit), self.by(who), text, files)

    def accept(self, key: str, at: str, unit: str = "jyj", who: str = "office-1") -> None:
        with self.desk(who, at) as desk:
            duties.accept(desk, self.duty(key, unit), self.by(who))

    def give_back(self, key: str, at: str, remarks: str = "请补正", who: str = "office-1") -> None:
        with self.desk(who, at) as desk:
            duties.give_back(desk, self.duty(key), self.by(who), remarks)

    def confirm(self, key: str, at: str, who: str = "office-1") -> None:
        with self.desk(who, at) as desk:
            duties.confirm(desk, self.duty(key, ""), self.by(who))

    def set_event(self, name: str, day: str, at: str, unit: str | None = None) -> bool:
        with self.desk("office-1", at) as desk:
            return events.set_event(desk, self.slug, name, instant(f"{day}T09:00"), unit)

    def record_result(self, at: str, unit: str = "市教育局", grade: str = "满意", tally: Tally = TALLY) -> None:
        with self.desk("office-1", at) as desk:
            results.record_result(desk, self.slug, "revote", unit, tally, grade)

    def record_problem(self, at: str, title: str = "教师编制不足", unit: str = "jyj") -> int:
        with self.desk("office-1", at) as desk:
            found = Found(FindingKind.ENTERED, title, "office-1")
            return problems.record(desk, self.slug, Draft(title, unit, aim="年底前补齐"), found).number

    def close_problem(self, at: str, number: int = 1) -> None:
        with self.desk("office-1", at) as desk:
            problems.close_problem(desk, self.slug, number, "评议小组")

    def ask(self, key: str, at: str) -> Closing:
        with self.office.desk("engine", instant(at)) as desk:
            return closings.ask(desk, self.slug, key)

    def decide(self, key: str, at: str, *, agreed: bool = True, who: str = "director", seen: str = "") -> Closing:
        """Decide on what is read now, or on what was ``seen``."""
        seen = seen or self.ask(key, at).brief.digest()
        with self.desk(who, at) as desk:
            person = self.person(who)
            return closings.decide(desk, self.slug, key, person, agreed=agreed, seen=seen, via="portal", remarks="阅")

    def close(self, key: str, at: str) -> str:
        """What the flow of a phase does on every pass; the status of the phase."""
        with self.office.desk("engine", instant(at)) as desk:
            closings.decide_by_rule(desk, self.slug, key)
            return phases.close_phase(desk, self.slug, key).status

    def patrol(self, at: str, limit: int = 500) -> Rounds:
        with self.office.desk("engine", instant(at)) as desk:
            return patrol.fire_due(desk, limit)

    def absence(self, absent: str, actor: str, since: str, until: str) -> None:
        """Somebody stands in for an absent person."""
        with self.office.desk("cli", instant(STARTS)) as desk:
            key = identity("stand_in", absent, actor, since)
            days = {"since": date.fromisoformat(since), "until": date.fromisoformat(until)}
            people = {"person_id": self.person(absent).id, "stand_in_id": self.person(actor).id}
            desk.session.merge(StandInRow(id=key, **people, **days))


def running(office: Office, slug: str, units: Sequence[str] = ("jyj", "kjj"), at: str = STARTS) -> Campaign:
    """Monday, 28 August 2023, 10:00: the small method runs in two units, its first two phases are open."""
    begin(office, edition(), slug, "2023年部门工作评议", units, instant(at))
    for key in ("prepare", "rectify"):
        open_phase(office, slug, key, instant(at))
    return Campaign(office, slug)


def finish_rectifying(campaign: Campaign) -> None:
    """Everything that the gate of the second phase asks for, by 3 November."""
    for unit in ("jyj", "kjj"):
        campaign.acknowledge("opinion", "2023-08-31T10:00", unit)
        campaign.submit("rectification_plan", "2023-09-20T10:00", unit=unit)
        campaign.submit("rectification_report", "2023-10-20T10:00", paper(), unit=unit)
        campaign.accept("rectification_report", "2023-10-25T10:00", unit)
        campaign.record_result("2023-11-03T10:00", unit)


def close_everything(campaign: Campaign) -> None:
    """All three phases, the last of them by rule on 11 December."""
    campaign.confirm("launch_notice", "2023-08-30T10:00")
    campaign.decide("prepare", "2023-08-31T09:00")
    campaign.close("prepare", "2023-08-31T09:05")
    finish_rectifying(campaign)
    campaign.decide("rectify", "2023-12-04T10:00")
    campaign.close("rectify", "2023-12-04T10:05")
    open_phase(campaign.office, campaign.slug, "publish", instant("2023-12-04T10:10"))
    campaign.close("publish", "2023-12-11T09:00")
