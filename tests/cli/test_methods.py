import json
from pathlib import Path

from tests.cli.commands import run
from tests.method.written import SHIPPED

GOOD = "config/methods/lanxi-2023.yaml"


def test_method_check_passes_a_good_method() -> None:
    ran = run("method", "check", GOOD)
    assert (ran.status, ran.out) == (0, f"{GOOD}：没有错误（2023年部门工作评议）\n")


def test_method_check_names_every_fault_at_once(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    text = Path(GOOD).read_text(encoding="utf-8")
    text = text.replace("role: panel_head", "role: panel_hed").replace("within: 7w", "within: soon")
    bad.write_text(text, encoding="utf-8")
    ran = run("method", "check", GOOD, str(bad), "--json")
    assert ran.status == 1
    good, wrong = ran.told["files"]
    assert (ran.told["ok"], good["ok"], wrong["ok"]) == (False, True, False)
    assert [fault["path"] for fault in wrong["faults"]] == [
        "phases[1].duties[0].due.within",
        "phases[2].duties[0].role",
    ]
    told = run("method", "check", str(bad))
    assert told.status == 1
    assert "有 2 处错误" in told.out
    assert f"bad.yaml:{wrong['faults'][0]['line']} phases[1].duties[0].due.within：" in told.out


def test_method_schema_is_the_published_one(tmp_path: Path) -> None:
    published = Path("config/methods/method.schema.json").read_text(encoding="utf-8")
    assert run("method", "schema").out == published
    assert run("method", "schema", "--out", str(tmp_path / "schema.json")).status == 0
    assert json.loads((tmp_path / "schema.json").read_text(encoding="utf-8")) == json.loads(published)


def test_method_list_shows_the_methods_of_the_office() -> None:
    ran = run("method", "list", "--json")
    assert [method["method"] for method in ran.told["methods"]] == SHIPPED
    assert "2023年部门工作评议" in run("method", "list").out
