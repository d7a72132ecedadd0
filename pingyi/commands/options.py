"""Options that several commands share."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象，供程序读取", show_default=False)]
Campaign = Annotated[str, typer.Argument(help="活动代号，如 lanxi-2023", metavar="活动")]
Unit = Annotated[str, typer.Option("--unit", help="单位代码或名称", metavar="单位")]
Person = Annotated[str, typer.Argument(help="登记册中的人员代码", metavar="人员代码")]
