"""Numbered letters to units: assignments (交办函) with their problems, and orders (督办单、批示、约谈通知、通报)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.store.base import Base, LongText
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow


class AssignmentRow(Base):
    """A letter of assignment to one unit, numbered through the campaign; ``mark`` is its number as it is written.

    ``again`` where it puts to a unit what another was assigned before.
    """

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    number: Mapped[int]
    mark: Mapped[str]
    again: Mapped[bool] = mapped_column(default=False)
    sent_at: Mapped[datetime]
    sent_by: Mapped[str]
    unit: Mapped[UnitRow] = relationship(lazy="joined")
    items: Mapped[list["AssignmentItemRow"]] = relationship(order_by="AssignmentItemRow.position")


class AssignmentItemRow(Base):
    """A problem in a letter of assignment: what the unit leads on, or what it supports (``part``)."""

    __tablename__ = "assignment_item"
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"), primary_key=True)
    problem_id: Mapped[UUID] = mapped_column(ForeignKey("problem.id"), primary_key=True, index=True)
    position: Mapped[int]
    part: Mapped[str]
    problem: Mapped[ProblemRow] = relationship(lazy="joined")


class OrderRow(Base):
    """A numbered letter that presses a matter, numbered by kind through the campaign.

    ``about_id`` is the obligation that it presses (without a foreign key, for obligations refer to orders) and ``rung``
    the rung that gave rise to it; a letter that somebody wrote has neither or only the first.  ``given_by`` is a
    person's code or name, or empty for the ladder.
    """

    __tablename__ = "order_letter"
    __table_args__ = (UniqueConstraint("campaign_id", "kind", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    kind: Mapped[str]
    number: Mapped[int]
    mark: Mapped[str]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    problem_id: Mapped[UUID | None] = mapped_column(ForeignKey("problem.id"), index=True)
    about_id: Mapped[UUID | None] = mapped_column(index=True)
    rung: Mapped[int | None]
    text: Mapped[str] = mapped_column(LongText, default="")
    due_on: Mapped[date | None]
    given_by: Mapped[str] = mapped_column(default="")
    given_at: Mapped[datetime]
    recorded_by: Mapped[str]
    unit: Mapped[UnitRow | None] = relationship(lazy="joined")
    problem: Mapped[ProblemRow | None] = relationship(lazy="joined")
