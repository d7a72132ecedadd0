"""How a command ends: its exit status, and in Chinese what went wrong."""

import re
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    ClickException,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer.exceptions import Abort

from appraisal import clock
from appraisal.domain.refusal import Refusal
from appraisal.notices.wording import has_phrase
from pingyi.chinese import ChineseGroup, UnknownCommand
from pingyi.speech import warn

OK = 0
REFUSED = 1
MISUSED = 2
ALREADY_RUNNING = 3
CRASHED = 70
INTERRUPTED = 130

_KINDS = {"int": "integer", "float": "number"}


class Root(ChineseGroup):
    """The whole command line: nothing that goes wrong below leaves it in English."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,  # noqa: ANN401 - as typer declares it
    ) -> Any:  # noqa: ANN401 - as typer declares it
        given = list(sys.argv[1:] if args is None else args)
        run = super().main
        status = ended(lambda: run(given, "pingyi", standalone_mode=False), debug="--debug" in given)
        if standalone_mode:
            sys.exit(status)
        return status


def ended(body: Callable[[], object], *, debug: bool) -> int:
    """Run a command and give its exit status."""
    try:
        answer = body()
    except Refusal as refusal:
        return _refused(refusal) if has_phrase(refusal.code) else _crashed(refusal, debug=debug)
    except (Abort, KeyboardInterrupt):
        warn("cli.interrupted")
        return INTERRUPTED
    except NoArgsIsHelpError:
        return MISUSED
    except ClickException as error:
        misused(error)
        return MISUSED
    except Exception as error:
        return _crashed(error, debug=debug)
    return answer if isinstance(answer, int) else OK


def _refused(refusal: Refusal) -> int:
    warn(refusal.code, **refusal.facts)
    for fault in getattr(refusal, "faults", ()):
        warn("cli.fault", fault=str(fault))
    return ALREADY_RUNNING if refusal.code == "up.already_running" else REFUSED


def misused(error: ClickException) -> None:
    """Say what is wrong with the way the command was written, and where to look."""
    code, facts = _fault(error)
    warn(f"cli.usage.{code}", **facts)
    ctx = error.ctx if isinstance(error, UsageError) else None
    warn("cli.usage.hint", command=ctx.command_path if ctx else "pingyi")


def _fault(error: ClickException) -> tuple[str, dict[str, object]]:
    match error:
        case UnknownCommand():
            return "unknown_command", {"name": error.name, "near": error.near}
        case MissingParameter():
            kind = error.param.param_type_name if error.param else "argument"
            return f"missing_{kind}", {"name": _name(error)}
        case BadParameter():
            return "bad_value", {"name": _name(error), "wanted": _wanted(error)}
        case NoSuchOption():
            return "unknown_option", {"name": error.option_name, "near": sorted(error.possibilities or ())}
        case BadOptionUsage():
            return "takes_none" if "does not take" in error.message else "needs_value", {"name": error.option_name}
    extra = re.match(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", error.message)
    return ("extra_argument", {"text": extra[1]}) if extra else ("other", {})


def _name(error: BadParameter) -> str:
    param = error.param
    if param is None:
        return str(error.param_hint or "")
    return param.opts[0] if param.param_type_name == "option" else param.metavar or param.name


def _wanted(error: BadParameter) -> str:
    described = getattr(error.param, "type_descriptor", None)
    if described is None:
        return ""
    if described.is_choice:
        return "、".join(str(choice) for choice in described.choices or ())
    return _KINDS.get(getattr(described.annotation, "__name__", ""), "")


def _crashed(error: Exception, *, debug: bool) -> int:
    """One line for the operator; the whole story goes to a log, without the values of any statement."""
    if hasattr(error, "hide_parameters"):
        error.hide_parameters = True
    story = "".join(traceback.format_exception(error))
    warn(_crash(error), kind=type(error).__name__, log=_logged(story))
    if debug:
        sys.stderr.write(story)
    return CRASHED


def _crash(error: Exception) -> str:
    origin = {f"{kind.__module__.partition('.')[0]}.{kind.__name__}" for kind in type(error).__mro__}
    return "cli.database" if origin & {"sqlalchemy.OperationalError", "sqlalchemy.ProgrammingError"} else "cli.crashed"


def _logged(story: str) -> str:
    """Where the story was kept; empty when it could not be."""
    from appraisal.settings import settings

    try:
        log = settings().home / "logs" / "cli.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{clock.now().isoformat()}\n{story}\n")
    except (OSError, Refusal):
        return ""
    return str(log)
