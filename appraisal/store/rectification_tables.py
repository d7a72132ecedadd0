"""Rectification: measures, progress, petitions for time or another unit, agreements, and closing out."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.store.base import Base, LongText
from appraisal.store.campaign_tables import ObligationRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow


class MeasureRow(Base):
    """A measure of a unit (整改措施), numbered through the unit; one may serve several problems.

    ``percent`` is how far it is, ``done_on`` the day on which it was carried out; a ``dropped`` one stays readable.
    """

    __tablename__ = "measure"
    __table_args__ = (UniqueConstraint("campaign_id", "unit_id", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    number: Mapped[int]
    text: Mapped[str] = mapped_column(LongText)
    leader: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date | None]
    percent: Mapped[int] = mapped_column(default=0)
    done_on: Mapped[date | None]
    dropped: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    by: Mapped[str]
    at: Mapped[datetime]
    unit: Mapped[UnitRow] = relationship(lazy="joined")
    problems: Mapped[list[ProblemRow]] = relationship(
        secondary="measure_problem", order_by="ProblemRow.number", lazy="selectin"
    )
    milestones: Mapped[list["MilestoneRow"]] = relationship(
        order_by="MilestoneRow.position", cascade="all, delete-orphan", lazy="selectin"
    )


class MeasureProblemRow(Base):
    """A problem that a measure serves."""

    __tablename__ = "measure_problem"
    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    problem_id: Mapped[UUID] = mapped_column(ForeignKey("problem.id"), primary_key=True, index=True)


class MilestoneRow(Base):
    """A step on the way of a measure (时间节点)."""

    __tablename__ = "milestone"
    measure_id: Mapped[UUID] = mapped_column(ForeignKey("measure.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    due_on: Mapped[date | None]
    reached_on: Mapped[date | None]


class ProgressRow(Base):
    """What was reported of a problem, by which unit, and how far it then was in percent."""

    __tablename__ = "progress"
    __table_args__ = (UniqueConstraint("problem_id", "position"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    problem_id: Mapped[UUID] = mapped_column(ForeignKey("problem.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    obligation_id: Mapped[UUID | None] = mapped_column(ForeignKey("obligation.id"))
    position: Mapped[int]
    percent: Mapped[int]
    text: Mapped[str] = mapped_column(LongText)
    by: Mapped[str]
    at: Mapped[datetime]
    unit: Mapped[UnitRow | None] = relationship(lazy="joined")


class PetitionRow(Base):
    """What a unit asks for: more time for an obligation (``extension``), or another unit for a problem (``objection``).

    ``until`` is the day asked for and ``before`` the day as it stood; ``to_unit`` where a problem went.
    ``role`` decides.
    """

    __tablename__ = "petition"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    kind: Mapped[str]
    position: Mapped[int]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    obligation_id: Mapped[UUID | None] = mapped_column(ForeignKey("obligation.id"), index=True)
    problem_id: Mapped[UUID | None] = mapped_column(ForeignKey("problem.id"), index=True)
    before: Mapped[date | None]
    until: Mapped[date | None]
    reason: Mapped[str] = mapped_column(LongText)
    role: Mapped[str]
    status: Mapped[str] = mapped_column(index=True)
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    remarks: Mapped[str | None] = mapped_column(LongText)
    to_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    unit: Mapped[UnitRow | None] = relationship(lazy="joined", foreign_keys=[unit_id])
    to_unit: Mapped[UnitRow | None] = relationship(lazy="joined", foreign_keys=[to_unit_id])
    obligation: Mapped[ObligationRow | None] = relationship()
    problem: Mapped[ProblemRow | None] = relationship()


class AgreementRow(Base):
    """That somebody in a role agrees to the closing of a problem; ``round`` counts its closings."""

    __tablename__ = "agreement"
    problem_id: Mapped[UUID] = mapped_column(ForeignKey("problem.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    by: Mapped[str]
    at: Mapped[datetime]
    remarks: Mapped[str] = mapped_column(LongText, default="")


class CloseOutRow(Base):
    """A step on the way of a problem to its end: verified, returned, closed in part or whole, relapsed, handed on.

    ``kind`` is the word of the fact (``verified``, ``returned``, ``part_closed``, ``closed``, ``reopened``,
    ``handed_on``); ``manner`` and ``verified_on`` say how and when it was looked at, ``remaining`` what a partial
    closing leaves to do.
    """

    __tablename__ = "close_out"
    __table_args__ = (UniqueConstraint("problem_id", "position"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    problem_id: Mapped[UUID] = mapped_column(ForeignKey("problem.id"))
    position: Mapped[int]
    kind: Mapped[str]
    manner: Mapped[str | None]
    verified_on: Mapped[date | None]
    text: Mapped[str] = mapped_column(LongText, default="")
    remaining: Mapped[str] = mapped_column(LongText, default="")
    by: Mapped[str]
    at: Mapped[datetime]
