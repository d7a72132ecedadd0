"""Panels and their log, and what people said."""

import sqlalchemy as sa
from alembic import op

from appraisal.store.migrations.columns import column
from appraisal.store.types import Instant, Json

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables."""
    _panel()
    _panel_member()
    _coverage()
    _log_entry()
    _point()
    _opinion()
    _opinion_message()
    _photo()


def _panel() -> None:
    op.create_table(
        "panel",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("key", sa.String(400)),
        column("title", sa.String(400)),
        column("kind", sa.String(400)),
        column("position", sa.Integer()),
        column("active", sa.Boolean()),
        column("since", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "key"),
    )


def _panel_member() -> None:
    op.create_table(
        "panel_member",
        column("panel_id", sa.Uuid()),
        column("person_id", sa.Uuid()),
        column("role", sa.String(400)),
        column("title", sa.String(400)),
        column("position", sa.Integer()),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("panel_id", "person_id", "role"),
    )
    op.create_index("ix_panel_member_person_id", "panel_member", ["person_id"])


def _coverage() -> None:
    op.create_table(
        "coverage",
        column("panel_id", sa.Uuid()),
        column("unit_id", sa.Uuid()),
        column("seat", sa.Uuid()),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("panel_id", "unit_id"),
    )
    op.create_index("ix_coverage_seat", "coverage", ["seat"])


def _log_entry() -> None:
    op.create_table(
        "log_entry",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("phase_id", sa.Uuid()),
        column("panel_id", sa.Uuid(), nullable=True),
        column("unit_id", sa.Uuid(), nullable=True),
        column("kind", sa.String(400)),
        column("announced", sa.Boolean()),
        column("on", sa.Date()),
        column("place", sa.String(400)),
        column("title", sa.String(400)),
        column("text", sa.Text()),
        column("enterprises", Json),
        column("people", sa.Integer()),
        column("count", sa.Integer()),
        column("by", sa.String(400)),
        column("entered_at", Instant()),
        column("withdrawn", sa.Boolean()),
        column("withdrawn_why", sa.Text()),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["phase_id"], ["phase.id"]),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_log_entry_campaign_id_on", "log_entry", ["campaign_id", "on"])
    op.create_index("ix_log_entry_panel_id", "log_entry", ["panel_id"])
    op.create_index("ix_log_entry_phase_id", "log_entry", ["phase_id"])


def _point() -> None:
    op.create_table(
        "point",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("scope", sa.String(400)),
        column("unit_id", sa.Uuid(), nullable=True),
        column("panel_id", sa.Uuid(), nullable=True),
        column("person_id", sa.Uuid(), nullable=True),
        column("token", sa.String(400)),
        column("title", sa.String(400)),
        column("active", sa.Boolean()),
        column("made_at", Instant()),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token"),
    )
    op.create_index("ix_point_campaign_id", "point", ["campaign_id"])


def _opinion() -> None:
    op.create_table(
        "opinion",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("point_id", sa.Uuid(), nullable=True),
        column("unit_id", sa.Uuid(), nullable=True),
        column("panel_id", sa.Uuid(), nullable=True),
        column("deputy_id", sa.Uuid(), nullable=True),
        column("log_entry_id", sa.Uuid(), nullable=True),
        column("aspect", sa.String(400), nullable=True),
        column("source", sa.String(400)),
        column("channel", sa.String(400)),
        column("text", sa.Text()),
        column("text_digest", sa.String(400)),
        column("named", sa.Boolean()),
        column("writer", sa.LargeBinary(), nullable=True),
        column("follow_up", sa.String(400), nullable=True),
        column("received_on", sa.Date()),
        column("status", sa.String(400)),
        column("why_held", sa.String(400), nullable=True),
        column("reason", sa.Text(), nullable=True),
        column("entered_by", sa.String(400), nullable=True),
        column("noted", sa.Boolean()),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["point_id"], ["point.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"]),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["log_entry_id"], ["log_entry.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("follow_up"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_opinion_campaign_id_received_on", "opinion", ["campaign_id", "received_on"])
    op.create_index("ix_opinion_campaign_id_status", "opinion", ["campaign_id", "status"])
    op.create_index("ix_opinion_campaign_id_text_digest", "opinion", ["campaign_id", "text_digest"])
    op.create_index("ix_opinion_campaign_id_unit_id", "opinion", ["campaign_id", "unit_id"])
    op.create_index(
        "ix_opinion_not_noted",
        "opinion",
        ["received_on"],
        sqlite_where=sa.text("NOT noted"),
        postgresql_where=sa.text("NOT noted"),
    )
    op.create_index("ix_opinion_point_id", "opinion", ["point_id"])


def _opinion_message() -> None:
    op.create_table(
        "opinion_message",
        column("id", sa.Uuid()),
        column("opinion_id", sa.Uuid()),
        column("position", sa.Integer()),
        column("from_office", sa.Boolean()),
        column("text", sa.Text()),
        column("on", sa.Date()),
        sa.ForeignKeyConstraint(["opinion_id"], ["opinion.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("opinion_id", "position"),
        sqlite_with_rowid=False,
    )


def _photo() -> None:
    op.create_table(
        "photo",
        column("id", sa.Uuid()),
        column("log_entry_id", sa.Uuid(), nullable=True),
        column("opinion_id", sa.Uuid(), nullable=True),
        column("position", sa.Integer()),
        column("media_type", sa.String(400)),
        column("width", sa.Integer()),
        column("height", sa.Integer()),
        column("size", sa.Integer()),
        column("digest", sa.String(400)),
        column("stored_as", sa.String(400)),
        sa.ForeignKeyConstraint(["log_entry_id"], ["log_entry.id"]),
        sa.ForeignKeyConstraint(["opinion_id"], ["opinion.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stored_as"),
    )
    op.create_index("ix_photo_log_entry_id", "photo", ["log_entry_id"])
    op.create_index("ix_photo_opinion_id", "photo", ["opinion_id"])
