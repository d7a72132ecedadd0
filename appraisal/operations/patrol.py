"""The patrol: rungs that are due, phases that are ripe for closing, and a calendar that has changed.

The finder only narrows; each obligation is looked at again in the transaction that acts on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from appraisal.domain.facts import Action
from appraisal.domain.ladder import Rung, climb
from appraisal.domain.lifecycle import OWED, ApprovalStatus, PhaseStatus
from appraisal.domain.reasoning import steps_from_json
from appraisal.method.words import RungAct
from appraisal.notices.post import Letter
from appraisal.notices.recipients import holders_of, names
from appraisal.notices.wording import reason
from appraisal.operations import closings
from appraisal.operations.ladders import counted_with, holds_up, last_of, reached, rungs_of
from appraisal.operations.loading import method_of
from appraisal.operations.naming import event_titles
from appraisal.operations.office import Desk
from appraisal.operations.orders import raise_by_rung
from appraisal.operations.planning import watch
from appraisal.operations.rung_words import notes
from appraisal.operations.seats import place_of
from appraisal.operations.telling import duty_page, letter, tell
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
    """A rung that fires on an obligation, and how many below it are passed over."""

    row: ObligationRow
    position: int
    rung: Rung
    passed_over: int


def fire_due(desk: Desk, limit: int = 500) -> Rounds:
    """Fire the rungs that are due, the longest due first; at most ``limit`` obligations a transaction.

    What two patrols take is parted between them: each skips what the other holds.  A batch takes the same handful of
    statements however many obligations are in it.
    """
    due = (
        select(ObligationRow)
        .where(ObligationRow.next_check_at <= desk.now)
        .order_by(ObligationRow.next_check_at)
        .limit(limit)
        .options(selectinload(ObligationRow.campaign).selectinload(CampaignRow.edition))
        .with_for_update(of=ObligationRow, skip_locked=True)
    )
    rows = list(desk.session.scalars(due))
    overdue = sum(_becomes_overdue(desk, row) for row in rows)
    steps = [step for row in rows if (step := _climb(desk, row))]
    for row in rows:
        watch(method_of(row.campaign), row, desk.office)
    _tell(desk, steps)
    return Rounds(len(rows), len(steps), sum(step.passed_over for step in steps), overdue)


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


def _becomes_overdue(desk: Desk, row: ObligationRow) -> bool:
    """Becoming overdue is a fact of its own, recorded once, whatever the ladder does about it."""
    if row.status not in OWED or row.due_at is None or row.overdue_at or desk.now < row.due_at:
        return False
    row.overdue_at = row.due_at
    desk.record(row.campaign.slug, f"obligation:{row.id}", Action.OBLIGATION_OVERDUE, due_on=str(row.due_on))
    for supported in holds_up(desk.session, method_of(row.campaign), row):
        watch(method_of(row.campaign), supported, desk.office)
    return True


def _climb(desk: Desk, row: ObligationRow) -> Step | None:
    method = method_of(row.campaign)
    if row.status not in OWED:
        return None
    rungs = rungs_of(method, row.key)
    step = climb(reached(method, row, desk.office), last_of(method, row), desk.now)
    if step is None:
        return None
    for position in step.passed_over:
        _record(desk, row, position, rungs[position], passed_over=True)
    _record(desk, row, step.fire, rungs[step.fire], passed_over=False)
    row.last_rung = step.fire
    for counted in counted_with(desk.session, method, row, rungs[step.fire].act, desk.now):
        watch(method, counted, desk.office)
    raise_by_rung(desk, row.campaign, row, step.fire, rungs[step.fire].act)
    return Step(row, step.fire, rungs[step.fire], len(step.passed_over))


def _record(desk: Desk, row: ObligationRow, position: int, rung: Rung, *, passed_over: bool) -> None:
    points = 0 if passed_over else rung.points
    firing = FiringRow(
        obligation_id=row.id, rung=position, act=rung.act, passed_over=passed_over, points=points, at=desk.now
    )
    desk.session.add(firing)
    action = Action.OBLIGATION_RUNG_PASSED if passed_over else Action.OBLIGATION_RUNG_FIRED
    facts = {"rung": position, "act": rung.act, "at": str(rung.when or rung.offset)}
    if points:
        facts["points"] = points
    desk.record(row.campaign.slug, f"obligation:{row.id}", action, **facts)


def _tell(desk: Desk, steps: Sequence[Step]) -> None:
    """The letters of all rungs that fired, campaign by campaign; who owes what is looked up once for all of them."""
    places = {step.row.id: place_of(step.row, method_of(step.row.campaign).duty(step.row.key).role) for step in steps}
    held = holders_of(desk.session, set(places.values()), desk.now.date()) if places else {}
    owed_by = {place: names(found) for place, found in held.items()}
    by_campaign: dict[CampaignRow, list[Letter]] = {}
    for step in steps:
        by_campaign.setdefault(step.row.campaign, []).append(_letter(step, owed_by[places[step.row.id]]))
    for campaign, letters in by_campaign.items():
        tell(desk, campaign, letters)


def _letter(step: Step, owed_by: str) -> Letter:
    row, rung = step.row, step.rung
    return letter(
        row.campaign,
        f"rung-{rung.act}",
        f"{row.id}/{step.position}",
        rung.tell,
        duty_page(row),
        {
            "duty": row.title,
            "due_on": str(row.due_on),
            "owed_by": owed_by,
            "reason": reason(steps_from_json(row.reason), event_titles(method_of(row.campaign))),
            "notes": notes(rung),
        },
        owner=row,
        urgent=rung.act in URGENT,
    )
