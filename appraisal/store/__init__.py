"""The record: tables, unit of work, ledger, outbox and migrations."""
