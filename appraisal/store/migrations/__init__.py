"""Alembic migrations: one file a change, never edited once released."""
