"""A campaign in which anything may be done next: refused in words, or done; and what is done twice is done once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count

from sqlalchemy import ColumnElement, func, select

from appraisal.domain.lifecycle import ProblemStatus
from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.refusal import Refusal
from appraisal.method.load import Edition
from appraisal.method.words import Manner
from appraisal.notices.wording import phrase
from appraisal.operations import assigning, audit, closing_out, duties, patrol, problems, recurring
from appraisal.operations.duties import By
from appraisal.operations.office import Desk
from appraisal.operations.panels import PanelDraft
from appraisal.operations.verdicts import Verified
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.record_tables import LedgerRow
from appraisal.store.register_tables import PersonRow
from tests.operations.memory import Memory
from tests.operations.panel_world import set_panel
from tests.operations.sequence_checks import Rungs, check_ledger_of_rungs, check_letters, check_owed
from tests.operations.world import STARTS, Campaign, begin, instant, open_phase

SLUG = "sequence"
UNITS = ("jyj", "kjj", "mzj")
LEADER, MEMBER = "fgj-handler", "czj-handler"
PANEL = PanelDraft(
    "g1", "第一评议组", members=[(LEADER, "panel_head", "组长"), (MEMBER, "panel_member", "组员")], units=["jyj", "kjj"]
)
BEGINS = "2023-09-01T10:00"
DRAFTS = (
    Draft("教师编制不足", "jyj", classes={"time": "long"}, supporting=("kjj",), due_on=date(2023, 10, 10)),
    Draft("实验设备老旧", "kjj", classes={"time": "now"}, due_on=date(2023, 9, 28)),
    Draft("校车管理不规范", "jyj", classes={"time": "now"}, due_on=date(2023, 10, 20)),
    Draft("科普经费不足", "kjj", classes={"time": "long"}, due_on=date(2023, 10, 20)),
    Draft("养老床位不足", "mzj", classes={"time": "now"}, due_on=date(2023, 9, 20)),
)
EVERY = 4
"""Every so manieth deed is done twice."""
MOST_ROUNDS = 10


@contextmanager
def refused_in_words() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        said = phrase(refusal.code, **refusal.facts)
    else:
        said = "done"
    assert said


class Course:
    """One course of the campaign, from 1 September 2023 on."""

    def __init__(self, memory: Memory, edition: Edition) -> None:
        memory.go_back()
        self.office, self.method, self.now = memory.office, edition.method, instant(BEGINS)
        self.people = memory.people
        self._deeds = count(1)

    def attempt(self, who: str, deed: Callable[[Desk], object], *, once: bool = False) -> None:
        """Do it, or be refused; ``once`` for what goes a step further when it is done again."""
        for turn in range(1 if once or next(self._deeds) % EVERY else 2):
            before = self._facts() if turn else 0
            with refused_in_words(), self.office.desk(f"person:{who}", self.now) as desk:
                deed(desk)
            assert turn == 0 or self._facts() == before, "what was done twice was not done once"

    def by(self, code: str) -> By:
        return By(self.people[code])

    def pick(self, place: int, *where: ColumnElement[bool]) -> ObligationRow | None:
        """One of the obligations of which this holds, by its place among them."""
        query = select(ObligationRow).where(*where).order_by(ObligationRow.issued_at, ObligationRow.id)
        with self.office.store.reading() as session:
            found = session.scalars(query).all()
            return found[place % len(found)] if found else None

    def go_on_patrol(self) -> None:
        """All that the patrol does about obligations, looked at before and after."""
        with self.office.desk("engine", self.now) as desk:
            recurring.issue_recurring(desk)
        before = self._rungs()
        for _ in range(MOST_ROUNDS):
            with self.office.desk("engine", self.now) as desk:
                if not patrol.fire_due(desk).looked_at:
                    break
        else:
            raise AssertionError("the patrol comes to no end")
        after = self._rungs()
        after.check_standing()
        after.check_after(before)
        with self.office.desk("engine", self.now) as desk:
            patrol.call_for_closings(desk)

    def check(self) -> None:
        """The record holds, and so do the rungs."""
        self._rungs().check_standing()
        with self.office.store.reading() as session:
            assert audit.verify(session) == []
            check_ledger_of_rungs(session)
            check_letters(session)
            check_owed(session, self.method)

    def _rungs(self) -> Rungs:
        with self.office.store.reading() as session:
            return Rungs(session, self.office, self.method, self.now)

    def _facts(self) -> int:
        with self.office.store.reading() as session:
            return session.scalar(select(func.max(LedgerRow.seq))) or 0


def prepare(memory: Memory, edition: Edition) -> None:
    """Monday, 28 August 2023, and a week on: problems in every state, so that no sequence has a long way to go.

    The first is assigned, with a unit that supports; the second has been handed in; the third is verified, the fourth
    closed out, where the method tells these apart; the fifth is only found.
    """
    campaign = Campaign(memory.office, SLUG)
    begin(memory.office, edition, SLUG, "2023年部门工作评议", UNITS[:2], instant(STARTS))
    set_panel(campaign, PANEL)
    open_phase(memory.office, SLUG, "rectify", instant(STARTS))
    with campaign.desk("office-1", "2023-08-29T09:00") as desk:
        for draft in DRAFTS:
            problems.record(desk, SLUG, draft, Found(FindingKind.ENTERED, draft.title, "office-1"))
        assigning.assign(desk, SLUG, [1, 2, 3, 4])
    with memory.office.store.reading() as session:
        memory.people.update({row.code: row for row in session.scalars(select(PersonRow))})
    for number, until in ((2, "handed_in"), (3, "verified"), (4, "closed")):
        _advance(campaign, memory, number, until)
    memory.keep()


def _advance(campaign: Campaign, memory: Memory, number: int, until: str) -> None:
    """Hand in on Wednesday, verify on Thursday, close out on Friday."""
    with memory.office.store.reading() as session:
        problem = problems.problem_by(session, SLUG, number)
        mine = (ObligationRow.problem_id == problem.id, ObligationRow.key == "solve")
        solve = session.scalars(select(ObligationRow).where(*mine)).one()
        unit = problem.unit.code if problem.unit else ""
    with campaign.desk(f"{unit}-handler", "2023-08-30T09:00") as desk:
        duties.submit(desk, solve.id, By(memory.people[f"{unit}-handler"]), "已整改")
    if until == "handed_in":
        return
    with campaign.desk(LEADER, "2023-08-31T09:00") as desk:
        duties.accept(desk, solve.id, By(memory.people[LEADER]), "属实", Verified(Manner.ON_PAPER, date(2023, 8, 31)))
    if until == "verified":
        return
    with campaign.desk(f"{unit}-head", "2023-09-01T09:00") as desk:
        row = problems.problem_by(desk.session, SLUG, number)
        if row.status == ProblemStatus.VERIFIED:
            closing_out.agree(desk, SLUG, row, f"{unit}-head")
    with campaign.desk("office-1", "2023-09-01T09:00") as desk:
        problems.close_problem(desk, SLUG, number, "office-1")
