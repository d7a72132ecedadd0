"""The ledger, the outbox, and where readers of the ledger have got to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.store.base import Base, LongText
from appraisal.store.register_tables import PersonRow
from appraisal.store.types import JsonObject


class LedgerRow(Base):
    """A fact; triggers refuse update and delete.  ``chain`` is the campaign's slug, or ``register``."""

    __tablename__ = "ledger"
    __table_args__ = (UniqueConstraint("chain", "link"), Index("ix_ledger_subject", "subject"))
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    chain: Mapped[str]
    link: Mapped[int]
    at: Mapped[datetime]
    subject: Mapped[str]
    action: Mapped[str]
    actor: Mapped[str]
    on_behalf_of: Mapped[str | None]
    payload: Mapped[str] = mapped_column(LongText)
    payload_hash: Mapped[str]
    parent_hash: Mapped[str]
    hash: Mapped[str]


class OutboxRow(Base):
    """A message to one person (or to a role that nobody holds), written in the transaction that gave rise to it.

    ``seat_id`` is where the role was asked for: a unit, a panel, the panels over a unit; none for the body.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due",
            "not_before",
            sqlite_where=text("status IN ('queued', 'claimed')"),
            postgresql_where=text("status IN ('queued', 'claimed')"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    campaign_id: Mapped[UUID | None] = mapped_column(index=True)
    template: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    unit: Mapped[str | None]
    seat_id: Mapped[UUID | None]
    context: Mapped[JsonObject]
    page: Mapped[str]
    urgent: Mapped[bool]
    digest: Mapped[bool]
    status: Mapped[str] = mapped_column(index=True)
    not_before: Mapped[datetime]
    created_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claim: Mapped[UUID | None]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    sent_as: Mapped[str | None]
    failure: Mapped[str | None]
    person: Mapped[PersonRow | None] = relationship()


class CursorRow(Base):
    """How far a reader of the ledger has got."""

    __tablename__ = "cursor"
    name: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
