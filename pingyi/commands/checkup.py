"""`doctor`: what is misconfigured, and how to mend it."""

from typing import TYPE_CHECKING

import typer

from pingyi.chinese import Commands
from pingyi.commands.options import AsJson
from pingyi.ending import REFUSED
from pingyi.speech import say, tell_json

if TYPE_CHECKING:
    from pingyi.doctor.findings import Check


def add_to(app: Commands) -> None:
    """Put the command under the root."""
    app.add("doctor", "体检：逐项检查设置、数据库、密钥、日历、渠道、端口、职责，指出问题和改法")(_doctor)


def _doctor(as_json: AsJson = False) -> None:
    from pingyi.doctor.findings import State
    from pingyi.doctor.round import examine

    checks = examine()
    wrong = sum(check.state is State.WRONG for check in checks)
    if as_json:
        tell_json({"ok": not wrong, "checks": checks})
    else:
        _tell(checks, wrong)
    raise typer.Exit(REFUSED if wrong else 0)


def _tell(checks: "list[Check]", wrong: int) -> None:
    for check in checks:
        say(f"doctor.state.{check.state}", subject=check.subject, what=check.what, mend=check.mend)
    say("doctor.summary", wrong=wrong, count=len(checks))
