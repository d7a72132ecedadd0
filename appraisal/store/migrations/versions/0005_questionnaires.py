"""Questionnaires."""

import sqlalchemy as sa
from alembic import op

from appraisal.store.migrations.columns import column
from appraisal.store.types import Instant, Json

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables."""
    _questionnaire()
    _answer_code()
    _answer_sheet()


def _questionnaire() -> None:
    op.create_table(
        "questionnaire",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("key", sa.String(400)),
        column("title", sa.String(400)),
        column("text", sa.Text()),
        column("digest", sa.String(400)),
        column("access", sa.String(400)),
        column("token", sa.String(400)),
        column("status", sa.String(400)),
        column("paper_issued", sa.Integer()),
        column("opened_at", Instant()),
        column("closes_on", sa.Date(), nullable=True),
        column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "key"),
        sa.UniqueConstraint("token"),
    )


def _answer_code() -> None:
    op.create_table(
        "answer_code",
        column("id", sa.Uuid()),
        column("questionnaire_id", sa.Uuid()),
        column("position", sa.Integer()),
        column("code_hash", sa.String(400)),
        column("label", sa.String(400)),
        column("person_id", sa.Uuid(), nullable=True),
        column("issued_on", sa.Date()),
        column("answered", sa.Boolean()),
        column("reminded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["questionnaire_id"], ["questionnaire.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code_hash"),
        sa.UniqueConstraint("questionnaire_id", "position"),
    )


def _answer_sheet() -> None:
    op.create_table(
        "answer_sheet",
        column("id", sa.Uuid()),
        column("questionnaire_id", sa.Uuid()),
        column("unit_id", sa.Uuid(), nullable=True),
        column("answers", Json),
        column("valid", sa.Boolean()),
        column("faults", Json),
        column("medium", sa.String(400)),
        column("received_on", sa.Date(), nullable=True),
        column("entered_by", sa.String(400), nullable=True),
        sa.ForeignKeyConstraint(["questionnaire_id"], ["questionnaire.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_answer_sheet_questionnaire_id", "answer_sheet", ["questionnaire_id"])
