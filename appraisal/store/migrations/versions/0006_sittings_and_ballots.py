"""Sittings, opinions on the units, rounds of ballots and what was counted; a result is that of a round."""

import sqlalchemy as sa
from alembic import op

from appraisal.store.migrations.columns import column
from appraisal.store.types import Instant, Json

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables; results get their round."""
    _sitting()
    _agenda_item()
    _attendee()
    _review_opinion()
    _ballot_round()
    _ballot_code()
    _spent_code()
    _urn()
    _named_ballot()
    _teller_sheet()
    _ballot_count()
    _result()
    _consequence()


def _sitting() -> None:
    op.create_table(
        "sitting",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("key", sa.String(400)),
        column("title", sa.String(400)),
        column("event", sa.String(400), nullable=True),
        column("place", sa.String(400)),
        column("held_on", sa.Date()),
        column("status", sa.String(400)),
        column("members", Json),
        column("opened_at", Instant(), nullable=True),
        column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "key"),
    )


def _agenda_item() -> None:
    op.create_table(
        "agenda_item",
        column("id", sa.Uuid()),
        column("sitting_id", sa.Uuid()),
        column("position", sa.Integer()),
        column("kind", sa.String(400)),
        column("title", sa.String(400)),
        column("speaker", sa.String(400)),
        column("unit_id", sa.Uuid(), nullable=True),
        column("ballot", sa.String(400), nullable=True),
        column("minutes", sa.Integer(), nullable=True),
        column("began_at", Instant(), nullable=True),
        column("ended_at", Instant(), nullable=True),
        column("text", sa.Text()),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sitting_id", "position"),
    )


def _attendee() -> None:
    op.create_table(
        "attendee",
        column("id", sa.Uuid()),
        column("sitting_id", sa.Uuid()),
        column("position", sa.Integer()),
        column("name", sa.String(400)),
        column("title", sa.String(400)),
        column("person_id", sa.Uuid(), nullable=True),
        column("voters", sa.String(400), nullable=True),
        column("due", sa.Boolean()),
        column("code_hash", sa.String(400)),
        column("medium", sa.String(400), nullable=True),
        column("came_at", Instant(), nullable=True),
        column("left_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_hash"),
        sa.UniqueConstraint("sitting_id", "position"),
    )
    op.create_index("ix_attendee_sitting_id_voters", "attendee", ["sitting_id", "voters"])


def _review_opinion() -> None:
    op.create_table(
        "review_opinion",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("unit_id", sa.Uuid()),
        column("version", sa.Integer()),
        column("status", sa.String(400)),
        column("achievements", Json),
        column("problems", Json),
        column("digest", sa.String(400)),
        column("drafted_by", sa.String(400)),
        column("drafted_at", Instant()),
        column("asked_at", Instant(), nullable=True),
        column("approved_by", sa.String(400), nullable=True),
        column("approved_at", Instant(), nullable=True),
        column("returned_by", sa.String(400), nullable=True),
        column("returned_at", Instant(), nullable=True),
        column("remarks", sa.Text()),
        column("delivered_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "unit_id", "version"),
    )
    op.create_index("ix_review_opinion_unit_id", "review_opinion", ["unit_id"])


def _ballot_round() -> None:
    op.create_table(
        "ballot_round",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("sitting_id", sa.Uuid()),
        column("ballot", sa.String(400)),
        column("number", sa.Integer()),
        column("status", sa.String(400)),
        column("units", Json),
        column("turnout", Json),
        column("scrutineers", sa.String(400)),
        column("urn_key", sa.LargeBinary(), nullable=True),
        column("opened_at", Instant()),
        column("closed_at", Instant(), nullable=True),
        column("released_at", Instant(), nullable=True),
        column("digest", sa.String(400)),
        column("receipts", Json),
        column("why_void", sa.Text()),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "ballot", "number"),
    )
    op.create_index("ix_ballot_round_sitting_id", "ballot_round", ["sitting_id"])


def _ballot_code() -> None:
    op.create_table(
        "ballot_code",
        column("id", sa.Uuid()),
        column("sitting_id", sa.Uuid()),
        column("voters", sa.String(400)),
        column("code_hash", sa.String(400)),
        column("drawn", sa.Boolean()),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_hash"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ballot_code_sitting_id_voters", "ballot_code", ["sitting_id", "voters"])


def _spent_code() -> None:
    op.create_table(
        "spent_code",
        column("round_id", sa.Uuid()),
        column("code_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["round_id"], ["ballot_round.id"]),
        sa.PrimaryKeyConstraint("round_id", "code_id"),
        sqlite_with_rowid=False,
    )


def _urn() -> None:
    op.create_table(
        "urn",
        column("id", sa.Uuid()),
        column("round_id", sa.Uuid()),
        column("sealed", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["round_id"], ["ballot_round.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_urn_round_id", "urn", ["round_id"])


def _named_ballot() -> None:
    op.create_table(
        "named_ballot",
        column("id", sa.Uuid()),
        column("round_id", sa.Uuid()),
        column("attendee_id", sa.Uuid()),
        column("marks", Json),
        column("cast_at", Instant()),
        sa.ForeignKeyConstraint(["round_id"], ["ballot_round.id"]),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("round_id", "attendee_id"),
    )


def _teller_sheet() -> None:
    op.create_table(
        "teller_sheet",
        column("id", sa.Uuid()),
        column("round_id", sa.Uuid()),
        column("channel", sa.String(400)),
        column("voters", sa.String(400)),
        column("teller", sa.Integer()),
        column("name", sa.String(400)),
        column("issued", sa.Integer()),
        column("returned", sa.Integer()),
        column("counts", Json),
        column("entered_by", sa.String(400)),
        column("entered_at", Instant()),
        sa.ForeignKeyConstraint(["round_id"], ["ballot_round.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("round_id", "channel", "voters", "teller"),
    )


def _ballot_count() -> None:
    op.create_table(
        "ballot_count",
        column("id", sa.Uuid()),
        column("round_id", sa.Uuid()),
        column("channel", sa.String(400)),
        column("voters", sa.String(400)),
        column("unit_id", sa.Uuid()),
        column("subject", sa.String(400)),
        column("mark", sa.String(400)),
        column("verdict", sa.String(400)),
        column("count", sa.Integer()),
        sa.ForeignKeyConstraint(["round_id"], ["ballot_round.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("round_id", "channel", "voters", "unit_id", "subject", "mark", "verdict"),
        sqlite_with_rowid=False,
    )


def _result() -> None:
    with op.batch_alter_table("result") as table:
        table.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("stands", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("released", sa.Boolean(), nullable=False, server_default=sa.true()))
        table.add_column(sa.Column("detail", Json, nullable=False, server_default=sa.text("'{}'")))
        table.drop_constraint("uq_result_campaign_id_ballot_unit_id", type_="unique")
        table.create_unique_constraint(
            "uq_result_campaign_id_ballot_unit_id_round", ["campaign_id", "ballot", "unit_id", "round"]
        )


def _consequence() -> None:
    op.create_table(
        "consequence",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("key", sa.String(400)),
        column("unit_id", sa.Uuid()),
        column("ballot", sa.String(400)),
        column("round", sa.Integer()),
        column("why", sa.Text()),
        column("found_at", Instant()),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "key", "unit_id", "ballot", "round"),
    )
    op.create_index("ix_consequence_unit_id", "consequence", ["unit_id"])
