"""The problem list, numbered through within a campaign, and how the units were chosen."""

import sqlalchemy as sa
from alembic import op

from appraisal.store.migrations.columns import column
from appraisal.store.types import Instant, Json

revision = "0004"
down_revision = "0003"

_KEPT = ("id", "campaign_id", "unit_id", "title", "aim", "recorded_at", "closed_at", "closed_by")


def upgrade() -> None:
    """Create the tables; problems are numbered within their campaign from now on."""
    old = _old_problems()
    _problem()
    _problem_unit()
    _finding()
    _selection()
    _summons()
    _take_over(old)
    _obligation()
    op.add_column("outbox", column("seat_id", sa.Uuid(), nullable=True))


def _problem() -> None:
    op.create_table(
        "problem",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("number", sa.Integer()),
        column("kind", sa.String(400)),
        column("unit_id", sa.Uuid(), nullable=True),
        column("title", sa.String(400)),
        column("detail", sa.Text()),
        column("aim", sa.Text()),
        column("classes", Json),
        column("leader", sa.String(400)),
        column("due_on", sa.Date(), nullable=True),
        column("status", sa.String(400)),
        column("merged_into_id", sa.Uuid(), nullable=True),
        column("reason", sa.Text(), nullable=True),
        column("recorded_at", Instant()),
        column("assigned_at", Instant(), nullable=True),
        column("closed_at", Instant(), nullable=True),
        column("closed_by", sa.String(400), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["merged_into_id"], ["problem.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "number"),
    )
    op.create_index("ix_problem_campaign_id_unit_id", "problem", ["campaign_id", "unit_id"])
    op.create_index("ix_problem_status", "problem", ["status"])


def _problem_unit() -> None:
    op.create_table(
        "problem_unit",
        column("problem_id", sa.Uuid()),
        column("unit_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("problem_id", "unit_id"),
    )


def _finding() -> None:
    op.create_table(
        "finding",
        column("id", sa.Uuid()),
        column("problem_id", sa.Uuid()),
        column("position", sa.Integer()),
        column("kind", sa.String(400)),
        column("text", sa.Text()),
        column("opinion_id", sa.Uuid(), nullable=True),
        column("log_entry_id", sa.Uuid(), nullable=True),
        column("panel_id", sa.Uuid(), nullable=True),
        column("unit_id", sa.Uuid(), nullable=True),
        column("by", sa.String(400)),
        column("at", Instant()),
        sa.ForeignKeyConstraint(["problem_id"], ["problem.id"]),
        sa.ForeignKeyConstraint(["opinion_id"], ["opinion.id"]),
        sa.ForeignKeyConstraint(["log_entry_id"], ["log_entry.id"]),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("opinion_id", "problem_id"),
    )
    op.create_index("ix_finding_opinion_id", "finding", ["opinion_id"])
    op.create_index("ix_finding_problem_id", "finding", ["problem_id"])


def _selection() -> None:
    op.create_table(
        "selection",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("position", sa.Integer()),
        column("way", sa.String(400)),
        column("decided_on", sa.Date()),
        column("decided_by", sa.String(400)),
        column("document", sa.Text()),
        column("terms", Json),
        column("figures", Json),
        column("chosen", Json),
        column("recorded_by", sa.String(400)),
        column("recorded_at", Instant()),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "position"),
    )


def _summons() -> None:
    op.create_table(
        "summons",
        column("id", sa.Uuid()),
        column("campaign_id", sa.Uuid()),
        column("number", sa.Integer()),
        column("unit_id", sa.Uuid()),
        column("person", sa.String(400)),
        column("held_on", sa.Date()),
        column("held_by", sa.String(400)),
        column("reason", sa.Text()),
        column("record", sa.Text()),
        column("agreed", sa.Text()),
        column("problems", Json),
        column("recorded_by", sa.String(400)),
        column("recorded_at", Instant()),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "number"),
    )
    op.create_index("ix_summons_unit_id", "summons", ["unit_id"])


def _old_problems() -> list[sa.Row[tuple[object, ...]]]:
    """Take what there is out of the old table, which numbered problems within a unit."""
    rows = op.get_bind().execute(sa.text("SELECT * FROM problem ORDER BY campaign_id, recorded_at, unit_id, number"))
    kept = list(rows)
    op.drop_index("ix_problem_status", "problem")
    op.drop_table("problem")
    return kept


def _take_over(old: list[sa.Row[tuple[object, ...]]]) -> None:
    """Number the problems through, and call them by their statuses of today."""
    fresh = ("number", "kind", "status", "detail", "leader")
    problem = sa.table("problem", *(sa.column(name) for name in (*_KEPT, *fresh)), sa.column("classes", Json))
    numbers: dict[object, int] = {}
    for row in old:
        kept = {name: getattr(row, name) for name in _KEPT}
        number = numbers[kept["campaign_id"]] = numbers.get(kept["campaign_id"], 0) + 1
        status = "closed" if row.closed_at else "found"
        now = {"number": number, "kind": "problem", "status": status, "detail": "", "leader": "", "classes": {}}
        op.get_bind().execute(problem.insert().values({**kept, **now}))


def _obligation() -> None:
    for name in ("panel", "problem"):
        with op.batch_alter_table("obligation") as table:
            table.add_column(column(f"{name}_id", sa.Uuid(), nullable=True))
            table.create_foreign_key(op.f(f"fk_obligation_{name}_id_{name}"), name, [f"{name}_id"], ["id"])
        op.create_index(f"ix_obligation_{name}_id", "obligation", [f"{name}_id"])
    op.add_column("obligation", column("period", sa.Date(), nullable=True))
