"""A method of the tests with other terms, written where the office keeps its files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from ruamel.yaml import YAML


def varied(method: Path, folder: Path, change: Callable[[Any], None]) -> Path:
    """The method as it is after the change of what was read from its file."""
    reader = YAML(typ="safe")
    tree = reader.load(method.read_text(encoding="utf-8"))
    change(tree)
    path = folder / f"varied-{uuid4().hex}.yaml"
    with path.open("w", encoding="utf-8") as file:
        reader.dump(tree, file)
    return path


def duty_in(tree: Any, key: str) -> Any:  # noqa: ANN401 - what is read from YAML is anything.
    """One duty of what was read, to be changed."""
    return next(duty for phase in tree["phases"] for duty in phase["duties"] if duty["key"] == key)
