"""The patrol: rungs that are due, phases that are ripe for closing, and a calendar that has changed.

The finder only narrows; each obligation is looked at again in the transaction that acts on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from appraisal.domain.facts import Action
from appraisal.domain.ladder import Rung, climb
from appraisal.domain.lifecycle import OWED, ApprovalStatus, PhaseStatus
from appraisal.domain.reasoning import steps_from_json
from appraisal.method.schema import Method
from appraisal.method.words import RungAct
from appraisal.notices.post import Letter
from appraisal.notices.wording import reason
from appraisal.operations import closings
from appraisal.operations.ladders import (
    counted_acts,
    counted_with,
    held_up_by,
    holds_up,
    last_of,
    next_look,
    reached,
    rungs_of,
)
from appraisal.operations.loading import method_of
from appraisal.operations.naming import event_titles
from appraisal.operations.office import Desk
from appraisal.operations.orders import raise_by_rung
from appraisal.operations.planning import watch
from appraisal.operations.rung_words import notes
from appraisal.operations.telling import duty_letter, tell
from appraisal.store.bulk import insert_all, update_all
from appraisal.store.campaign_tables import CampaignRow, FiringRow, ObligationRow, PhaseRow

URGENT = frozenset(RungAct) - {RungAct.REMIND, RungAct.URGE, RungAct.YELLOW}


@dataclass(frozen=True)
class Rounds:
    """What one round of firing did: obligations looked at, rungs fired, rungs passed over, newly overdue."""

    looked_at: int
    fired: int
    passed_over: int
    overdue: int

    def plus(self, other: "Rounds") -> "Rounds":
        """Two rounds taken together."""
        return Rounds(
            self.looked_at + other.looked_at,
            self.fired + other.fired,
            self.passed_over + other.passed_over,
            self.overdue + other.overdue,
        )


@dataclass(frozen=True)
class Standing:
    """An open phase as its waiting flow should find it: the round that is asked, and whether it can move on."""

    campaign: str
    key: str
    kind: str
    round: int
    moves: bool


@dataclass(frozen=True)
class Step:
    """A step up the ladder of an obligation: the rung that fires, and those below it that are passed over."""

    row: ObligationRow
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


def fire_due(desk: Desk, limit: int = 500) -> Rounds:
    """Fire the rungs that are due, the longest due first; at most ``limit`` obligations a transaction.

    What two patrols take is parted between them: each skips what the other holds.  A batch takes the same handful of
    statements for each campaign in it, however many obligations that has there.
    """
    due = (
        select(ObligationRow)
        .where(ObligationRow.next_check_at <= desk.now)
        .order_by(ObligationRow.next_check_at)
        .limit(limit)
        .options(selectinload(ObligationRow.unit), selectinload(ObligationRow.panel))
        .options(selectinload(ObligationRow.campaign).joinedload(CampaignRow.edition))
        .with_for_update(of=ObligationRow, skip_locked=True)
    )
    by_campaign: dict[CampaignRow, list[ObligationRow]] = {}
    for row in desk.session.scalars(due):
        by_campaign.setdefault(row.campaign, []).append(row)
    total = Rounds(0, 0, 0, 0)
    for campaign, rows in by_campaign.items():
        total = total.plus(_fire(desk, campaign, rows))
    return total


def call_for_closings(desk: Desk) -> int:
    """Ask for the closing of every open phase that is ready or whose last day has come; returns how many."""
    return sum(closings.call(desk, row) for row in _open(desk))


def standings(desk: Desk) -> list[Standing]:
    """Every open phase with the round it waits in; it moves when it was decided, or may close by rule."""
    return [_standing(desk, row) for row in _open(desk)]


def _standing(desk: Desk, row: PhaseRow) -> Standing:
    closing = closings.ask(desk, row.campaign.slug, row.key)
    decided = closing.status != ApprovalStatus.PENDING
    by_rule = not closing.role and closings.ripe(desk, row)
    return Standing(row.campaign.slug, row.key, row.kind, closing.round, decided or by_rule)


def _open(desk: Desk) -> Iterator[PhaseRow]:
    query = select(PhaseRow).where(PhaseRow.status == PhaseStatus.OPEN).join(PhaseRow.campaign)
    yield from desk.session.scalars(query.order_by(CampaignRow.slug, PhaseRow.position)).all()


def _fire(desk: Desk, campaign: CampaignRow, rows: Sequence[ObligationRow]) -> Rounds:
    """What has become overdue comes first, for the rungs of others may wait for it."""
    overdue = _note_overdue(desk, campaign, rows)
    steps = _climb(desk, campaign, rows)
    _look_again(desk, campaign, rows, steps)
    ordered = _press(desk, campaign, steps)
    _tell(desk, campaign, [step for step in steps if step.row.id not in ordered])
    return Rounds(len(rows), len(steps), sum(len(step.passed_over) for step in steps), overdue)


def _note_overdue(desk: Desk, campaign: CampaignRow, rows: Sequence[ObligationRow]) -> int:
    """Becoming overdue is a fact of its own, recorded once, whatever the ladder does about it; returns how many."""
    method = method_of(campaign)
    late = [row for row in rows if row.status in OWED and row.due_at and row.due_at <= desk.now and not row.overdue_at]
    update_all(desk.session, [(row, {"overdue_at": row.due_at}) for row in late])
    for row in late:
        desk.record(campaign.slug, f"obligation:{row.id}", Action.OBLIGATION_OVERDUE, due_on=str(row.due_on))
        for supported in holds_up(desk.session, method, row):
            watch(method, supported, desk.office)
    return len(late)


def _climb(desk: Desk, campaign: CampaignRow, rows: Sequence[ObligationRow]) -> list[Step]:
    """The steps up the ladders, each rung put on record as fired or as passed over."""
    method = method_of(campaign)
    steps = [step for row in rows if row.status in OWED and (step := _step(desk, method, row))]
    firings = [_firing(desk, step, position) for step in steps for position in step.dealt_with]
    insert_all(desk.session, FiringRow, firings)
    for step in steps:
        for position in step.dealt_with:
            _record(desk, campaign, step, position)
    return steps


def _step(desk: Desk, method: Method, row: ObligationRow) -> Step | None:
    found = climb(reached(method, row, desk.office), last_of(method, row), desk.now)
    return Step(row, rungs_of(method, row.key), found.fire, found.passed_over) if found else None


def _firing(desk: Desk, step: Step, position: int) -> dict[str, Any]:
    rung, passed_over = step.rungs[position], position != step.fires
    return {
        "obligation_id": step.row.id,
        "rung": position,
        "act": rung.act,
        "passed_over": passed_over,
        "points": 0 if passed_over else rung.points,
        "at": desk.now,
    }


def _record(desk: Desk, campaign: CampaignRow, step: Step, position: int) -> None:
    rung, fires = step.rungs[position], position == step.fires
    facts: dict[str, object] = {"rung": position, "act": rung.act, "at": str(rung.when or rung.offset)}
    if rung.points and fires:
        facts["points"] = rung.points
    action = Action.OBLIGATION_RUNG_FIRED if fires else Action.OBLIGATION_RUNG_PASSED
    desk.record(campaign.slug, f"obligation:{step.row.id}", action, **facts)


def _look_again(desk: Desk, campaign: CampaignRow, rows: Sequence[ObligationRow], steps: Sequence[Step]) -> None:
    """Leave each with its place on its ladder, and with the instant at which it must be looked at again."""
    method, climbed = method_of(campaign), {step.row: step.fires for step in steps}
    looks = {row: next_look(method, row, climbed.get(row, last_of(method, row)), desk.office) for row in rows}
    changes = [(row, {"last_rung": last, "next_check_at": looks[row]}) for row, last in climbed.items()]
    update_all(desk.session, changes)
    update_all(desk.session, [(row, {"next_check_at": at}) for row, at in looks.items() if row not in climbed])


def _press(desk: Desk, campaign: CampaignRow, steps: Sequence[Step]) -> set[UUID]:
    """What a rung gives rise to besides its letters: a count that is full now, and an order.

    Returns the obligations with an order: it says everything to all whom the rung tells, in the place of its letter.
    """
    method = method_of(campaign)
    acts = counted_acts(method)
    counted = [step for step in steps if step.rung.act in acts]
    for step in {(step.rung.act, step.row.unit_id, step.row.panel_id): step for step in counted}.values():
        for full in counted_with(desk.session, step.row, step.rung.act, desk.now):
            watch(method, full, desk.office)
    return {step.row.id for step in steps if raise_by_rung(desk, campaign, step.row, step.fires, step.rung)}


def _tell(desk: Desk, campaign: CampaignRow, steps: Sequence[Step]) -> None:
    """The letters of all rungs that fired; a reason is put in words once for all that are due for it."""
    titles = event_titles(method_of(campaign))
    why = {text: reason(steps_from_json(text), titles) for text in {step.row.reason for step in steps}}
    tell(desk, campaign, [_letter(step, why[step.row.reason], _waited_for(desk, step)) for step in steps])


def _waited_for(desk: Desk, step: Step) -> list[str]:
    """The supporting units that hold up what the step is about, where it was taken because of them."""
    if step.rung.when is None or not step.rung.when.held_up:
        return []
    late = held_up_by(desk.session, method_of(step.row.campaign), step.row)
    return list(dict.fromkeys(each.owner for each in late))


def _letter(step: Step, why: Sequence[str], waited_for: Sequence[str]) -> Letter:
    row, rung = step.row, step.rung
    facts = {"due_on": str(row.due_on), "reason": why, "notes": notes(rung, waited_for)}
    return duty_letter(row, f"rung-{rung.act}", f"{row.id}/{step.fires}", rung.tell, facts, urgent=rung.act in URGENT)
