"""Reading the calendars: one file a year, as the State Council's notice says, and one of the body's own days.

A yearly file, cn-2023.yaml:

    year: 2023
    published: true          # false until the notice is out; the file then lists no days
    source: 国务院办公厅关于2023年部分节假日安排的通知
    holidays:
      2023-01-22: 春节
    workdays:                # make-up workdays (调休上班), each a Saturday or a Sunday
      - 2023-01-28

The file of local days has the same two lists and nothing else; its days go before the State Council's:

    holidays:
      2023-10-20: 自治州成立纪念日
    workdays:
      - 2023-10-21
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError, SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from appraisal.domain.calendar import SATURDAY, Calendar, CalendarYear
from appraisal.domain.official_date import parse_official_date
from appraisal.domain.refusal import Refusal

Fault = dict[str, str]


def _official(written: object) -> date:
    try:
        return parse_official_date(str(written), field="")
    except Refusal as refusal:
        raise PydanticCustomError(refusal.code.replace(".", "_"), "not a date") from refusal


Day = Annotated[date, BeforeValidator(_official)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class LocalFile(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    holidays: dict[Day, Text] = {}
    workdays: list[Day] = []


class YearFile(LocalFile):
    year: int
    published: bool
    source: Text


File = TypeVar("File", bound=LocalFile)


class _WrittenDates(SafeConstructor):
    """Leaves dates as written, so that one that does not exist is refused at its place in the file."""


_WrittenDates.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def load_calendar(folder: Path, local: Path | None = None) -> Calendar:
    """Refuses with `calendar.invalid` and every fault of every file: its file, path (or line), code and value."""
    faults: list[Fault] = []
    paths = sorted(folder.glob("cn-*.yaml"))
    years = [_calendar_year(file) for path in paths if (file := _read(path, YearFile, faults))]
    own = _read(local, LocalFile, faults) if local else LocalFile()
    if not paths:
        faults.append(_fault(folder, "", "no_years", "cn-*.yaml"))
    if faults or own is None:
        raise Refusal("calendar.invalid", faults=faults)
    return Calendar({year.year: year for year in years}, own.holidays, frozenset(own.workdays))


def _calendar_year(file: YearFile) -> CalendarYear:
    return CalendarYear(file.year, file.published, file.holidays, frozenset(file.workdays), file.source)


def _read(path: Path, shape: type[File], faults: list[Fault]) -> File | None:
    try:
        file = shape.model_validate(_parsed(path))
    except MarkedYAMLError as broken:
        code = "duplicate_key" if isinstance(broken, DuplicateKeyError) else "yaml"
        faults.append(_fault(path, _line(broken), code, str(broken.problem)))
    except (YAMLError, UnicodeError):
        faults.append(_fault(path, "", "not_text", ""))
    except OSError as error:
        faults.append(_fault(path, "", "no_file", str(error.strerror)))
    except ValidationError as invalid:
        faults.extend(_told(path, error) for error in invalid.errors())
    else:
        faults.extend(_contradictions(path, file))
        return file
    return None


def _parsed(path: Path) -> object:
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _WrittenDates
    return yaml.load(path.read_text(encoding="utf-8"))


def _line(broken: MarkedYAMLError) -> str:
    return str(broken.problem_mark.line + 1) if broken.problem_mark else "?"


def _told(path: Path, error: ErrorDetails) -> Fault:
    where = ".".join(str(step) for step in error["loc"] if step != "[key]")
    return _fault(path, where, error["type"], str(error["input"])[:40])


def _contradictions(path: Path, file: LocalFile) -> Iterator[Fault]:
    for place, day in enumerate(file.workdays):
        where = f"workdays.{place}"
        if day in file.holidays:
            yield _fault(path, where, "both", day.isoformat())
        elif day.weekday() < SATURDAY and isinstance(file, YearFile):
            yield _fault(path, where, "not_weekend", day.isoformat())
        if day in file.workdays[:place]:
            yield _fault(path, where, "twice", day.isoformat())
    if isinstance(file, YearFile):
        yield from _wrong_year(path, file)


def _wrong_year(path: Path, file: YearFile) -> Iterator[Fault]:
    if path.stem != f"cn-{file.year}":
        yield _fault(path, "year", "file_name", str(file.year))
    if not file.published and (file.holidays or file.workdays):
        yield _fault(path, "published", "unpublished_days", "false")
    for where, days in (("holidays", file.holidays), ("workdays", file.workdays)):
        strays = sorted({day for day in days if day.year != file.year})
        yield from (_fault(path, where, "other_year", day.isoformat()) for day in strays)


def _fault(path: Path, where: str, code: str, value: str) -> Fault:
    return {"file": str(path), "path": where, "code": code, "value": value}
