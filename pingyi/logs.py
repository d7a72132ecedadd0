"""The logs of the children: appended to, and put aside before they fill the disk."""

import shutil
from pathlib import Path
from typing import BinaryIO

LARGEST = 5 * 1024 * 1024
KEPT = 5


def open_log(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    put_aside(path)
    return path.open("ab")


def put_aside(path: Path, largest: int = LARGEST) -> None:
    """Copy and cut: a running child goes on appending to the very file it has open."""
    if not path.exists() or path.stat().st_size <= largest:
        return
    for number in range(KEPT - 1, 0, -1):
        if _aside(path, number).exists():
            _aside(path, number).replace(_aside(path, number + 1))
    shutil.copyfile(path, _aside(path, 1))
    with path.open("r+b") as log:
        log.truncate()


def _aside(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")
