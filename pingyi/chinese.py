"""Typer in Chinese: its help pages are laid out here, and its errors are said in our own phrases.

Typer carries a click of its own under a private name; this file and `pingyi/ending.py` alone know it.
"""

import inspect
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer._click.core import Command, Context, Parameter
from typer._click.exceptions import UsageError
from typer._click.formatting import HelpFormatter
from typer.core import TyperCommand, TyperGroup, TyperOption

HELP = "显示这一页说明"
OPTIONS = "[选项]"
COMMAND = "命令 [参数]"

Body = TypeVar("Body", bound=Callable[..., Any])


class UnknownCommand(UsageError):  # noqa: N818 - as its kin of typer's are named
    """No command of that name; ``near`` are those that were perhaps meant."""

    def __init__(self, name: str, near: list[str], ctx: Context) -> None:
        super().__init__(name, ctx)
        self.name = name
        self.near = near


class ChineseCommand(TyperCommand):
    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        _show(self, ctx)


class ChineseGroup(TyperGroup):
    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        _show(self, ctx)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise UnknownCommand(args[0], get_close_matches(args[0], self.list_commands(ctx), cutoff=0.5), ctx)
        return super().resolve_command(ctx, args)


class Commands(typer.Typer):
    """A group of commands; ``add`` takes the help from its argument, for docstrings are English."""

    def __init__(self, help_text: str, group: type[ChineseGroup] = ChineseGroup) -> None:
        super().__init__(
            cls=group,
            help=help_text,
            no_args_is_help=True,
            add_completion=False,
            pretty_exceptions_enable=False,
            rich_markup_mode=None,
            options_metavar=OPTIONS,
            subcommand_metavar=COMMAND,
        )

    def add(self, name: str, help_text: str, *, hidden: bool = False) -> Callable[[Body], Body]:
        return self.command(name, cls=ChineseCommand, help=help_text, options_metavar=OPTIONS, hidden=hidden)


def _show(command: Command, ctx: Context) -> None:
    console = Console(highlight=False)
    console.print(Text(f"用法：{ctx.command_path} {_pieces(command, ctx)}"), soft_wrap=True)
    console.print(Text(f"\n{inspect.cleandoc(command.help or '')}"), soft_wrap=True)
    shown = [param for param in command.get_params(ctx) if not getattr(param, "hidden", False)]
    _section(console, "参数", [_line(param) for param in shown if param.param_type_name == "argument"])
    _section(console, "选项", [_line(param) for param in shown if isinstance(param, TyperOption)])
    if isinstance(command, TyperGroup):
        _section(console, "命令", list(_commands(command, ctx)))


def _pieces(command: Command, ctx: Context) -> str:
    words = [piece for param in command.params for piece in _usage(param)]
    return " ".join([OPTIONS, *words, *([COMMAND] if isinstance(command, TyperGroup) else [])])


def _usage(param: Parameter) -> Iterator[str]:
    if param.param_type_name == "argument":
        word = param.metavar or param.name
        many = f"{word}……" if param.nargs == -1 else word
        yield many if param.required else f"[{many}]"


def _line(param: Parameter) -> tuple[str, str]:
    if param.param_type_name == "argument":
        return param.metavar or param.name, getattr(param, "help", None) or ""
    if param.name == "help":
        return "--help", HELP
    names = " ".join([", ".join(param.opts), *([param.metavar] if param.metavar else [])])
    told = [getattr(param, "help", None) or ""]
    told += ["（必填）"] if param.required else []
    told += [f"（默认 {param.default}）"] if _has_default(param) else []
    return names, "".join(told)


def _has_default(param: Parameter) -> bool:
    return bool(getattr(param, "show_default", False)) and param.default not in (None, False, "", [], ())


def _commands(group: TyperGroup, ctx: Context) -> Iterator[tuple[str, str]]:
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if command is not None and not command.hidden:
            yield name, inspect.cleandoc(command.help or "").splitlines()[0]


def _section(console: Console, title: str, lines: list[tuple[str, str]]) -> None:
    if not lines:
        return
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, told in lines:
        table.add_row(Text(f"  {name}"), Text(told))
    console.print(Text(f"\n{title}："))
    console.print(table)
