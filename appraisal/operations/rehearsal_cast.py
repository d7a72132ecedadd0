"""The stage of a rehearsal: a throw-away record, and people to play every role of the method."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import event

from appraisal.domain.refusal import Refusal
from appraisal.method.load import Edition
from appraisal.method.schema import Method, Role
from appraisal.method.words import Scope
from appraisal.notices.wording import phrase
from appraisal.operations.campaigns import Unheld, unheld_roles
from appraisal.operations.loading import unit_by
from appraisal.operations.office import Desk, Office
from appraisal.operations.register import import_register
from appraisal.operations.units import active_units
from appraisal.settings import Settings
from appraisal.store.base import Base, identity
from appraisal.store.register_tables import PersonRow, PostRow, UnitRow
from appraisal.store.work import Store, sqlite_url

ACTOR = "rehearsal"
MOST_UNITS = 500


@dataclass(frozen=True)
class Plan:
    """What is rehearsed; ``late`` are units (code or name) that let every ladder run out, ``events`` assumed dates."""

    edition: Edition
    starts_on: date
    units: int = 12
    register: Path | None = None
    chosen: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    events: dict[str, date] = field(default_factory=dict)
    days_before: int = 0
    crowded_from: int = 3


@dataclass(frozen=True)
class Cast:
    """The units that are appraised, those of them that are late, and the roles that had to be filled."""

    units: tuple[str, ...]
    late: frozenset[str]
    unheld: tuple[Unheld, ...]


@contextmanager
def stage(settings: Settings) -> Iterator[Office]:
    """An office whose record lives as long as the rehearsal."""
    with TemporaryDirectory(prefix="pingyi-rehearsal-") as folder:
        home = Path(folder)
        store = Store(sqlite_url(home / "rehearsal.db"))
        event.listen(store.engine, "connect", _keep_nothing)
        Base.metadata.create_all(store.engine)
        try:
            yield Office(settings.model_copy(update={"home": home, "database_url": None}), store)
        finally:
            store.close()


def cast(office: Office, plan: Plan, now: datetime) -> Cast:
    """People for every role: those of a register, or stand-ins; what a register leaves open is filled and told."""
    with office.desk(ACTOR, now) as desk:
        if plan.register is None:
            _stand_in(desk, plan.edition.method, plan.units)
        else:
            roles = {role.key: role.scope for role in plan.edition.method.roles}
            import_register(desk.work, office.keyring, plan.register, now, roles=roles, valid_address=_any_address)
    with office.desk(ACTOR, now) as desk:
        units = _units(desk, plan.chosen)
        late = frozenset(unit_by(desk.session, name).code for name in plan.late)
        unheld = unheld_roles(desk, plan.edition.method, units, plan.starts_on)
        for gap in unheld:
            _fill(desk, gap)
        return Cast(tuple(unit.code for unit in units), late, tuple(unheld))


def _keep_nothing(connection: sqlite3.Connection, _: object) -> None:
    """Nothing here outlives the rehearsal, so nothing waits for the disk."""
    connection.execute("PRAGMA synchronous=OFF")


def _any_address(_: str) -> bool:
    """A rehearsal sends nothing, so it takes any address."""
    return True


def _units(desk: Desk, chosen: Sequence[str]) -> list[UnitRow]:
    if chosen:
        return [unit_by(desk.session, name) for name in chosen]
    return active_units(desk.session)


def _stand_in(desk: Desk, method: Method, count: int) -> None:
    if not 1 <= count <= MOST_UNITS:
        raise Refusal("rehearsal.units", count=count, most=MOST_UNITS)
    units = [_unit(number) for number in range(1, count + 1)]
    desk.session.add_all(units)
    desk.session.flush()
    for role in (role for role in method.roles if role.scope is not Scope.PANEL):
        places: Sequence[UnitRow | None] = units if role.scope is Scope.UNIT else [None]
        for unit in places:
            _play(desk, role.key, unit, phrase("rehearsal.stand_in", unit=unit.name if unit else "", role=role.title))
            if role.key == _second_hand(method):
                _play(desk, role.key, unit, phrase("rehearsal.second_hand", role=role.title), "2")


def _second_hand(method: Method) -> str:
    """The role that closes problems out: two people, for whoever verified one may not close it out."""
    closing = method.problems.closing if method.problems else None
    return closing.by if closing else ""


def _unit(number: int) -> UnitRow:
    code, name = f"u{number:02}", phrase("rehearsal.unit", number=f"{number:02}")
    return UnitRow(id=identity("unit", code), code=code, name=name, kind="", position=number, active=True)


def _fill(desk: Desk, gap: Unheld) -> None:
    """Only what the campaign could not start without; the rest shows as letters to nobody."""
    if gap.needed:
        unit = unit_by(desk.session, gap.unit) if gap.unit else None
        _play(desk, gap.role, unit, phrase("rehearsal.nobody", role=gap.title))


def _play(desk: Desk, role: str, unit: UnitRow | None, name: str, number: str = "") -> None:
    code = f"{unit.code if unit else 'body'}.{role}{number}"
    desk.session.add(PersonRow(id=identity("person", code), code=code, name=name))
    desk.session.flush()
    unit_id = unit.id if unit else None
    post = identity("post", code)
    desk.session.add(PostRow(id=post, person_id=identity("person", code), role=role, unit_id=unit_id, title=""))


def role_titles(roles: Sequence[Role]) -> dict[str, str]:
    """What each role is called."""
    return {role.key: role.title for role in roles}
