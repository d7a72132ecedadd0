"""What people said: opinions and the points they came in by, questionnaires, codes and answer sheets.

Nothing here tells who wrote anonymously: no address, no device, no time finer than the day.  Opinions and answer
sheets have random keys and on SQLite lie in the order of these, so the file does not tell their order either.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.store.base import Base, LongText
from appraisal.store.panel_tables import PanelRow, PhotoRow
from appraisal.store.register_tables import PersonRow, UnitRow
from appraisal.store.types import JsonObject


class PointRow(Base):
    """An intake point: a printed code (评议码、代表码) for a campaign, a unit, a panel or a deputy."""

    __tablename__ = "point"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"), index=True)
    scope: Mapped[str]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    panel_id: Mapped[UUID | None] = mapped_column(ForeignKey("panel.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    token: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime]
    unit: Mapped[UnitRow | None] = relationship(lazy="joined")
    panel: Mapped[PanelRow | None] = relationship(lazy="joined")
    person: Mapped[PersonRow | None] = relationship(lazy="joined")


class OpinionRow(Base):
    """An opinion.  ``writer`` is sealed; ``follow_up`` is a keyed hash of the code by which the writer comes back.

    ``noted`` tells whether its receipt is on the ledger: of what came in by itself it is put there when the day is
    over, in the order of the random keys, so that the ledger does not tell when it came.
    """

    __tablename__ = "opinion"
    __table_args__ = (
        Index("ix_opinion_campaign_id_status", "campaign_id", "status"),
        Index("ix_opinion_campaign_id_received_on", "campaign_id", "received_on"),
        Index("ix_opinion_campaign_id_unit_id", "campaign_id", "unit_id"),
        Index("ix_opinion_campaign_id_text_digest", "campaign_id", "text_digest"),
        Index(
            "ix_opinion_not_noted",
            "received_on",
            sqlite_where=text("NOT noted"),
            postgresql_where=text("NOT noted"),
        ),
        {"sqlite_with_rowid": False},
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    point_id: Mapped[UUID | None] = mapped_column(ForeignKey("point.id"), index=True)
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    panel_id: Mapped[UUID | None] = mapped_column(ForeignKey("panel.id"))
    deputy_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    log_entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("log_entry.id"))
    aspect: Mapped[str | None]
    source: Mapped[str]
    channel: Mapped[str]
    text: Mapped[str] = mapped_column(LongText)
    text_digest: Mapped[str]
    named: Mapped[bool]
    writer: Mapped[bytes | None] = mapped_column(LargeBinary)
    follow_up: Mapped[str | None] = mapped_column(unique=True)
    received_on: Mapped[date]
    status: Mapped[str]
    why_held: Mapped[str | None]
    reason: Mapped[str | None] = mapped_column(LongText)
    entered_by: Mapped[str | None]
    noted: Mapped[bool] = mapped_column(default=False)
    unit: Mapped[UnitRow | None] = relationship(lazy="joined")
    messages: Mapped[list["OpinionMessageRow"]] = relationship(order_by="OpinionMessageRow.position")
    photos: Mapped[list[PhotoRow]] = relationship(order_by="PhotoRow.position")


class OpinionMessageRow(Base):
    """A question of the office to the writer, a reply, or an answer of the writer."""

    __tablename__ = "opinion_message"
    __table_args__ = (UniqueConstraint("opinion_id", "position"), {"sqlite_with_rowid": False})
    id: Mapped[UUID] = mapped_column(primary_key=True)
    opinion_id: Mapped[UUID] = mapped_column(ForeignKey("opinion.id"))
    position: Mapped[int]
    from_office: Mapped[bool]
    text: Mapped[str] = mapped_column(LongText)
    on: Mapped[date]


class QuestionnaireRow(Base):
    """A questionnaire of a campaign, pinned by ``digest`` to its questions; ``paper_issued`` counts those on paper."""

    __tablename__ = "questionnaire"
    __table_args__ = (UniqueConstraint("campaign_id", "key"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    key: Mapped[str]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(LongText)
    digest: Mapped[str]
    access: Mapped[str]
    token: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str]
    paper_issued: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    closes_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]


class AnswerCodeRow(Base):
    """That somebody was handed a questionnaire and whether it came back; what was answered is not to be found by it."""

    __tablename__ = "answer_code"
    __table_args__ = (UniqueConstraint("questionnaire_id", "position"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire.id"))
    position: Mapped[int]
    code_hash: Mapped[str] = mapped_column(unique=True)
    label: Mapped[str] = mapped_column(default="")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    issued_on: Mapped[date]
    answered: Mapped[bool] = mapped_column(default=False)
    reminded_on: Mapped[date | None]
    person: Mapped[PersonRow | None] = relationship(lazy="joined")


class AnswerSheetRow(Base):
    """A questionnaire that came back, with no key in common with the code by which it came.

    ``received_on`` is left open where it came by a code: the day on which the last few came would tell whose they are.
    ``faults`` says why a sheet does not count.
    """

    __tablename__ = "answer_sheet"
    __table_args__ = (
        Index("ix_answer_sheet_questionnaire_id", "questionnaire_id"),
        {"sqlite_with_rowid": False},
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    questionnaire_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    answers: Mapped[JsonObject]
    valid: Mapped[bool]
    faults: Mapped[list[JsonObject]]
    medium: Mapped[str]
    received_on: Mapped[date | None]
    entered_by: Mapped[str | None]
