"""The board of messages that did not arrive, putting one back, and noting that a message was read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from appraisal.domain.refusal import Refusal
from appraisal.notices.delivery import failure_text
from appraisal.notices.post import FAILED, NOBODY_HOLDS_ROLE, QUEUED, SENT, post_again
from appraisal.notices.render import subject_of
from appraisal.store.record_tables import OutboxRow
from appraisal.store.work import Work


@dataclass(frozen=True)
class Undelivered:
    """A message given up, or (with ``next_try``) one that failed and will be tried again."""

    key: str
    subject: str
    who: str
    role: str
    unit: str
    why: str
    attempts: int
    created_at: datetime
    next_try: datetime | None


def undelivered(session: Session) -> list[Undelivered]:
    """What is given up first, then what is still being tried, the oldest first."""
    query = (
        select(OutboxRow)
        .where(or_(OutboxRow.status == FAILED, and_(OutboxRow.status == QUEUED, OutboxRow.failure.is_not(None))))
        .order_by(OutboxRow.status, OutboxRow.created_at, OutboxRow.key)
        .options(joinedload(OutboxRow.person))
    )
    return [_listed(row) for row in session.scalars(query)]


def retry(work: Work, key: str, now: datetime) -> bool:
    """Staff put a message back, to go out at once and with all its attempts; False when there is nothing to mend.

    A message to a role that nobody held goes to whoever holds it by now, or is refused
    (``notice.still_nobody``).
    """
    row = work.session.scalar(select(OutboxRow).where(OutboxRow.key == key).with_for_update())
    if row is None:
        raise Refusal("notice.missing", key=key)
    if row.status not in (FAILED, QUEUED) or row.failure is None:
        return False
    if row.failure == NOBODY_HOLDS_ROLE:
        if not post_again(work.session, row, now):
            raise Refusal("notice.still_nobody", role=row.role)
        return True
    row.status, row.attempts, row.not_before, row.failure = QUEUED, 0, now, None
    return True


def mark_read(work: Work, person_id: UUID, page: str, now: datetime) -> int:
    """Note that a person opened the page their messages pointed to; the first time counts."""
    theirs = (OutboxRow.person_id == person_id, OutboxRow.page == page, OutboxRow.status == SENT)
    done = work.session.execute(update(OutboxRow).where(*theirs, OutboxRow.read_at.is_(None)).values(read_at=now))
    return done.rowcount if isinstance(done, CursorResult) else 0


def _listed(row: OutboxRow) -> Undelivered:
    return Undelivered(
        row.key,
        _subject(row),
        row.person.name if row.person else "",
        row.role,
        row.unit or "",
        failure_text(row.failure or ""),
        row.attempts,
        row.created_at,
        row.not_before if row.status == QUEUED else None,
    )


def _subject(row: OutboxRow) -> str:
    try:
        return subject_of(row.template, row.context, row.created_at.date())
    except Refusal:
        return row.template
