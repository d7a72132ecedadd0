"""Triggers that make the ledger append-only: even who can write to the database cannot rewrite a fact."""

REFUSAL = "the ledger is append-only"

SQLITE = tuple(
    f"CREATE TRIGGER ledger_no_{verb} BEFORE {verb} ON ledger BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for verb in ("update", "delete")
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
