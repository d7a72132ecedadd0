"""Dispatch: claim what may go out, and settle how it went.  Between the two lies ``carrying``, without a transaction.

At least once: a claim is a lease.  Whoever dies between sending and settling leaves a lease that runs out, and the
message goes out again under the same number.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, or_, select, text, update
from sqlalchemy.orm import Session, selectinload

from appraisal.domain.calendar import Calendar
from appraisal.domain.quiet import QuietHours, may_go_at
from appraisal.domain.refusal import Refusal
from appraisal.notices.delivery import Outcome, Verdict, failure_text
from appraisal.notices.post import CLAIMED, FAILED, QUEUED, SENT, Letter, post
from appraisal.notices.render import ALARM, number, subject_of
from appraisal.operations.parcels import Delivery, Item, Parcel, SealedContact
from appraisal.store.record_tables import OutboxRow
from appraisal.store.register_tables import PersonRow
from appraisal.store.work import Work

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 6 * 60, 12 * 60))
"""How long to wait after the first, second, … attempt that failed; after the last of them a message is given up."""

ALARMED_ROLE = "office"
UNDELIVERED_PAGE = "/undelivered"


@dataclass(frozen=True)
class Settled:
    """How many messages went out, wait for another attempt, and were given up."""

    sent: int
    waiting: int
    given_up: int


def claim(work: Work, now: datetime, limit: int, lease: timedelta) -> list[Parcel]:
    """Take up to ``limit`` messages and the digests of up to ``limit`` people for the length of the lease.

    1. Rows that another dispatcher is just taking are skipped, not waited for.
    2. A digest is taken whole: whoever holds its person's row (against claims alone) takes all rows of it.
    3. The update asks again for what the select has found, so no row is claimed twice.
    """
    session, mark = work.session, uuid4()
    ids = [*_single_ids(session, now, limit), *_digest_ids(session, now, limit)]
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(ids), _free(now))
        .values(status=CLAIMED, claim=mark, claimed_until=now + lease, attempts=OutboxRow.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    return list(_parcels(session, mark))


def settle(work: Work, deliveries: Iterable[Delivery], now: datetime, quiet: QuietHours, calendar: Calendar) -> Settled:
    """Write down how each message fared; what is given up is told to the office.

    A claim that has run out and was taken over is settled by whoever took it; that a message did go out counts
    all the same.
    """
    by_id = {delivery.item.id: delivery for delivery in deliveries}
    query = select(OutboxRow).where(OutboxRow.id.in_(by_id)).order_by(OutboxRow.key).with_for_update()
    rows = [row for row in work.session.scalars(query) if _may_settle(row, by_id[row.id])]
    for row in rows:
        _settle(row, by_id[row.id], now, quiet, calendar)
    given_up = [row for row in rows if row.status == FAILED]
    _raise_alarm(work.session, given_up, now, quiet, calendar)
    sent = sum(row.status == SENT for row in rows)
    return Settled(sent, len(rows) - sent - len(given_up), len(given_up))


def _free(now: datetime) -> ColumnElement[bool]:
    # The statuses are spelt out so that both databases see that the partial index ix_outbox_due holds all of these.
    return and_(
        text("outbox.status IN ('queued', 'claimed')"),
        OutboxRow.not_before <= now,
        OutboxRow.person_id.is_not(None),
        or_(OutboxRow.status == QUEUED, OutboxRow.claimed_until <= now),
    )


def _single_ids(session: Session, now: datetime, limit: int) -> Sequence[UUID]:
    query = select(OutboxRow.id).where(_free(now), OutboxRow.digest.is_(False))
    first = query.order_by(OutboxRow.urgent.desc(), OutboxRow.not_before, OutboxRow.key).limit(limit)
    return session.scalars(first.with_for_update(skip_locked=True)).all()


def _digest_ids(session: Session, now: datetime, limit: int) -> Sequence[UUID]:
    waiting = select(OutboxRow.person_id).where(_free(now), OutboxRow.digest)
    people = select(PersonRow.id).where(PersonRow.id.in_(waiting)).order_by(PersonRow.code).limit(limit)
    held = session.scalars(people.with_for_update(skip_locked=True, key_share=True)).all()
    whole = select(OutboxRow.id).where(_free(now), OutboxRow.digest, OutboxRow.person_id.in_(held))
    return session.scalars(whole.with_for_update(skip_locked=True)).all()


def _parcels(session: Session, mark: UUID) -> Iterator[Parcel]:
    query = (
        select(OutboxRow)
        .where(OutboxRow.claim == mark)
        .order_by(OutboxRow.urgent.desc(), OutboxRow.created_at, OutboxRow.key)
        .options(selectinload(OutboxRow.person).selectinload(PersonRow.contacts))
    )
    bundles: dict[UUID, list[OutboxRow]] = {}
    for row in session.scalars(query):
        bundles.setdefault(row.person_id if row.digest and row.person_id else row.id, []).append(row)
    for rows in bundles.values():
        if (person := rows[0].person) is not None:
            yield _parcel(mark, person, rows)


def _parcel(mark: UUID, person: PersonRow, rows: Iterable[OutboxRow]) -> Parcel:
    return Parcel(
        mark,
        person.code,
        person.link_epoch,
        person.active,
        tuple(SealedContact(contact.label, contact.sealed) for contact in person.contacts),
        tuple(Item(row.id, row.key, row.template, row.context, row.page) for row in rows),
    )


def _may_settle(row: OutboxRow, delivery: Delivery) -> bool:
    if delivery.outcome.delivered:
        return row.status != SENT
    return row.status == CLAIMED and row.claim == delivery.claim


def _settle(row: OutboxRow, delivery: Delivery, now: datetime, quiet: QuietHours, calendar: Calendar) -> None:
    row.claim, row.claimed_until, row.failure = None, None, delivery.outcome.failure
    match delivery.outcome.verdict:
        case Verdict.DELIVERED:
            row.status, row.sent_at, row.sent_as = SENT, now, delivery.sent_as
        case Verdict.UNTRIED:
            row.status, row.attempts = QUEUED, row.attempts - 1
        case _ if _is_last(row, delivery.outcome):
            row.status = FAILED
        case _:
            again = now + BACK_OFF[row.attempts - 1]
            row.status, row.not_before = QUEUED, may_go_at(again, quiet, calendar, urgent=row.urgent, digest=False)


def _is_last(row: OutboxRow, outcome: Outcome) -> bool:
    return outcome.verdict is Verdict.PERMANENT or row.attempts > len(BACK_OFF)


def _raise_alarm(
    session: Session, given_up: Sequence[OutboxRow], now: datetime, quiet: QuietHours, calendar: Calendar
) -> None:
    """One letter to the office for all that were given up together, but none about an alarm."""
    rows = [row for row in given_up if row.template != ALARM]
    if not rows:
        return
    items = [_alarming(row, now) for row in rows]
    urgent = any(row.urgent for row in rows)
    key = f"{ALARM}/{now.isoformat()}/{number(rows[0].key)}"
    letter = Letter(ALARM, key, (ALARMED_ROLE,), None, None, {"items": items}, UNDELIVERED_PAGE, urgent)
    post(session, letter, now, quiet, calendar, ())


def _alarming(row: OutboxRow, now: datetime) -> dict[str, str]:
    try:
        subject = subject_of(row.template, row.context, now.date())
    except Refusal:
        subject = row.template
    return {"who": row.person.name if row.person else "", "subject": subject, "why": failure_text(row.failure or "")}
