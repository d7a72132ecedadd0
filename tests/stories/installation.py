"""An installation as `pingyi up` makes it, driven by hand: its clock, its engine, its people."""

import csv
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from sqlalchemy import select

from appraisal import clock
from appraisal.domain.review_opinion import ProblemText
from appraisal.notices.render import number
from appraisal.operations import campaigns, duties, review_opinions
from appraisal.operations.duties import By
from appraisal.operations.library import edition_of
from appraisal.operations.office import Desk, Office
from appraisal.operations.overview import Overview, overview
from appraisal.operations.papers import StoredFile
from appraisal.operations.register import import_register
from appraisal.operations.units import active_units
from appraisal.places import root
from appraisal.store.base import identity
from appraisal.store.campaign_tables import FiringRow, PhaseRow
from appraisal.store.record_tables import LedgerRow, OutboxRow
from appraisal.store.register_tables import PersonRow
from flows import engine
from flows.engine import PhaseRun, Progress
from flows.notices import notices
from flows.patrol import patrol
from flows.steering import NUDGE, tag
from tests.engine import Engine
from tests.eventually import eventually
from tests.notices.sink import Sink

NUMBER = re.compile(r"消息编号：([0-9A-F]{4}-[0-9A-F]{4})")
NO_FORM_YET = "Run input schema not found."
PATIENCE = 180.0
"""Seconds of real time that a flow run may take on a busy machine before the story gives up."""


@dataclass
class Installation:
    """One campaign is told at a time; ``slug`` names it."""

    office: Office
    clock_file: Path
    sink: Sink
    slug: str
    processes: Engine

    def at(self, day: str, hour: str = "10:00") -> None:
        """Move the clock of every process."""
        clock.set_clock(self.clock_file, datetime.fromisoformat(f"{day}T{hour}+08:00"))

    def rounds(self) -> None:
        """One patrol, and the messages that it gave rise to."""
        patrol()
        notices()

    def start(self, deployment: str, parameters: Mapping[str, object]) -> FlowRun:
        """Run a deployment on the worker, as staff do from the UI; returns the ended run."""
        with get_client(sync_client=True) as client:
            found = client.read_deployment_by_name(deployment)
            run = client.create_flow_run_from_deployment(found.id, parameters=dict(parameters))

            def ended() -> FlowRun | None:
                seen = client.read_flow_run(run.id)
                return seen if seen.state and seen.state.is_final() else None

            ended_run = eventually(ended, PATIENCE)
        assert ended_run is not None, f"{deployment} did not end"
        return ended_run

    def moving(self, phase: str) -> bool:
        """Whether a run of the phase gets into its process."""
        return bool(eventually(lambda: _moving(tag(self.slug, phase)), PATIENCE, pause_at_most=0.05))

    def waiting(self, phase: str, key: str | None = None) -> PhaseRun:
        """The run of a phase once it waits for its approval (under ``key``)."""

        def found() -> PhaseRun | None:
            for run in engine.phase_runs(tag(self.slug, phase)):
                if run.progress is Progress.WAITING and key in (None, run.waiting_key):
                    return run
            return None

        run = eventually(found, PATIENCE)
        assert run is not None, f"{phase} does not wait: {engine.phase_runs(tag(self.slug, phase))}"
        return run

    def closed(self, phase: str) -> bool:
        """Whether the phase gets closed."""
        return bool(eventually(lambda: self.phase_status(phase) == "closed", PATIENCE))

    def phase_status(self, phase: str) -> str | None:
        """The status of a phase in our tables."""
        with self.office.store.reading() as session:
            return session.scalar(select(PhaseRow.status).where(PhaseRow.id == identity("phase", self.slug, phase)))

    def units(self) -> list[str]:
        """The codes of all units of the register."""
        with self.office.store.reading() as session:
            return [unit.code for unit in active_units(session)]

    def start_campaign(self, method: str, day: str, units: list[str]) -> None:
        """As the command line does it."""
        with self.desk("office-1") as desk:
            campaigns.start(desk, edition_of(self.office, method), self.slug, method, date.fromisoformat(day), units)

    def approve_in_engine(self, phase: str, code: str, decision: str = "同意") -> engine.Resumption:
        """What the resume form of the UI sends, once the form is there: it is stored just after the run suspends."""
        run, answer = self.waiting(phase), {"决定": decision, "审批码": code, "意见": ""}
        answers: list[engine.Resumption] = []

        def taken() -> bool:
            answers.append(engine.resume(run.id, answer))
            return answers[-1].reason != NO_FORM_YET

        eventually(taken, PATIENCE)
        return answers[-1]

    def code(self, person: str) -> str:
        """The personal approval code of somebody."""
        row = self.person(person)
        return self.office.keyring.approval_code(row.code, row.code_epoch)

    def person(self, code: str) -> PersonRow:
        """Somebody from the register."""
        with self.office.store.reading() as session:
            return session.scalars(select(PersonRow).where(PersonRow.code == code)).one()

    @contextmanager
    def desk(self, who: str) -> Iterator[Desk]:
        """Somebody at work, at the present instant."""
        with self.office.desk(f"person:{who}", clock.now()) as desk:
            yield desk

    def duty(self, key: str, unit: str = "") -> UUID:
        """The id of an obligation."""
        return identity("obligation", self.slug, key, unit)

    def acknowledge(self, key: str, unit: str) -> None:
        """The unit's handler signs."""
        with self.desk(f"{unit}-handler") as desk:
            duties.acknowledge(desk, self.duty(key, unit), By(self.person(f"{unit}-handler")))

    def deliver_opinion(self, unit: str) -> None:
        """Drafted by the office, four tenths on achievements; approved by the director; handed to the unit."""
        problem = ProblemText("项目落地慢", "年内开工", clock.now().date())
        with self.desk("office-1") as desk:
            drafted = review_opinions.draft(desk, self.slug, unit, ["招商成效明显"], [problem])
            review_opinions.put_up(desk, self.slug, [drafted.id])
        with self.desk("director") as desk:
            review_opinions.approve(desk, drafted.id, self.person("director"), drafted.digest)
        with self.desk("office-1") as desk:
            review_opinions.deliver(desk, drafted.id)

    def submit(self, key: str, unit: str, who: str | None = None, *, with_file: bool = False) -> None:
        """The unit's handler hands in a paper."""
        person = who or f"{unit}-handler"
        files = [StoredFile("报告.pdf", "application/pdf", 4, "0" * 64, f"{key}-{unit}")] if with_file else []
        with self.desk(person) as desk:
            duties.submit(desk, self.duty(key, unit), By(self.person(person)), f"{unit}：{key}", files)

    def accept(self, key: str, unit: str, who: str) -> None:
        """The office accepts it."""
        with self.desk(who) as desk:
            duties.accept(desk, self.duty(key, unit), By(self.person(who)))

    def confirm(self, key: str, who: str) -> None:
        """The office reports a thing done."""
        with self.desk(who) as desk:
            duties.confirm(desk, self.duty(key), By(self.person(who)))

    def overview(self) -> Overview:
        """Where the campaign stands."""
        with self.office.store.reading() as session:
            return overview(session, self.slug, clock.now())

    def last_rung(self, key: str, unit: str) -> tuple[int, str] | None:
        """The highest rung that fired at an obligation, and what it did."""
        fired = select(FiringRow).where(FiringRow.obligation_id == self.duty(key, unit), ~FiringRow.passed_over)
        with self.office.store.reading() as session:
            rungs = session.scalars(fired.order_by(FiringRow.rung.desc())).all()
            return (rungs[0].rung, rungs[0].act) if rungs else None

    def messages(self) -> list[OutboxRow]:
        """The whole outbox."""
        with self.office.store.reading() as session:
            return list(session.scalars(select(OutboxRow).order_by(OutboxRow.created_at, OutboxRow.key)))

    def told(self, template: str) -> Counter[str]:
        """How many messages of a template each person was sent, by code."""
        query = select(PersonRow.code).join(OutboxRow, OutboxRow.person_id == PersonRow.id)
        with self.office.store.reading() as session:
            return Counter(session.scalars(query.where(OutboxRow.template == template)))

    def facts(self, action: str) -> list[dict[str, Any]]:
        """The payloads of an action in the campaign's chain, in their order."""
        with self.office.store.reading() as session:
            mine = select(LedgerRow).where(LedgerRow.chain == self.slug, LedgerRow.action == action)
            return [json.loads(row.payload) for row in session.scalars(mine.order_by(LedgerRow.link))]

    def everything_written(self) -> str:
        """Every text that this installation and its engine have stored, bodies of messages sent aside."""
        parts = [file.read_bytes() for file in self.office.settings.home.rglob("*") if file.is_file()]
        return b"\n".join(parts).decode("utf-8", errors="replace")

    def numbers_received(self) -> Counter[str]:
        """How often each message number arrived."""
        return Counter(found for message in self.sink.got for found in NUMBER.findall(message["message"]))

    @staticmethod
    def numbers_of(outbox: list[OutboxRow]) -> set[str]:
        """The numbers that messages go out under."""
        return {number(row.key) for row in outbox}

    def link_to(self, person: str, page: str) -> str:
        """The newest link that somebody was sent to a page."""
        for message in reversed(self.sink.got):
            found = re.search(rf"http\S+/go/\S+to={re.escape(page)}(?=\s|$)", message["message"])
            if message["path"] == f"/{person}" and found:
                return found[0]
        raise AssertionError(f"{person} was sent no link to {page}: {[seen['title'] for seen in self.sink.got]}")

    def sent(self, containing: str) -> list[dict[str, Any]]:
        """The messages at the far end whose title holds the words."""
        return [message for message in self.sink.got if containing in message["title"]]


def _moving(name: str) -> list[PhaseRun]:
    """The runs in the middle of their work; one that got to its waiting unseen is set going once more."""
    runs = engine.phase_runs(name)
    for run in runs:
        if run.progress is Progress.WAITING:
            engine.resume(run.id, NUDGE)
    return [run for run in runs if run.state == "Running"]


def bring_register(office: Office, sample: str, folder: Path, sink: Sink, now: datetime) -> None:
    """The sample register, with everybody reached at the sink under their own path."""
    shutil.copytree(root() / "config" / "sample" / sample, folder)
    contacts = folder / "联系方式.csv"
    with contacts.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with contacts.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"地址": f"json://127.0.0.1:{sink.port}/{row['人员代码']}"} for row in rows)
    with office.desk("cli", now) as desk:
        import_register(desk.work, office.keyring, folder, now, roles=None, valid_address=lambda _: True)
