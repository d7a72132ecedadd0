"""The people of 区政协's appraisal, what they owe, and what the record says of them."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from appraisal.domain.problems import Draft, FindingKind, Found
from appraisal.domain.refusal import Refusal
from appraisal.operations import problems
from appraisal.operations.panels import PanelDraft
from appraisal.operations.summonses import Talk
from appraisal.store.campaign_tables import FiringRow, ObligationRow
from appraisal.store.problem_tables import ProblemRow
from tests.stories.inquiry import Inquiry

PANELS = {f"g{number}": f"第{word}评议组" for number, word in enumerate("一二三四五六", start=1)}
UNITS = [*(f"d{number:02}" for number in range(1, 32)), *(f"s{number}" for number in range(1, 6)), "kfq"]


def talk_of(unit: str, day: str, order: int) -> Talk:
    """The record of a talk to which a unit was called by a letter."""
    held = (date.fromisoformat(day), "区政协副主席")
    return Talk(unit, "主要负责人", *held, "问题集中", "已约谈", "限期整改", order=order)


def set_up_the_panels(story: Inquiry) -> None:
    for number, (key, title) in enumerate(PANELS.items()):
        members = [
            (f"{key}-head", "panel_head", "组长"),
            (f"{key}-m1", "panel_member", "委员"),
            (f"{key}-m2", "panel_member", "委员"),
        ]
        story.set_panel(PanelDraft(key, title, members=members, units=UNITS[number::6]), "2023-09-28T09:30")


def panel_of(owed: ObligationRow) -> str:
    """The panel over the unit."""
    return f"g{UNITS.index(owed.unit.code) % 6 + 1}" if owed.unit else ""


def solve(story: Inquiry, owed: ObligationRow, at: str) -> None:
    story.hand_in(owed.id, f"{owed.unit.code if owed.unit else ''}-handler", at, "已解决", f"{panel_of(owed)}-head")


def due_with_suggestions(story: Inquiry) -> int:
    """How many suggestions are owed an answer by the day that was said on the spot."""
    owed = {each.problem_id: each.due_on for each in story.owed("solve")}
    return sum(row.kind == "suggestion" and owed[row.id] == row.due_on for row in listed(story) if row.id in owed)


def working_days(story: Inquiry, first: date, last: date) -> list[date]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if story.office.calendar.is_working(day)]


def today(story: Inquiry, panel: str, day: date) -> UUID:
    """The daily report that a panel owes for a day."""
    (owed,) = [row.id for row in story.owed("daily_report", panel) if row.period == day]
    return owed


def climbed(story: Inquiry, owed: UUID) -> list[str]:
    query = select(FiringRow).where(FiringRow.obligation_id == owed).order_by(FiringRow.rung)
    with story.record() as (session, _):
        return [firing.act for firing in session.scalars(query)]


def told(story: Inquiry) -> list[dict[str, object]]:
    """What the chairman was told, day by day."""
    return [row.context for _, row in story.posted("roundup")]


def listed(story: Inquiry) -> list[ProblemRow]:
    with story.record() as (session, _):
        return list(session.scalars(select(ProblemRow).order_by(ProblemRow.number)))


def refuse_suggestion(story: Inquiry, draft: Draft) -> None:
    with story.desk("office-1", "2023-10-20T18:00") as desk, pytest.raises(Refusal) as caught:
        problems.record(desk, story.slug, draft, Found(FindingKind.SEMINAR, draft.title, "office-1"))
    assert caught.value.code == "problem.suggestion_incomplete"
