"""`rehearse`: a whole campaign ahead of time."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pingyi.chinese import Commands
from pingyi.commands.options import AsJson
from pingyi.speech import say, tell_json, working

if TYPE_CHECKING:
    from appraisal.operations.rehearsal_cast import Plan

Method = Annotated[str, typer.Argument(help="办法文件，或办法代号", metavar="办法")]
From = Annotated[str, typer.Option("--from", help="假定的启动日期，如 2023-04-03", metavar="日期")]
Units = Annotated[int | None, typer.Option("--units", help="用几个代替单位推演；不写则 12 个", metavar="个数", min=1)]
Register = Annotated[Path | None, typer.Option("--register", help="用这份登记册推演，而不用代替单位", metavar="文件")]
Chosen = Annotated[
    list[str] | None, typer.Option("--unit", help="登记册中的单位，可以写多次；不写则全部", metavar="单位")
]
Late = Annotated[list[str] | None, typer.Option("--late", help="假定这个单位事事拖延，可以写多次", metavar="单位")]
Events = Annotated[
    list[str] | None,
    typer.Option("--event", help="假定某个待定日期，如 sitting.review=2023-08-30", metavar="事件=日期"),
]
Ahead = Annotated[int, typer.Option("--days-before", help="各单位提前几天办理", metavar="天数", min=0)]
Crowded = Annotated[int, typer.Option("--crowded", help="一人同日到期超过几项时提示", metavar="项数", min=1)]
Out = Annotated[Path | None, typer.Option("--out", help="结果写到这个文件夹；不写则放在数据文件夹", metavar="文件夹")]


def add_to(app: Commands) -> None:
    """Put the command under the root."""
    app.add("rehearse", "把整个评议提前走一遍：每个期限、每条消息、每人负荷、节假日冲突、无人担任的职责")(_rehearse)


def _rehearse(  # noqa: PLR0913, PLR0917 - one argument an option
    method: Method,
    starts: From,
    units: Units = None,
    register: Register = None,
    unit: Chosen = None,
    late: Late = None,
    event: Events = None,
    days_before: Ahead = 0,
    crowded: Crowded = 3,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    from appraisal.domain.refusal import Refusal
    from appraisal.operations.rehearsal_cast import Plan
    from pingyi.installation import read_day, read_edition, read_pairs

    if register is not None and units is not None:
        raise Refusal("cli.rehearse.one_of_two")
    plan = Plan(
        read_edition(method),
        read_day(starts, "--from"),
        units=12 if units is None else units,
        register=register,
        chosen=tuple(unit or ()),
        late=tuple(late or ()),
        events=read_pairs(event or [], read_day),
        days_before=days_before,
        crowded_from=crowded,
    )
    _show(plan, out, as_json=as_json)


def _show(plan: "Plan", out: Path | None, *, as_json: bool) -> None:
    from appraisal.documents.rehearsal_book import write_rehearsal
    from appraisal.operations.rehearsal import rehearse
    from appraisal.settings import settings
    from pingyi.rehearsed import plain, show, tables

    with working("rehearsal.working"):
        found = rehearse(settings(), plan)
    folder = out or settings().home / "rehearsals" / f"{found.method}-{found.starts_on}"
    written = write_rehearsal(folder, tables(found), plain(found))
    if as_json:
        tell_json(plain(found))
    else:
        show(found)
        say("rehearsal.written", xlsx=str(written.xlsx), json=str(written.json))
