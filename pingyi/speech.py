"""What a command says: phrases and tables for people, one JSON object for programs."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from appraisal.notices.wording import phrase


def say(code: str, /, **facts: object) -> None:
    _print(Console(), phrase(code, **facts))


def warn(code: str, /, **facts: object) -> None:
    """To stderr, so that what a program reads stays clean."""
    _print(Console(stderr=True), phrase(code, **facts))


def tell_json(told: object) -> None:
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2, default=_plain) + "\n")


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console(highlight=False).print(table)


@contextmanager
def working(code: str, /, **facts: object) -> Iterator[None]:
    """A sign of life on stderr while something takes its time; silent where nobody watches."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        progress.add_task(phrase(code, **facts), total=None)
        yield


def _print(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _plain(value: Any) -> object:  # noqa: ANN401 - whatever json does not know
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)
