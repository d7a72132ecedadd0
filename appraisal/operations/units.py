"""The units of the register."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.store.register_tables import UnitRow


def active_units(session: Session) -> list[UnitRow]:
    """Every unit that is not out of use, in the order of the register."""
    query = select(UnitRow).where(UnitRow.active).order_by(UnitRow.position, UnitRow.code)
    return list(session.scalars(query))
