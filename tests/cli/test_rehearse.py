import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.commands import run

LANXI = ("rehearse", "config/methods/lanxi-2023.yaml", "--from", "2023-04-03")


def test_rehearse_tells_a_program_everything_in_one_object(tmp_path: Path) -> None:
    ran = run(*LANXI, "--units", "2", "--out", str(tmp_path / "out"), "--json")
    assert ran.status == 0
    assert [phase["key"] for phase in ran.told["phases"]] == ["mobilise", "self-review", "review", "rectify"]
    due = {(duty["unit"], duty["key"]): duty["due_on"] for duty in ran.told["obligations"] if duty["unit"]}
    assert due["单位02", "rectification_plan"] == "2023-09-07"
    assert due["单位02", "rectification_report"] == "2023-10-07"
    assert (ran.told["method"], ran.told["from"]) == ("lanxi-2023", "2023-04-03")
    assert {"on", "to", "template", "subject"} <= ran.told["notices"][0].keys()
    assert {"kind", "what"} <= ran.told["faults"][0].keys()
    assert json.loads((tmp_path / "out" / "rehearsal.json").read_text(encoding="utf-8")) == ran.told


def test_rehearse_writes_a_workbook_into_the_data_folder(home: Path) -> None:
    ran = run(*LANXI, "--units", "1")
    assert ran.status == 0
    book = load_workbook(home / "rehearsals" / "lanxi-2023-2023-04-03" / "rehearsal.xlsx")
    assert book.sheetnames == ["阶段", "事项", "消息", "人员周负荷", "问题"]
    assert [cell.value for cell in book["阶段"][2]] == [
        "宣传发动",
        "2023年4月3日（星期一）",
        "2023年4月24日（星期一）",
        None,
    ]
    assert "推演：2023年部门工作评议，自2023年4月3日（星期一）起，1个单位" in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rehearse", "config/methods/lanxi-2023.yaml", "--from", "2023-02-30"), "“2023-02-30”这一天不存在"),
        ((*LANXI, "--units", "2", "--register", "config/sample/lanxi"), "--units 和 --register 只能写一个"),
        ((*LANXI, "--units", "1", "--late", "单位09"), "没有“单位09”这个单位"),
        (("rehearse", "no-such-method", "--from", "2023-04-03"), "no-such-method"),
        (("rehearse", "no/such.yaml", "--from", "2023-04-03"), "找不到这个文件"),
    ],
)
def test_rehearse_refuses_in_chinese(words: tuple[str, ...], said: str) -> None:
    ran = run(*words, "--json")
    assert (ran.status, ran.out) == (1, "")
    assert said in ran.err
