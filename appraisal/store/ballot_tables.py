"""Votes: rounds, the codes that open a ballot, the urn, what tellers counted, and what came out.

Who may vote and what was voted are in tables that share no key.  A code stands for a class of voters and for nobody
in it.  While a round is open a ballot lies in the urn sealed, with a random key and no time; when the round closes the
urn is emptied, and what remains are equal lines counted together.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from appraisal.store.base import Base, LongText
from appraisal.store.campaign_tables import CampaignRow
from appraisal.store.register_tables import UnitRow
from appraisal.store.sitting_tables import AttendeeRow, SittingRow
from appraisal.store.types import Json, JsonObject


class RoundRow(Base):
    """One round of a ballot at a sitting; a repeated vote is a new round and the old one stays.

    ``units`` are the codes of the units voted on, ``turnout`` is a list of ``{channel, voters, members, due, present,
    phone, paper}`` and, once it is closed, ``issued`` and ``returned``; ``receipts`` came out of the urn with the
    papers.  ``urn_key`` seals the urn and is destroyed when the round closes.
    """

    __tablename__ = "ballot_round"
    __table_args__ = (UniqueConstraint("campaign_id", "ballot", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(ForeignKey("campaign.id"))
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"), index=True)
    ballot: Mapped[str]
    number: Mapped[int]
    status: Mapped[str]
    units: Mapped[list[str]] = mapped_column(Json)
    turnout: Mapped[list[JsonObject]]
    scrutineers: Mapped[str] = mapped_column(default="")
    urn_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    digest: Mapped[str] = mapped_column(default="")
    receipts: Mapped[list[str]] = mapped_column(Json, default=list)
    why_void: Mapped[str] = mapped_column(LongText, default="")
    campaign: Mapped[CampaignRow] = relationship()
    sitting: Mapped[SittingRow] = relationship()


class BallotCodeRow(Base):
    """A one-time code of a sitting, for a class of voters and no one person; good for one ballot in every round.

    ``drawn`` tells that it was shown at check-in or printed, so that it is not handed out twice.
    """

    __tablename__ = "ballot_code"
    __table_args__ = (
        Index("ix_ballot_code_sitting_id_voters", "sitting_id", "voters"),
        {"sqlite_with_rowid": False},
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"))
    voters: Mapped[str]
    code_hash: Mapped[str] = mapped_column(unique=True)
    drawn: Mapped[bool] = mapped_column(default=False)


class SpentCodeRow(Base):
    """That a code has brought its ballot in this round; nothing tells which ballot.

    The code is no foreign key: codes are taken out and put back while others are drawn, so that none lies where it
    came.
    """

    __tablename__ = "spent_code"
    __table_args__ = ({"sqlite_with_rowid": False},)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("ballot_round.id"), primary_key=True)
    code_id: Mapped[UUID] = mapped_column(primary_key=True)


class UrnRow(Base):
    """A sealed ballot in the urn of an open round."""

    __tablename__ = "urn"
    __table_args__ = (Index("ix_urn_round_id", "round_id"), {"sqlite_with_rowid": False})
    id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("ballot_round.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class NamedBallotRow(Base):
    """A ballot of a round that is held by name (记名), as its voter cast it."""

    __tablename__ = "named_ballot"
    __table_args__ = (UniqueConstraint("round_id", "attendee_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("ballot_round.id"))
    attendee_id: Mapped[UUID] = mapped_column(ForeignKey("attendee.id"))
    marks: Mapped[JsonObject]
    cast_at: Mapped[datetime]
    attendee: Mapped[AttendeeRow] = relationship(lazy="joined")


class TellerSheetRow(Base):
    """What one of two tellers counted on the papers of a channel and class: ``{unit: {subject: {mark: count}}}``.

    A mark is that of a line, or ``~invalid`` and ``~abstained`` for lines that count as such.
    """

    __tablename__ = "teller_sheet"
    __table_args__ = (UniqueConstraint("round_id", "channel", "voters", "teller"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("ballot_round.id"))
    channel: Mapped[str]
    voters: Mapped[str]
    teller: Mapped[int]
    name: Mapped[str]
    issued: Mapped[int]
    returned: Mapped[int]
    counts: Mapped[JsonObject]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]


class CountRow(Base):
    """Equal lines of a closed round, counted together: all that is kept of its papers."""

    __tablename__ = "ballot_count"
    __table_args__ = (
        UniqueConstraint("round_id", "channel", "voters", "unit_id", "subject", "mark", "verdict"),
        {"sqlite_with_rowid": False},
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("ballot_round.id"))
    channel: Mapped[str]
    voters: Mapped[str]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    subject: Mapped[str]
    mark: Mapped[str]
    verdict: Mapped[str]
    count: Mapped[int]
    unit: Mapped[UnitRow] = relationship(lazy="joined")
