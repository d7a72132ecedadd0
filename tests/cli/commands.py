"""Running a command in this process, and reading what it said."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from pingyi.cli import app


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str

    @property
    def told(self) -> Any:  # noqa: ANN401 - whatever the command tells
        return json.loads(self.out)


def run(*words: str) -> Ran:
    result = CliRunner().invoke(app, list(words))
    return Ran(result.exit_code, result.stdout, result.stderr)


def all_commands() -> Iterator[tuple[str, ...]]:
    yield ()
    yield from _below(get_command(app), ())


def _below(group: object, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(group, TyperGroup):
        for name, command in group.commands.items():
            yield (*path, name)
            yield from _below(command, (*path, name))
