"""The calendar files: true to the State Council's notices, and refused with every fault named."""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from appraisal.domain.refusal import Refusal
from appraisal.method.calendars import load_calendar
from appraisal.notices.wording import has_phrase, phrase
from appraisal.places import root

SHIPPED = root() / "config" / "calendars"
GOOD = "year: 2023\npublished: true\nsource: 通知\n"


def write(folder: Path, text: str, name: str = "cn-2023.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path, local: Path | None = None) -> list[tuple[str, str, str]]:
    with pytest.raises(Refusal) as refused:
        load_calendar(folder, local)
    assert refused.value.code == "calendar.invalid"
    told = refused.value.facts["faults"]
    assert isinstance(told, list)
    assert all(has_phrase(f"calendar.fault.{fault['code']}") for fault in told)
    assert "calendar.fault" not in phrase(refused.value.code, **refused.value.facts)
    return [(Path(fault["file"]).name, fault["path"], fault["code"]) for fault in told]


def test_calendar_files_agree_with_the_package_on_every_day_of_the_published_years() -> None:
    calendar = load_calendar(SHIPPED)
    days = [date(2018, 1, 1) + timedelta(days=n) for n in range((date(2026, 12, 31) - date(2018, 1, 1)).days + 1)]
    wrong = [day for day in days if calendar.is_working(day) != chinese_calendar.is_workday(day)]
    unnamed = [day for day in days if day.weekday() < 5 and not calendar.is_working(day) and not calendar.holiday(day)]
    assert (len(days), wrong, unnamed) == (3287, [], [])


def test_calendar_of_2027_is_there_and_not_published() -> None:
    year = load_calendar(SHIPPED).years[2027]
    assert (year.published, year.holidays, year.workdays) == (False, {}, frozenset())


def test_calendar_script_writes_the_shipped_files_and_the_same_again(tmp_path: Path) -> None:
    for _ in range(2):
        script = root() / "scripts" / "make_calendars.py"
        subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
        written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        assert written == {path.name: path.read_bytes() for path in SHIPPED.glob("*.yaml")}


def test_calendar_script_leaves_a_year_entered_by_hand_before_the_package_knew_it(tmp_path: Path) -> None:
    write(tmp_path, "year: 2027\n", "cn-2027.yaml")
    subprocess.run([sys.executable, str(root() / "scripts" / "make_calendars.py"), str(tmp_path)], check=True)
    assert (tmp_path / "cn-2027.yaml").read_text(encoding="utf-8") == "year: 2027\n"


def test_calendar_takes_local_days_from_their_file(tmp_path: Path) -> None:
    local = tmp_path / "local.yaml"
    local.write_text("holidays:\n  2023-10-20: 州庆\nworkdays:\n  - 2023-10-21\n", encoding="utf-8")
    calendar = load_calendar(SHIPPED, local)
    assert calendar.local_holidays == {date(2023, 10, 20): "州庆"}
    assert calendar.local_workdays == frozenset({date(2023, 10, 21)})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("published: true\nsource: 通知\n", [("year", "missing")]),
        (GOOD + "holiday: {}\n", [("holiday", "extra_forbidden")]),
        (GOOD + "1: 2\n", [("1", "invalid_key")]),
        ("", [("", "model_type")]),
        ("- 1\n", [("", "model_type")]),
        (GOOD + "holidays: []\n", [("holidays", "dict_type")]),
        (GOOD + "workdays: 3\n", [("workdays", "list_type")]),
        (GOOD.replace("2023", "'2023'"), [("year", "int_type")]),
        (GOOD.replace("true", "yes"), [("published", "bool_type")]),
        (GOOD.replace("通知", "1"), [("source", "string_type")]),
        (GOOD.replace("通知", "''"), [("source", "string_too_short")]),
        (GOOD + "holidays: {x: 春节}\n", [("holidays.x", "date_unreadable")]),
        (GOOD + "holidays: {2023-02-29: 春节}\n", [("holidays.2023-02-29", "date_nonexistent")]),
        (GOOD + "workdays: [2023-09-31]\n", [("workdays.0", "date_nonexistent")]),
        (GOOD + "holidays: {2023-01-28: 春节}\nworkdays: [2023-01-28]\n", [("workdays.0", "both")]),
        (GOOD + "workdays: [2023-01-30]\n", [("workdays.0", "not_weekend")]),
        (GOOD + "workdays: [2023-01-28, 2023-01-28]\n", [("workdays.1", "twice")]),
        (GOOD + "holidays: {2024-01-01: 元旦}\n", [("holidays", "other_year")]),
        (GOOD.replace("2023", "2022"), [("year", "file_name")]),
        (GOOD.replace("true", "false") + "workdays: [2023-01-28]\n", [("published", "unpublished_days")]),
        (GOOD + "workdays: [\n", [("5", "yaml")]),
        (GOOD + "year: 2024\n", [("4", "duplicate_key")]),
    ],
)
def test_calendar_file_is_refused_with_its_fault(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    assert faults(write(tmp_path, text)) == [("cn-2023.yaml", path, code) for path, code in expected]


def test_calendar_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cn-2023.yaml").write_bytes(b"\xff\xfe\x00")
    assert faults(tmp_path) == [("cn-2023.yaml", "", "not_text")]


def test_calendar_names_every_fault_of_every_file_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD + "workdays: [2023-01-30, 2023-01-31]\n")
    write(tmp_path, "year: x\n", "cn-2024.yaml")
    assert faults(tmp_path, tmp_path / "local.yaml") == [
        ("cn-2023.yaml", "workdays.0", "not_weekend"),
        ("cn-2023.yaml", "workdays.1", "not_weekend"),
        ("cn-2024.yaml", "year", "int_type"),
        ("cn-2024.yaml", "published", "missing"),
        ("cn-2024.yaml", "source", "missing"),
        ("local.yaml", "", "no_file"),
    ]


def test_calendar_folder_without_a_year_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path) == [(tmp_path.name, "", "no_years")]


def test_calendar_refusal_reads_as_one_chinese_sentence(tmp_path: Path) -> None:
    write(tmp_path, GOOD + "workdays: [2023-01-30]\n")
    with pytest.raises(Refusal) as refused:
        load_calendar(tmp_path)
    assert phrase(refused.value.code, **refused.value.facts) == (
        f"工作日历没有载入，共有1处错误，请逐一改正后再试： （1）{tmp_path}/cn-2023.yaml："
        "2023年1月30日（星期一）不是周末，不必列为调休上班（workdays.0），请核对。"
    )
