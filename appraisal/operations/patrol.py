"""The patrol: rungs that are due, phases that are ripe for closing, and a calendar that has changed.

The finder only narrows; each obligation is looked at again in the transaction that acts on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from appraisal.domain.facts import Action
from appraisal.domain.ladder import Rung, climb
from appraisal.domain.lifecycle import OWED, ApprovalStatus, PhaseStatus
from appraisal.domain.reasoning import steps_from_json
from appraisal.method.schema import Method
from appraisal.method.words import RungAct
from appraisal.notices.post import Letter
from appraisal.notices.recipients import holders, names
from appraisal.notices.wording import reason
from appraisal.operations import closings
from appraisal.operations.loading import method_of
from appraisal.operations.naming import event_titles
from appraisal.operations.office import Desk
from appraisal.operations.orders import raise_by_rung
from appraisal.operations.planning import reached, rungs_of, watch
from appraisal.operations.seats import place_of
from appraisal.operations.telling import duty_page, letter, tell
from appraisal.store.campaign_tables import CampaignRow, FiringRow, ObligationRow, PhaseRow

URGENT = frozenset({RungAct.RED, RungAct.SUPERVISE, RungAct.SUMMON, RungAct.CIRCULAR, RungAct.REPORT_UP})


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


def fire_due(desk: Desk, limit: int = 500) -> Rounds:
    """Fire the rungs that are due, the longest due first; at most ``limit`` obligations a transaction."""
    due = (
        select(ObligationRow)
        .where(ObligationRow.next_check_at <= desk.now)
        .order_by(ObligationRow.next_check_at)
        .limit(limit)
        .with_for_update(of=ObligationRow, skip_locked=True)
    )
    rows = list(desk.session.scalars(due))
    fired = passed = overdue = 0
    for campaign in dict.fromkeys(row.campaign for row in rows):
        letters: list[Letter] = []
        for row in (row for row in rows if row.campaign is campaign):
            overdue += _becomes_overdue(desk, campaign, row)
            before = row.last_rung
            letters += _climb(desk, campaign, row)
            fired += row.last_rung > before
            passed += max(row.last_rung - before - 1, 0)
            watch(method_of(campaign), row, desk.office)
        tell(desk, campaign, letters)
    return Rounds(len(rows), fired, passed, overdue)


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


def _becomes_overdue(desk: Desk, campaign: CampaignRow, row: ObligationRow) -> bool:
    """Becoming overdue is a fact of its own, recorded once, whatever the ladder does about it."""
    if row.status not in OWED or row.due_at is None or row.overdue_at or desk.now < row.due_at:
        return False
    row.overdue_at = row.due_at
    desk.record(campaign.slug, f"obligation:{row.id}", Action.OBLIGATION_OVERDUE, due_on=str(row.due_on))
    return True


def _climb(desk: Desk, campaign: CampaignRow, row: ObligationRow) -> Iterator[Letter]:
    method = method_of(campaign)
    if row.status not in OWED:
        return
    rungs = rungs_of(method, row.key)
    step = climb(reached(method, row, desk.office), row.last_rung, desk.now)
    if step is None:
        return
    for position in step.passed_over:
        _record(desk, campaign, row, position, rungs[position], passed_over=True)
    _record(desk, campaign, row, step.fire, rungs[step.fire], passed_over=False)
    row.last_rung = step.fire
    raise_by_rung(desk, campaign, row, step.fire, rungs[step.fire].act)
    yield _letter(desk, campaign, row, method, step.fire, rungs[step.fire])


def _record(
    desk: Desk, campaign: CampaignRow, row: ObligationRow, position: int, rung: Rung, *, passed_over: bool
) -> None:
    firing = FiringRow(obligation_id=row.id, rung=position, act=rung.act, passed_over=passed_over, at=desk.now)
    desk.session.add(firing)
    action = Action.OBLIGATION_RUNG_PASSED if passed_over else Action.OBLIGATION_RUNG_FIRED
    facts = {"rung": position, "act": rung.act, "at": str(rung.offset)}
    desk.record(campaign.slug, f"obligation:{row.id}", action, **facts)


def _letter(desk: Desk, campaign: CampaignRow, row: ObligationRow, method: Method, position: int, rung: Rung) -> Letter:
    duty = method.duty(row.key)
    owed_by = names(holders(desk.session, *place_of(row, duty.role), desk.now.date()))
    return letter(
        campaign,
        f"rung-{rung.act}",
        f"{row.id}/{position}",
        rung.tell,
        duty_page(row),
        {
            "duty": row.title,
            "due_on": str(row.due_on),
            "owed_by": owed_by,
            "reason": reason(steps_from_json(row.reason), event_titles(method)),
        },
        owner=row.unit or row.panel,
        urgent=rung.act in URGENT,
    )
