"""The command line: every group of commands, put together."""

from typing import Annotated

import typer

from pingyi.chinese import Commands
from pingyi.commands import (
    campaigns,
    checkup,
    entries,
    explaining,
    methods,
    people,
    record,
    register,
    rehearsing,
    running,
    tallying,
)
from pingyi.ending import Root

Debug = Annotated[bool, typer.Option("--debug", help="出错时显示详细的错误经过，供维护人员查看", show_default=False)]

app = Commands(
    "评议：按评议办法运行部门工作评议。退出码：0 成功，1 未办成，2 写法不对，3 已在运行，70 程序出错。", Root
)


@app.callback()
def _root(debug: Debug = False) -> None:
    """The root option is read where a crash is told (`pingyi.ending`)."""


for group in (running, checkup, rehearsing, explaining, tallying):
    group.add_to(app)
app.add_typer(methods.app, name="method")
app.add_typer(campaigns.app, name="campaign")
app.add_typer(entries.events, name="event")
app.add_typer(entries.results, name="result")
app.add_typer(entries.problems, name="problem")
app.add_typer(register.app, name="register")
app.add_typer(people.app, name="person")
app.add_typer(record.app, name="ledger")


def main() -> None:
    app()
