"""The doctor's round: everything is looked at, and what cannot be looked at is itself a finding."""

from collections.abc import Callable, Mapping

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from appraisal.domain.refusal import Refusal
from appraisal.operations.office import Office
from appraisal.settings import settings
from pingyi.doctor import inside, outside
from pingyi.doctor.findings import Check, Checks, Patient, State, found, refused
from pingyi.installation import is_missing

LOOKS: Mapping[str, Callable[[Patient], Checks]] = {
    "folder": inside.folder,
    "database": inside.database,
    "keys": inside.keys,
    "calendars": inside.calendars,
    "channels": inside.channels,
    "methods": inside.methods,
    "clock": inside.the_clock,
    "ports": outside.ports,
    "prefect": outside.prefect,
    "roles": outside.roles,
}


def examine() -> list[Check]:
    """All findings, in the order in which they are best mended."""
    try:
        office = Office(settings())
    except Refusal as refusal:
        return [refused("settings", refusal.code, refusal.facts)]
    try:
        patient = Patient(office, readable=_is_readable(office))
        return [found("settings", State.OK, "fine"), *(check for name in LOOKS for check in _look(name, patient))]
    finally:
        office.store.close()


def _look(name: str, patient: Patient) -> list[Check]:
    try:
        return list(LOOKS[name](patient))
    except Refusal as refusal:
        return [refused(name, refusal.code, refusal.facts)]
    except (OSError, SQLAlchemyError) as error:
        return [found("all", State.WRONG, "crashed", name=name, kind=type(error).__name__)]


def _is_readable(office: Office) -> bool:
    if is_missing(office):
        return False
    try:
        with office.store.reading() as session:
            session.execute(text("SELECT 1 FROM campaign LIMIT 1"))
            session.execute(text("SELECT 1 FROM contact LIMIT 1"))
    except SQLAlchemyError:
        return False
    return True
