"""Numbers that run through a campaign without a gap."""

from sqlalchemy import text
from sqlalchemy.orm import Session

ORDERS = 7_305_110


def number_orders(session: Session) -> None:
    """One at a time numbers orders, to the end of its transaction: patrols do not hold the campaign as others do.

    SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ORDERS})
