"""Deeds about problems, in any order: assigned, objected to, moved, pressed, closed out, come back, handed on."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from sqlalchemy import select

from appraisal.domain.lifecycle import ProblemStatus
from appraisal.domain.measures import Measure
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.method.load import Edition
from appraisal.method.words import OrderKind
from appraisal.operations import (
    assigning,
    closing_out,
    handing_over,
    measures,
    objections,
    orders,
    problems,
    progress_reports,
    reassigning,
    reopening,
    revising,
)
from appraisal.operations.letters import LEADS
from appraisal.operations.objections import Ruling
from appraisal.operations.office import Desk
from appraisal.operations.orders import Order
from appraisal.store.assignment_tables import AssignmentItemRow, AssignmentRow
from appraisal.store.problem_tables import ProblemRow
from tests.operations.memory import Memory
from tests.operations.sequence_duties import PLACE, UNIT, Duties
from tests.operations.sequence_world import LEADER, SLUG, prepare

SEQUENCES = settings(
    max_examples=500,
    stateful_step_count=14,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TIME = st.sampled_from(("now", "long"))
NUMBER = st.integers(1, 6)
CLOSER = st.sampled_from(("office-1", "office-1", "office-1", "office-2", "director", LEADER, "jyj-head"))
KINDS = st.sampled_from(OrderKind)


class Problems(Duties):
    """What is done about the problems themselves."""

    @rule(unit=UNIT, supporting=st.none() | UNIT, time=TIME, days=st.integers(1, 60))
    def find(self, unit: str, supporting: str | None, time: str, days: int) -> None:
        def deed(desk: Desk) -> None:
            helping = (supporting,) if supporting else ()
            due_on = self._today() + timedelta(days=days)
            draft = Draft(f"{time}问题{days}", unit, classes={"time": time}, supporting=helping, due_on=due_on)
            problems.record(desk, SLUG, draft, Found(FindingKind.ENTERED, draft.title, "office-1"))

        self.course.attempt("office-1", deed)

    @rule(number=NUMBER, other=st.none() | NUMBER)
    def assign(self, number: int, other: int | None) -> None:
        numbers = [number, *([other] if other else [])]
        self.course.attempt("office-1", lambda desk: assigning.assign(desk, SLUG, numbers))

    @rule(number=NUMBER, unit=UNIT)
    def reassign(self, number: int, unit: str) -> None:
        self.course.attempt("office-1", lambda desk: reassigning.reassign(desk, SLUG, number, unit, "职责不符"))

    @rule(place=PLACE, then=st.sampled_from((None, "", "kjj", "mzj")))
    def object_to_letter(self, place: int, then: str | None) -> None:
        item = self._item(place)
        if item is not None:
            sent, number, unit = item
            who = f"{unit}-handler"
            person = self.course.people[who]
            self.course.attempt(who, lambda desk: objections.object_to(desk, sent.id, number, person, "非本单位职责"))
        if then is not None:
            self._rule(0, then)

    @rule(place=PLACE, unit=st.sampled_from(("", "jyj", "kjj", "mzj")))
    def rule_on_objection(self, place: int, unit: str) -> None:
        self._rule(place, unit)

    @rule(kind=KINDS, place=PLACE, number=st.none() | NUMBER, days=st.none() | st.integers(0, 20))
    def give_order(self, kind: OrderKind, place: int, number: int | None, days: int | None) -> None:
        about = None if number else self.course.pick(place)
        due_on = None if days is None else self._today() + timedelta(days=days)
        order = Order(kind, "请抓紧", by="director", due_on=due_on, problem=number, about=about.id if about else None)
        self.course.attempt("office-1", lambda desk: orders.give(desk, SLUG, order))

    @rule(number=NUMBER, who=st.sampled_from(("jyj-head", "kjj-head", "mzj-head")))
    def agree(self, number: int, who: str) -> None:
        def deed(desk: Desk) -> None:
            closing_out.agree(desk, SLUG, problems.problem_by(desk.session, SLUG, number), who)

        self.course.attempt(who, deed)

    @rule(number=NUMBER, who=CLOSER)
    def close_out(self, number: int, who: str) -> None:
        self._agree_first(number)
        self.course.attempt(who, lambda desk: problems.close_problem(desk, SLUG, number, who, "整改到位"))

    @rule(number=NUMBER, who=CLOSER, days=st.none() | st.integers(-2, 30), part=st.booleans())
    def send_back(self, number: int, who: str, days: int | None, part: bool) -> None:
        due_on = None if days is None else self._today() + timedelta(days=days)
        if part:
            self._agree_first(number)
            deed = reopening.close_part
            self.course.attempt(
                who, lambda desk: deed(desk, SLUG, number, who, "已补编制", "师资培训", due_on), once=True
            )
        else:
            deed_back = reopening.return_problem
            self.course.attempt(who, lambda desk: deed_back(desk, SLUG, number, who, "整改不到位", due_on))

    @rule(number=NUMBER, who=CLOSER, days=st.none() | st.integers(-2, 30))
    def reopen(self, number: int, who: str, days: int | None) -> None:
        due_on = None if days is None else self._today() + timedelta(days=days)
        self.course.attempt(who, lambda desk: reopening.reopen(desk, SLUG, number, who, "问题反弹", due_on))

    @rule(number=NUMBER)
    def hand_on(self, number: int) -> None:
        self.course.attempt("office-1", lambda desk: handing_over.hand_on(desk, SLUG, [number], "office-1", "列入明年"))

    @rule(number=NUMBER, time=TIME)
    def change_track(self, number: int, time: str) -> None:
        self.course.attempt("office-1", lambda desk: revising.classify(desk, SLUG, [number], {"time": time}))

    @rule(number=NUMBER, unit=UNIT, days=st.none() | st.integers(-5, 30), supporting=st.none() | UNIT)
    def revise(self, number: int, unit: str, days: int | None, supporting: str | None) -> None:
        def deed(desk: Desk) -> None:
            draft = revising.draft_of(problems.problem_by(desk.session, SLUG, number))
            if days is not None:
                draft = replace(draft, due_on=self._today() + timedelta(days=days), unit=unit)
            revising.revise(desk, SLUG, number, replace(draft, supporting=(supporting,) if supporting else ()))

        self.course.attempt("office-1", deed)

    @rule(number=NUMBER, percent=st.sampled_from((10, 10, 30, 60)), supporter=st.booleans())
    def report_progress(self, number: int, percent: int, supporter: bool) -> None:
        problem = self._problem(number)
        if problem is not None and problem.unit is not None:
            unit = problem.supporting[0] if supporter and problem.supporting else problem.unit
            who = f"{unit.code}-handler"
            by, deed = self.course.by(who), progress_reports.report
            self.course.attempt(who, lambda desk: deed(desk, SLUG, number, by, percent, f"完成{percent}", unit.code))

    @rule(number=NUMBER, percent=st.sampled_from((0, 50)))
    def plan_measure(self, number: int, percent: int) -> None:
        problem = self._problem(number)
        if problem is not None and problem.unit is not None:
            who = f"{problem.unit.code}-handler"
            by, measure = self.course.by(who), Measure((number,), f"补充编制{percent}", percent=percent)
            unit = problem.unit.code
            self.course.attempt(who, lambda desk: measures.set_measure(desk, SLUG, unit, measure, by))

    def _rule(self, place: int, unit: str) -> None:
        item = self._item(place, objected=True)
        if item is not None:
            sent, number, _ = item
            person, ruling = self.course.people["director"], Ruling(bool(unit), unit, "阅")
            self.course.attempt("director", lambda desk: objections.rule_on(desk, sent.id, number, person, ruling))

    def _agree_first(self, number: int) -> None:
        problem = self._problem(number)
        if problem is not None and problem.status == ProblemStatus.VERIFIED and problem.unit is not None:
            self.agree(number, f"{problem.unit.code}-head")

    def _problem(self, number: int) -> ProblemRow | None:
        with self.course.office.store.reading() as session:
            row = session.scalar(select(ProblemRow).where(ProblemRow.number == number))
            assert row is None or row.supporting is not None
            return row

    def _item(self, place: int, *, objected: bool = False) -> tuple[AssignmentRow, int, str] | None:
        """One of the problems that a letter of assignment puts to its lead unit."""
        query = (
            select(AssignmentRow, AssignmentItemRow).join(AssignmentRow.items).where(AssignmentItemRow.part == LEADS)
        )
        with self.course.office.store.reading() as session:
            found = session.execute(query.order_by(AssignmentRow.number, AssignmentItemRow.position)).all()
            if not found:
                return None
            sent, item = found[place % len(found)]
            return sent, item.problem.number, sent.unit.code


def run_sequences(home: Path, method: Edition) -> None:
    """Half a thousand sequences of deeds under a method."""
    home.mkdir()
    memory = Memory(home)
    prepare(memory, method)
    run_state_machine_as_test(type("Sequence", (Problems,), {"memory": memory, "edition": method}), settings=SEQUENCES)
    memory.close()
