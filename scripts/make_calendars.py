"""Write config/calendars/cn-*.yaml from the package chinesecalendar: python scripts/make_calendars.py [FOLDER].

The year after the last one the package knows is written as not yet published. A file that is there already is never
put back to "not published": an official may have entered the notice before the package learnt it.
"""

import sys
from datetime import date
from pathlib import Path

from chinese_calendar.constants import Holiday, holidays, workdays

FIRST = 2018
FOLDER = Path(__file__).resolve().parents[1] / "config" / "calendars"
# The package shortens these three; the State Council's notices do not.
IN_FULL = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def published_years() -> list[int]:
    return sorted({day.year for day in holidays if (day.month, day.day) == (1, 1) and day.year >= FIRST})


def published(year: int) -> str:
    rests = [f"  {day}: {_chinese(name)}" for day, name in sorted(holidays.items()) if day.year == year]
    works = [f"  - {day}" for day in sorted(workdays) if day.year == year]
    return "\n".join([*_heading(year, _source(year)), "holidays:", *rests, "workdays:", *works, ""])


def unpublished(year: int) -> str:
    heading = _heading(year, f"国务院办公厅关于{year}年部分节假日安排的通知（尚未公布）", published="false")
    return "\n".join([*heading, "holidays: {}", "workdays: []", ""])


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    years = published_years()
    for year in years:
        (folder / f"cn-{year}.yaml").write_text(published(year), encoding="utf-8")
    coming = folder / f"cn-{years[-1] + 1}.yaml"
    if not coming.exists():
        coming.write_text(unpublished(years[-1] + 1), encoding="utf-8")


def _heading(year: int, source: str, published: str = "true") -> list[str]:
    return [f"year: {year}", f"published: {published}", f"source: {source}"]


def _source(year: int) -> str:
    """The notice of the next year may reach back into the last days of this one."""
    reached_back = any(day >= date(year, 12, 29) for day in [*holidays, *workdays] if day.year == year)
    years = f"{year}年、{year + 1}年" if reached_back else f"{year}年"
    return f"国务院办公厅关于{years}部分节假日安排的通知"


def _chinese(name: str) -> str:
    chinese = str(Holiday(name).chinese)
    return IN_FULL.get(chinese, chinese)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
