"""Campaigns and all that hangs on them."""

import sqlalchemy as sa
from alembic import op

from appraisal.store.migrations.columns import column
from appraisal.store.types import Instant, Json

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    _edition()
    _campaign()
    _event()
    _phase()
    _problem()
    _result()
    _target()
    _approval()
    _obligation()
    _firing()
    _submission()
    _attachment()


def _edition() -> None:
    op.create_table(
        "edition",
        column("digest", sa.String(400)),
        column("method", sa.String(400)),
        column("title", sa.String(400)),
        column("text", sa.Text()),
        sa.PrimaryKeyConstraint("digest"),
    )


def _campaign() -> None:
    op.create_table(
        "campaign",
        column("id", sa.Uuid()),
        column("slug", sa.String(400)),
        column("title", sa.String(400)),
        column("digest", sa.String(400)),
        column("calendar_digest", sa.String(400)),
        column("status", sa.String(400)),
        column("starts_on", sa.Date()),
        column("started_at", Instant()),
        column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["digest"], ["edition.digest"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )


def _event() -> None:
    op.create_table(
        "event",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("unit_id", sa.Uuid(), nullable=True),
        column("name", sa.String(400)),
        column("at", Instant()),
        column("recorded_at", Instant()),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_event_campaign_id", "event", ["campaign_id"])


def _phase() -> None:
    op.create_table(
        "phase",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("key", sa.String(400)),
        column("title", sa.String(400)),
        column("kind", sa.String(400)),
        column("position", sa.Integer()),
        column("status", sa.String(400)),
        column("opens_on", sa.Date(), nullable=True),
        column("closes_on", sa.Date(), nullable=True),
        column("provisional", sa.Boolean()),
        column("reason", sa.Text()),
        column("opened_at", Instant(), nullable=True),
        column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "key"),
    )
    op.create_index("ix_phase_status", "phase", ["status"])


def _problem() -> None:
    op.create_table(
        "problem",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("unit_id", sa.Uuid()),
        column("number", sa.Integer()),
        column("title", sa.String(400)),
        column("aim", sa.Text()),
        column("status", sa.String(400)),
        column("recorded_at", Instant()),
        column("closed_at", Instant(), nullable=True),
        column("closed_by", sa.String(400), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "unit_id", "number"),
    )
    op.create_index("ix_problem_status", "problem", ["status"])


def _result() -> None:
    op.create_table(
        "result",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("ballot", sa.String(400)),
        column("unit_id", sa.Uuid()),
        column("issued", sa.Integer()),
        column("returned", sa.Integer()),
        column("valid", sa.Integer()),
        column("counts", Json),
        column("grade", sa.String(400)),
        column("recorded_by", sa.String(400)),
        column("recorded_at", Instant()),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "ballot", "unit_id"),
    )


def _target() -> None:
    op.create_table(
        "target",
        column("campaign_id", sa.Uuid()),
        column("unit_id", sa.Uuid()),
        column("position", sa.Integer()),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("campaign_id", "unit_id"),
    )


def _approval() -> None:
    op.create_table(
        "approval",
        column("id", sa.Uuid()),
        column("phase_id", sa.Uuid()),
        column("round", sa.Integer()),
        column("role", sa.String(400)),
        column("status", sa.String(400)),
        column("digest", sa.String(400)),
        column("asked_at", Instant()),
        column("called_at", Instant(), nullable=True),
        column("decided_at", Instant(), nullable=True),
        column("decided_by", sa.String(400), nullable=True),
        column("via", sa.String(400), nullable=True),
        column("remarks", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["phase_id"], ["phase.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("phase_id", "round"),
    )
    op.create_index("ix_approval_status", "approval", ["status"])


def _obligation() -> None:
    op.create_table(
        "obligation",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("phase_id", sa.Uuid()),
        column("unit_id", sa.Uuid(), nullable=True),
        column("key", sa.String(400)),
        column("title", sa.String(400)),
        column("status", sa.String(400)),
        column("waits_for", sa.String(400), nullable=True),
        column("starts_on", sa.Date(), nullable=True),
        column("due_on", sa.Date(), nullable=True),
        column("due_at", Instant(), nullable=True),
        column("provisional", sa.Boolean()),
        column("reason", sa.Text()),
        column("last_rung", sa.Integer()),
        column("next_check_at", Instant(), nullable=True),
        column("issued_at", Instant()),
        column("overdue_at", Instant(), nullable=True),
        column("settled_at", Instant(), nullable=True),
        column("returns", sa.Integer()),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["phase_id"], ["phase.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_obligation_campaign_id_status", "obligation", ["campaign_id", "status"])
    op.create_index(
        "ix_obligation_next_check_at",
        "obligation",
        ["next_check_at"],
        sqlite_where=sa.text("next_check_at IS NOT NULL"),
        postgresql_where=sa.text("next_check_at IS NOT NULL"),
    )
    op.create_index("ix_obligation_phase_id", "obligation", ["phase_id"])
    op.create_index("ix_obligation_unit_id", "obligation", ["unit_id"])


def _firing() -> None:
    op.create_table(
        "firing",
        column("obligation_id", sa.Uuid()),
        column("rung", sa.Integer()),
        column("act", sa.String(400)),
        column("passed_over", sa.Boolean()),
        column("at", Instant()),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"]),
        sa.PrimaryKeyConstraint("obligation_id", "rung"),
    )


def _submission() -> None:
    op.create_table(
        "submission",
        column("id", sa.Uuid()),
        column("obligation_id", sa.Uuid()),
        column("round", sa.Integer()),
        column("text", sa.Text()),
        column("by", sa.String(400)),
        column("at", Instant()),
        column("verdict", sa.String(400), nullable=True),
        column("verdict_by", sa.String(400), nullable=True),
        column("verdict_at", Instant(), nullable=True),
        column("verdict_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("obligation_id", "round"),
    )


def _attachment() -> None:
    op.create_table(
        "attachment",
        column("id", sa.Uuid()),
        column("submission_id", sa.Uuid()),
        column("position", sa.Integer()),
        column("name", sa.String(400)),
        column("media_type", sa.String(400)),
        column("size", sa.Integer()),
        column("digest", sa.String(400)),
        column("stored_as", sa.String(400)),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stored_as"),
    )
    op.create_index("ix_attachment_submission_id", "attachment", ["submission_id"])
