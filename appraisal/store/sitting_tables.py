"""The sitting (会议): its agenda, who is on the roll and who came, and the opinions that it deliberates on."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.store.base import Base, LongText
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.register_tables import PersonRow, UnitRow
from appraisal.store.types import JsonObject


class SittingRow(Base):
    """A sitting of a campaign.  ``event`` is the method's event whose date it is, if any.

    ``members`` has the number of all members (全体组成人员) of each class of voters.
    """

    __tablename__ = "sitting"
    __table_args__ = (UniqueConstraint("campaign_id", "key"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    key: Mapped[str]
    title: Mapped[str]
    event: Mapped[str | None]
    place: Mapped[str] = mapped_column(default="")
    held_on: Mapped[date]
    status: Mapped[str]
    members: Mapped[JsonObject] = mapped_column(default=dict)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    campaign: Mapped[CampaignRow] = relationship()
    agenda: Mapped[list["AgendaItemRow"]] = relationship(
        order_by="AgendaItemRow.position", cascade="all, delete-orphan"
    )
    attendees: Mapped[list["AttendeeRow"]] = relationship(order_by="AttendeeRow.position", cascade="all, delete-orphan")


class AgendaItemRow(Base):
    """An item of the agenda: a report, a statement, a speech, a vote …; with its speaker, its times and its words."""

    __tablename__ = "agenda_item"
    __table_args__ = (UniqueConstraint("sitting_id", "position"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"))
    position: Mapped[int]
    kind: Mapped[str]
    title: Mapped[str]
    speaker: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    ballot: Mapped[str | None]
    minutes: Mapped[int | None]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    text: Mapped[str] = mapped_column(LongText, default="")
    unit: Mapped[UnitRow | None] = relationship(lazy="joined")


class AttendeeRow(Base):
    """Somebody on the roll of a sitting; without ``voters`` they sit in without a vote (列席).

    ``medium`` tells what they were handed to vote with: a code for the phone or a paper.  Which code is not kept.
    """

    __tablename__ = "attendee"
    __table_args__ = (
        UniqueConstraint("sitting_id", "position"),
        Index("ix_attendee_sitting_id_voters", "sitting_id", "voters"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"))
    position: Mapped[int]
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    voters: Mapped[str | None]
    due: Mapped[bool] = mapped_column(default=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    medium: Mapped[str | None]
    came_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    person: Mapped[PersonRow | None] = relationship(lazy="joined")


class ReviewOpinionRow(Base):
    """The opinion on one unit (评议意见), one version of it; approved by the digest of what was read.

    ``achievements`` are texts, ``problems`` have ``text``, ``aim``, ``due_on`` and the ``number`` of a problem.
    """

    __tablename__ = "review_opinion"
    __table_args__ = (UniqueConstraint("campaign_id", "unit_id", "version"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    version: Mapped[int]
    status: Mapped[str]
    achievements: Mapped[list[JsonObject]]
    problems: Mapped[list[JsonObject]]
    digest: Mapped[str]
    drafted_by: Mapped[str]
    drafted_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    approved_by: Mapped[str | None]
    approved_at: Mapped[datetime | None]
    returned_by: Mapped[str | None]
    returned_at: Mapped[datetime | None]
    remarks: Mapped[str] = mapped_column(LongText, default="")
    delivered_at: Mapped[datetime | None]
    unit: Mapped[UnitRow] = relationship(lazy="joined")
    campaign: Mapped[CampaignRow] = relationship(lazy="joined")
