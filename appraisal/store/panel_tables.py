"""Panels (评议组、暗访组): who sits on them, which units they cover, and the log of what they did."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.store.base import Base, LongText
from appraisal.store.register_tables import PersonRow, UnitRow
from appraisal.store.types import JsonObject


class PanelRow(Base):
    """A panel of one campaign; ``since`` is the day from which it owes what comes back every period."""

    __tablename__ = "panel"
    __table_args__ = (UniqueConstraint("campaign_id", "key"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    key: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    since: Mapped[date | None]
    members: Mapped[list["PanelMemberRow"]] = relationship(
        order_by="PanelMemberRow.position", cascade="all, delete-orphan"
    )
    coverage: Mapped[list["CoverageRow"]] = relationship(cascade="all, delete-orphan")


class PanelMemberRow(Base):
    """A person on a panel, in a role of the method whose scope is the panel; an expert is told by the title."""

    __tablename__ = "panel_member"
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panel.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    position: Mapped[int]
    person: Mapped[PersonRow] = relationship(lazy="joined")


class CoverageRow(Base):
    """A unit that a panel covers; ``seat`` is what roles of the panel are asked by for that unit."""

    __tablename__ = "coverage"
    panel_id: Mapped[UUID] = mapped_column(ForeignKey("panel.id"), primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    seat: Mapped[UUID] = mapped_column(index=True)
    unit: Mapped[UnitRow] = relationship(lazy="joined")


class LogEntryRow(Base):
    """What a panel (or the body) did on a day: a visit, a seminar, a talk …, of a kind that the method names.

    ``count`` says how many of the kind one entry stands for; a mistaken entry is withdrawn and never changed.
    """

    __tablename__ = "log_entry"
    __table_args__ = (Index("ix_log_entry_campaign_id_on", "campaign_id", "on"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"), index=True)
    panel_id: Mapped[UUID | None] = mapped_column(ForeignKey("panel.id"), index=True)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str]
    announced: Mapped[bool]
    on: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    text: Mapped[str] = mapped_column(LongText, default="")
    enterprises: Mapped[list[JsonObject]]
    people: Mapped[int] = mapped_column(default=0)
    count: Mapped[int] = mapped_column(default=1)
    by: Mapped[str]
    entered_at: Mapped[datetime]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    withdrawn_why: Mapped[str] = mapped_column(LongText, default="")
    panel: Mapped[PanelRow | None] = relationship()
    unit: Mapped[UnitRow | None] = relationship(lazy="joined")
    photos: Mapped[list["PhotoRow"]] = relationship(order_by="PhotoRow.position")


class PhotoRow(Base):
    """A photo that was drawn anew, without what the camera wrote into it, and kept under a random name."""

    __tablename__ = "photo"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    log_entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("log_entry.id"), index=True)
    opinion_id: Mapped[UUID | None] = mapped_column(ForeignKey("opinion.id"), index=True)
    position: Mapped[int]
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    digest: Mapped[str]
    stored_as: Mapped[str] = mapped_column(unique=True)
