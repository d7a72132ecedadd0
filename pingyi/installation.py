"""The installation that a command works on: its office, and the dates and instants that are typed."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from appraisal import clock
from appraisal.domain.official_date import parse_official_date
from appraisal.domain.refusal import Refusal

if TYPE_CHECKING:
    from appraisal.method.load import Edition
    from appraisal.operations.office import Desk, Office

ACTOR = "cli"
NINE = time(9)

Value = TypeVar("Value")


@contextmanager
def open_office() -> Iterator["Office"]:
    """The office, with its database as it is."""
    from appraisal.operations.office import Office
    from appraisal.settings import settings

    office = Office(settings())
    try:
        yield office
    finally:
        office.store.close()


@contextmanager
def at_desk() -> Iterator["Desk"]:
    """One transaction at the present instant; refused while the database is not prepared."""
    with open_office() as office:
        need_database(office)
        with office.desk(ACTOR, clock.now()) as desk:
            yield desk


def need_database(office: "Office") -> None:
    from appraisal.store.migrating import is_current

    if is_missing(office) or not is_current(office.store):
        raise Refusal("cli.not_prepared")


def read_edition(method: str) -> "Edition":
    """A method by the path of its file, or by its key among those of the office."""
    from appraisal.method.load import read_method
    from appraisal.operations.library import edition_of, ladders_file

    path = Path(method)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return read_method(path, ladders_file())
    with open_office() as office:
        return edition_of(office, method)


def read_day(text: str, field: str) -> date:
    return parse_official_date(text, field)


def read_moment(text: str, field: str) -> datetime:
    """A date counts as that morning; 2023-08-31T15:30 says the hour."""
    day, separator, hour = text.replace(" ", "T", 1).partition("T")
    if not separator:
        return datetime.combine(read_day(day, field), NINE, clock.ZONE)
    try:
        return datetime.combine(read_day(day, field), time.fromisoformat(hour), clock.ZONE)
    except ValueError:
        raise Refusal("date.unreadable", field=field, text=text) from None


def read_pairs(pairs: Iterable[str], read: Callable[[str, str], Value]) -> dict[str, Value]:
    """What is written as NAME=VALUE, each value read by ``read(text, name)``."""
    found: dict[str, Value] = {}
    for pair in pairs:
        name, separator, text = pair.partition("=")
        if not separator or not name:
            raise Refusal("cli.not_a_pair", text=pair)
        found[name] = read(text, name)
    return found


def read_counted(pairs: Iterable[str]) -> dict[str, int]:
    """What is written as OPTION=NUMBER."""
    return read_pairs(pairs, _read_number)


def _read_number(text: str, field: str) -> int:
    if not text.isdecimal():
        raise Refusal("cli.not_a_number", field=field, text=text)
    return int(text)


def is_missing(office: "Office") -> bool:
    url = office.store.engine.url
    return url.get_backend_name() == "sqlite" and bool(url.database) and not Path(str(url.database)).exists()
