"""Triggers that make the ledger append-only: even who can write to the database cannot rewrite a fact."""

REFUSAL = "the ledger is append-only"

_ABORT = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
_IN_THE_WAY = "SELECT 1 FROM ledger WHERE seq = NEW.seq OR (chain = NEW.chain AND link = NEW.link)"
SQLITE = (
    f"CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger {_ABORT}",
    f"CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger {_ABORT}",
    # INSERT OR REPLACE deletes the row in its way without asking the trigger on DELETE.
    f"CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger WHEN EXISTS ({_IN_THE_WAY}) {_ABORT}",
)

POSTGRESQL = (
    f"""CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
    """CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON ledger
    FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only()""",
    """CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()""",
)


def guards(dialect: str) -> tuple[str, ...]:
    """The statements that set the triggers on a database of that dialect."""
    return SQLITE if dialect == "sqlite" else POSTGRESQL
