"""What an investigation finds: problems, where each was found, summonses, and how the units were chosen."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.store.base import Base, LongText
from appraisal.store.opinion_tables import OpinionRow
from appraisal.store.panel_tables import LogEntryRow, PanelRow
from appraisal.store.register_tables import UnitRow
from appraisal.store.types import JsonObject


class ProblemRow(Base):
    """A problem (or a suggestion), numbered within its campaign; open until somebody other than the unit closes it.

    ``unit`` is the lead unit and may not be known yet.  ``classes`` holds its class on every axis of the method,
    ``reason`` why it was dropped or handed on.  ``percent`` and ``moved_at`` are of its last progress, ``reopened``
    counts its relapses, ``note`` is what the register keeps under 备注.  ``version`` counts its changes.
    ``carried_from`` is the problem of an earlier campaign that it goes on with.
    """

    __tablename__ = "problem"
    __table_args__ = (
        UniqueConstraint("campaign_id", "number"),
        Index("ix_problem_campaign_id_unit_id", "campaign_id", "unit_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(default="problem")
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    title: Mapped[str]
    detail: Mapped[str] = mapped_column(LongText, default="")
    aim: Mapped[str] = mapped_column(LongText, default="")
    classes: Mapped[JsonObject] = mapped_column(default=dict)
    leader: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(index=True)
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("problem.id"))
    reason: Mapped[str | None] = mapped_column(LongText)
    recorded_at: Mapped[datetime]
    assigned_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    percent: Mapped[int] = mapped_column(default=0)
    moved_at: Mapped[datetime | None]
    reopened: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(LongText, default="")
    version: Mapped[int] = mapped_column(default=1)
    carried_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("problem.id"))
    unit: Mapped[UnitRow | None] = relationship(lazy="joined")
    supporting: Mapped[list[UnitRow]] = relationship(
        secondary="problem_unit", order_by="UnitRow.position", lazy="selectin"
    )
    findings: Mapped[list["FindingRow"]] = relationship(order_by="FindingRow.position", back_populates="problem")


class ProblemUnitRow(Base):
    """A unit that supports the lead unit in solving a problem (配合单位)."""

    __tablename__ = "problem_unit"
    problem_id: Mapped[UUID] = mapped_column(ForeignKey("problem.id"), primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class FindingRow(Base):
    """One place where a problem was found; merging moves findings, and never drops one.

    ``kind`` says how: ``opinion``, ``log`` (a panel), ``seminar``, ``self_review`` (the unit itself), ``entered``.
    """

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("opinion_id", "problem_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    problem_id: Mapped[UUID] = mapped_column(ForeignKey("problem.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(LongText)
    opinion_id: Mapped[UUID | None] = mapped_column(ForeignKey("opinion.id"), index=True)
    log_entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("log_entry.id"))
    panel_id: Mapped[UUID | None] = mapped_column(ForeignKey("panel.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    by: Mapped[str]
    at: Mapped[datetime]
    problem: Mapped[ProblemRow] = relationship(back_populates="findings")
    opinion: Mapped[OpinionRow | None] = relationship()
    log_entry: Mapped[LogEntryRow | None] = relationship()
    panel: Mapped[PanelRow | None] = relationship(lazy="joined")
    unit: Mapped[UnitRow | None] = relationship(lazy="joined")


class SelectionRow(Base):
    """A decision on which units are appraised: in what way, by whom, on what terms and figures as they then stood."""

    __tablename__ = "selection"
    __table_args__ = (UniqueConstraint("campaign_id", "position"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    position: Mapped[int]
    way: Mapped[str]
    decided_on: Mapped[date]
    decided_by: Mapped[str]
    document: Mapped[str] = mapped_column(LongText, default="")
    terms: Mapped[JsonObject]
    figures: Mapped[list[JsonObject]]
    chosen: Mapped[list[JsonObject]]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]


class SummonsRow(Base):
    """A summons (约谈) and its record, numbered within its campaign; ``order_id`` is the letter that called for it."""

    __tablename__ = "summons"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    number: Mapped[int]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    person: Mapped[str]
    held_on: Mapped[date]
    held_by: Mapped[str]
    reason: Mapped[str] = mapped_column(LongText)
    record: Mapped[str] = mapped_column(LongText)
    agreed: Mapped[str] = mapped_column(LongText, default="")
    problems: Mapped[list[JsonObject]]
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_letter.id"))
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    unit: Mapped[UnitRow] = relationship(lazy="joined")
