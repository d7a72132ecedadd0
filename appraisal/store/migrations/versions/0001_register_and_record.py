"""The register of the body, the ledger and the outbox."""

import sqlalchemy as sa
from alembic import op

from appraisal.store.guards import guards
from appraisal.store.migrations.columns import column
from appraisal.store.types import Instant, Json

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    _cursor()
    _ledger()
    _person()
    _unit()
    _contact()
    _outbox()
    _post()
    _stand_in()
    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)


def _cursor() -> None:
    op.create_table(
        "cursor", column("name", sa.String(400)), column("seq", sa.Integer()), sa.PrimaryKeyConstraint("name")
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        column("seq", sa.Integer()),
        column("chain", sa.String(400)),
        column("link", sa.Integer()),
        column("at", Instant()),
        column("subject", sa.String(400)),
        column("action", sa.String(400)),
        column("actor", sa.String(400)),
        column("on_behalf_of", sa.String(400), nullable=True),
        column("payload", sa.Text()),
        column("payload_hash", sa.String(400)),
        column("parent_hash", sa.String(400)),
        column("hash", sa.String(400)),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("chain", "link"),
    )
    op.create_index("ix_ledger_subject", "ledger", ["subject"])


def _person() -> None:
    op.create_table(
        "person",
        column("id", sa.Uuid()),
        column("code", sa.String(400)),
        column("name", sa.String(400)),
        column("active", sa.Boolean()),
        column("link_epoch", sa.Integer()),
        column("code_epoch", sa.Integer()),
        column("wrong_codes", sa.Integer()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
    )


def _unit() -> None:
    op.create_table(
        "unit",
        column("id", sa.Uuid()),
        column("code", sa.String(400)),
        column("name", sa.String(400)),
        column("kind", sa.String(400)),
        column("position", sa.Integer()),
        column("active", sa.Boolean()),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("name"),
    )


def _contact() -> None:
    op.create_table(
        "contact",
        column("id", sa.Uuid()),
        column("person_id", sa.Uuid()),
        column("rank", sa.Integer()),
        column("label", sa.String(400)),
        column("sealed", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_contact_person_id", "contact", ["person_id"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        column("id", sa.Uuid()),
        column("key", sa.String(400)),
        column("campaign_id", sa.Uuid(), nullable=True),
        column("template", sa.String(400)),
        column("person_id", sa.Uuid(), nullable=True),
        column("role", sa.String(400)),
        column("unit", sa.String(400), nullable=True),
        column("context", Json),
        column("page", sa.String(400)),
        column("urgent", sa.Boolean()),
        column("digest", sa.Boolean()),
        column("status", sa.String(400)),
        column("not_before", Instant()),
        column("created_at", Instant()),
        column("attempts", sa.Integer()),
        column("claim", sa.Uuid(), nullable=True),
        column("claimed_until", Instant(), nullable=True),
        column("sent_at", Instant(), nullable=True),
        column("read_at", Instant(), nullable=True),
        column("sent_as", sa.String(400), nullable=True),
        column("failure", sa.String(400), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_outbox_campaign_id", "outbox", ["campaign_id"])
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["not_before"],
        sqlite_where=sa.text("status IN ('queued', 'claimed')"),
        postgresql_where=sa.text("status IN ('queued', 'claimed')"),
    )
    op.create_index("ix_outbox_person_id", "outbox", ["person_id"])
    op.create_index("ix_outbox_status", "outbox", ["status"])


def _post() -> None:
    op.create_table(
        "post",
        column("id", sa.Uuid()),
        column("person_id", sa.Uuid()),
        column("role", sa.String(400)),
        column("unit_id", sa.Uuid(), nullable=True),
        column("title", sa.String(400)),
        column("since", sa.Date(), nullable=True),
        column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_post_person_id", "post", ["person_id"])
    op.create_index("ix_post_role", "post", ["role"])
    op.create_index("ix_post_unit_id", "post", ["unit_id"])


def _stand_in() -> None:
    op.create_table(
        "stand_in",
        column("id", sa.Uuid()),
        column("person_id", sa.Uuid()),
        column("stand_in_id", sa.Uuid()),
        column("since", sa.Date()),
        column("until", sa.Date()),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["stand_in_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_stand_in_person_id", "stand_in", ["person_id"])
