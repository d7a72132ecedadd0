"""Assignments, orders, measures, progress, petitions, agreements and closing out; duties may answer letters."""

import sqlalchemy as sa
from alembic import op

from appraisal.store.migrations.columns import column
from appraisal.store.types import Instant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables; problems, obligations and what is handed in get what rectification needs."""
    _assignment()
    _order_letter()
    _assignment_item()
    _problem()
    _obligation()
    _submission()
    _firing()
    _summons()
    _measure()
    _measure_problem()
    _milestone()
    _progress()
    _petition()
    _agreement()
    _close_out()


def _assignment() -> None:
    op.create_table(
        "assignment",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("unit_id", sa.Uuid()),
        column("number", sa.Integer()),
        column("mark", sa.String(400)),
        column("again", sa.Boolean()),
        column("sent_at", Instant()),
        column("sent_by", sa.String(400)),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "number"),
    )
    op.create_index("ix_assignment_unit_id", "assignment", ["unit_id"])


def _order_letter() -> None:
    op.create_table(
        "order_letter",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("kind", sa.String(400)),
        column("number", sa.Integer()),
        column("mark", sa.String(400)),
        column("unit_id", sa.Uuid(), nullable=True),
        column("problem_id", sa.Uuid(), nullable=True),
        column("about_id", sa.Uuid(), nullable=True),
        column("rung", sa.Integer(), nullable=True),
        column("text", sa.Text()),
        column("due_on", sa.Date(), nullable=True),
        column("given_by", sa.String(400)),
        column("given_at", Instant()),
        column("recorded_by", sa.String(400)),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "kind", "number"),
    )
    op.create_index("ix_order_letter_about_id", "order_letter", ["about_id"])
    op.create_index("ix_order_letter_problem_id", "order_letter", ["problem_id"])
    op.create_index("ix_order_letter_unit_id", "order_letter", ["unit_id"])


def _assignment_item() -> None:
    op.create_table(
        "assignment_item",
        column("assignment_id", sa.Uuid()),
        column("problem_id", sa.Uuid()),
        column("position", sa.Integer()),
        column("part", sa.String(400)),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"]),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"]),
        sa.PrimaryKeyConstraint("assignment_id", "problem_id"),
    )
    op.create_index("ix_assignment_item_problem_id", "assignment_item", ["problem_id"])


def _measure() -> None:
    op.create_table(
        "measure",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("unit_id", sa.Uuid()),
        column("number", sa.Integer()),
        column("text", sa.Text()),
        column("leader", sa.String(400)),
        column("due_on", sa.Date(), nullable=True),
        column("percent", sa.Integer()),
        column("done_on", sa.Date(), nullable=True),
        column("dropped", sa.Boolean()),
        column("version", sa.Integer()),
        column("by", sa.String(400)),
        column("at", Instant()),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "unit_id", "number"),
    )
    op.create_index("ix_measure_unit_id", "measure", ["unit_id"])


def _measure_problem() -> None:
    op.create_table(
        "measure_problem",
        column("measure_id", sa.Uuid()),
        column("problem_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"]),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"]),
        sa.PrimaryKeyConstraint("measure_id", "problem_id"),
    )
    op.create_index("ix_measure_problem_problem_id", "measure_problem", ["problem_id"])


def _milestone() -> None:
    op.create_table(
        "milestone",
        column("measure_id", sa.Uuid()),
        column("position", sa.Integer()),
        column("title", sa.String(400)),
        column("due_on", sa.Date(), nullable=True),
        column("reached_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"]),
        sa.PrimaryKeyConstraint("measure_id", "position"),
    )


def _progress() -> None:
    op.create_table(
        "progress",
        column("id", sa.Uuid()),
        column("problem_id", sa.Uuid()),
        column("unit_id", sa.Uuid(), nullable=True),
        column("obligation_id", sa.Uuid(), nullable=True),
        column("position", sa.Integer()),
        column("percent", sa.Integer()),
        column("text", sa.Text()),
        column("by", sa.String(400)),
        column("at", Instant()),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("problem_id", "position"),
    )


def _petition() -> None:
    op.create_table(
        "petition",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("kind", sa.String(400)),
        column("position", sa.Integer()),
        column("unit_id", sa.Uuid(), nullable=True),
        column("obligation_id", sa.Uuid(), nullable=True),
        column("problem_id", sa.Uuid(), nullable=True),
        column("before", sa.Date(), nullable=True),
        column("until", sa.Date(), nullable=True),
        column("reason", sa.Text()),
        column("role", sa.String(400)),
        column("status", sa.String(400)),
        column("asked_by", sa.String(400)),
        column("asked_at", Instant()),
        column("decided_by", sa.String(400), nullable=True),
        column("decided_at", Instant(), nullable=True),
        column("remarks", sa.Text(), nullable=True),
        column("to_unit_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["obligation_id"], ["obligation.id"]),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"]),
        sa.ForeignKeyConstraint(["to_unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_petition_obligation_id", "petition", ["obligation_id"])
    op.create_index("ix_petition_problem_id", "petition", ["problem_id"])
    op.create_index("ix_petition_status", "petition", ["status"])
    op.create_index("ix_petition_unit_id", "petition", ["unit_id"])


def _agreement() -> None:
    op.create_table(
        "agreement",
        column("problem_id", sa.Uuid()),
        column("round", sa.Integer()),
        column("role", sa.String(400)),
        column("by", sa.String(400)),
        column("at", Instant()),
        column("remarks", sa.Text()),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"]),
        sa.PrimaryKeyConstraint("problem_id", "round", "role"),
    )


def _close_out() -> None:
    op.create_table(
        "close_out",
        column("id", sa.Uuid()),
        column("problem_id", sa.Uuid()),
        column("position", sa.Integer()),
        column("kind", sa.String(400)),
        column("manner", sa.String(400), nullable=True),
        column("verified_on", sa.Date(), nullable=True),
        column("text", sa.Text()),
        column("remaining", sa.Text()),
        column("by", sa.String(400)),
        column("at", Instant()),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("problem_id", "position"),
    )


def _problem() -> None:
    with op.batch_alter_table("problem") as table:
        table.add_column(sa.Column("percent", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("moved_at", Instant(), nullable=True))
        table.add_column(sa.Column("reopened", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("carried_from_id", sa.Uuid(), nullable=True))
        table.create_foreign_key("fk_problem_carried_from_id_problem", "problem", ["carried_from_id"], ["id"])


def _obligation() -> None:
    with op.batch_alter_table("obligation") as table:
        table.add_column(sa.Column("assignment_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("order_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("times", sa.Integer(), nullable=False, server_default="1"))
        table.add_column(sa.Column("first_due_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("extended_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("moved_at", Instant(), nullable=True))
        table.add_column(sa.Column("unmoved", sa.Integer(), nullable=False, server_default="0"))
        table.create_foreign_key("fk_obligation_assignment_id_assignment", "assignment", ["assignment_id"], ["id"])
        table.create_foreign_key("fk_obligation_order_id_order_letter", "order_letter", ["order_id"], ["id"])


def _submission() -> None:
    with op.batch_alter_table("submission") as table:
        table.add_column(sa.Column("percent", sa.Integer(), nullable=True))
        table.add_column(sa.Column("finding", sa.String(400), nullable=True))
        table.add_column(sa.Column("manner", sa.String(400), nullable=True))
        table.add_column(sa.Column("verified_on", sa.Date(), nullable=True))
    with op.batch_alter_table("attachment") as table:
        table.add_column(sa.Column("speaks_of", sa.Date(), nullable=True))


def _firing() -> None:
    with op.batch_alter_table("firing") as table:
        table.add_column(sa.Column("points", sa.Integer(), nullable=False, server_default="0"))


def _summons() -> None:
    with op.batch_alter_table("summons") as table:
        table.add_column(sa.Column("order_id", sa.Uuid(), nullable=True))
        table.create_foreign_key("fk_summons_order_id_order_letter", "order_letter", ["order_id"], ["id"])
