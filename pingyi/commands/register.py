"""`register import | export | codes`: the register of the body."""

from pathlib import Path
from typing import Annotated

import typer

from pingyi.chinese import Commands
from pingyi.commands.options import AsJson
from pingyi.speech import say, tell_json

app = Commands("登记册：导入、导出，打印审批码")

Source = Annotated[Path, typer.Argument(help="登记册：xlsx 工作簿，或放有五个 csv 的文件夹", metavar="文件")]
Sheet = Annotated[Path, typer.Argument(help="写到这里：以 .xlsx 结尾为工作簿，否则为 csv 文件夹", metavar="文件")]
ForMethod = Annotated[str, typer.Option("--method", help="按这部办法核对角色", metavar="办法")]
WithAddresses = Annotated[
    bool, typer.Option("--with-addresses", help="连同联系方式一起导出（属敏感信息，请妥善保管）", show_default=False)
]
Roles = Annotated[list[str] | None, typer.Option("--role", help="只要这些角色的审批码，可以写多次", metavar="角色")]
Out = Annotated[Path | None, typer.Option("--out", help="写入这个文件；不写则放在数据文件夹", metavar="文件")]
Show = Annotated[bool, typer.Option("--show", help="同时显示在屏幕上", show_default=False)]


@app.add("import", "导入登记册；有一处错误就整体不导入，并指出全部错误")
def import_(source: Source, method: ForMethod = "", as_json: AsJson = False) -> None:
    from dataclasses import asdict

    from appraisal.notices.channels import load_channels
    from appraisal.operations.register import import_register
    from pingyi.installation import at_desk, read_edition

    roles = {role.key: role.scope for role in read_edition(method).method.roles} if method else None
    with at_desk() as desk:
        office = desk.office
        valid = load_channels(office.settings.channels).accepts
        report = import_register(desk.work, office.keyring, source, desk.now, roles=roles, valid_address=valid)
    tallies = asdict(report)
    if as_json:
        tell_json(tallies)
    else:
        say("cli.register.imported" if report.changed_anything else "cli.register.unchanged", **tallies)


@app.add("export", "导出登记册；默认不含联系方式")
def export(sheet: Sheet, with_addresses: WithAddresses = False) -> None:
    from appraisal.operations.register import export_register
    from pingyi.installation import at_desk

    with at_desk() as desk:
        export_register(desk.session, desk.office.keyring, sheet, with_addresses=with_addresses)
    say("cli.written", file=str(sheet))


@app.add("codes", "把审批码写成可打印的名单，当面交给本人；文件只有您自己能读")
def codes(role: Roles = None, out: Out = None, show: Show = False) -> None:
    from appraisal.operations.identity import codes_for
    from pingyi.installation import at_desk
    from pingyi.paper import approving_roles, code_list, keep_private

    with at_desk() as desk:
        titles = approving_roles(desk.office)
        found = codes_for(desk.session, desk.office.keyring, role or list(titles), desk.now.date())
        text = code_list(found, titles)
        path = out or desk.office.settings.home / f"codes-{desk.now.date()}.txt"
    keep_private(path, text)
    if show:
        typer.echo(text, nl=False)
    say("cli.codes.written", file=str(path), count=len(found))
