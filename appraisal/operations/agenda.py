"""The agenda of a sitting: its items in their order, when each began and ended, and what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.domain.agenda import AgendaKind
from appraisal.domain.digest import digest
from appraisal.domain.facts import Action
from appraisal.domain.lifecycle import ObligationStatus, SittingStatus
from appraisal.domain.reasoning import Step, steps_from_json
from appraisal.domain.refusal import Refusal
from appraisal.method.schema import Method
from appraisal.method.words import Moment
from appraisal.operations.clerks import clerk_at
from appraisal.operations.desks import DutyCard, card
from appraisal.operations.loading import method_of, target_by
from appraisal.operations.office import Desk
from appraisal.operations.sittings import held_sitting, not_closed
from appraisal.store.ballot_tables import RoundRow
from appraisal.store.base import identity
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.sitting_tables import AgendaItemRow, SittingRow

MOST_ITEMS = 200
MOST_MINUTES = 24 * 60
LONGEST = 200


@dataclass(frozen=True)
class ItemDraft:
    """An item as it is written down; ``unit`` is the code or name of an appraised unit, ``ballot`` that of a vote."""

    kind: AgendaKind
    title: str
    speaker: str = ""
    unit: str = ""
    minutes: int | None = None
    ballot: str | None = None


def add_item(desk: Desk, sitting_id: UUID, draft: ItemDraft, once: str) -> AgendaItemRow:
    """Put an item at the end.  ``once`` is what the form carried: the same form sent twice is one item."""
    clerk_at(desk)
    sitting = held_sitting(desk.session, sitting_id)
    key = identity("agenda_item", sitting.id, once)
    standing = next((item for item in sitting.agenda if item.id == key), None)
    if standing is not None:
        return standing
    not_closed(sitting)
    if len(sitting.agenda) >= MOST_ITEMS:
        raise Refusal("agenda.full", sitting=sitting.title, most=MOST_ITEMS)
    row = AgendaItemRow(id=key, sitting_id=sitting.id, position=_after_last(sitting), text="")
    _write(sitting, row, draft)
    sitting.agenda.append(row)
    _note(desk, sitting, row)
    return row


def change_item(desk: Desk, item_id: UUID, draft: ItemDraft) -> AgendaItemRow:
    """Word an item anew; the same words again do nothing.

    Refused once the sitting is closed; another ballot also once a round of the first was opened.
    """
    clerk_at(desk)
    sitting, row = _item(desk, item_id)
    not_closed(sitting)
    before = _content(row)
    voted = row.ballot
    _write(sitting, row, draft)
    if voted != row.ballot:
        _not_voted(desk.session, sitting, voted)
    if _content(row) != before:
        _note(desk, sitting, row)
    return row


def strike_item(desk: Desk, sitting_id: UUID, item_id: UUID) -> bool:
    """Take an item off; whether it was there.  Refused for one that has begun or was voted on."""
    clerk_at(desk)
    sitting = held_sitting(desk.session, sitting_id)
    row = next((item for item in sitting.agenda if item.id == item_id), None)
    if row is None:
        return False
    not_closed(sitting)
    if row.began_at is not None:
        raise Refusal("agenda.begun", item=row.title)
    _not_voted(desk.session, sitting, row.ballot)
    sitting.agenda.remove(row)
    _note(desk, sitting, row, struck=True)
    return True


def move_item(desk: Desk, item_id: UUID, place: int) -> list[AgendaItemRow]:
    """Put an item at a place, counted from one; the others close up.  The agenda in its new order."""
    clerk_at(desk)
    sitting, row = _item(desk, item_id)
    not_closed(sitting)
    order = [item for item in sitting.agenda if item is not row]
    order.insert(min(max(place, 1), len(sitting.agenda)) - 1, row)
    if order != list(sitting.agenda):
        _number(desk.session, order)
        desk.session.expire(sitting, ["agenda"])
        _note(desk, sitting, row)
    return order


def begin_item(desk: Desk, item_id: UUID) -> AgendaItemRow:
    """It begins now, and the one that runs ends; a second time does nothing."""
    clerk_at(desk)
    sitting, row = _item(desk, item_id)
    if row.began_at is not None:
        return row
    _sits(sitting)
    for other in sitting.agenda:
        if other.began_at is not None and other.ended_at is None:
            _end(desk, sitting, other)
    row.began_at = desk.now
    desk.record(sitting.campaign.slug, f"agenda:{row.id}", Action.AGENDA_HELD, item=row.title, step="began")
    return row


def end_item(desk: Desk, item_id: UUID) -> AgendaItemRow:
    """It ends now; a second time does nothing.  Refused for one that has not begun."""
    clerk_at(desk)
    sitting, row = _item(desk, item_id)
    if row.ended_at is not None:
        return row
    _sits(sitting)
    if row.began_at is None:
        raise Refusal("agenda.not_begun", item=row.title)
    _end(desk, sitting, row)
    return row


def write_record(desk: Desk, item_id: UUID, text: str) -> AgendaItemRow:
    """What was said, or the note on it; the ledger keeps its digest.  Minutes are written after the sitting, too."""
    clerk_at(desk)
    sitting, row = _item(desk, item_id)
    written = text.strip()
    if written != row.text:
        row.text = written
        facts = {"item": row.title, "text": digest(written), "length": len(written)}
        desk.record(sitting.campaign.slug, f"agenda:{row.id}", Action.AGENDA_SET, **facts)
    return row


def item_by(session: Session, item_id: UUID) -> AgendaItemRow:
    """The item, or Refusal ``agenda.unknown``."""
    row = session.get(AgendaItemRow, item_id)
    if row is None:
        raise Refusal("agenda.unknown")
    return row


def written_reports(session: Session, sitting: SittingRow, now: datetime) -> list[DutyCard]:
    """The duties that are due by the sitting: counted back from its event, or for the next sitting."""
    method = method_of(sitting.campaign)
    duties = [duty for phase in method.phases for duty in phase.duties]
    backward = {duty.key for duty in duties if sitting.event is not None and duty.due.before == sitting.event}
    by_next = {duty.key for duty in duties if duty.due.at is Moment.NEXT_SITTING}
    owed = select(ObligationRow).where(
        ObligationRow.campaign_id == sitting.campaign_id,
        ObligationRow.status != ObligationStatus.WITHDRAWN,
        ObligationRow.key.in_(backward | by_next),
    )
    found = [row for row in session.scalars(owed) if row.key in backward or _is_the_next(row, sitting)]
    rows = sorted(found, key=lambda row: (row.phase.position, row.key, row.owner))
    return [card(row, now) for row in rows]


def _is_the_next(row: ObligationRow, sitting: SittingRow) -> bool:
    """Whether the due date hangs on this sitting as the next one, be it due on the day or so long ahead of it."""
    next_one = Step("deadline.next_sitting", {"day": sitting.held_on.isoformat()})
    return next_one in steps_from_json(row.reason)


def _item(desk: Desk, item_id: UUID) -> tuple[SittingRow, AgendaItemRow]:
    """Its sitting is held first, so that the item is read as it is when nobody else changes it."""
    sitting_id = desk.session.scalar(select(AgendaItemRow.sitting_id).where(AgendaItemRow.id == item_id))
    if sitting_id is None:
        raise Refusal("agenda.unknown")
    sitting = held_sitting(desk.session, sitting_id)
    return sitting, item_by(desk.session, item_id)


def _write(sitting: SittingRow, row: AgendaItemRow, draft: ItemDraft) -> None:
    if not draft.title.strip() or max(len(draft.title), len(draft.speaker)) > LONGEST:
        raise Refusal("agenda.untitled", most=LONGEST)
    if draft.minutes is not None and not 1 <= draft.minutes <= MOST_MINUTES:
        raise Refusal("agenda.minutes", most=MOST_MINUTES)
    row.kind, row.title, row.speaker = str(draft.kind), draft.title.strip(), draft.speaker.strip()
    row.minutes, row.ballot = draft.minutes, _ballot(method_of(sitting.campaign), draft)
    row.unit = target_by(sitting.campaign, draft.unit) if draft.unit else None


def _ballot(method: Method, draft: ItemDraft) -> str | None:
    """A vote names its ballot, and nothing else does."""
    if draft.kind is not AgendaKind.VOTE:
        return None
    titles = {ballot.key: ballot.title for ballot in method.ballots}
    if draft.ballot not in titles:
        raise Refusal("agenda.ballot", known=list(titles.values()))
    return draft.ballot


def _not_voted(session: Session, sitting: SittingRow, ballot: str | None) -> None:
    """Refusal ``agenda.voted`` where a round of the ballot was opened at the sitting."""
    if ballot is None:
        return
    rounds = select(RoundRow.id).where(RoundRow.sitting_id == sitting.id, RoundRow.ballot == ballot).limit(1)
    if session.scalar(rounds) is not None:
        raise Refusal("agenda.voted", ballot=method_of(sitting.campaign).ballot(ballot).title)


def _number(session: Session, order: Sequence[AgendaItemRow]) -> None:
    """No two items may stand at one place, not even on the way; so all step aside first."""
    aside = max(item.position for item in order) + 1
    for start in (aside, 1):
        for place, item in enumerate(order, start=start):
            item.position = place
        session.flush()


def _after_last(sitting: SittingRow) -> int:
    return max((item.position for item in sitting.agenda), default=0) + 1


def _sits(sitting: SittingRow) -> None:
    if sitting.status != SittingStatus.OPEN:
        raise Refusal("agenda.not_sitting", sitting=sitting.title, status=sitting.status)


def _end(desk: Desk, sitting: SittingRow, row: AgendaItemRow) -> None:
    row.ended_at = desk.now
    desk.record(sitting.campaign.slug, f"agenda:{row.id}", Action.AGENDA_HELD, item=row.title, step="ended")


def _note(desk: Desk, sitting: SittingRow, row: AgendaItemRow, **more: object) -> None:
    desk.record(sitting.campaign.slug, f"agenda:{row.id}", Action.AGENDA_SET, **_content(row), **more)


def _content(row: AgendaItemRow) -> dict[str, object]:
    unit = row.unit.code if row.unit else ""
    names = ("kind", "title", "speaker", "minutes", "ballot", "position")
    return {"unit": unit} | {name: getattr(row, name) for name in names}
