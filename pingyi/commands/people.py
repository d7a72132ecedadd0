"""`person new-link | new-code | unlock`: links and codes replaced when they were lost or seen by others."""

from pathlib import Path
from typing import Annotated

import typer

from pingyi.chinese import Commands
from pingyi.commands.options import Person
from pingyi.speech import say

app = Commands("人员：更换个人链接、更换审批码、解锁")

Out = Annotated[Path | None, typer.Option("--out", help="写入这个文件；不写则放在数据文件夹", metavar="文件")]
Show = Annotated[bool, typer.Option("--show", help="同时显示在屏幕上", show_default=False)]


@app.add("new-link", "作废此前发给本人的全部链接，并生成一个新的")
def new_link(person: Person, out: Out = None, show: Show = False) -> None:
    from datetime import timedelta

    from appraisal.operations.identity import person_by_register_code, revoke_link
    from pingyi.installation import at_desk

    with at_desk() as desk:
        row = person_by_register_code(desk.session, person)
        revoke_link(desk.work, person, row.link_epoch, desk.now)
        settings, until = desk.office.settings, desk.now.date() + timedelta(days=desk.office.settings.link_days)
        token = desk.office.keyring.link_token(row.code, row.link_epoch, until)
        path = out or settings.home / f"link-{person}.txt"
    _hand_over(path, f"{settings.portal}/go/{token}", show=show)
    say("cli.person.new_link", name=row.name, file=str(path), until=until)


@app.add("new-code", "更换审批码：旧码作废，锁定解除；新码当面交给本人")
def new_code(person: Person, out: Out = None, show: Show = False) -> None:
    from appraisal.operations import identity
    from pingyi.installation import at_desk

    with at_desk() as desk:
        row = identity.person_by_register_code(desk.session, person)
        code = identity.new_code(desk.work, desk.office.keyring, person, row.code_epoch, desk.now)
        path = out or desk.office.settings.home / f"code-{person}.txt"
    _hand_over(path, code, show=show)
    say("cli.person.new_code", name=row.name, file=str(path))


@app.add("unlock", "解除审批码的锁定；原来的审批码继续有效")
def unlock(person: Person) -> None:
    from appraisal.operations.identity import unlock_code
    from pingyi.installation import at_desk

    with at_desk() as desk:
        unlock_code(desk.work, person, desk.now)
    say("cli.person.unlocked", person=person)


def _hand_over(path: Path, secret: str, *, show: bool) -> None:
    from pingyi.paper import keep_private

    keep_private(path, f"{secret}\n")
    if show:
        typer.echo(secret)
