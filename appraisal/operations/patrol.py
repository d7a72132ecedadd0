"""The patrol: rungs that are due, phases that are ripe for closing, and a calendar that has changed.

The finder only narrows; each obligation is looked at again in the transaction that acts on it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import OWED, ApprovalStatus, PhaseStatus
from appraisal.domain.reasoning import steps_from_json
from appraisal.method.schema import Method
from appraisal.method.words import RungAct
from appraisal.notices.post import Letter
from appraisal.notices.wording import reason
from appraisal.operations import closings
from appraisal.operations.climbing import Alike, Found, Step, alike, at_hand, climb_all, due
from appraisal.operations.ladders import counted_acts, counted_with, held_up_by, holds_up, last_of, next_look
from appraisal.operations.loading import method_of
from appraisal.operations.naming import event_titles
from appraisal.operations.office import Desk
from appraisal.operations.orders import kind_by_rung, raise_by_rung
from appraisal.operations.planning import watch
from appraisal.operations.rung_words import notes
from appraisal.operations.telling import heading, tell
from appraisal.store.bulk import update_alike
from appraisal.store.campaign_tables import CampaignRow, ObligationRow, PhaseRow

_WITH_METHOD = (joinedload(CampaignRow.edition),)
_OVERDUE = {"overdue_at": ObligationRow.due_at}
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


def fire_due(desk: Desk, limit: int = 500) -> Rounds:
    """Fire the rungs that are due, the longest due first; at most ``limit`` obligations a transaction.

    What two patrols take is parted between them: each skips what the other holds.  A batch takes the same handful of
    statements for each campaign in it, however many obligations that has there, and one for each day on which some of
    them must be looked at again.
    """
    by_campaign: dict[UUID, list[Found]] = {}
    for row in desk.session.execute(due(desk.now, limit)).all():
        by_campaign.setdefault(row.campaign_id, []).append(row)
    total = Rounds(0, 0, 0, 0)
    for campaign_id, found in by_campaign.items():
        total = total.plus(_fire(desk, desk.session.get_one(CampaignRow, campaign_id, options=_WITH_METHOD), found))
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


def _fire(desk: Desk, campaign: CampaignRow, found: Sequence[Found]) -> Rounds:
    """What has become overdue comes first, for the rungs of others may wait for it."""
    method = method_of(campaign)
    groups = alike(desk.session, method, found)
    late = _note_overdue(desk, campaign, method, groups)
    steps = climb_all(desk, campaign, method, groups)
    _look_again(desk, method, groups, steps, late)
    ordered = _press(desk, campaign, method, steps)
    _tell(desk, campaign, method, steps, ordered)
    fired, passed_over = (sum(len(step.group.ids) for step in steps), sum(step.passes_over for step in steps))
    return Rounds(len(found), fired, passed_over, sum(len(group.ids) for group in late))


def _note_overdue(desk: Desk, campaign: CampaignRow, method: Method, groups: Sequence[Alike]) -> list[Alike]:
    """Becoming overdue is a fact of its own, recorded once, whatever the ladder does about it; returns who has.

    That a supporting unit has is written at once, for a rung of the lead unit may wait for it.
    """
    late = [group for group in groups if _is_late(group.one, desk.now)]
    supporting = [group for group in late if method.duty(group.one.key).supports]
    update_alike(desk.session, ObligationRow, [group.one.id for group in supporting], _OVERDUE)
    for group in supporting:
        for lead in holds_up(desk.session, method, group.one):
            watch(method, lead, desk.office)
    for group in late:
        set_committed_value(group.one, "overdue_at", group.one.due_at)
        due_on = str(group.one.due_on)
        for row in group.rows:
            desk.record(campaign.slug, f"obligation:{row.id}", Action.OBLIGATION_OVERDUE, due_on=due_on)
    return late


def _is_late(row: ObligationRow, now: datetime) -> bool:
    return row.status in OWED and row.overdue_at is None and row.due_at is not None and row.due_at <= now


def _look_again(
    desk: Desk, method: Method, groups: Sequence[Alike], steps: Sequence[Step], late: Sequence[Alike]
) -> None:
    """Leave each with its place on its ladder, and with the instant at which it must be looked at again."""
    climbed, overdue = {step.group.one.id: step.fires for step in steps}, {group.one.id for group in late}
    left: dict[tuple[int, datetime | None, bool], list[UUID]] = {}
    for group in groups:
        row, is_late = group.one, group.one.id in overdue
        last = climbed.get(row.id, row.last_rung)
        at = next_look(method, row, max(last, last_of(method, row)), desk.office)
        left.setdefault((last, at, is_late), []).extend(group.ids)
    for (last, at, is_late), ids in left.items():
        place = {"last_rung": last, "next_check_at": at}
        update_alike(desk.session, ObligationRow, ids, place | _OVERDUE if is_late else place)
    for group in groups:
        desk.session.expire(group.one, ("last_rung", "next_check_at"))


def _press(desk: Desk, campaign: CampaignRow, method: Method, steps: Sequence[Step]) -> set[UUID]:
    """What a rung gives rise to besides its letters: a count that is full now, and an order.

    Returns the obligations with an order: it says everything to all whom the rung tells, in the place of its letter.
    """
    acts = counted_acts(method)
    counted = [(step.rung.act, step.group.one) for step in steps if step.rung.act in acts]
    for act, row in {(act, row.unit_id, row.panel_id): (act, row) for act, row in counted}.values():
        for full in counted_with(desk.session, row, act, desk.now):
            watch(method, full, desk.office)
    pressing = [step for step in steps if kind_by_rung(method, step.rung)]
    rows = at_hand(desk.session, [identifier for step in pressing for identifier in step.group.ids]) if pressing else {}
    each = ((rows[identifier], step) for step in pressing for identifier in step.group.ids)
    return {row.id for row, step in each if raise_by_rung(desk, campaign, row, step.fires, step.rung)}


def _tell(desk: Desk, campaign: CampaignRow, method: Method, steps: Sequence[Step], ordered: Collection[UUID]) -> None:
    """The letters of all rungs that fired; a reason is put in words once for all that are due for it."""
    titles = event_titles(method)
    due_for = {row.reason for step in steps for row in step.group.rows}
    why = {text: reason(steps_from_json(text), titles) for text in due_for}
    tell(desk, campaign, [letter for step in steps for letter in _letters(desk, method, step, why, ordered)])


def _letters(
    desk: Desk, method: Method, step: Step, why: Mapping[str, Sequence[str]], ordered: Collection[UUID]
) -> Iterator[Letter]:
    rung, one = step.rung, step.group.one
    head = heading(one, f"rung-{rung.act}", rung.tell)
    shared = {"due_on": str(one.due_on), "notes": notes(rung, _waited_for(desk, method, step))}
    for row in (row for row in step.group.rows if row.row_id not in ordered):
        facts = {**shared, "reason": why[row.reason]}
        yield head.letter(row, f"{row.id}/{step.fires}", facts, urgent=rung.act in URGENT)


def _waited_for(desk: Desk, method: Method, step: Step) -> list[str]:
    """The supporting units that hold up what the step is about, where it was taken because of them."""
    if step.rung.when is None or not step.rung.when.held_up:
        return []
    return list(dict.fromkeys(late.owner for late in held_up_by(desk.session, method, step.group.one)))
