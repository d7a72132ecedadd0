"""Climbing: obligations that stand alike on a ladder take their step together.

Of the hundreds that may be due in one batch most differ in nothing that a ladder asks about, so it is asked once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from appraisal.domain.facts import Action
from appraisal.domain.ladder import Rung, climb
from appraisal.domain.lifecycle import OWED
from appraisal.method.schema import Method
from appraisal.operations.ladders import last_of, reached, rungs_of, waits_of
from appraisal.operations.office import Desk
from appraisal.operations.seats import supervises
from appraisal.store.bulk import insert_all, table_of
from appraisal.store.campaign_tables import CampaignRow, FiringRow, ObligationRow

_TABLE = table_of(ObligationRow)
_OWN = ("campaign_id", "id", "title", "reason", "key", "problem_id")
_ALIKE = ("unit_id", "panel_id", "status", "starts_on", "issued_at", "due_on", "due_at", "overdue_at", "last_rung")
_ASKED = _OWN + _ALIKE
Found = Row[*tuple[Any, ...]]
"""A row of what is ``due``: what an obligation has of its own, and all that its ladder and its letters ask of it."""


class Owing(NamedTuple):
    """What an obligation has of its own among those that stand like it; ``id`` is written out, as letters name it."""

    row_id: UUID
    id: str
    title: str
    reason: str


@dataclass(frozen=True)
class Alike:
    """Obligations of one duty and one owner, due on one day, on the same rung; ``one`` of them speaks for all."""

    one: ObligationRow
    rows: Sequence[Owing]

    @property
    def ids(self) -> list[UUID]:
        """Which they are."""
        return [row.row_id for row in self.rows]


@dataclass(frozen=True)
class Step:
    """A step up a ladder: who takes it, the rung that fires, and those below it that are passed over."""

    group: Alike
    rungs: tuple[Rung, ...]
    fires: int
    passed_over: tuple[int, ...]

    @property
    def rung(self) -> Rung:
        """The rung that fires."""
        return self.rungs[self.fires]

    @property
    def dealt_with(self) -> tuple[int, ...]:
        """All rungs that the step leaves behind."""
        return (*self.passed_over, self.fires)

    @property
    def passes_over(self) -> int:
        """How many rungs it passes over, taken over all who take it."""
        return len(self.group.rows) * len(self.passed_over)


def due(now: datetime, limit: int) -> Select[*tuple[Any, ...]]:
    """Obligations that must be looked at by ``now``, the longest due first; what another patrol holds is skipped."""
    query = select(*(_TABLE.c[name] for name in _ASKED)).where(_TABLE.c.next_check_at <= now)
    return query.order_by(_TABLE.c.next_check_at).limit(limit).with_for_update(of=_TABLE, skip_locked=True)


def alike(session: Session, method: Method, found: Sequence[Found]) -> list[Alike]:
    """What was found ``due`` in one campaign, each with those that stand like it."""
    watched = supervises(method)
    alone = {key for key in {row.key for row in found} if _stands_alone(method, key)}
    by: dict[object, list[Owing]] = {}
    for row in found:
        identifier, title, reason, key, problem_id, *stands = row[1:]
        itself = identifier if key in alone or (problem_id and watched) else None
        by.setdefault((itself, key, *stands), []).append(Owing(identifier, str(identifier), title, reason))
    ones = at_hand(session, [rows[0].row_id for rows in by.values()])
    return [Alike(ones[rows[0].row_id], rows) for rows in by.values()]


def at_hand(session: Session, ids: Collection[UUID]) -> dict[UUID, ObligationRow]:
    """These obligations, read at once."""
    return {row.id: row for row in session.scalars(select(ObligationRow).where(ObligationRow.id.in_(ids)))}


def climb_all(desk: Desk, campaign: CampaignRow, method: Method, groups: Sequence[Alike]) -> list[Step]:
    """The steps that are due, each rung put on record as fired or as passed over."""
    steps = [step for group in groups if group.one.status in OWED and (step := _step(desk, method, group))]
    insert_all(desk.session, FiringRow, [firing for step in steps for firing in _firings(desk, step)])
    for step in steps:
        _record(desk, campaign, step)
    return steps


def _stands_alone(method: Method, key: str) -> bool:
    """Whether something waits for what happens to each by itself: a rung of the ladder, or a lead unit's."""
    return bool(waits_of(method, key)) or method.duty(key).supports is not None


def _step(desk: Desk, method: Method, group: Alike) -> Step | None:
    found = climb(reached(method, group.one, desk.office), last_of(method, group.one), desk.now)
    return Step(group, rungs_of(method, group.one.key), found.fire, found.passed_over) if found else None


def _firings(desk: Desk, step: Step) -> list[dict[str, Any]]:
    shared = [
        {
            "rung": position,
            "act": step.rungs[position].act,
            "passed_over": position != step.fires,
            "points": step.rung.points if position == step.fires else 0,
            "at": desk.now,
        }
        for position in step.dealt_with
    ]
    return [{"obligation_id": row.row_id, **firing} for row in step.group.rows for firing in shared]


def _record(desk: Desk, campaign: CampaignRow, step: Step) -> None:
    facts = [_fact(step, position) for position in step.dealt_with]
    for row in step.group.rows:
        for action, payload in facts:
            desk.record(campaign.slug, f"obligation:{row.id}", action, **payload)


def _fact(step: Step, position: int) -> tuple[Action, dict[str, object]]:
    rung, fires = step.rungs[position], position == step.fires
    facts: dict[str, object] = {"rung": position, "act": rung.act, "at": str(rung.when or rung.offset)}
    if rung.points and fires:
        facts["points"] = rung.points
    return Action.OBLIGATION_RUNG_FIRED if fires else Action.OBLIGATION_RUNG_PASSED, facts
