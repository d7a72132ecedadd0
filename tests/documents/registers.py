"""Registers for tests: written as rows, turned into a workbook or into csv files."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from appraisal.documents.register_checks import Known
from appraisal.documents.register_layout import SHEETS

Rows = list[list[object]]
Tables = dict[str, Rows]


def small(**changes: Rows) -> Tables:
    """A sound register of two units and three people; a change replaces the rows below a heading."""
    rows: Mapping[str, Rows] = {
        "单位": [["jyj", "市教育局", "政府部门", 1, "否"], ["czj", "市财政局", "政府部门", 2, None]],
        "人员": [["zhang", "张样例", None], ["wang", "王样例", None], ["li", "李样例", None]],
        "任职": [
            ["zhang", "head", "jyj", "局长", date(2023, 1, 1), None],
            ["wang", "handler", "jyj", "办公室主任", None, None],
            ["li", "director", None, "主任", None, None],
        ],
        "联系方式": [["zhang", 1, "演示", "demo:zhang"], ["wang", 1, "演示", "demo:wang"]],
        "代班": [["zhang", "wang", date(2023, 10, 1), date(2023, 10, 7)]],
    }
    headings: Mapping[str, list[object]] = {sheet.title: [*sheet.headings] for sheet in SHEETS}
    return {title: [headings[title], *changes.get(title, below)] for title, below in rows.items()}


def workbook(tables: Tables) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in tables.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return book


def as_xlsx(tables: Tables, path: Path) -> Path:
    workbook(tables).save(path)
    return path


def as_csv(tables: Tables, folder: Path, encoding: str = "utf-8-sig") -> Path:
    folder.mkdir()
    for title, rows in tables.items():
        (folder / f"{title}.csv").write_bytes(csv_bytes(rows, encoding))
    return folder


def csv_bytes(rows: Rows, encoding: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def known(*roles: str) -> Known:
    """An empty register; without roles, every role will do."""
    return Known({}, (), (), (), dict.fromkeys(roles, False) or None, lambda address: address.startswith("demo:"))
