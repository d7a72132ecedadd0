"""A campaign and all that hangs on it: phases, events, obligations, approvals, results."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.store.assignment_tables import AssignmentRow, OrderRow
from appraisal.store.base import Base, LongText
from appraisal.store.panel_tables import PanelRow
from appraisal.store.problem_tables import ProblemRow
from appraisal.store.register_tables import UnitRow
from appraisal.store.types import JsonObject


class EditionRow(Base):
    """A method as it stood when a campaign was pinned to it."""

    __tablename__ = "edition"
    digest: Mapped[str] = mapped_column(primary_key=True)
    method: Mapped[str]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(LongText)


class CampaignRow(Base):
    """One appraisal, run by one edition of one method."""

    __tablename__ = "campaign"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    digest: Mapped[str] = mapped_column(ForeignKey("edition.digest"))
    calendar_digest: Mapped[str]
    status: Mapped[str]
    starts_on: Mapped[date]
    started_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    edition: Mapped[EditionRow] = relationship()
    phases: Mapped[list["PhaseRow"]] = relationship(order_by="PhaseRow.position", back_populates="campaign")
    targets: Mapped[list["TargetRow"]] = relationship(order_by="TargetRow.position")


class TargetRow(Base):
    """A unit that the campaign appraises."""

    __tablename__ = "target"
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    position: Mapped[int]
    unit: Mapped[UnitRow] = relationship(lazy="joined")


class EventRow(Base):
    """Something that happened, or a date that is set; due dates are counted from it."""

    __tablename__ = "event"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]


class PhaseRow(Base):
    """A phase: planned, open or closed.  ``round`` counts the requests to close it."""

    __tablename__ = "phase"
    __table_args__ = (UniqueConstraint("campaign_id", "key"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    key: Mapped[str]
    title: Mapped[str]
    kind: Mapped[str]
    position: Mapped[int]
    status: Mapped[str] = mapped_column(index=True)
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    provisional: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(LongText, default="[]")
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    campaign: Mapped[CampaignRow] = relationship(back_populates="phases")


class ObligationRow(Base):
    """A duty that somebody has, with its due date, the reason for it, and its place on its ladder.

    It is owed by a unit, a panel or the body; ``problem`` is the one it is about, ``assignment`` or ``order`` the
    letter it answers, ``period`` the day it stands for where the duty comes back, ``times`` counts how often it was
    called for.  ``first_due_on`` and ``extended_on`` are the dates before and by the last extension.  ``moved_at`` is
    when something was last reported, ``unmoved`` how many reports since have said nothing new.  ``next_check_at`` is
    when the patrol must look again (next rung, or becoming overdue); it is null on whatever needs no looking after, so
    the index holds just what is still to come.
    """

    __tablename__ = "obligation"
    __table_args__ = (
        Index(
            "ix_obligation_next_check_at",
            "next_check_at",
            sqlite_where=text("next_check_at IS NOT NULL"),
            postgresql_where=text("next_check_at IS NOT NULL"),
        ),
        Index("ix_obligation_campaign_id_status", "campaign_id", "status"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"), index=True)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    panel_id: Mapped[UUID | None] = mapped_column(ForeignKey("panel.id"), index=True)
    problem_id: Mapped[UUID | None] = mapped_column(ForeignKey("problem.id"), index=True)
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignment.id"))
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_letter.id"))
    period: Mapped[date | None]
    times: Mapped[int] = mapped_column(default=1)
    key: Mapped[str]
    title: Mapped[str]
    status: Mapped[str]
    waits_for: Mapped[str | None]
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    first_due_on: Mapped[date | None]
    extended_on: Mapped[date | None]
    provisional: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(LongText, default="[]")
    moved_at: Mapped[datetime | None]
    unmoved: Mapped[int] = mapped_column(default=0)
    last_rung: Mapped[int] = mapped_column(default=-1)
    next_check_at: Mapped[datetime | None]
    issued_at: Mapped[datetime]
    overdue_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    returns: Mapped[int] = mapped_column(default=0)
    unit: Mapped[UnitRow | None] = relationship(lazy="joined")
    panel: Mapped[PanelRow | None] = relationship(lazy="joined")
    problem: Mapped[ProblemRow | None] = relationship()
    assignment: Mapped[AssignmentRow | None] = relationship()
    order: Mapped[OrderRow | None] = relationship()
    phase: Mapped[PhaseRow] = relationship()
    campaign: Mapped[CampaignRow] = relationship()
    submissions: Mapped[list["SubmissionRow"]] = relationship(order_by="SubmissionRow.round")

    @property
    def owner(self) -> str:
        """The unit or the panel that owes it; empty for the body."""
        return self.unit.name if self.unit else self.panel.title if self.panel else ""

    @property
    def closed_before(self) -> datetime | None:
        """When its phase had closed before it was issued: what it is about was given to the unit later."""
        closed_at = self.phase.closed_at
        return closed_at if closed_at and closed_at < self.issued_at else None


class FiringRow(Base):
    """That a rung fired or was passed over; once per obligation and rung.  ``points`` are what it cost the unit."""

    __tablename__ = "firing"
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey("obligation.id"), primary_key=True)
    rung: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str]
    passed_over: Mapped[bool]
    points: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]


class SubmissionRow(Base):
    """What a unit handed in; a return opens the next round.

    ``percent`` is how far the problem then was, ``finding`` what a look-back found (``holds``, ``relapsed``),
    ``manner`` and ``verified_on`` how and on which day the verdict was come to.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("obligation_id", "round"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    obligation_id: Mapped[UUID] = mapped_column(ForeignKey("obligation.id"))
    round: Mapped[int]
    text: Mapped[str] = mapped_column(LongText)
    by: Mapped[str]
    at: Mapped[datetime]
    verdict: Mapped[str | None]
    verdict_by: Mapped[str | None]
    verdict_at: Mapped[datetime | None]
    verdict_reason: Mapped[str | None] = mapped_column(LongText)
    percent: Mapped[int | None]
    finding: Mapped[str | None]
    manner: Mapped[str | None]
    verified_on: Mapped[date | None]
    attachments: Mapped[list["AttachmentRow"]] = relationship(order_by="AttachmentRow.position")


class AttachmentRow(Base):
    """A file handed in, kept under a random name; ``speaks_of`` is the day that it is evidence of."""

    __tablename__ = "attachment"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    digest: Mapped[str]
    speaks_of: Mapped[date | None]
    stored_as: Mapped[str] = mapped_column(unique=True)


class ApprovalRow(Base):
    """A request to close a phase, bound by ``digest`` to the brief that was read."""

    __tablename__ = "approval"
    __table_args__ = (UniqueConstraint("phase_id", "round"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    phase_id: Mapped[UUID] = mapped_column(ForeignKey("phase.id"))
    round: Mapped[int]
    role: Mapped[str]
    status: Mapped[str] = mapped_column(index=True)
    digest: Mapped[str]
    asked_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    via: Mapped[str | None]
    remarks: Mapped[str | None] = mapped_column(LongText)
    phase: Mapped[PhaseRow] = relationship()


class ResultRow(Base):
    """The result of a vote on one unit, as entered from the meeting or counted by the system.

    ``round`` is the round of the ballot; the result of the latest stands.  ``detail`` has what a counted result rests
    on: base, shares, score, place, satisfaction as exact fractions, and the working.  Until it is ``released`` a
    result is sealed: nobody is shown it.
    """

    __tablename__ = "result"
    __table_args__ = (UniqueConstraint("campaign_id", "ballot", "unit_id", "round"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    ballot: Mapped[str]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    issued: Mapped[int]
    returned: Mapped[int]
    valid: Mapped[int]
    counts: Mapped[JsonObject]
    grade: Mapped[str]
    round: Mapped[int] = mapped_column(default=1)
    stands: Mapped[bool] = mapped_column(default=True)
    released: Mapped[bool] = mapped_column(default=True)
    detail: Mapped[JsonObject] = mapped_column(default=dict)
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    unit: Mapped[UnitRow] = relationship(lazy="joined")


class ConsequenceRow(Base):
    """A consequence that was found to apply to a unit, by the result of which round; ``why`` are steps as JSON."""

    __tablename__ = "consequence"
    __table_args__ = (UniqueConstraint("campaign_id", "key", "unit_id", "ballot", "round"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    key: Mapped[str]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    ballot: Mapped[str]
    round: Mapped[int]
    why: Mapped[str] = mapped_column(LongText, default="[]")
    found_at: Mapped[datetime]
    unit: Mapped[UnitRow] = relationship(lazy="joined")
