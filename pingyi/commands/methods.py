"""`method check | schema | list`: written methods."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pingyi.chinese import Commands
from pingyi.commands.options import AsJson
from pingyi.ending import REFUSED
from pingyi.speech import say, show_table, tell_json

if TYPE_CHECKING:
    from appraisal.method.load import Edition

app = Commands("评议办法：检查、列出、输出编辑用的 JSON Schema")

Files = Annotated[list[Path], typer.Argument(help="办法文件（YAML），可以写多个", metavar="文件")]
Out = Annotated[Path | None, typer.Option("--out", help="写入这个文件，而不是输出到屏幕", metavar="文件")]


@app.add("check", "检查办法文件，一次指出全部错误：位置、问题、改法")
def check(files: Files, as_json: AsJson = False) -> None:
    from appraisal.method.faults import Faulty
    from appraisal.method.load import read_method
    from appraisal.operations.library import ladders_file

    checked: list[dict[str, object]] = []
    for path in files:
        try:
            method = read_method(path, ladders_file()).method
            checked.append(
                {"file": str(path), "ok": True, "method": method.method, "title": method.title, "faults": []}
            )
        except Faulty as faulty:
            checked.append({"file": str(path), "ok": False, "faults": list(faulty.faults)})
    ok = all(each["ok"] for each in checked)
    if as_json:
        tell_json({"ok": ok, "files": checked})
    else:
        _tell(checked)
    raise typer.Exit(0 if ok else REFUSED)


def _tell(checked: list[dict[str, object]]) -> None:
    for each in checked:
        faults = each["faults"]
        assert isinstance(faults, list)  # noqa: S101 - built above
        if not faults:
            say("cli.method.ok", file=each["file"], title=each["title"])
            continue
        say("cli.method.faulty", file=each["file"], count=len(faults))
        for fault in faults:
            say("cli.fault", fault=str(fault))


@app.add("schema", "输出办法的 JSON Schema，供编辑器补全和检查")
def schema(out: Out = None) -> None:
    from appraisal.method.publish import schema_text

    if out is None:
        typer.echo(schema_text(), nl=False)
    else:
        out.write_text(schema_text(), encoding="utf-8")
        say("cli.written", file=str(out))


@app.add("list", "列出办法文件夹中的办法")
def listed(as_json: AsJson = False) -> None:
    from appraisal.operations.library import shelf
    from pingyi.installation import open_office

    with open_office() as office:
        found = shelf(office)
    if as_json:
        tell_json({"methods": [_plain(each.path, each.edition) for each in found]})
        return
    lines = [_plain(each.path, each.edition) for each in found]
    rows = [
        (line["method"] or "有误", line["title"] or "运行 pingyi method check 查看", line["file"]) for line in lines
    ]
    show_table("评议办法", ("代号", "名称", "文件"), rows)


def _plain(path: Path, edition: "Edition | None") -> dict[str, object]:
    method = edition.method if edition else None
    known = {"method": method.method, "title": method.title} if method else {"method": None, "title": None}
    return {**known, "digest": edition.digest if edition else None, "file": str(path), "ok": method is not None}
